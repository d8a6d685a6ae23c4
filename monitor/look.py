"""One look at one target: ask, keep what was seen, and let the incidents follow."""

from collections.abc import Callable, Iterable, Mapping

from checks.audit import audit
from checks.catalog import BUG, CHECKS, chosen
from checks.check import Check
from checks.model import Finding, Report, Scope, Target
from checks.ports import World
from checks.profiles import severity
from data import observations, targets
from data.observations import Look, Seen
from data.slots import Slot
from data.targets import Watched
from monitor.app import App
from monitor.incidents import track
from monitor.incidents.track import CONFIRM
from monitor.informing import informed
from monitor.schedule import AUDIT
from monitor.senses import Senses


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


LOOKS: Mapping[str, Callable[[App, Senses, Slot], str]] = {AUDIT: look, CONFIRM: confirm}
"""The kinds of slot that are looks at a target."""


def _look(app: App, senses: Senses, slot: Slot, families: frozenset[str]) -> str:
    now = app.now()
    with app.store.read() as connection:
        watched = targets.find(connection, slot.subject)
        if watched is None or watched.paused:
            return "not watched any more"
        known = informed(connection, watched.target, now)
    fresh = bool(families)
    report = examine(known, senses.world(now, fresh=fresh), families)
    seen = result(watched, report, families)
    with app.store.write() as connection:
        observations.save_look(connection, seen)
        track.track(connection, track.Seen(seen, fresh, app.config))
    return f"{len(seen.seen)} findings"


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
