"""`homing seed add|list|test|remove`: mailboxes of one's own, which show where mail lands."""

import functools
import getpass
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from data import placement
from data.placement import Seed
from data.secrets import forget_secret, put_secret
from monitor.app import App, open_app
from monitor.cli import options
from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.cli.tables import told
from monitor.placement.accounts import PORT, PRESETS, account_of, secret_name
from monitor.placement.folders import verdict_of
from monitor.placement.imap import look_in
from monitor.placement.mailbox import Fault
from monitor.problem import Problem
from sender.audience.addresses import AddressError, parse_address

EXAMPLES = """
homing seed add finch finch@gmail.com --provider gmail --secret-file app-password
homing seed add own test@example.com --provider own --host imap.example.com --authserv-id mx.example.com
homing seed add local test@example.com --provider own --maildir /var/mail/test/Maildir
homing seed test finch
homing seed list --json
"""

app = application("Mailboxes of your own that show where mail lands (docs/placement.md).", EXAMPLES)
Name = Annotated[str, typer.Argument(metavar="NAME", help="What you call it.")]


@app.command("add")
@exits
def add(
    name: Name,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Its address.")],
    provider: Annotated[str, typer.Option("--provider", help="Whose it is: gmail, outlook, own …")],
    host: Annotated[str, typer.Option("--host", help="Its IMAP server. Default: the provider's.")] = "",
    port: Annotated[int, typer.Option("--port", help="With implicit TLS; there is no other way.")] = PORT,
    user: Annotated[str, typer.Option("--user", help="Default: the address.")] = "",
    secret_file: Annotated[
        Path | None, typer.Option("--secret-file", help="A file with the password; - is stdin.")
    ] = None,
    maildir: Annotated[
        Path | None, typer.Option("--maildir", help="A Maildir on this machine instead of IMAP.")
    ] = None,
    ca_file: Annotated[
        Path | None, typer.Option("--ca-file", help="An authority of your own that vouches for it.")
    ] = None,
    authserv: Annotated[
        str, typer.Option("--authserv-id", help="Under which name its server says SPF, DKIM, DMARC.")
    ] = "",
    as_json: options.Json = False,
) -> int:
    """Add a seed or change it. Its password is sealed in the store and never shown again.

    Example: `homing seed add finch finch@gmail.com --provider gmail --secret-file app-password`
    """
    checked = _address(address)
    with open_app() as instance:
        if maildir is not None:
            location: dict[str, Any] = {"path": str(maildir.absolute()), "authserv_id": authserv}
            seed = Seed(0, name, checked, provider, "maildir", location)
        else:
            location = _location(provider, host, port, user, ca_file, authserv)
            seed = Seed(0, name, checked, provider, "imap", location)
            _keep_secret(instance, name, _secret(secret_file, checked))
        with instance.store.write() as connection:
            placement.save_seed(connection, seed, instance.now())
    text = f"{name} is a seed at {provider}. Try it: homing seed test {name}"
    return told(_document(seed), as_json, text)


def _address(text: str) -> str:
    try:
        return parse_address(text).identity
    except AddressError as error:
        raise Problem(str(error)) from error


def _location(
    provider: str, host: str, port: int, user: str, ca_file: Path | None, authserv: str
) -> dict[str, Any]:
    preset = PRESETS.get(provider)
    if not host and preset is None:
        raise Problem(
            f"where is a mailbox at “{provider}” read? Give --host. Known are: {', '.join(sorted(PRESETS))}."
        )
    return {
        "host": host or (preset.host if preset else ""),
        "port": port,
        "user": user,
        "ca_file": str(ca_file.absolute()) if ca_file else "",
        "authserv_id": authserv or (preset.authserv_id if preset else ""),
    }


def _secret(file: Path | None, address: str) -> str:
    if file is None:
        if not sys.stdin.isatty():
            raise Problem("give its password: --secret-file FILE, or - for stdin.")
        return getpass.getpass(f"Password of {address} (an app password, where there is one): ")
    try:
        return (sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")).strip()
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from error


def _keep_secret(instance: App, name: str, secret: str) -> None:
    if not secret:
        raise Problem("the password is empty.")
    with instance.store.write() as connection:
        put_secret(connection, instance.keys, secret_name(name), secret.encode(), instance.now())


@app.command("list")
@exits
def show(as_json: options.Json = False) -> int:
    """All seeds, by provider.

    Example: `homing seed list --json`
    """
    with open_app() as instance, instance.store.read() as connection:
        found = placement.seeds(connection)
    lines = [f"{each.provider:10} {each.name:16} {each.address:32} {each.adapter}" for each in found]
    nothing = "There is no seed yet. `homing seed add` makes one of a mailbox of yours."
    return told({"seeds": [*map(_document, found)]}, as_json, "\n".join(lines) or nothing)


@app.command("test")
@exits
def try_one(name: Name, as_json: options.Json = False) -> int:
    """Sign in, list the folders, and say which is taken for spam. Exit code 1 if it cannot be read.

    Example: `homing seed test finch`
    """
    with open_app() as instance:
        with instance.store.read() as connection:
            seed = placement.find_seed(connection, name)
        if seed is None:
            raise Problem(f"there is no seed “{name}”. `homing seed list` names them.")
        if seed.adapter != "imap":
            there = Path(str(seed.location["path"])).is_dir()
            said = "can be read" if there else "is not there"
            told({"seed": name, "ok": there, "folders": []}, as_json, f"{seed.location['path']} {said}.")
            return Exit.CLEAN if there else Exit.FINDINGS
        found = look_in(account_of(instance, seed))
    if isinstance(found, Fault):
        told(
            {"seed": name, "ok": False, "why": found.why, "again": found.again.value},
            as_json,
            _remedy(seed, found),
        )
        return Exit.FINDINGS
    folders = [
        {"name": each.name, "uses": sorted(each.uses), "taken_for": verdict_of(each.name, each.uses).value}
        for each in found
    ]
    spam = [str(each["name"]) for each in folders if each["taken_for"] == "spam"]
    text = f"{name} can be read: {len(folders)} folders; spam is {', '.join(spam) or 'in none that we know'}."
    return told({"seed": name, "ok": True, "folders": folders}, as_json, text)


def _remedy(seed: Seed, fault: Fault) -> str:
    preset = PRESETS.get(seed.provider)
    wants = f" {seed.provider} wants {preset.note}." if preset else ""
    return f"{seed.name} cannot be read: {fault.why}.{wants}"


@app.command("remove")
@exits
def remove(name: Name, as_json: options.Json = False) -> int:
    """Forget a seed with its results and its password.

    Example: `homing seed remove finch`
    """
    with open_app() as instance, instance.store.write() as connection:
        if not placement.remove_seed(connection, name):
            raise Problem(f"there is no seed “{name}”. `homing seed list` names them.")
        forget_secret(connection, secret_name(name))
    return told({"seed": name, "removed": True}, as_json, f"{name} is no seed any more.")


def _document(seed: Seed) -> dict[str, Any]:
    place = {key: value for key, value in seed.location.items() if value}
    return {
        "name": seed.name, "address": seed.address, "provider": seed.provider,
        "adapter": seed.adapter, "location": place,
    }  # fmt: skip


run = functools.partial(run_typer, app, "seed")
