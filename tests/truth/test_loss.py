"""Where a third of all datagrams is lost, and where nothing answers at all."""

from typing import Any

import pytest

from checks.audit import audit, run
from checks.blocklists import check as blocklists
from checks.blocklists.table import DEFAULT
from checks.model import SendingIp, State, Target
from checks.names import reverse_labels
from checks.net.dns import Resolver
from checks.ports import World
from tests.lab.faultdns import FaultDns, Traits
from tests.truth.ours import NOW

pytestmark = pytest.mark.sockets

LISTED, CLEAN = "192.0.2.1", "192.0.2.2"
HEARD = {State.PASS, State.FAIL, State.WARN}


def lists() -> dict[str, Any]:
    """Every list that is asked by default passes its self-test and lists one of the two addresses."""
    names: dict[str, Any] = {}
    for zone in DEFAULT:
        code = zone.meanings[0].pattern.split("-")[0] if zone.codes else "127.0.0.2"
        for label in (*zone.positive, reverse_labels(LISTED)):
            names[f"{label}.{zone.apex}".lower()] = {"A": [code if code.count(".") == 3 else "127.0.0.2"]}
    return names


def test_with_a_third_of_the_datagrams_lost_nothing_is_listed_or_cleared_wrongly() -> None:
    """A retry mends most; what it does not mend is unknown."""
    target = Target("example.test", ips=(SendingIp(LISTED), SendingIp(CLEAN)))
    told: dict[str, list[dict[tuple[str, str], State]]] = {}
    for loss in (0.0, 0.3):
        with FaultDns(lists(), Traits(loss=loss)) as server, Resolver([server.address], 1.4) as resolver:
            found = run(blocklists.CHECK, target, World(resolver, NOW))
        told[str(loss)] = [{(f.code, f.subject): f.state for f in found}]
    [truth], [heard] = told["0.0"], told["0.3"]
    about = [key for key in truth if "@" in key[1]]
    assert any(truth[key] is State.FAIL for key in about)
    assert any(truth[key] is State.PASS for key in about)
    wrong = {
        key: heard[key] for key in about if key in heard and heard[key] not in (truth[key], State.UNKNOWN)
    }
    assert wrong == {}
    assert any(heard.get(key) is State.UNKNOWN for key in about), "the loss was not felt: a dull test"


def test_a_domain_whose_dns_is_dead_is_unknown_in_everything_that_is_asked_of_it() -> None:
    """No finding fails, and none passes but those that ask nothing of the domain's own zone."""
    silent: dict[str, Any] = {"dead.test": {"*": "TIMEOUT"}}
    with FaultDns(silent, Traits(loss=1.0)) as server, Resolver([server.address], 0.5) as resolver:
        target = Target("dead.test", ips=(SendingIp(LISTED),), selectors=("s1",))
        report = audit(target, World(resolver.within(1.0), NOW))
    assert not [finding for finding in report.findings if finding.state in (State.FAIL, State.WARN)]
    assert any(finding.state is State.UNKNOWN for finding in report.findings)
