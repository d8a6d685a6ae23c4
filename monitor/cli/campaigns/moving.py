"""`homing campaign start|pause|resume|cancel|unschedule|resend`: what a person decides."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import typer

from data.campaigns import Campaign
from monitor.app import App
from monitor.campaigns.document import headline, overview
from monitor.campaigns.gate import Gate, Reason, Verdict
from monitor.campaigns.missing import missing_values
from monitor.campaigns.starting import Begun, start_at, start_now, who
from monitor.cli import options
from monitor.cli.campaigns.following import follow
from monitor.cli.campaigns.shared import Json, Name, app, opened, tell
from monitor.cli.main import Exit
from monitor.cli.shell import exits
from monitor.problem import Problem
from monitor.senses import open_senses
from sender.campaigns.resend import Which
from sender.campaigns.resend import resend as resend_to
from sender.campaigns.start import cancel as cancel_campaign
from sender.campaigns.start import named
from sender.campaigns.start import pause as pause_campaign
from sender.campaigns.start import resume as resume_campaign
from sender.campaigns.start import unschedule as unschedule_campaign

CODES = {Verdict.STOP: Exit.FINDINGS, Verdict.HOLD: Exit.COULD_NOT_TELL, Verdict.GO: Exit.CLEAN}
Follow = Annotated[bool, typer.Option("--follow", help="Watch it until nothing is under way any more.")]


@app.command("start")
@exits
def start(
    name: Name,
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="Start by itself at this ISO 8601 time, UTC.")
    ] = "",
    despite: Annotated[
        list[str] | None,
        typer.Option("--despite", metavar="CODE", help="Start although the gate found this; repeatable."),
    ] = None,
    watch: Follow = False,
    as_json: Json = False,
) -> int:
    """Look at the domain once more, freeze the audience, and send; or plan that for later.

    Exit codes: 0 started, 1 a known fault stops it, 3 something could not be found out.
    """
    with opened() as instance:
        if at:
            return _plan(instance, name, options.moment(at), as_json)
        with open_senses(instance.config) as senses:
            begun = start_now(instance, senses, name, despite or ())
        if begun.started and watch:
            return follow(instance, begun.started.campaign, as_json=as_json)
        return _begun(instance, name, begun, as_json)


def _plan(instance: App, name: str, at: datetime, as_json: bool) -> int:
    planned = start_at(instance, name, at)
    text = f"“{name}” starts at {at:%Y-%m-%d %H:%M} UTC, if a worker is there. The gate is asked then."
    return _told(instance, planned, text, as_json)


def _begun(instance: App, name: str, begun: Begun, as_json: bool) -> int:
    if as_json:
        campaign = named(instance.store, name)
        with instance.store.read() as connection:
            told = overview(connection, campaign)
        tell({"campaign": told, "gate": _gate(begun.gate), "missing": missing_values(instance, campaign)})
        return CODES[begun.gate.verdict]
    for reason in begun.gate.reasons:
        typer.echo(_reason(reason, begun.gate), err=True)
    if begun.started is None:
        typer.echo(f"“{name}” was not started. {_advice(begun.gate)}", err=True)
        return CODES[begun.gate.verdict]
    typer.echo(f"“{name}” is sending to {begun.started.recipients:,} recipients.")
    for sentence in missing_values(instance, begun.started.campaign):
        typer.echo(f"warning: {sentence}", err=True)
    for url in begun.started.untracked:
        typer.echo(f"Not counted, since it holds merge fields: {url}", err=True)
    return Exit.CLEAN


def _reason(reason: Reason, seen: Gate) -> str:
    word = "accepted" if reason.accepted else "stop" if reason in seen.stops else "hold"
    return f"{word}: {reason.code} {reason.sentence} {reason.fix}".rstrip()


def _advice(seen: Gate) -> str:
    codes = " ".join(f"--despite {code}" for code in dict.fromkeys(each.code for each in seen.reasons))
    if seen.verdict is Verdict.STOP:
        return f"Mend that; if you know better: {codes}"
    return f"It could not be told whether all is well. Try again, or start all the same: {codes}"


def _gate(seen: Gate) -> dict[str, Any]:
    def plain(reason: Reason) -> dict[str, Any]:
        return {name: getattr(reason, name) for name in Reason.__dataclass_fields__}

    return {
        "verdict": seen.verdict.value,
        "stops": [*map(plain, seen.stops)],
        "holds": [*map(plain, seen.holds)],
    }


@app.command("unschedule")
@exits
def unschedule(name: Name, as_json: Json = False) -> int:
    """Take a planned start back: it is a draft again."""
    return _move(lambda instance: unschedule_campaign(instance.store, name, instance.now()), as_json)


@app.command("pause")
@exits
def pause(
    name: Name,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the others.")] = "",
    as_json: Json = False,
) -> int:
    """Begin no further message; those under way are finished."""
    why = reason or f"paused by {who()}"
    return _move(lambda instance: pause_campaign(instance.store, name, instance.now(), reason=why), as_json)


@app.command("resume")
@exits
def resume(name: Name, watch: Follow = False, as_json: Json = False) -> int:
    """Go on exactly where it stopped."""
    with opened() as instance:
        moved = resume_campaign(instance.store, name, instance.now())
        if watch:
            return follow(instance, moved, as_json=as_json)
        return _told(instance, moved, f"“{name}” goes on.", as_json)


@app.command("cancel")
@exits
def cancel(name: Name, as_json: Json = False) -> int:
    """Stop for good: who was not written to is not written to (`resend --unsent` takes them up again)."""
    with opened() as instance:
        skipped = cancel_campaign(instance.store, name, instance.now())
        moved = named(instance.store, name)
        return _told(instance, moved, f"“{name}” is cancelled; {skipped:,} recipients get nothing.", as_json)


@app.command("resend")
@exits
def resend(
    name: Name,
    unsent: Annotated[
        bool, typer.Option("--unsent", help="Who was left when it was cancelled or paused.")
    ] = False,
    failed: Annotated[
        bool, typer.Option("--failed", help="Whose failure was neither hard nor suppressed.")
    ] = False,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Who may have got it already: a second copy, same Message-ID.")
    ] = False,
    watch: Follow = False,
    as_json: Json = False,
) -> int:
    """Send again to some: nobody who was surely sent to, and saying it twice changes nothing."""
    chosen = [which for which, on in zip(Which, (unsent, failed, unknown), strict=True) if on]
    if len(chosen) != 1:
        raise Problem("say to whom: --unsent, --failed or --unknown (one of them).")
    with opened() as instance:
        done = resend_to(instance.store, name, chosen[0], instance.now(), who())
        if watch:
            return follow(instance, done.campaign, as_json=as_json)
        text = f"“{name}” goes again to {done.again:,} recipients ({chosen[0]}); it is {done.campaign.state}."
        return _told(instance, done.campaign, text, as_json, again=done.again)


def _move(does: Callable[[App], Campaign], as_json: bool) -> int:
    with opened() as instance:
        moved = does(instance)
        return _told(instance, moved, "", as_json)


def _told(instance: App, campaign: Campaign, text: str, as_json: bool, **more: Any) -> int:
    with instance.store.read() as connection:
        document = overview(connection, campaign)
    if as_json:
        tell({"campaign": document, **more})
    else:
        typer.echo(text or f"“{campaign.name}” is {headline(document)}.")
    return Exit.CLEAN
