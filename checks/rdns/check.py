"""The reverse DNS of every sending address, and every HELO name, of a target."""

from collections.abc import Iterator

from checks.check import DECISIVE, Check
from checks.model import Finding, Severity, State, Target
from checks.ports import World
from checks.rdns import addresses, helo, look


def check(target: Target, world: World) -> Iterator[Finding]:
    """Findings per address (subject: the address) and per HELO name ("name" or "name @ address")."""
    ips = tuple(dict.fromkeys(sending.ip for sending in target.ips))
    if not ips:
        yield Finding("RDNS-001", State.NOT_APPLICABLE, target.domain)
    answers = look.ask(world.dns, ips, target.helos)
    reversed_ = [look.reverse(ip, answers) for ip in ips]
    for found in reversed_:
        yield from addresses.judge(found, [target.domain])
    for name in target.helos:
        yield from helo.judge(name, answers, reversed_, [target.domain])


CHECK = Check(
    name="rdns",
    run=check,
    cites="RFC 1912 section 2.1, RFC 5321 section 4.1.1.1, sender guidelines of Gmail, Yahoo and Apple",
    scopes=DECISIVE,
    of_addresses=True,
    codes={
        "RDNS-001": Severity.CRITICAL,
        "RDNS-002": Severity.CRITICAL,
        "RDNS-003": Severity.LOW,
        "RDNS-004": Severity.HIGH,
        "RDNS-005": Severity.MEDIUM,
        "RDNS-006": Severity.HIGH,
        "RDNS-007": Severity.HIGH,
        "RDNS-008": Severity.HIGH,
        "RDNS-009": Severity.LOW,
        "RDNS-010": Severity.CRITICAL,
        "RDNS-011": Severity.MEDIUM,
        "RDNS-012": Severity.HIGH,
        "RDNS-013": Severity.CRITICAL,
    },
)
