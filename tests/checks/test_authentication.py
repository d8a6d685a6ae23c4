"""SPF, DKIM and DMARC of one message together."""

from datetime import UTC, datetime
from typing import Any

from checks.authentication import Envelope, authenticate
from checks.dmarc.align import DmarcResult
from checks.mail import read_mail
from checks.spf.terms import Result as SpfResult
from tests.fakes.signing import KEY_NAME, PLAIN, record, signed
from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IP = "192.0.2.25"
ZONE: dict[str, Any] = {
    KEY_NAME: {"TXT": [[record()]]},
    "example.com": {"TXT": [[f"v=spf1 ip4:{IP} -all"]], "A": [IP]},
    "_dmarc.example.com": {"TXT": [["v=DMARC1; p=reject"]]},
    "other.example": {"TXT": [[f"v=spf1 ip4:{IP} -all"]]},
}
ENVELOPE = Envelope(IP, "bounce@example.com", "mail.example.com")


def dmarc(message: bytes, envelope: Envelope = ENVELOPE, **zone: Any) -> DmarcResult:
    found = authenticate(read_mail(message), envelope, ZoneDns({**ZONE, **zone}), NOW).dmarc
    assert found is not None
    return found.result


def test_an_aligned_signature_or_an_aligned_envelope_is_enough() -> None:
    assert dmarc(signed()) is DmarcResult.PASS
    assert dmarc(PLAIN) is DmarcResult.PASS
    assert dmarc(signed(), Envelope("192.0.2.99", "x@example.com")) is DmarcResult.PASS
    assert dmarc(PLAIN, Envelope(IP, "x@other.example")) is DmarcResult.FAIL


def test_m9_after_forwarding_spf_fails_and_dkim_carries_dmarc() -> None:
    found = authenticate(read_mail(signed()), Envelope("203.0.113.1", "x@example.com"), ZoneDns(ZONE), NOW)
    assert found.spf is not None
    assert found.spf.result is SpfResult.FAIL
    assert found.dmarc is not None
    assert found.dmarc.result is DmarcResult.PASS


def test_an_open_question_counts_only_if_it_would_have_made_the_difference() -> None:
    silent = {"example.com": {"*": "TIMEOUT"}}
    assert dmarc(PLAIN, ENVELOPE, **silent) is DmarcResult.TEMPERROR
    assert dmarc(signed(), ENVELOPE, **silent) is DmarcResult.PASS
    elsewhere = {"other.example": {"*": "TIMEOUT"}}
    assert dmarc(PLAIN, Envelope(IP, "x@other.example"), **elsewhere) is DmarcResult.FAIL
    assert dmarc(signed(), Envelope("203.0.113.1", "x@other.example"), **{KEY_NAME: {"*": "SERVFAIL"}}) is (
        DmarcResult.TEMPERROR
    )


def test_without_an_address_nothing_is_said_of_spf() -> None:
    found = authenticate(read_mail(signed()), Envelope(), ZoneDns(ZONE), NOW)
    assert found.spf is None
    assert found.signed_by == ("example.com",)


def test_without_a_from_there_is_no_dmarc() -> None:
    found = authenticate(read_mail(b"To: x@example.com\r\n\r\n"), Envelope(), ZoneDns(ZONE), NOW)
    assert (found.author, found.dmarc) == (None, None)
