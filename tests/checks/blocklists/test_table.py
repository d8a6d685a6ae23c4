"""The table of lists holds together."""

from collections import Counter
from pathlib import Path

import pytest

from checks.blocklists.dead import DEAD, epitaph
from checks.blocklists.findings import buckets
from checks.blocklists.judge import Result, interpret
from checks.blocklists.table import DEFAULT, ZONES
from checks.blocklists.zone import Class, Kind, Needs, Zone, fits
from checks.names import normalise_domain
from tests.checks.blocklists.page import page


def test_each_list_stands_in_the_table_once() -> None:
    assert [name for name, times in Counter(zone.name for zone in ZONES).items() if times > 1] == []


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.name)
def test_each_list_can_be_asked_judged_and_told_about(zone: Zone) -> None:
    assert normalise_domain(zone.name) == zone.name
    assert zone.title
    assert zone.family
    assert zone.meanings
    assert zone.negative or zone.kinds == {Kind.EMAIL}
    assert buckets(zone) or all(code.kind is Class.NEUTRAL for code in zone.meanings)
    assert epitaph(zone.name) == "", "a dead list must not be in the table"
    assert ("{key}" in zone.keyed) == bool(zone.keyed)
    assert not zone.needs or zone.needs is Needs.SUBSCRIPTION or zone.terms or zone.keyed or zone.refusals


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.name)
def test_no_list_takes_a_refusal_for_a_listing(zone: Zone) -> None:
    for ip in ("127.255.255.252", "127.255.255.254", "127.255.255.255"):
        assert interpret(zone, [ip]).result is Result.REFUSED
    assert interpret(zone, ["203.0.113.5"]).result is Result.BOGUS


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.name)
def test_127_0_0_1_is_a_listing_only_where_the_operator_says_so(zone: Zone) -> None:
    result = interpret(zone, ["127.0.0.1"]).result
    if result in (Result.LISTED, Result.POLICY, Result.INFO):
        assert zone.name == "bl.score.senderscore.com"


def test_what_is_asked_by_default_needs_no_arrangement() -> None:
    assert all(zone.tier <= 2 and zone.needs is Needs.NOTHING for zone in DEFAULT)
    assert {"zen.spamhaus.org", "dbl.spamhaus.org", "bl.spamcop.net", "multi.surbl.org"} <= {
        zone.name for zone in DEFAULT
    }
    assert not {"b.barracudacentral.org", "bl.nordspam.com"} & {zone.name for zone in DEFAULT}


def test_patterns_speak_of_octets() -> None:
    assert fits("127.0.0.4-7", "127.0.0.7")
    assert not fits("127.0.0.4-7", "127.0.0.8")
    assert fits("127.0.*.3", "127.0.15.3")


def test_the_dead_are_named_with_their_fate() -> None:
    assert all(fate.endswith(".") for fate in DEAD.values())
    assert epitaph("web.dnsbl.sorbs.net")
    assert epitaph("notsorbs.net") == ""


def test_the_page_of_the_lists_is_current() -> None:
    """`make docs` writes it."""
    written = Path(__file__).resolve().parents[3] / "docs" / "blocklists.md"
    assert written.read_text("utf-8") == page(), "run make docs"
