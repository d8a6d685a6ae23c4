"""What Homing's own audit says of the made-up domains: each is as its story has it."""

from ipaddress import ip_network

import pytest

from checks.audit import audit
from checks.blocklists.choice import Wish, choose
from checks.model import Finding, Scope, SendingIp, State, Target
from checks.ports import World
from monitor.sandbox import story
from monitor.sandbox.asking import WorldDns
from monitor.sandbox.blocklists import BLOCKLISTS, Health
from monitor.sandbox.keys import public_half
from monitor.sandbox.truth import Live
from monitor.sandbox.world import DOMAINS, NETWORKS, build
from tests.sandbox.correspondence import NOW, key

LISTS = choose(Wish(blocklist.zone) for blocklist in BLOCKLISTS if blocklist.health is not Health.WELL)
BY_NAME = {domain.name: domain for domain in DOMAINS}


@pytest.fixture
def live() -> Live:
    return Live(build({domain.name: public_half(key()) for domain in DOMAINS if domain.keyed}))


def findings(name: str, live: Live) -> list[Finding]:
    domain = BY_NAME[name]
    target = Target(
        name,
        tuple(SendingIp(host.ip) for host in domain.hosts),
        domain.selectors,
        tuple(host.name for host in domain.hosts),
        domain.profile,
    )
    own = tuple(ip_network(network) for network in NETWORKS)
    world = World(WorldDns(live.zone), NOW, blocklists=LISTS, own_networks=own)
    return list(audit(target, world, Scope.AUDIT).findings)


def codes(found: list[Finding], *states: State) -> set[str]:
    return {finding.code for finding in found if finding.state in states}


@pytest.mark.parametrize("name", ["harbour.test", "spareanchor.test"])
def test_the_healthy_and_the_parked_have_no_fault(name: str, live: Live) -> None:
    assert codes(findings(name, live), State.FAIL, State.WARN) == set()


def test_driftwood_has_the_faults_of_its_story(live: Live) -> None:
    """Fourteen look-ups, no reverse name, a HELO that is nobody's."""
    faults = codes(findings("driftwood.test", live), State.FAIL)

    assert {"SPF-004", "RDNS-001", "RDNS-006"} <= faults


def test_of_fogbank_nothing_is_known_and_nothing_is_held_against_it(live: Live) -> None:
    """A dead name server is no missing record."""
    found = findings("fogbank.test", live)

    assert codes(found, State.FAIL, State.WARN) == set()
    assert {"SPF-001", "MX-001"} <= codes(found, State.UNKNOWN)


def test_the_story_is_seen_by_the_audit(live: Live) -> None:
    """At 40 s Saltmarsh is on Spamhaus, critically; a round later it is as it was."""
    before = codes(findings("saltmarsh.test", live), State.FAIL)
    for scene in story.between(0, 40):
        live.change(scene.step)
    listed = [finding for finding in findings("saltmarsh.test", live) if finding.state is State.FAIL]
    assert {finding.code for finding in listed} - before == {"BL-001"}
    assert [finding.subject for finding in listed if finding.code == "BL-001"] == [
        f"{story.LISTED_IP} @ zen.spamhaus.org"
    ]

    for scene in story.between(40, story.ROUND_SECONDS):
        live.change(scene.step)
    assert codes(findings("saltmarsh.test", live), State.FAIL) == before
