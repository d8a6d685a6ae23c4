"""The blocklists that list a target's addresses or its domain."""

from collections.abc import Iterator

from checks.blocklists import findings as judged
from checks.blocklists.dead import epitaph
from checks.blocklists.look import survey
from checks.blocklists.table import DEFAULT
from checks.check import DECISIVE, Check
from checks.model import Finding, Severity, State, Target
from checks.ports import World

NOTE = Severity.INFO


def check(target: Target, world: World) -> Iterator[Finding]:
    """Findings per "address @ list" and "domain @ list", and about the lists themselves."""
    wanted = DEFAULT if world.blocklists is None else world.blocklists
    dead = {zone: fate for zone in wanted if (fate := epitaph(zone.name))}
    for zone, fate in dead.items():
        yield Finding("BL-012", State.WARN, zone.name, {"fate": fate})
    domain = [target.domain] if target.domain else []
    subjects = dict.fromkeys([*(sending.ip for sending in target.ips), *domain])
    alive = [zone for zone in wanted if zone not in dead]
    yield from judged.findings(survey(world.dns, subjects, alive))


CHECK = Check(
    name="blocklists",
    run=check,
    cites="RFC 5782 and each operator's documentation (docs/blocklists.md)",
    scopes=DECISIVE,
    of_addresses=True,
    codes={
        "BL-001": {State.FAIL: Severity.CRITICAL, State.UNKNOWN: NOTE},
        "BL-002": {State.FAIL: Severity.HIGH, State.UNKNOWN: NOTE},
        "BL-003": {State.FAIL: Severity.MEDIUM, State.UNKNOWN: NOTE},
        "BL-004": {State.FAIL: Severity.LOW, State.UNKNOWN: NOTE},
        "BL-005": {State.FAIL: Severity.HIGH, State.UNKNOWN: NOTE},
        "BL-006": NOTE,
        "BL-007": NOTE,
        "BL-008": NOTE,
        "BL-009": NOTE,
        "BL-010": NOTE,
        "BL-011": NOTE,
        "BL-012": Severity.LOW,
    },
)
