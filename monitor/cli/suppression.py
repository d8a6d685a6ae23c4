"""`homing suppression add|remove|list|check|import|export`: who is not written to, whatever a list says."""

import functools
import sys
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from data.suppression import Reason, Suppressed, all_suppressed
from monitor.app import open_app
from monitor.cli import options
from monitor.cli.importing import progress
from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.cli.tables import told
from monitor.problem import Problem
from sender.audience.importing.columns import MappingError
from sender.audience.neutral import BOM
from sender.audience.suppressing import SuppressionError, add, export_lines, find, remove, take_in, what

EXAMPLES = """
homing suppression add ada@example.com --detail "asked by phone"
homing suppression add @example.com
homing suppression import ses-suppression.csv
homing suppression export > suppressed.csv
"""

app = application("Who is not written to, whatever a list says (docs/audience.md).", EXAMPLES)
Who = Annotated[str, typer.Argument(metavar="ADDRESS|@DOMAIN", help="One address, or a whole domain.")]


@app.command("add")
@exits
def put(
    who: Who,
    reason: Annotated[Reason, typer.Option(help="Why; a stronger reason stays.")] = Reason.MANUAL,
    detail: Annotated[str, typer.Option(help="For people: who asked, and how.")] = "",
    as_json: options.Json = False,
) -> int:
    """Write to somebody no more.

    Example: `homing suppression add ada@example.com --detail "asked by phone"`
    """
    with open_app() as instance:
        try:
            changed = add(instance.store, who, reason, instance.now(), detail=detail)
            entry = find(instance.store, who, instance.fingerprint)
        except SuppressionError as error:
            raise Problem(str(error)) from error
    assert entry is not None
    text = _line(entry) if changed else f"was suppressed before: {_line(entry)}"
    return told({"changed": changed, "entry": _document(entry)}, as_json, text)


@app.command("remove")
@exits
def lift(who: Who, as_json: options.Json = False) -> int:
    """Take an entry away; whoever was erased, or whose whole domain is suppressed, stays suppressed.

    Example: `homing suppression remove ada@example.com`
    """
    with open_app() as instance:
        try:
            removed = remove(instance.store, who)
            entry = find(instance.store, who, instance.fingerprint)
        except SuppressionError as error:
            raise Problem(str(error)) from error
    if not removed and entry is None:
        raise Problem(f"{who} is not suppressed.")
    text = f"{what(who)[1]} is removed." if removed else "nothing is removed."
    if entry:
        text += f" Still in the way: {_line(entry)}"
    return told({"removed": removed, "still": _document(entry) if entry else None}, as_json, text)


@app.command("check")
@exits
def look(who: Who, as_json: options.Json = False) -> int:
    """Say what keeps somebody from being written to: exit code 1 if anything does.

    Example: `homing suppression check ada@example.com`
    """
    with open_app() as instance:
        try:
            entry = find(instance.store, who, instance.fingerprint)
        except SuppressionError as error:
            raise Problem(str(error)) from error
    text = _line(entry) if entry else f"{who} is not suppressed."
    told({"suppressed": entry is not None, "entry": _document(entry) if entry else None}, as_json, text)
    return Exit.FINDINGS if entry else Exit.CLEAN


@app.command("list")
@exits
def show(
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 50, as_json: options.Json = False
) -> int:
    """The latest entries, the newest first.

    Example: `homing suppression list --limit 10 --json`
    """
    with open_app() as instance, instance.store.read() as connection:
        found = [*islice(all_suppressed(connection), limit)]
    text = "\n".join(map(_line, found)) or "Nobody is suppressed."
    return told({"suppression": [*map(_document, found)]}, as_json, text)


@app.command("import")
@exits
def bring_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV of ours or of a provider.")],
    reason: Annotated[Reason, typer.Option(help="For rows that do not say why.")] = Reason.MANUAL,
    as_json: options.Json = False,
) -> int:
    """Take in what we exported, or what SES, SendGrid, Mailgun, Postmark or Mandrill keep. Twice is once.

    Example: `homing suppression import bounces.csv --reason hard_bounce`
    """
    with open_app() as instance:
        try:
            with progress(file.stat().st_size) as tell:
                taken = take_in(instance.store, file, reason, instance.now(), tell)
        except MappingError as error:
            raise Problem(str(error)) from error
        except OSError as error:
            raise Problem(f"{file} cannot be read: {error.strerror}.") from error
    rejected = [{"line": line, "reason": why} for line, why in taken.rejected]
    said = {"rows": taken.rows, "added": taken.added, "known": taken.known, "bad": taken.bad}
    lines = [f"{taken.rows} rows: {taken.added} added, {taken.known} known before, {taken.bad} not read"]
    lines += [f"line {line}: {why}" for line, why in taken.rejected]
    return told(said | {"rejected": rejected}, as_json, "\n".join(lines))


@app.command("export")
@exits
def give_out(
    output: Annotated[Path | None, typer.Option(help="A file instead of stdout.")] = None,
    as_json: options.Json = False,
) -> int:
    """The whole list as CSV that no spreadsheet evaluates, or as JSON.

    Example: `homing suppression export --output suppressed.csv`
    """
    with open_app() as instance, instance.store.read() as connection:
        entries = all_suppressed(connection)
        if as_json:
            return told({"suppression": [*map(_document, entries)]}, True, "")
        if output is None:
            sys.stdout.writelines(export_lines(entries))
            return Exit.CLEAN
        try:
            with output.open("w", encoding="utf-8", newline="") as file:
                file.write(BOM)
                file.writelines(export_lines(entries))
        except OSError as error:
            raise Problem(f"{output} cannot be written: {error.strerror}.") from error
    return Exit.CLEAN


def _line(entry: Suppressed) -> str:
    detail = f" ({entry.detail})" if entry.detail else ""
    return f"{entry.at:%Y-%m-%d %H:%M}  {entry.kind} {entry.value}: {entry.reason}{detail}"


def _document(entry: Suppressed) -> dict[str, Any]:
    return {
        "kind": entry.kind.value,
        "value": entry.value,
        "reason": entry.reason.value,
        "detail": entry.detail,
        "at": entry.at.isoformat(),
    }


run = functools.partial(run_typer, app, "suppression")
