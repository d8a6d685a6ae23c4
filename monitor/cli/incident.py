"""`homing incident list|show`: what is wrong, since when, on what evidence, and what to do."""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from data.panels.incidents import (
    Incident,
    find_incident,
    incidents_between,
    open_incidents,
    pending_incidents,
)
from data.silences import Acknowledgement, acknowledged
from monitor.app import open_app
from monitor.cli import options
from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.incidents.words import runbook
from monitor.problem import Problem

EXAMPLES = """
homing incident list
homing incident list --days 7
homing incident show 17
"""

app = application("What is wrong, since when, on what evidence.", EXAMPLES)


@app.command("list")
@exits
def list_incidents(
    days: Annotated[int, typer.Option("--days", min=0, help="Closed ones of the last days, too.")] = 0,
    domain: Annotated[str | None, typer.Option("--domain", help="Of this domain alone.")] = None,
    as_json: options.Json = False,
) -> int:
    """What is open, the worst first, and what waits for its second look."""
    with open_app() as instance, instance.store.read() as connection:
        now = instance.now()
        found = [*open_incidents(connection, domain), *pending_incidents(connection, domain)]
        if days:
            known = {each.id for each in found}
            past = incidents_between(connection, now - timedelta(days=days), now, domain)
            found += [each for each in past if each.id not in known]
    if as_json:
        document = {"schema_version": 1, "incidents": [_json(each) for each in found]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for each in found:
            typer.echo(_line(each))
        if not found:
            typer.echo("Nothing is open.")
    return Exit.FINDINGS if any(each.closed_at is None for each in found) else Exit.CLEAN


@app.command("show")
@exits
def show(
    incident: Annotated[int, typer.Argument(metavar="INCIDENT", help="Its number, as in the alert.")],
    as_json: options.Json = False,
) -> int:
    """One incident: what, since when, each look, the answers it rests on, and what to do."""
    with open_app() as instance, instance.store.read() as connection:
        found = find_incident(connection, incident)
        if found is None:
            raise Problem(f"there is no incident {incident}. `homing incident list --days 30` names them.")
        taken = acknowledged(connection, incident)
    if as_json:
        typer.echo(json.dumps({"schema_version": 1, **_json(found, taken)}, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_lines(found, taken)))
    return Exit.CLEAN


def _line(each: Incident) -> str:
    about = each.domain or "this instance"
    title = each.detail.get("title", each.code)
    return (
        f"{each.id}  {each.state}  {each.severity.value}  {about}: {title}, {each.subject}  ({_since(each)})"
    )


def _since(each: Incident) -> str:
    ended = f" to {each.closed_at:%Y-%m-%d %H:%M}" if each.closed_at else ""
    return f"since {each.first_seen:%Y-%m-%d %H:%M}{ended} UTC"


def _lines(each: Incident, taken: Acknowledgement | None) -> list[str]:
    detail = each.detail
    lines = [_line(each), "", str(detail.get("sentence", ""))]
    lines += [f"  also: {fault['sentence']}" for fault in detail.get("faults", ())[1:]]
    if taken:
        lines.append(f"{taken.owner} has it until {taken.until:%Y-%m-%d %H:%M} UTC. {taken.comment}".rstrip())
    if detail.get("fix"):
        lines += ["", "Next:", f"  {detail['fix']}"]
    lines += [f"  {runbook(each.kind, each.code)}", *_impact(detail.get("impact", {})), *_causes(detail)]
    if detail.get("evidence"):
        lines += ["", "Evidence:", *(f"  {_evidence(piece)}" for piece in detail["evidence"])]
    if detail.get("looks"):
        lines += ["", "Looks:", *(f"  {_look(look)}" for look in detail["looks"])]
    return lines


def _impact(impact: Mapping[str, Any]) -> list[str]:
    if not impact.get("of"):
        return []
    share = 100 * impact["messages"] / impact["of"]
    whose = impact["domain"] or impact["provider"] or "everything"
    lines = ["", f"Touches {whose}: {share:.0f} % of the last 30 days' {impact['of']:,} messages."]
    return [*lines, *(f"  under way: {name}" for name in impact["campaigns"])]


def _causes(detail: Mapping[str, Any]) -> list[str]:
    """What happened before it, the likeliest first, and what did not."""
    if "causes" not in detail:
        return []
    lines = ["", "Before it:"]
    for each in detail["causes"]:
        at = datetime.fromisoformat(each["at"])
        about = f"{each['why']}: {each['subject']}, {each['sentence']}"
        lines.append(f"  {each['weight']:.2f}  {at:%Y-%m-%d %H:%M}  {about}")
    if not detail["causes"]:
        lines.append("  nothing that usually leads to it")
    lines += [f"  ruled out: {what}" for what in detail["ruled_out"]]
    return [*lines, *(f"  not ruled out: {what}" for what in detail["not_ruled_out"])]


def _evidence(piece: dict[str, Any]) -> str:
    where = f" ({piece['resolver']}, {piece['at']})" if piece.get("resolver") else ""
    return f"{piece.get('name', '')} {piece.get('type', '')}: {piece.get('answer', '')}{where}"


def _look(look: dict[str, Any]) -> str:
    at = datetime.fromisoformat(look["at"])
    return f"{at:%Y-%m-%d %H:%M:%S} {look['saw']}{', past every cache' if look.get('fresh') else ''}"


def _json(each: Incident, taken: Acknowledgement | None = None) -> dict[str, Any]:
    return _plain(each) | ({"acknowledged": _plain(taken)} if taken else {})


def _plain(entry: Incident | Acknowledgement) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(asdict(entry), default=_time))
    return told


def _time(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


run = functools.partial(run_typer, app, "incident")
