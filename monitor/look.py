"""One look at one target: ask, keep what was seen, and let the incidents follow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from checks.audit import audit
from checks.catalog import BUG, CHECKS, chosen
from checks.check import Check
from checks.model import Finding, Report, Scope, Target
from checks.ports import World
from checks.profiles import severity
from checks.records.model import Kind, Record
from checks.records.snapshot import certificates, snapshot
from data import history, observations, targets
from data.observations import Look, Seen
from data.slots import Slot
from data.targets import Watched
from monitor.app import App
from monitor.incidents import track
from monitor.incidents.lists import quarantined, track_lists, withheld
from monitor.incidents.track import CONFIRM
from monitor.informing import informed
from monitor.schedule import AUDIT
from monitor.senses import Senses
from monitor.vantage import LISTINGS, agreed, needs_another


def look(app: App, senses: Senses, slot: Slot) -> str:
    """The scheduled look: everything that is watched. Returns a note for the slot's row."""
    return _look(app, senses, slot, frozenset())


def confirm(app: App, senses: Senses, slot: Slot) -> str:
    """The second look: uncached, and only at what waits for it."""
    with app.store.read() as connection:
        watched = targets.find(connection, slot.subject)
        waiting = track.unconfirmed(connection, watched.id) if watched else frozenset()
    if not waiting:
        return "nothing waits for a second look any more"
    return _look(app, senses, slot, waiting)


CERTIFICATES_EVERY = timedelta(hours=20)

LOOKS: Mapping[str, Callable[[App, Senses, Slot], str]] = {AUDIT: look, CONFIRM: confirm}
"""The kinds of slot that are looks at a target."""


def _look(app: App, senses: Senses, slot: Slot, families: frozenset[str]) -> str:
    now = app.now()
    with app.store.read() as connection:
        watched = targets.find(connection, slot.subject)
        if watched is None or watched.paused:
            return "not watched any more"
        known = informed(connection, watched.target, now)
        distrusted = quarantined(connection)
    fresh = bool(families)
    world = senses.world(now, fresh=fresh)
    report, vantages = examine(known, world, families), 1
    if fresh and senses.second is not None and needs_another(report):
        vantages = 2
        report = agreed(report, examine(known, senses.elsewhere(now), families & {LISTINGS}))
    report = withheld(report, distrusted)
    seen = result(watched, report, families)
    records = () if fresh else _records(app, watched, known, world)
    with app.store.write() as connection:
        observations.save_look(connection, seen)
        history.save_records(connection, watched.id, records, now)
        track.track(connection, track.Seen(seen, fresh, app.config, vantages))
        track_lists(connection, app.config, report, now)
    return f"{len(seen.seen)} findings"


def _records(app: App, watched: Watched, target: Target, world: World) -> Sequence[Record]:
    """What the records say now; the mail servers are greeted for their certificates once a day."""
    with app.store.read() as connection:
        last = history.last_look(connection, watched.id, Kind.CERTIFICATE)
    due = last is None or world.now - last >= CERTIFICATES_EVERY
    return (*snapshot(target, world), *(certificates(target, world) if due else ()))


def examine(target: Target, world: World, families: frozenset[str]) -> Report:
    return audit(target, world, Scope.WATCH, sorted(family.lower() for family in families))


def result(watched: Watched, report: Report, families: frozenset[str]) -> Look:
    """A report in the store's words: what was covered, what could not look at all, how much each matters."""
    ran = chosen(Scope.WATCH, sorted(family.lower() for family in families))
    broken = {str(finding.args["check"]) for finding in report.findings if finding.code == BUG}
    return Look(
        target_id=watched.id,
        domain=watched.target.domain,
        now=report.now,
        seen=[_weighed(finding, watched.target) for finding in report.findings],
        covered=_families(ran),
        blind=_families(check for check in CHECKS if check.name in broken),
    )


def _weighed(finding: Finding, target: Target) -> Seen:
    return Seen(finding, severity(finding, target.profile))


def _families(checks: Iterable[Check]) -> frozenset[str]:
    return frozenset(code.rpartition("-")[0] for check in checks for code in check.codes)
