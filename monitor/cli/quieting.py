"""`homing alert ack|silence|silences|unsilence`: what nobody needs to be told just now."""

import getpass
import json
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from data.panels.incidents import open_incidents
from data.silences import Acknowledgement, Silence, acknowledge, add_silence, end_silence, silences
from monitor.app import open_app
from monitor.cli import options
from monitor.cli.main import Exit
from monitor.config.schema import read_span
from monitor.incidents.quiet import MATCHED, fields, matches
from monitor.problem import Problem

LONGEST = timedelta(days=90)
Comment = Annotated[str, typer.Option("--comment", help="Why; whoever looks later reads it.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who; you.", show_default=False)]
MATCH = "A pattern with * and ?; all that are given must fit."


def ack(
    incident: Annotated[int, typer.Argument(metavar="INCIDENT", help="Its number, as in the alert.")],
    during: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 90m, 8h, 2d.")] = "8h",
    comment: Comment = "",
    by: By = "",
) -> int:
    """Take an incident on: nobody is told again of it until then. Its end is still told."""
    length = _length(during)
    with open_app() as instance, instance.store.write() as connection:
        if incident not in [each.id for each in open_incidents(connection)]:
            raise Problem(f"incident {incident} is not open. `homing incident list` names those that are.")
        until = instance.now() + length
        acknowledge(connection, Acknowledgement(incident, _who(by), comment, instance.now(), until))
    typer.echo(f"Incident {incident} is {_who(by)}'s until {until:%Y-%m-%d %H:%M} UTC.")
    return Exit.CLEAN


def silence(
    during: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 90m, 8h, 2d.")],
    comment: Comment,
    domain: Annotated[str, typer.Option("--domain", help=MATCH)] = "",
    code: Annotated[str, typer.Option("--code", help="SPF-004, BL-*; as above.")] = "",
    subject: Annotated[str, typer.Option("--subject", help="192.0.2.25*; as above.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="listing, record; as above.")] = "",
    severity: Annotated[str, typer.Option("--severity", help="high; as above.")] = "",
    begin: Annotated[str, typer.Option("--in", metavar="TIME", help="Begin only then.")] = "0s",
    by: By = "",
) -> int:
    """Tell nobody of what fits, for a while: a maintenance, or a fault that is known. Looks go on."""
    given = dict(zip(MATCHED, (domain, code, subject, kind, severity), strict=True))
    matchers = {name: pattern for name, pattern in given.items() if pattern}
    if not matchers:
        raise Problem("say what to be silent about: --domain, --code, --subject, --kind or --severity.")
    if not comment.strip():
        raise Problem("say why, in --comment: whoever is on call next will want to know.")
    length, wait = _length(during), _span(begin)
    with open_app() as instance, instance.store.write() as connection:
        begins = instance.now() + wait
        number = add_silence(connection, matchers, comment, _who(by), begins, begins + length, instance.now())
        fitting = [
            each.id for each in open_incidents(connection) if matches(matchers, fields(each, each.domain))
        ]
    typer.echo(f"Silence {number} lasts until {begins + length:%Y-%m-%d %H:%M} UTC.")
    typer.echo(f"Open now and fitting: {', '.join(map(str, fitting)) or 'no incident'}.")
    return Exit.CLEAN


def unsilence(
    number: Annotated[int, typer.Argument(metavar="SILENCE", help="Its number.")],
) -> int:
    """End a silence now. What still lasts is told at the next look."""
    with open_app() as instance, instance.store.write() as connection:
        if not end_silence(connection, number, instance.now()):
            raise Problem(f"no silence {number} lasts. `homing alert silences` names those that do.")
    typer.echo(f"Silence {number} is over.")
    return Exit.CLEAN


def list_silences(as_json: options.Json = False) -> int:
    """The silences that last or are planned, the next to end first."""
    with open_app() as instance, instance.store.read() as connection:
        found, now = silences(connection, instance.now()), instance.now()
    if as_json:
        typer.echo(json.dumps({"schema_version": 1, "silences": [_json(each) for each in found]}, indent=2))
        return Exit.CLEAN
    for each in found:
        typer.echo(_line(each, now))
    if not found:
        typer.echo("Nothing is silenced.")
    return Exit.CLEAN


def _length(text: str) -> timedelta:
    length = _span(text)
    if not timedelta(0) < length <= LONGEST:
        raise Problem(f"--for {text}: between a second and {LONGEST.days} days.")
    return length


def _span(text: str) -> timedelta:
    try:
        return read_span(text)
    except ValueError as error:
        raise Problem(f"{error}.") from None


def _who(by: str) -> str:
    return by or getpass.getuser()


def _line(each: Silence, now: datetime) -> str:
    what = ", ".join(f"{name} {pattern}" for name, pattern in each.matchers.items())
    begins = f"from {each.begins_at:%Y-%m-%d %H:%M} " if each.begins_at > now else ""
    return (
        f"{each.id}: {what}, {begins}until {each.ends_at:%Y-%m-%d %H:%M} UTC ({each.author}: {each.comment})"
    )


def _json(each: Silence) -> dict[str, Any]:
    return {
        "id": each.id,
        "matchers": dict(each.matchers),
        "comment": each.comment,
        "author": each.author,
        "begins_at": each.begins_at.isoformat(),
        "ends_at": each.ends_at.isoformat(),
    }
