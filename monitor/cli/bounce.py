"""`homing bounce classify`: what a mail that came back says, of whom, and whose fault it is."""

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from checks.net.imap import Fault
from data.mailboxes import put_aside
from data.storms import unconfirmed
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
from sender.returns.storms import Storm, confirm, dismiss, storms_in
from sender.returns.understand import Kind, understand

EXAMPLES = """
homing bounce classify bounce.eml
homing bounce classify --jsonl Maildir/new/*
homing bounce poll
homing bounce aside --json
homing bounce storms
homing bounce judge gmail --false --note "their status page says so"
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


@app.command("storms")
@exits
def list_storms(as_json: options.Json = False) -> int:
    """List the reports of unknown users that suppressed nobody and wait for a judgement."""
    with open_app() as instance, instance.store.read() as connection:
        found = storms_in(unconfirmed(connection))
    told = [_storm(each) for each in found]
    if as_json:
        say(json.dumps({"schema_version": 1, "storms": told}, ensure_ascii=False, indent=2))
    else:
        say("\n".join(map(_storm_line, told)) or "Nothing waits for a judgement.")
    return Exit.FINDINGS if told else Exit.CLEAN


@app.command("judge")
@exits
def judge_storm(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="As `storms` names it.")],
    real: Annotated[bool, typer.Option("--real/--false", help="The people are gone, or they are not.")],
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="Only from this ISO 8601 time on.")
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="Only up to this time.")] = "",
    note: Annotated[str, typer.Option("--note", help="Why, for the record.")] = "",
    as_json: options.Json = False,
) -> int:
    """Judge a provider's storm: --real suppresses its addresses, --false brings back whom it cost."""
    with open_app() as instance, instance.store.write() as connection:
        window = [options.moment(text) if text else None for text in (since, until)]
        found = storms_in(unconfirmed(connection, provider, *window))
        if not found:
            raise Problem(f"nothing of “{provider}” waits for a judgement. `homing bounce storms` lists all.")
        how, by = (confirm if real else dismiss), f"person: {note}" if note else "person"
        done = [how(connection, each, by, instance.now()) for each in found]
    told = {
        name: [address for each in done for address in getattr(each, name)]
        for name in ("suppressed", "restored", "spared")
    }
    if as_json:
        say(json.dumps({"schema_version": 1, "provider": provider, **told}, ensure_ascii=False, indent=2))
    else:
        say(", ".join(f"{len(addresses)} {name}" for name, addresses in told.items()))
    return Exit.CLEAN


def _storm(storm: Storm) -> dict[str, Any]:
    return {
        "provider": storm.provider,
        "since": storm.since.isoformat(),
        "until": storm.until.isoformat(),
        "addresses": list(storm.addresses),
        "said": storm.reports[-1].said,
    }


def _storm_line(told: Mapping[str, Any]) -> str:
    return (
        f"{told['provider'] or '(no provider)'}: {len(told['addresses'])} addresses, {told['since'][:16]} to "
        f"{told['until'][:16]} UTC, last: {told['said'][:120]}"
    )


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
