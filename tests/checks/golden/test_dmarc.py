"""Golden vectors of DMARC whose whole expectation no other test states."""

from typing import Any

import pytest

from checks.change import change_of
from checks.dmarc.check import CHECK
from checks.model import Finding, State
from checks.wording import sentence
from tests.checks.judge import findings, states

APEX = {"A": ["192.0.2.1"], "MX": [[10, "mx.example.com"]]}


def dmarc(*texts: str) -> dict[str, Any]:
    """example.com with these records at `_dmarc`."""
    return {"_dmarc.example.com": {"TXT": [[text] for text in texts]}, "example.com": APEX}


def one(zone: dict[str, Any], code: str, domain: str = "example.com") -> Finding:
    [finding] = [found for found in findings(CHECK, zone, domain=domain) if found.code == code]
    return finding


def test_d3_a_name_that_does_not_exist_gets_np_of_the_public_suffix() -> None:
    """www.example.com exists and gets sp; a name that nobody made gets np (RFC 9989 section 4.10.1)."""
    zone = {
        "_dmarc.com": {"TXT": [["v=DMARC1; p=none; sp=quarantine; np=reject; psd=y"]]},
        "www.example.com": APEX,
    }

    assert one(zone, "DMARC-001", "www.example.com").args["policy"] == "quarantine"
    assert one(zone, "DMARC-001", "ghost.example.com").args["policy"] == "reject"


def test_d5_two_records_are_told_where_they_are_and_the_policy_above_applies() -> None:
    """checkdmarc 6.0.4 stops its walk there."""
    two = {"TXT": [["v=DMARC1; p=none"], ["v=DMARC1; p=quarantine"]]}
    zone = dmarc("v=DMARC1; p=reject") | {"_dmarc.mail.example.com": two, "mail.example.com": APEX}

    assert one(zone, "DMARC-002", "mail.example.com").subject == "mail.example.com"
    assert one(zone, "DMARC-001", "mail.example.com").args["policy"] == "reject"


@pytest.mark.parametrize(
    ("text", "state", "policy"),
    [
        ("v=DMARC1; p=foo; rua=mailto:x@example.com", State.PASS, "none"),
        ("v=DMARC1; p=foo", State.FAIL, None),
    ],
)
def test_d6_a_wrong_policy_is_none_with_reports_and_no_dmarc_without(
    text: str, state: State, policy: str | None
) -> None:
    found = one(dmarc(text), "DMARC-001")

    assert (found.state, found.args["policy"]) == (state, policy)


def test_d7_pct_0_is_obsolete_and_is_rewritten_as_t_y() -> None:
    """OpenDMARC reads it as t=y; RFC 9989 ignores it, so only t=y says the same to everybody."""
    found = one(dmarc("v=DMARC1; pct=0; p=reject"), "DMARC-006")
    change = change_of(found)

    assert found.state is State.WARN
    assert "t=y" in sentence(found)
    assert change is not None
    assert change.after == "v=DMARC1; p=reject; t=y"


def test_d8_a_policy_in_testing_is_told_with_what_it_comes_to() -> None:
    found = one(dmarc("v=DMARC1; t=y; p=quarantine"), "DMARC-007")

    assert (found.args["policy"], found.args["effective"]) == ("quarantine", "none")


@pytest.mark.parametrize(
    "text", ["v = DMARC1 ;  p = reject ;", "v=DMARC1;p=reject;", "v=DMARC1\t;\tp=reject ; "]
)
def test_d12_odd_spacing_is_valid_and_the_record_is_shown_as_it_is(text: str) -> None:
    """checkdmarc 182, 234: it showed its own spelling, so people searched their zone in vain."""
    found = one(dmarc(text), "DMARC-001")

    assert (found.state, found.args["policy"], found.args["record"]) == (State.PASS, "reject", text)


def test_d13_without_consent_the_reports_go_nowhere() -> None:
    """RFC 9990 section 4: the other domain must say that it wants them; a wildcard is enough."""
    zone = dmarc("v=DMARC1; p=reject; rua=mailto:r@esp.example") | {
        "esp.example": {"MX": [[10, "mx.esp.example"]]}
    }
    wildcard = {"*._report._dmarc.esp.example": {"TXT": [["v=DMARC1"]]}}

    assert states(findings(CHECK, zone), "DMARC-014") == [State.FAIL]
    assert states(findings(CHECK, zone | wildcard), "DMARC-014") == [State.PASS]


def test_d14_a_timeout_is_no_missing_policy() -> None:
    found = one({"_dmarc.example.com": {"TXT": "TIMEOUT"}, "example.com": APEX}, "DMARC-001")

    assert found.state is State.UNKNOWN
    assert "timeout" in sentence(found).lower()
