"""`homing own add|list|remove`: the addresses of one's own, which tests and alerts may go to."""

import functools
import json
from typing import Annotated

import typer

from data import own
from monitor.app import open_app
from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.problem import Problem
from sender.audience.addresses import AddressError, parse_address

EXAMPLES = """
homing own add ann@example.com
homing own list
homing own remove ann@example.com
"""
Addresses = Annotated[list[str], typer.Argument(metavar="ADDRESS…", help="Addresses of your own.")]

app = application("The addresses of your own: tests, seeds and alerts go nowhere else.", EXAMPLES)


@app.command("add")
@exits
def add(addresses: Addresses) -> int:
    """Register addresses as your own."""
    identities = [_identity(address) for address in addresses]
    with open_app() as instance, instance.store.write() as connection:
        for identity in identities:
            new = own.add_own(connection, identity, instance.now())
            typer.echo(
                f"{identity}: registered as your own." if new else f"{identity}: was your own already."
            )
    return Exit.CLEAN


@app.command("remove")
@exits
def remove(addresses: Addresses) -> int:
    """Forget that addresses are your own."""
    identities = [_identity(address) for address in addresses]
    with open_app() as instance, instance.store.write() as connection:
        strange = [identity for identity in identities if not own.remove_own(connection, identity)]
        if strange:
            raise Problem(f"not registered as your own: {', '.join(strange)}. Nothing was changed.")
    typer.echo(f"Forgotten: {', '.join(identities)}.")
    return Exit.CLEAN


@app.command("list")
@exits
def show(as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> int:
    """What is registered, and the seeds, which are your own as well."""
    with open_app() as instance, instance.store.read() as connection:
        found = own.all_own(connection)
    if as_json:
        rows = [
            {"address": each.address, "seed": each.seed or None, "at": each.at.isoformat()} for each in found
        ]
        typer.echo(json.dumps({"schema_version": 1, "own": rows}, ensure_ascii=False))
        return Exit.CLEAN
    for each in found:
        typer.echo(f"{each.address}  (seed)" if each.seed else each.address)
    if not found:
        typer.echo("No address is registered as your own. `homing own add ADDRESS` registers one.")
    return Exit.CLEAN


def _identity(address: str) -> str:
    try:
        return parse_address(address).identity
    except AddressError as error:
        raise Problem(f"“{address}” cannot be used. {error}") from None


run = functools.partial(run_typer, app, "own")
