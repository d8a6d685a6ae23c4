"""`homing alert test|list|ack|silence|silences|unsilence`: what is told, what was told, what need not be."""

import functools
import json
from typing import Annotated, Any

import typer

from data import alerts
from data.alerts import Alert, AlertState
from monitor.app import App, open_app
from monitor.channels import Channel, Notice, Told, open_channels
from monitor.cli import quieting
from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.problem import Problem
from monitor.senses import open_senses

EXAMPLES = """
homing alert test
homing alert list
homing alert ack 17 --for 8h --comment "asked Spamhaus for delisting"
homing alert silence --domain "*.example.com" --code "TLS-*" --for 2h --comment "new certificate tonight"
"""

app = application("Try the channels, see what was told, and say what need not be.", EXAMPLES)
app.command("ack")(exits(quieting.ack))
app.command("silence")(exits(quieting.silence))
app.command("silences")(exits(quieting.list_silences))
app.command("unsilence")(exits(quieting.unsilence))
TEXT = "This is a test of Homing's alerts. Nothing is wrong."


@app.command("test")
@exits
def try_channels(
    channel: Annotated[str, typer.Argument(help="One channel; all of them if left out.")] = "",
) -> int:
    """Send a test notice through the channels, now, and say what came of it."""
    with open_app() as instance, open_senses(instance.config) as senses:
        channels = open_channels(instance.config, instance.home, senses)
        chosen = {name: one for name, one in channels.items() if channel in ("", name)}
        if not chosen:
            raise Problem(_no_channel(channel, list(channels), instance))
        told = {name: _try(instance, name, one) for name, one in chosen.items()}
    for name, result in told.items():
        typer.echo(f"{name}: {'delivered' if result.arrived else f'not delivered: {result.why}'}")
    return Exit.CLEAN if all(result.arrived for result in told.values()) else Exit.FINDINGS


def _try(instance: App, name: str, channel: Channel) -> Told:
    now = instance.now()
    payload = {"type": "incident.test", "text": TEXT, "severity": "info", "at": now.isoformat(), "fix": ""}
    return channel.tell(Notice(f"test-{name}-{int(now.timestamp())}", now, payload), now)


def _no_channel(wanted: str, known: list[str], instance: App) -> str:
    if not known:
        return f"no channel is configured: add a [[channels]] section to {instance.home.config_path}."
    return f'there is no channel "{wanted}". There is: {", ".join(known)}.'


@app.command("list")
@exits
def list_notices(
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> int:
    """The latest notices, the newest first: what was told, where, and what still waits."""
    with open_app() as instance, instance.store.read() as connection:
        found = alerts.recent(connection, limit)
    if as_json:
        document = {"schema_version": 1, "alerts": [_json(alert) for alert in found]}
        typer.echo(json.dumps(document, sort_keys=True, ensure_ascii=False))
    else:
        for alert in found:
            typer.echo(_line(alert))
        if not found:
            typer.echo("Nothing was told yet.")
    return Exit.CLEAN


def _line(alert: Alert) -> str:
    state = {
        AlertState.SENT: "told",
        AlertState.WAITING: f"waits ({alert.error})" if alert.error else "waits",
        AlertState.GIVEN_UP: f"given up ({alert.error})",
    }[alert.state]
    return f"{alert.at:%Y-%m-%d %H:%M} {alert.channel}: {state}: {alert.payload['text']}"


def _json(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.key,
        "incident": alert.incident_id,
        "notice": alert.notice.value,
        "channel": alert.channel,
        "state": alert.state.value,
        "attempts": alert.attempts,
        "at": alert.at.isoformat(),
        "sent_at": alert.sent_at.isoformat() if alert.sent_at else None,
        "error": alert.error,
        "payload": alert.payload,
    }


run = functools.partial(run_typer, app, "alert")
