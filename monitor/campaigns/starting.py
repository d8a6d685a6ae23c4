"""Starting a campaign: through the gate, now or when its time comes. A late start waits for a person."""

import getpass
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from data import slots
from data.campaigns import Campaign, State, campaign_by_id
from data.events import Kind, NewEvent, record
from data.pools import kinds_behind
from data.sending_domains import sending_domain_by_id
from data.slots import Slot
from monitor.app import App
from monitor.campaigns.gate import Gate, Verdict, gate, stopped_by
from monitor.campaigns.listrisk import list_risks
from monitor.senses import Senses
from sender.campaigns.lifecycle import NotNow
from sender.campaigns.start import SINK, Started, Unfit, check_domain, hold, named, schedule, start

START = "start"
"""The kind of slot that starts a campaign; its subject is the campaign's id."""
LATE = timedelta(minutes=15)
"""A start that is this late would reach people at another hour than was meant."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What the gate said, and what was started if it let the campaign through."""

    gate: Gate
    started: Started | None = None


def start_now(app: App, senses: Senses, name: str, accepted: Collection[str] = ()) -> Begun:
    """Ask the gate and start. Raises `Unfit` or `NotNow`."""
    campaign = named(app.store, name)
    with app.store.read() as connection:
        check_domain(connection, campaign)
    seen = ask_gate(app, senses, campaign, accepted)
    if seen.verdict is not Verdict.GO:
        return Begun(seen)
    started = start(app.store, name, app.now())
    _note_override(app, campaign, seen)
    return Begun(seen, started)


def ask_gate(app: App, senses: Senses, campaign: Campaign, accepted: Collection[str] = ()) -> Gate:
    """What the gate says of this campaign's domain, servers and list now."""
    with app.store.read() as connection:
        domain = sending_domain_by_id(connection, campaign.sending_domain_id)
        kinds = kinds_behind(connection, campaign.server_id)
        risks = list_risks(connection, campaign, accepted) if kinds != SINK else ()
    assert domain is not None
    return stopped_by(gate(domain, kinds, senses.world(app.now(), fresh=True), accepted), risks)


def start_at(app: App, name: str, at: datetime) -> Campaign:
    """Plan the start. Raises `Unfit` or `NotNow`."""
    planned = schedule(app.store, name, at, app.now())
    with app.store.write() as connection:
        slots.plan(connection, START, str(planned.id), at)
    return planned


def start_due(app: App, senses: Senses, slot: Slot) -> str:
    """A worker's part: its time has come. Returns a note for the slot's row."""
    with app.store.read() as connection:
        campaign = campaign_by_id(connection, int(slot.subject))
    if campaign is None or campaign.state is not State.SCHEDULED or campaign.scheduled_at != slot.due_at:
        return "it is not to start at this time any more"
    try:
        return _start_due(app, senses, campaign, slot.due_at)
    except (Unfit, NotNow) as fault:
        return _held(app, campaign, str(fault))


def _start_due(app: App, senses: Senses, campaign: Campaign, due_at: datetime) -> str:
    if app.now() - due_at > LATE:
        return _held(app, campaign, f"nobody was there at {due_at:%Y-%m-%d %H:%M} UTC to start it")
    begun = start_now(app, senses, campaign.name)
    if begun.started is None:
        return _held(app, campaign, f"the gate said {begun.gate.verdict}: {begun.gate.why}")
    return f"started, {begun.started.recipients} recipients"


def _held(app: App, campaign: Campaign, reason: str) -> str:
    hold(app.store, campaign.name, app.now(), reason)
    return f"held: {reason}"


def _note_override(app: App, campaign: Campaign, seen: Gate) -> None:
    codes = sorted({each.code for each in seen.reasons if each.accepted})
    if codes:
        now = app.now()
        key = f"override:{campaign.id}:{now.isoformat()}"
        detail = {"codes": codes, "by": who()}
        with app.store.write() as connection:
            record(connection, [NewEvent(Kind.OVERRIDE, now, key, campaign_id=campaign.id, detail=detail)])


def who() -> str:
    """Who decides: the account that runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
