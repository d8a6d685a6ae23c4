"""checkdmarc counts the same trees as we do, where its grammar and ours are one (it reads our port alone)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.spf.budget import MAX_TERMS, MAX_VOIDS
from checks.spf.tree import End, Tree
from checks.spf.walk import walk
from tests.fakes.zone import ZoneDns
from tests.oracles import checkdmarc

NAMES = [f"n{number}.example.com" for number in range(7)]
FATAL = (End.NO_RECORD, End.NXDOMAIN, End.SEVERAL, End.LOOP)


def holds(tree: Tree) -> bool:
    """No permerror for an IPv4 client that matches nothing."""
    nodes = list(tree.root.nodes())
    flawed = any(node.end in FATAL or (node.record and node.record.faults) for node in nodes)
    return not flawed and tree.root.lookups <= MAX_TERMS and len(tree.root.voids(4)) <= MAX_VOIDS


def _record() -> st.SearchStrategy[str]:
    domain = st.sampled_from(NAMES)
    term = st.one_of(
        st.sampled_from(["a", "mx", "ip4:192.0.2.0/24", "ip6:2001:db8::/32"]),
        st.builds(lambda kind, name: f"{kind}:{name}", st.sampled_from(["a", "mx", "include"]), domain),
    )
    end = st.one_of(st.sampled_from(["-all", "~all"]), domain.map(lambda name: f"redirect={name}"))
    return st.builds(lambda terms, last: " ".join(["v=spf1", *terms, last]), st.lists(term, max_size=4), end)


def _types() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "TXT": st.one_of(_record().map(lambda text: [[text]]), st.just([["hello"]])),
            "A": st.just(["192.0.2.5"]),
        },
        optional={
            "MX": st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(lambda h: [[10, x] for x in h])
        },
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(zone=st.dictionaries(st.sampled_from(NAMES), _types(), min_size=3))
def test_both_count_the_same_look_ups_and_find_the_same_trees_broken(zone: dict[str, Any]) -> None:
    zone.setdefault(NAMES[0], {"TXT": [["v=spf1 -all"]]})
    ours = walk(ZoneDns(zone), NAMES[0])
    theirs = checkdmarc.spf_tree(ZoneDns(zone), NAMES[0])

    if ours.root.record is not None:
        assert holds(ours) == (not theirs.error), theirs.error
        assert theirs.error or theirs.lookups == ours.root.lookups


@pytest.mark.parametrize(
    "text",
    [
        "v=spf1 a:museum -all",
        "v=spf1 a:111.222.33.44 -all",
        "v=spf1 mx:example.com:8080 -all",
        "v=spf1 exists:mail.example.com/24 -all",
        "v=spf1 -all moo",
        "v=spf1 -all foo=%abc",
    ],
)
def test_where_its_grammar_has_holes_ours_has_none(text: str) -> None:
    """RFC 7208 sections 4.6, 7.1 and 12 make each a permerror; checkdmarc 6.0.4 calls them valid."""
    zone = {"example.com": {"TXT": [[text]], "A": ["192.0.2.1"]}}

    assert not holds(walk(ZoneDns(zone), "example.com"))
    assert not checkdmarc.spf_tree(ZoneDns(zone), "example.com").error


def test_a_dead_include_is_a_permerror_to_it_and_unknown_to_us() -> None:
    """Golden vector S17: the reason why its answer is never a finding."""
    zone = {"example.com": {"TXT": [["v=spf1 include:dead.example -all"]]}, "dead.example": {"*": "TIMEOUT"}}

    assert checkdmarc.spf_tree(ZoneDns(zone), "example.com").error
    assert walk(ZoneDns(zone), "example.com").root.unanswered
