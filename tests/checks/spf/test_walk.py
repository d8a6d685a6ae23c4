"""The static worst case: the whole tree, its cost by branch and by address family, and where it was cut."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.spf.authorised import authorised
from checks.spf.tree import End, Node, Tree
from checks.spf.walk import MAX_QUESTIONS, walk
from tests.fakes.zone import ZoneDns


def spf(text: str) -> dict[str, Any]:
    return {"TXT": [[text]]}


def tree(zone: dict[str, Any]) -> Tree:
    return walk(ZoneDns(zone), "example.com")


def ends(node: Node) -> dict[tuple[str, ...], End]:
    return {one.path: one.end for one in node.nodes() if one.end is not None}


def passed(zone: dict[str, Any]) -> list[str]:
    return [str(network) for network in authorised(tree(zone).root).networks]


def test_the_whole_tree_is_shown_even_beyond_the_limit() -> None:
    """Golden vector S18: twelve look-ups are counted, not an exception."""
    zone = {f"n{n}.example": spf("v=spf1 ip4:192.0.2.1") for n in range(12)}
    zone["example.com"] = spf("v=spf1 " + " ".join(f"include:n{n}.example" for n in range(12)) + " -all")

    root = tree(zone).root

    assert root.lookups == 12
    assert len(list(root.nodes())) == 13


def test_each_branch_has_its_own_count() -> None:
    zone = {
        "example.com": spf("v=spf1 a include:esp.example -all") | {"A": ["192.0.2.1"]},
        "esp.example": spf("v=spf1 include:b.esp.example mx -all") | {"MX": [[10, "mx.esp.example"]]},
        "b.esp.example": spf("v=spf1 -all"),
        "mx.esp.example": {"A": ["192.0.2.9"]},
    }

    root = tree(zone).root

    assert [(step.term.text, step.child.lookups if step.child else 0) for step in root.steps] == [
        ("a", 0),
        ("include:esp.example", 2),
        ("-all", 0),
    ]
    assert root.lookups == 4


def test_hosts_of_an_mx_cost_nothing_of_the_ten() -> None:
    """Golden vector S3."""
    zone: dict[str, Any] = {f"mx{n}.example.com": {"A": ["192.0.2.1"]} for n in (1, 2, 3)}
    zone["example.com"] = spf("v=spf1 mx -all") | {"MX": [[1, f"mx{n}.example.com"] for n in (1, 2, 3)]}

    assert tree(zone).root.lookups == 1


def test_voids_are_counted_for_each_family_with_their_path() -> None:
    """Golden vector S2: an MX host with only AAAA is a void for IPv4 clients alone."""
    zone = {
        "example.com": spf("v=spf1 mx -all") | {"MX": [[10, "mx.example.com"]]},
        "mx.example.com": {"AAAA": ["2001:db8::1"]},
    }
    root = tree(zone).root

    assert [(path, answer.question.name) for path, answer in root.voids(4)] == [(("mx",), "mx.example.com")]
    assert root.voids(6) == ()


def test_an_a_and_an_mx_that_are_not_there_are_two_voids() -> None:
    """Golden vector S1."""
    root = tree({"example.com": spf("v=spf1 a mx -all")}).root

    assert [path for path, _ in root.voids(4)] == [("a",), ("mx",)]


def test_voids_by_term_and_by_question_are_both_known() -> None:
    zone = {"example.com": spf("v=spf1 mx -all") | {"MX": [[1, f"mx{n}.example.com"] for n in (1, 2, 3)]}}
    root = tree(zone).root

    assert (len(root.voids(4)), root.void_terms(4)) == (3, 1)


def test_a_missing_include_is_one_void_and_an_end() -> None:
    """Golden vector S5."""
    root = tree({"example.com": spf("v=spf1 include:none.example -all")}).root

    assert ends(root) == {("include:none.example",): End.NXDOMAIN}
    assert len(root.voids(4)) == len(root.voids(6)) == 1


@pytest.mark.parametrize(
    "zone",
    [
        {"example.com": spf("v=spf1 include:example.com -all")},
        {
            "example.com": spf("v=spf1 include:b.example -all"),
            "b.example": spf("v=spf1 redirect=example.com"),
        },
    ],
)
def test_a_cycle_on_the_stack_is_a_loop(zone: dict[str, Any]) -> None:
    """Golden vector S6: A to A and A to B to A are the same thing."""
    assert list(ends(tree(zone).root).values()) == [End.LOOP]


def test_the_same_domain_on_two_branches_is_no_loop_and_counts_twice() -> None:
    """Golden vector S7."""
    zone = {
        "example.com": spf("v=spf1 include:c.example include:d.example -all"),
        "c.example": spf("v=spf1 include:e.example"),
        "d.example": spf("v=spf1 include:e.example"),
        "e.example": spf("v=spf1 ip4:192.0.2.1"),
    }
    walked = tree(zone)

    assert ends(walked.root) == {}
    assert walked.root.lookups == 4
    assert walked.questions == 4


def test_a_failed_branch_leaves_the_rest_standing() -> None:
    """Golden vector S17: the remainder of the tree is still shown."""
    zone = {
        "example.com": spf("v=spf1 include:dead.example include:esp.example -all"),
        "dead.example": {"*": "SERVFAIL"},
        "esp.example": spf("v=spf1 ip4:192.0.2.0/24"),
    }
    root = tree(zone).root

    assert ends(root) == {("include:dead.example",): End.FAILED}
    assert [answer.question.name for answer in root.unanswered] == ["dead.example"]
    assert passed(zone) == ["192.0.2.0/24"]


def test_what_only_a_message_can_tell_is_named() -> None:
    zone = {"example.com": spf("v=spf1 include:%{i}.x.example exists:%{l}.y.example a:%{d}.z.example -all")}
    root = tree(zone | {"example.com.z.example": {"A": ["192.0.2.1"]}}).root

    assert [step.hidden for step in root.steps] == [True, True, False, False]
    assert root.lookups == 3
    assert ends(root) == {("include:%{i}.x.example",): End.MACRO}


def test_terms_behind_an_all_cost_nothing() -> None:
    zone = {"example.com": spf("v=spf1 -all include:esp.example redirect=other.example")}
    dns = ZoneDns(zone)

    assert walk(dns, "example.com").root.lookups == 0
    assert len(dns.asked) == 1


def test_no_question_is_asked_twice() -> None:
    zone = {
        "example.com": spf("v=spf1 a a:example.com mx include:b.example -all"),
        "b.example": spf("v=spf1 a:example.com"),
    }
    dns = ZoneDns(zone)
    walk(dns, "example.com")

    assert len(dns.asked) == len(set(dns.asked))


def test_a_bottomless_tree_is_cut_and_says_where() -> None:
    zone = {f"n{n}.example": spf(f"v=spf1 include:n{n + 1}.example a:h{n}.example") for n in range(400)}
    zone["example.com"] = spf("v=spf1 include:n0.example -all")
    dns = ZoneDns(zone)

    walked = walk(dns, "example.com")

    assert len(dns.asked) == walked.questions == MAX_QUESTIONS
    assert walked.stopped


def test_a_tree_that_doubles_at_each_level_is_cut_too() -> None:
    """Forty names, 2^40 paths."""
    zone = {
        f"n{n}.example": spf(f"v=spf1 include:n{n + 1}.example ?include:n{n + 1}.example") for n in range(40)
    }
    zone["example.com"] = spf("v=spf1 include:n0.example -all")

    walked = tree(zone)

    assert walked.stopped
    assert len(list(walked.root.nodes())) < 2_000


def test_the_authorised_addresses_are_a_collapsed_set() -> None:
    zone = {
        "example.com": spf("v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 a/30 include:esp.example mx -all")
        | {"A": ["198.51.100.6"], "MX": [[10, "mx.example.com"]]},
        "mx.example.com": {"A": ["203.0.113.1"], "AAAA": ["2001:db8::1"]},
        "esp.example": spf("v=spf1 ip6:2001:db8:1::/48 ~all"),
    }

    assert passed(zone) == [
        "192.0.2.0/24",
        "198.51.100.4/30",
        "203.0.113.1/32",
        "2001:db8::1/128",
        "2001:db8:1::/48",
    ]


def test_the_first_match_decides_what_is_authorised() -> None:
    zone = {"example.com": spf("v=spf1 -ip4:192.0.2.0/25 ip4:192.0.2.0/24 -all")}

    assert passed(zone) == ["192.0.2.128/25"]


def test_only_what_passes_inside_an_include_is_authorised_by_it() -> None:
    zone = {
        "example.com": spf("v=spf1 include:esp.example ~all"),
        "esp.example": spf("v=spf1 ?ip4:192.0.2.1 ip4:192.0.2.2 -all"),
    }

    assert passed(zone) == ["192.0.2.2/32"]


def test_a_redirect_authorises_what_its_target_does() -> None:
    zone = {"example.com": spf("v=spf1 redirect=b.example"), "b.example": spf("v=spf1 +all")}

    assert passed(zone) == ["0.0.0.0/0", "::/0"]


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["example.com", "b.example", "c.example"]),
        st.lists(
            st.sampled_from(
                [
                    "a",
                    "mx",
                    "include:b.example",
                    "include:c.example",
                    "redirect=b.example",
                    "-all",
                    "ip4:1.2.3.4",
                    "exists:%{d}",
                    "include:%{i}.x",
                    "a:..",
                    "moo",
                    "ptr",
                ]
            ),
            max_size=6,
        ).map(lambda terms: {"TXT": [["v=spf1 " + " ".join(terms)]]}),
    )
)
def test_no_tree_makes_the_walk_raise_or_run_away(zone: dict[str, Any]) -> None:
    dns = ZoneDns(zone)
    walked = walk(dns, "example.com")

    assert len(dns.asked) <= MAX_QUESTIONS
    assert walked.root.lookups >= len({path for path, _ in walked.root.voids(4)})
    assert authorised(walked.root).networks is not None
