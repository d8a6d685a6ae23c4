"""`homing report`: what receivers report about mail in your name."""

import functools
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from checks.reports import Aggregate, Failure, Report, TlsReport, Unreadable
from checks.reports.readiness import readiness
from checks.reports.sources import Source, sources
from data import reports
from data.sources import Known, known_sources
from monitor.app import open_app
from monitor.cli import options
from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.problem import Problem
from monitor.receivers.drill import drill, name_of
from monitor.reporting import Entry, Taken, files, read_file, take_in

EXAMPLES = """
homing report read google.com!example.com!1780272000!1780358399.zip
homing report import ~/Maildir/dmarc
homing report show example.com --days 7
homing report source example.com "Amazon SES"
"""

MOST_SOURCES = 40
"""That a person is shown."""

app = application("Read what receivers report about your mail (DMARC, TLS).", EXAMPLES)
Paths = Annotated[list[Path], typer.Argument(metavar="FILE|FOLDER…", help="XML, JSON, gzip, zip, or mail.")]


@app.command("read")
@exits
def read(paths: Paths, as_json: options.Json = False) -> int:
    """Say what is in these reports, and keep nothing."""
    found = [(path, _read(path)) for path in files(paths)]
    if as_json:
        told = [{"file": str(path), **_document(report)} for path, report in found]
        typer.echo(json.dumps({"schema_version": 1, "reports": told}, ensure_ascii=False, indent=2))
    else:
        for path, report in found:
            typer.echo(f"{path}: {_line(report)}")
    return Exit.COULD_NOT_TELL if any(isinstance(each, Unreadable) for _, each in found) else Exit.CLEAN


@app.command("import")
@exits
def take(paths: Paths, as_json: options.Json = False) -> int:
    """Keep these reports. Each counts once, however often it comes; the files stay as they are."""
    for path in paths:
        if not path.exists():
            raise Problem(f"{path} does not exist.")
    found = list(files(paths))
    with open_app() as instance:
        console = Console(stderr=True)
        entries = list(
            track(take_in(instance, found), "Reading", len(found), console=console, transient=True)
        )
    for entry in entries:
        if entry.taken is Taken.UNREADABLE:
            typer.echo(f"{entry.path}: cannot be read: {entry.why}", err=True)
    return _totals(entries, as_json=as_json)


@app.command("show")
@exits
def show(
    domain: Annotated[str | None, typer.Argument(metavar="[DOMAIN]", help="The domain in From.")] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How far to look back.")] = 30,
    as_json: options.Json = False,
) -> int:
    """Who sends in a domain's name, what passes DMARC, and what p=reject would stop."""
    with open_app() as instance, instance.store.read() as connection:
        known = reports.reported_domains(connection)
        name = _domain(domain, known)
        since = instance.now() - timedelta(days=days)
        kept = reports.kept(connection, name, since)
        found = sources(reports.rows_since(connection, name, since))
        tls = reports.tls_since(connection, name, since)
        names = known_sources(connection, name)
    if as_json:
        document = _shown(name, kept, found, tls, names)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_time))
    else:
        _print(name, days, kept, found, tls, names)
    return Exit.CLEAN


@app.command("source")
@exits
def source(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The domain in From.")],
    which: Annotated[
        str, typer.Argument(metavar="[SOURCE|ADDRESS]", help="A source's name, or one of its addresses.")
    ] = "",
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How far to look back.")] = 30,
    as_json: options.Json = False,
) -> int:
    """Who sends in a domain's name, step by step: sources; a source's addresses; who reported an address.

    Example: `homing report source example.com "Amazon SES"`
    """
    with open_app() as instance, instance.store.read() as connection:
        name = _domain(domain, reports.reported_domains(connection))
        found = drill(connection, name, which, instance.now() - timedelta(days=days))
    if found is None:
        raise Problem(
            f'no report of the last {days} days speaks of "{which}". `homing report source {name}` '
            "says of whom they do."
        )
    if as_json:
        document = {"schema_version": 1, "domain": name, **found.document}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_time))
    else:
        typer.echo("\n".join(found.lines) or f"No report of the last {days} days speaks of {name}.")
    return Exit.CLEAN


def _domain(asked: str | None, known: Sequence[str]) -> str:
    if asked is None and len(known) == 1:
        return known[0]
    if asked is not None and asked.lower().rstrip(".") in known:
        return asked.lower().rstrip(".")
    if not known:
        raise Problem("no report is kept yet. `homing report import FILE…` takes some in.")
    wanted = f"no report speaks of {asked}" if asked else "say which domain"
    raise Problem(f"{wanted}. There are reports of: {', '.join(known)}.")


