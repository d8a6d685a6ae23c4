"""`homing bounce classify`: what a mail that came back says, of whom, and whose fault it is."""

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from checks.net.imap import Fault
from data.mailboxes import put_aside
from monitor.app import App, open_app
from monitor.cli import options
from monitor.cli.classifying import document, line
from monitor.cli.main import Exit, say
from monitor.cli.shell import application, exits, run_typer
from monitor.config.schema import MailboxEntry
from monitor.mailboxes import visit_mailbox
from monitor.problem import Problem
from sender.returns.intake import quarantined
from sender.returns.reader import Reader
from sender.returns.understand import Kind, understand

EXAMPLES = """
homing bounce classify bounce.eml
homing bounce classify --jsonl Maildir/new/*
homing bounce poll
homing bounce aside --json
"""

app = application("Understand what came back.", EXAMPLES)


@app.callback()
def bounce() -> None:
    """Understand what came back."""


@app.command()
@exits
def classify(
    files: Annotated[list[Path], typer.Argument(help="Mails as they came in: bounces, reports, replies.")],
    as_json: options.Json = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One line a mail, in the order given.")] = False,
) -> int:
    """Say what each mail reports of each recipient: hard, soft, or nobody's fault there."""
    read = [(path, _results(path)) for path in files]
    if jsonl:
        for path, results in read:
            say(json.dumps({"file": str(path), **results[0], "results": results}, ensure_ascii=False))
    elif as_json:
        found = [{"file": str(path), **each} for path, results in read for each in results]
        say(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for path, results in read:
            say("\n".join(f"{path}: {line(each)}" for each in results))
    return Exit.CLEAN


@app.command()
@exits
def poll(
    mailbox: Annotated[str, typer.Argument(metavar="[MAILBOX]", help="Its name in homing.toml; all.")] = "",
    as_json: options.Json = False,
) -> int:
    """Read the bounce mailboxes now, and say what was in them."""
    with open_app() as instance, Reader() as reader:
        told = [
            _visited(entry.name, visit_mailbox(instance, entry, reader))
            for entry in _entries(instance, mailbox)
        ]
    if as_json:
        say(json.dumps({"schema_version": 1, "mailboxes": told}, ensure_ascii=False, indent=2))
    else:
        say("\n".join(f"{each['mailbox']}: {each['trouble'] or _counts(each['counts'])}" for each in told))
    return Exit.COULD_NOT_TELL if any(each["trouble"] for each in told) else Exit.CLEAN


@app.command()
@exits
def aside(as_json: options.Json = False) -> int:
    """List the mail that was not understood: in the mailboxes, where it still lies, and in the intake."""
    with open_app() as instance:
        with instance.store.read() as connection:
            told = [
                {"where": place.mailbox, "name": f"UID {place.uid}", "why": known.note}
                for place, known in put_aside(connection)
            ]
        told += [
            {"where": str(path.parent), "name": path.name, "why": why}
            for path, why in quarantined(instance.intake)
        ]
    if as_json:
        say(json.dumps({"schema_version": 1, "aside": told}, ensure_ascii=False, indent=2))
    else:
        say("\n".join(f"{each['where']}: {each['name']}: {each['why']}" for each in told) or "Nothing.")
    return Exit.CLEAN


def _entries(instance: App, name: str) -> Sequence[MailboxEntry]:
    found = [entry for entry in instance.config.mailboxes if name in ("", entry.name)]
    if not found:
        there = ", ".join(entry.name for entry in instance.config.mailboxes)
        raise Problem(
            f"there is no mailbox “{name}”. There is: {there}."
            if there
            else f"no mailbox is configured: add a [[mailboxes]] section to {instance.home.config_path}."
        )
    return found


def _visited(name: str, done: Mapping[str, int] | Fault) -> dict[str, Any]:
    if isinstance(done, Fault):
        return {"mailbox": name, "trouble": done.why, "counts": {}}
    return {"mailbox": name, "trouble": "", "counts": dict(done)}


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items()) or "nothing new"


def _results(path: Path) -> Sequence[Mapping[str, Any]]:
    """One for each recipient, the gravest first; one without a recipient for a mail that reports nothing."""
    try:
        returned = understand(path.read_bytes())
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error
    order = list(Kind)
    results = sorted(returned.results, key=lambda each: order.index(each.kind))
    if not results:
        return [document(None, returned.kind, None, "")]
    return [document(each.recipient, each.kind, each.verdict, each.diagnostic) for each in results]


run = functools.partial(run_typer, app, "bounce")
