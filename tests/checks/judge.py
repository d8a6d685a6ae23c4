"""Run one check against a literal world, as the tests of checks do."""

from datetime import UTC, datetime

from checks.check import Check
from checks.model import Finding, Profile, SendingIp, State, Target
from checks.ports import Authority, NoAuthority, NoProbe, SmtpProbe, Web, World
from tests.fakes.web import PageWeb
from tests.fakes.zone import Zone, ZoneDns

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def findings(
    check: Check,
    zone: Zone,
    *,
    domain: str = "example.com",
    ips: tuple[str, ...] = (),
    profile: Profile = Profile.BULK,
    web: Web | None = None,
    smtp: SmtpProbe | None = None,
    authority: Authority | None = None,
    authenticated: bool = False,
) -> list[Finding]:
    """What `check` says of `domain` in a world that is `zone`."""
    target = Target(domain, ips=tuple(SendingIp(ip) for ip in ips), profile=profile)
    dns = ZoneDns(zone, authenticated=authenticated)
    world = World(
        dns=dns, now=NOW, authority=authority or NoAuthority(), web=web or PageWeb(), smtp=smtp or NoProbe()
    )
    return list(check.run(target, world))


def states(found: list[Finding], code: str) -> list[State]:
    """The states that a code was given, in order."""
    return [finding.state for finding in found if finding.code == code]
