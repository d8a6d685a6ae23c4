"""BIMI: the record and the logo behind it."""

from datetime import timedelta

import pytest

from checks.bimi.check import CHECK
from checks.bimi.svg import svg_faults
from checks.model import State
from checks.ports import Fetched, FetchFault
from tests.checks.judge import NOW, findings, states
from tests.fakes.web import PageWeb, text_page
from tests.lab.marks import mark_certificate

LOGO = "https://example.com/logo.svg"
ZONE = {"default._bimi.example.com": {"TXT": [[f"v=BIMI1; l={LOGO}; a=https://example.com/vmc.pem"]]}}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64">'
    "<title>Example Harbour</title><circle cx='32' cy='32' r='30'/></svg>"
)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([[f"v=BIMI1; l={LOGO}"]], State.PASS),
        ([["v=BIMI1; l=; a="]], State.PASS),
        ([["v=BIMI1; l=http://example.com/logo.svg"]], State.FAIL),
        ([["v=BIMI1; a=https://example.com/vmc.pem"]], State.FAIL),
        ([[f"v=BIMI1; l={LOGO}"], [f"v=BIMI1; l={LOGO}"]], State.FAIL),
        ([], State.NOT_APPLICABLE),
        ("TIMEOUT", State.UNKNOWN),
    ],
)
def test_what_a_record_is_worth(records: object, expected: State) -> None:
    zone = {"default._bimi.example.com": {"TXT": records}}

    assert states(findings(CHECK, zone), "BIMI-001") == [expected]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Fetched(LOGO, status=200, body=SVG.encode()), State.PASS),
        (Fetched(LOGO, status=200, body=SVG.replace("64 64", "64 32").encode()), State.WARN),
        (Fetched(LOGO, status=200, body=b"<svg/>"), State.FAIL),
        (Fetched(LOGO, status=404), State.FAIL),
        (Fetched(LOGO, fault=FetchFault.TIMEOUT, note="did not answer"), State.UNKNOWN),
    ],
)
def test_the_logo_behind_the_record(page: Fetched, expected: State) -> None:
    assert states(findings(CHECK, ZONE, web=PageWeb({LOGO: page})), "BIMI-003") == [expected]


def test_a_logo_that_unfolds_into_gigabytes_is_refused_unread() -> None:
    """Billion laughs: entities are refused before they are expanded."""
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>'

    assert svg_faults(bomb) != ()


def test_a_logo_without_an_address_is_a_fault_of_the_record() -> None:
    web = PageWeb(text_page("https://elsewhere.test/", SVG))

    assert states(findings(CHECK, ZONE, web=web), "BIMI-003") == [State.FAIL]


VMC = "https://example.com/vmc.pem"
LATER = NOW + timedelta(days=200)


def marked(pem: bytes) -> PageWeb:
    logo = Fetched(LOGO, status=200, content_type="image/svg+xml", body=SVG.encode())
    return PageWeb({LOGO: logo, VMC: Fetched(VMC, status=200, body=pem)})


@pytest.mark.parametrize(
    ("pem", "expected"),
    [
        (mark_certificate("example.com", SVG.encode(), LATER), State.PASS),
        (mark_certificate("default._bimi.example.com", SVG.encode(), LATER), State.PASS),
        (mark_certificate("example.com", SVG.encode(), NOW + timedelta(days=7)), State.WARN),
        (mark_certificate("example.com", SVG.encode(), NOW - timedelta(days=1)), State.FAIL),
        (mark_certificate("other.test", SVG.encode(), LATER), State.FAIL),
        (mark_certificate("example.com", b"<svg/>", LATER), State.FAIL),
        (mark_certificate("example.com", SVG.encode(), LATER, issuer="Somebody"), State.FAIL),
        (mark_certificate("example.com", SVG.encode(), LATER, purpose=False), State.FAIL),
        (b"not a certificate", State.FAIL),
    ],
    ids=["right", "for the selector", "ends soon", "ended", "other name", "other logo", "other issuer",
         "other purpose", "no certificate"],
)  # fmt: skip
def test_what_a_mark_certificate_is_worth(pem: bytes, expected: State) -> None:
    assert states(findings(CHECK, ZONE, web=marked(pem)), "BIMI-004") == [expected]


def test_a_chain_that_does_not_hold_together_is_told() -> None:
    """The mark of one authority with the issuer of another that bears the same name."""
    first = mark_certificate("example.com", SVG.encode(), LATER).split(b"-----END CERTIFICATE-----\n")
    second = mark_certificate("example.com", SVG.encode(), LATER).split(b"-----END CERTIFICATE-----\n")
    mixed = b"-----END CERTIFICATE-----\n".join([first[0], second[1], b""])
    [finding] = [f for f in findings(CHECK, ZONE, web=marked(mixed)) if f.code == "BIMI-004"]

    assert finding.state is State.FAIL
    assert "does not hold together" in str(finding.args["faults"])


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ([["v=DMARC1; p=reject"]], State.PASS),
        ([["v=DMARC1; p=quarantine"]], State.PASS),
        ([["v=DMARC1; p=quarantine; t=y"]], State.FAIL),
        ([["v=DMARC1; p=reject; sp=none"]], State.FAIL),
        ([["v=DMARC1; p=none"]], State.FAIL),
        ([], State.FAIL),
        ("SERVFAIL", State.UNKNOWN),
    ],
)
def test_a_logo_needs_a_dmarc_policy_in_force(record: object, expected: State) -> None:
    """A policy that is only tested (t=y) comes one level lower (RFC 9989), and carries no logo."""
    zone = {**ZONE, "_dmarc.example.com": {"TXT": record}}

    assert states(findings(CHECK, zone), "BIMI-002") == [expected]
