"""`homing list create|show|confirm|export`: mailing lists, and how many people stand where."""

import functools
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from data import lists
from data.lists import MailingList, Size
from monitor.app import App, open_app
from monitor.cli import options
from monitor.cli.campaigns.making import From, Server, author
from monitor.cli.campaigns.shared import opened
from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.cli.tables import told
from monitor.problem import Problem
from sender.audience.listing import ListError, export_lines, make_list
from sender.audience.neutral import BOM
from sender.campaigns.confirming import ask_to_confirm, would_ask
from sender.campaigns.trial import domain_for, server_for

EXAMPLES = """
homing list create news --title "Brand News"
homing list create letters --title "Letters" --double-opt-in
homing list show --json
homing list confirm letters --from "Brand <news@brand.example>"
"""

app = application("Mailing lists, and how many people stand where (docs/audience.md).", EXAMPLES)


@app.command("create")
@exits
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="a-z, 0-9 and -: stands in List-Id.")],
    title: Annotated[str, typer.Option("--title", help="What people read.")] = "",
    double: Annotated[
        bool, typer.Option("--double-opt-in", help="Nobody is written to before they confirmed.")
    ] = False,
    as_json: options.Json = False,
) -> int:
    """Make a list.

    Example: `homing list create news --title "Brand News" --double-opt-in`
    """
    with open_app() as instance:
        try:
            made = make_list(instance.store, name, title, double_opt_in=double, now=instance.now())
        except ListError as error:
            raise Problem(str(error)) from error
    return told(_document(Size(made, 0, 0, 0)), as_json, f"The list {made.name} is made.")


@app.command("show")
@exits
def show(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One list; all of them if left out.")] = "",
    as_json: options.Json = False,
) -> int:
    """How many people are subscribed, not yet confirmed, and gone.

    Example: `homing list show news`
    """
    with open_app() as instance, instance.store.read() as connection:
        found = [size for size in lists.all_lists(connection) if name in ("", size.list.name)]
    if name and not found:
        raise Problem(f"there is no list “{name}”.")
    lines = [_line(size) for size in found] or ["There is no list yet. `homing list create NAME` makes one."]
    return told({"lists": [*map(_document, found)]}, as_json, "\n".join(lines))


@app.command("confirm")
@exits
def confirm(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A list with double opt-in.")],
    sender: From,
    server: Server = "",
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Say how many would be asked, and ask nobody.")
    ] = False,
    as_json: options.Json = False,
) -> int:
    """Ask those who have not confirmed yet, in words of ours: once a day at most, and three times in all.

    Example: `homing list confirm letters --from "Brand <news@brand.example>" --dry-run`
    """
    from_name, from_address = author(sender)
    with opened() as instance:
        now = instance.now()
        if dry:
            people = would_ask(instance.store, name, now)
            return told(
                {"list": name, "campaign": None, "people": people}, as_json, f"{people} would be asked."
            )
        with instance.store.read() as connection:
            domain = domain_for(connection, from_address)
            chosen = server or server_for(connection, domain).name
        asked = ask_to_confirm(instance.store, name, domain.domain, chosen, (from_name, from_address), now)
    said = {"list": name, "campaign": asked.campaign or None, "people": asked.people}
    text = (
        f"{asked.people} people are asked: {asked.campaign}" if asked.people else "Nobody is to be asked now."
    )
    return told(said, as_json, text)


@app.command("export")
@exits
def give_out(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The list.")],
    output: Annotated[Path | None, typer.Option(help="A file instead of stdout.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Say what was written; needs --output.")] = False,
) -> int:
    """Everybody who ever was on a list, as CSV that no spreadsheet evaluates.

    Example: `homing list export news --output news.csv`
    """
    if as_json and output is None:
        raise Problem("--json needs --output: the list itself is CSV.")
    with open_app() as instance:
        found = named(instance, name)
        lines = export_lines(instance.store, found.id)
        if output is None:
            sys.stdout.writelines(lines)
            return Exit.CLEAN
        try:
            with output.open("w", encoding="utf-8", newline="") as file:
                file.write(BOM)
                rows = sum(bool(file.write(line)) for line in lines) - 1
        except OSError as error:
            raise Problem(f"{output} cannot be written: {error.strerror}.") from error
    return told({"list": name, "rows": rows, "file": str(output)}, as_json, f"{rows} people are in {output}.")


def named(instance: App, name: str) -> MailingList:
    """The list of that name; raises Problem."""
    with instance.store.read() as connection:
        found = lists.find_list(connection, name)
        known = [size.list.name for size in lists.all_lists(connection)]
    if found is None:
        raise Problem(f"there is no list “{name}”. There are: {', '.join(known) or 'none'}.")
    return found


def _line(size: Size) -> str:
    kind = "double opt-in" if size.list.double_opt_in else "single opt-in"
    return (
        f"{size.list.name} ({size.list.title}, {kind}): {size.subscribed} subscribed, "
        f"{size.unconfirmed} unconfirmed, {size.unsubscribed} unsubscribed"
    )


def _document(size: Size) -> dict[str, Any]:
    return {
        "name": size.list.name,
        "title": size.list.title,
        "double_opt_in": size.list.double_opt_in,
        "subscribed": size.subscribed,
        "unconfirmed": size.unconfirmed,
        "unsubscribed": size.unsubscribed,
    }


run = functools.partial(run_typer, app, "list")
