"""Golden vectors of messages that signatures and authentication decide; the others need the message audit."""

from datetime import UTC, datetime

from checks.authentication import Envelope, authenticate
from checks.dkim.message import check
from checks.dkim.verify import Result, verify
from checks.mail import read_mail
from checks.model import Finding, Profile, Severity, State
from checks.profiles import severity
from tests.fakes.signing import KEY_NAME, PLAIN, record, signed
from tests.fakes.zone import ZoneDns

ZONE = {KEY_NAME: {"TXT": [[record()]]}}
LISTED = PLAIN.replace(
    b"Date:",
    b"List-Unsubscribe: <https://example.com/u>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nDate:",
)


def one(message: bytes, code: str) -> Finding:
    found = authenticate(read_mail(message), Envelope(), ZoneDns(ZONE), datetime.now(UTC))
    return next(finding for finding in check(found) if finding.code == code)


def test_m3_one_click_fields_outside_h_are_named() -> None:
    """RFC 8058 section 4: Gmail offers nothing then."""
    found = one(signed(LISTED), "DKIM-108")

    assert (found.state, severity(found, Profile.BULK)) == (State.FAIL, Severity.HIGH)
    assert found.args["fields"] == ("list-unsubscribe", "list-unsubscribe-post")


def test_m6_a_second_from_is_never_passed() -> None:
    """The signature still holds, and readers see the other one (RFC 6376 section 8.15)."""
    forged = b"From: eve@evil.example\r\n" + signed(names=("from", "to", "subject"))
    [verified] = verify(read_mail(forged), ZoneDns(ZONE), datetime.now(UTC))

    assert verified.result is Result.POLICY
    assert one(forged, "DKIM-101").state is State.FAIL


def test_m10_a_message_without_unsubscribe_fields_is_not_asked_to_sign_them() -> None:
    assert one(signed(), "DKIM-108").state is State.NOT_APPLICABLE
