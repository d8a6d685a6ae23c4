"""A literal world for one check, and what an example is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.blocklists.zone import Zone
from checks.check import Check
from checks.model import Finding, Profile, SendingIp, Target
from checks.ports import Fetched, NoRelay, Probed, Relayed, World
from tests.checks.judge import NOW
from tests.fakes.smtp import AnsweredRelay, ShownServers
from tests.fakes.web import PageWeb
from tests.fakes.zone import Zone as Names
from tests.fakes.zone import ZoneDns


@dataclass(frozen=True)
class Scene:
    """Everything that a check may look at; `zone` in the format of `tests.fakes.zone`."""

    zone: Names
    domain: str = "example.com"
    ips: tuple[str, ...] = ()
    helos: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()
    profile: Profile = Profile.BULK
    authenticated: bool = False
    pages: Mapping[str, Fetched] = field(default_factory=dict)
    servers: Mapping[str, Probed] = field(default_factory=dict)
    relays: Mapping[str, Relayed] = field(default_factory=dict)
    blocklists: tuple[Zone, ...] | None = None

    def look(self, check: Check) -> list[Finding]:
        """What `check` finds here."""
        target = Target(
            self.domain,
            ips=tuple(SendingIp(ip) for ip in self.ips),
            selectors=self.selectors,
            helos=self.helos,
            profile=self.profile,
            learned=self.learned,
        )
        dns = ZoneDns(self.zone, authenticated=self.authenticated)
        world = World(
            dns=dns,
            now=NOW,
            web=PageWeb(self.pages),
            smtp=ShownServers(self.servers),
            relay=AnsweredRelay(self.relays) if self.relays else NoRelay(),
            blocklists=self.blocklists,
        )
        return list(check.run(target, world))


@dataclass(frozen=True)
class Example:
    """`raises` gives the code as warn, fail or unknown; `keeps` does not."""

    raises: Scene
    keeps: Scene
