"""Looks every few minutes at how the mail of the last hours fares, and carries it into incidents."""

from data import incidents, pulse
from data.slots import Slot
from monitor.app import App
from monitor.incidents.follow import follow
from monitor.incidents.machine import Sighting
from monitor.incidents.sending import RULES, matters

WATCH_MAIL = "mail"
"""The kind of slot; its subject is the instance."""
KINDS = frozenset(rule.kind for rule in RULES)


def watch_mail(app: App, slot: Slot) -> str:
    """Returns a note for the slot's row."""
    del slot
    now = app.now()
    windows = {rule.window for rule in RULES}
    with app.store.read() as connection:
        accepted = {window: pulse.accepted_since(connection, now - window) for window in windows}
        replies = {window: pulse.replies_since(connection, now - window) for window in windows}
        events = {
            rule.event: pulse.events_since(connection, rule.event, now - rule.window)
            for rule in RULES
            if rule.event
        }
        known = {each.fingerprint for kind in KINDS for each in incidents.alive_of_kind(connection, kind)}
    found = list(matters(RULES, accepted, replies, events, now))
    moving = [each for each in found if each.sighting is Sighting.FAULT or each.fingerprint in known]
    if moving:
        with app.store.write() as connection:
            for matter in moving:
                entry = incidents.find_alive(connection, matter.fingerprint)
                follow(connection, app.config, matter, entry, now)
    return f"{sum(each.sighting is Sighting.FAULT for each in found)} of {len(found)} out of order"