def _read(path: Path) -> Report | Unreadable:
    try:
        return read_file(path)
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error


def _document(found: Report | Unreadable) -> dict[str, Any]:
    kinds = {Aggregate: "aggregate", Failure: "failure", TlsReport: "tls", Unreadable: "unreadable"}
    plain = json.loads(json.dumps(asdict(found), default=_time))
    return {"kind": kinds[type(found)], **plain}


def _time(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value))


def _line(found: Report | Unreadable) -> str:
    match found:
        case Aggregate():
            passed = sum(row.count for row in found.rows if row.passes)
            mended = ", its XML is broken and was mended" if found.mended else ""
            return (
                f"{found.reporter} saw {_count(found.messages, 'message')} from {found.policy.domain} "
                f"({found.begin:%Y-%m-%d} to {found.end:%Y-%m-%d}); {passed:,} pass DMARC{mended}"
            )
        case Failure():
            return f"a message from {found.source_ip} in the name of {found.reported_domain} failed DMARC"
        case TlsReport():
            failed = sum(policy.failed for policy in found.policies)
            return (
                f"{found.reporter} met with {_count(failed, 'failed TLS session')} ({found.begin:%Y-%m-%d})"
            )
        case Unreadable():
            return f"cannot be read: {found.why}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _totals(entries: Sequence[Entry], *, as_json: bool) -> int:
    count = Counter(entry.taken for entry in entries)
    told = {taken.value: count[taken] for taken in Taken}
    if as_json:
        unreadable = [{"file": str(entry.path), "why": entry.why} for entry in entries if entry.why]
        typer.echo(
            json.dumps({"schema_version": 1, **told, "files": unreadable}, ensure_ascii=False, indent=2)
        )
    else:
        typer.echo(", ".join(f"{number} {name}" for name, number in told.items()))
    return Exit.COULD_NOT_TELL if count[Taken.UNREADABLE] else Exit.CLEAN


def _shown(
    name: str,
    kept: reports.Kept,
    found: Sequence[Source],
    tls: Sequence[Any],
    known: Mapping[str, Known],
) -> dict[str, Any]:
    ready = readiness(found, kept.begin, kept.end)
    return {
        "schema_version": 1,
        "domain": name,
        **asdict(kept),
        "stopped_by_reject": sum(source.stopped for source in found),
        "readiness": asdict(ready),
        "sources": [{**asdict(each), "name": name_of(each.address, known).name} for each in found],
        "tls": [asdict(policy) for policy in tls],
    }


def _print(
    name: str,
    days: int,
    kept: reports.Kept,
    found: Sequence[Source],
    tls: Sequence[Any],
    known: Mapping[str, Known],
) -> None:
    if not kept.reports:
        typer.echo(f"No report of the last {days} days speaks of {name}.")
        return
    stopped = sum(source.stopped for source in found)
    typer.echo(
        f"{name}: {_count(kept.messages, 'message')} in {_count(kept.reports, 'report')} "
        f"of {', '.join(kept.reporters)}\n"
        f"p=reject would stop {stopped:,} of them ({stopped / max(1, kept.messages):.1%})"
    )
    ready = readiness(found, kept.begin, kept.end)
    typer.echo(
        f"Ready for p=reject: {ready.advice.value} ({ready.why}). Of what fails: {ready.ours:,} not aligned, "
        f"{ready.forwarded:,} forwarded, {ready.forged:,} forged or unknown."
    )
    table = Table(
        "Source", "Name", "Proves to be", "Messages", "Standing", "Last seen", box=None, pad_edge=False
    )
    table.columns[3].justify = "right"
    for source in found[:MOST_SOURCES]:
        names = ", ".join(source.names) or "nobody"
        last = f"{source.last:%Y-%m-%d}"
        called = name_of(source.address, known).name
        table.add_row(source.address, called, names, f"{source.messages:,}", source.standing.value, last)
    Console().print(table)
    if len(found) > MOST_SOURCES:
        typer.echo(f"… and {len(found) - MOST_SOURCES:,} smaller sources: --json names them all.")
    failed = Counter[str]()
    for policy in tls:
        for failure in policy.failures:
            failed[failure.kind] += failure.count
    if tls:
        total = sum(policy.succeeded + policy.failed for policy in tls)
        why = "; ".join(f"{kind} {count:,}" for kind, count in failed.most_common())
        typer.echo(f"TLS: {sum(failed.values()):,} of {total:,} sessions failed{': ' + why if why else ''}")


run = functools.partial(run_typer, app, "report")
