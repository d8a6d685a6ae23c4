"""`homing webhook url|secret|list`: what a provider must be told, what proves its calls, and what came."""

import functools
import json
import secrets as chance
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from data.hook_tally import Tally, tallies
from monitor.app import App, open_app
from monitor.cli import options
from monitor.cli.main import Exit, complain, say
from monitor.cli.shell import application, exits, run_typer
from monitor.problem import Problem
from sender.returns.hooks.book import (
    find_secrets,
    forget_secrets,
    hook_name,
    hooks_with_secrets,
    save_secrets,
)
from sender.returns.hooks.model import Secrets
from sender.returns.hooks.proofs import PROOFS, lacking

EXAMPLES = """
homing webhook secret sendgrid --key "MFkwEwYHKoZIzj0CAQ…"
homing webhook secret mailgun --server eu --key - < signing-key
homing webhook secret ses --topic arn:aws:sns:eu-west-1:123456789012:bounces
homing webhook secret postmark --new-login
homing webhook url mandrill
homing webhook list --json
"""

app = application("Take reports from the providers that send for you.", EXAMPLES)

Provider = Annotated[str, typer.Argument(metavar="PROVIDER", help=f"One of: {', '.join(PROOFS)}.")]
Server = Annotated[str, typer.Option("--server", help="One of your servers, with a secret of its own.")]


@app.command()
@exits
def url(provider: Provider, server: Server = "", as_json: options.Json = False) -> int:
    """Print the address to enter at the provider."""
    hook = _hook(provider, server)
    with open_app() as instance:
        address = _address(instance, hook)
    say(json.dumps({"hook": hook, "url": address}) if as_json else address)
    return Exit.CLEAN


@app.command()
@exits
def secret(
    provider: Provider,
    server: Server = "",
    key: Annotated[str, typer.Option("--key", help="The provider's key; - reads it from stdin.")] = "",
    key_file: Annotated[Path | None, typer.Option("--key-file", help="A file that holds the key.")] = None,
    topic: Annotated[list[str] | None, typer.Option("--topic", help="SES: an SNS topic's ARN.")] = None,
    header: Annotated[str, typer.Option("--header", help='Postmark: "Name: value" that it sends.')] = "",
    login: Annotated[str, typer.Option("--login", help='A login "user:password" in the address.')] = "",
    new_login: Annotated[bool, typer.Option("--new-login", help="Make up a login.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Close this hook.")] = False,
) -> int:
    """Store what a provider's calls are checked by, sealed; what is not given stays as it was."""
    hook = _hook(provider, server)
    given = Secrets(
        logins=[login or f"homing:{chance.token_urlsafe(24)}"] if login or new_login else [],
        key=_key(key, key_file),
        topics=topic or [],
        header=header,
    )
    with open_app() as instance:
        if remove:
            return _remove(instance, hook)
        kept = _store(instance, provider, hook, given)
        address = _address(instance, hook, kept.logins[0] if new_login else "")
    complain(f"Calls of {hook} are checked from now on. Enter this address at the provider:", Exit.CLEAN)
    say(address)
    return Exit.CLEAN


@app.command("list")
@exits
def list_hooks(as_json: options.Json = False) -> int:
    """Which hooks are open, how often each was called, and what became of it."""
    with open_app() as instance, instance.store.read() as connection:
        open_hooks = hooks_with_secrets(connection)
        counted = tallies(connection)
        told = [
            _told(instance, hook, hook in open_hooks, [each for each in counted if each.hook == hook])
            for hook in sorted({*open_hooks, *(each.hook for each in counted)})
        ]
    if as_json:
        say(json.dumps({"schema_version": 1, "hooks": told}, ensure_ascii=False, indent=2))
    else:
        say("\n".join(map(_lines, told)) or "No hook is open. `homing webhook secret PROVIDER` opens one.")
    return Exit.CLEAN


def _hook(provider: str, server: str) -> str:
    if provider not in PROOFS:
        raise Problem(f"there is no provider “{provider}”. There are: {', '.join(PROOFS)}.")
    if server and not all(letter.isalnum() or letter in "-_." for letter in server):
        raise Problem(f"“{server}” is not the name of a server.")
    return hook_name(provider, server)


def _key(text: str, path: Path | None) -> str:
    try:
        given = path.read_text("utf-8") if path else sys.stdin.read() if text == "-" else text
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error
    return "".join(line for line in given.split("\n") if not line.startswith("-----")).strip()


def _store(instance: App, provider: str, hook: str, given: Secrets) -> Secrets:
    with instance.store.write() as connection:
        known = find_secrets(connection, instance.keys, hook) or Secrets()
        changed = {name: getattr(given, name) for name in given.__dataclass_fields__ if getattr(given, name)}
        kept = replace(known, **changed)
        if missing := lacking(provider, kept):
            raise Problem(missing)
        save_secrets(connection, instance.keys, hook, kept, instance.now())
    return kept


def _remove(instance: App, hook: str) -> int:
    with instance.store.write() as connection:
        if not forget_secrets(connection, hook):
            raise Problem(f"no secret is stored for {hook}.")
    return complain(f"The hook {hook} is closed.", Exit.CLEAN)


def _address(instance: App, hook: str, login: str = "") -> str:
    base = instance.public_url
    scheme, _, rest = base.partition("://")
    if scheme != "https":
        complain("homing: [web] public_url is not an https:// address: a provider cannot call it.", 0)
    return f"{scheme}://{login + '@' if login else ''}{rest}/hooks/{hook}"


def _told(instance: App, hook: str, is_open: bool, counted: Sequence[Tally]) -> dict[str, Any]:
    rows = [
        {"what": each.what, "word": each.word, "count": each.count, "last_at": each.last_at.isoformat()}
        for each in counted
    ]
    return {"hook": hook, "url": f"{instance.public_url}/hooks/{hook}", "open": is_open, "counts": rows}


def _lines(told: dict[str, Any]) -> str:
    first = f"{told['hook']}: {'open' if told['open'] else 'closed'}, {told['url']}"
    rows = [
        f"  {row['count']:>8}  {row['what']}{': ' if row['word'] else ''}{row['word']}"
        f"  (last {row['last_at'][:16].replace('T', ' ')} UTC)"
        for row in told["counts"]
    ]
    return "\n".join([first, *rows])


run = functools.partial(run_typer, app, "webhook")
