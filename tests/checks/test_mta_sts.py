"""MTA-STS: the record, the file it announces, and the MX that it has to cover."""

import pytest

from checks.model import State
from checks.mta_sts.check import CHECK
from checks.mta_sts.policy import mx_matches, parse_policy
from checks.ports import Fetched, FetchFault
from tests.checks.judge import findings, states
from tests.fakes.web import PageWeb, text_page

URL = "https://mta-sts.example.com/.well-known/mta-sts.txt"
POLICY = "version: STSv1\r\nmode: enforce\r\nmax_age: 1209600\r\nmx: *.example.com\r\n"
ZONE = {
    "_mta-sts.example.com": {"TXT": [["v=STSv1; id=20261123"]]},
    "example.com": {"MX": [[10, "mx.example.com"]]},
}


def test_a_whole_policy_that_covers_its_mx_is_in_order() -> None:
    found = findings(CHECK, ZONE, web=PageWeb(text_page(URL, POLICY)))

    assert {finding.state for finding in found} == {State.PASS}


def test_no_record_is_no_fault() -> None:
    found = findings(CHECK, {"example.com": {}})

    assert states(found, "STS-001") == [State.NOT_APPLICABLE]
    assert len(found) == 1


@pytest.mark.parametrize(
    "records",
    [
        [["v=STSv1; id=1"], ["v=STSv1; id=2"]],  # hardenize 41: two records are no policy
        [["v=STSv1;"]],
        [["v=STSv1; id=not-alphanumeric"]],
    ],
)
def test_a_void_record_is_a_fault_and_nothing_is_fetched(records: list[list[str]]) -> None:
    web = PageWeb(text_page(URL, POLICY))
    found = findings(CHECK, {"_mta-sts.example.com": {"TXT": records}}, web=web)

    assert states(found, "STS-001") == [State.FAIL]
    assert web.fetched == []


def test_a_name_server_that_is_silent_is_no_missing_record() -> None:
    found = findings(CHECK, {"_mta-sts.example.com": {"*": "TIMEOUT"}})

    assert states(found, "STS-001") == [State.UNKNOWN]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Fetched(URL, status=404), State.FAIL),
        (Fetched(URL, status=301, location="https://elsewhere.test/"), State.FAIL),
        (Fetched(URL, status=200, content_type="text/html", body=POLICY.encode()), State.FAIL),
        (Fetched(URL, fault=FetchFault.CERTIFICATE, note="not valid for that name"), State.FAIL),
        (Fetched(URL, fault=FetchFault.TIMEOUT, note="did not answer"), State.UNKNOWN),
        (Fetched(URL, fault=FetchFault.DNS_FAILED, note="servfail"), State.UNKNOWN),
        (Fetched(URL, status=200, content_type="text/plain", body=POLICY.encode()), State.PASS),
    ],
)
def test_a_policy_that_senders_cannot_fetch(page: Fetched, expected: State) -> None:
    """What the server says is a fault; that we could not ask is not."""
    assert states(findings(CHECK, ZONE, web=PageWeb({URL: page})), "STS-002") == [expected]


def test_a_void_policy_and_a_whole_one() -> None:
    void = POLICY.replace("enforce", "enforced")

    assert states(findings(CHECK, ZONE, web=PageWeb(text_page(URL, void))), "STS-003") == [State.FAIL]
    assert states(findings(CHECK, ZONE, web=PageWeb(text_page(URL, POLICY))), "STS-003") == [State.PASS]


@pytest.mark.parametrize(("mode", "expected"), [("enforce", State.FAIL), ("testing", State.WARN)])
def test_an_mx_outside_the_policy_bounces_mail_in_enforce(mode: str, expected: State) -> None:
    policy = POLICY.replace("*.example.com", "mx.elsewhere.test").replace("enforce", mode)
    found = findings(CHECK, ZONE, web=PageWeb(text_page(URL, policy)))

    assert states(found, "STS-004") == [expected]
    assert states(found, "STS-008") == [State.WARN]


def test_a_policy_of_an_hour_protects_little() -> None:
    short = POLICY.replace("1209600", "3600")

    assert states(findings(CHECK, ZONE, web=PageWeb(text_page(URL, short))), "STS-007") == [State.WARN]


def test_a_wildcard_covers_one_label_and_not_two() -> None:
    """RFC 8461 section 4.1."""
    assert mx_matches("mx.example.com", ("*.example.com",))
    assert not mx_matches("a.mx.example.com", ("*.example.com",))
    assert not mx_matches("example.com", ("*.example.com",))


def test_unknown_keys_are_extensions_and_the_first_of_two_modes_counts() -> None:
    """RFC 8461 section 3.2."""
    policy = parse_policy(POLICY + "mode: none\r\nfuture: yes\r\n")

    assert policy.faults == ()
    assert policy.mode == "enforce"
    assert policy.oddities == ("future",)
