"""One domain's DNS against itself: its names, and its name servers."""

from collections.abc import Iterator

from checks.check import Check
from checks.consistency import names, servers
from checks.model import Finding, Severity, State, Target
from checks.ports import World

LATER = {State.UNKNOWN: Severity.INFO}
"""The checks of each record say themselves when they cannot be looked up; here it is a note."""


def check(target: Target, world: World) -> Iterator[Finding]:
    """RES-010 alias beside records, RES-011 text that is no text, RES-012 servers that disagree."""
    yield from names.findings(target, world.dns)
    yield servers.finding(target.domain, world)


CHECK = Check(
    name="consistency",
    run=check,
    cites="RFC 1034 sections 3.6.2 and 4.2, RFC 1035 section 3.3.14, RFC 1912 section 2.8",
    codes={
        "RES-010": {State.FAIL: Severity.HIGH, **LATER},
        "RES-011": {State.WARN: Severity.MEDIUM, **LATER},
        "RES-012": {State.FAIL: Severity.HIGH, State.WARN: Severity.LOW, **LATER},
    },
)
