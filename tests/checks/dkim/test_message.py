"""What is weak in the signatures of a message: each rule raised by one message and not by another."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks.authentication import Authentication, Envelope, authenticate
from checks.dkim.message import GUARDED, check
from checks.mail import read_mail
from checks.model import State
from checks.wording import sentence
from tests.fakes.signing import KEY_NAME, PLAIN, record, signed
from tests.fakes.zone import ZoneDns

NOW = datetime.now(UTC)
LISTED = PLAIN.replace(
    b"Date:",
    b"List-Unsubscribe: <https://example.com/u>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Feedback-ID: a:b:c:d\r\nDate:",
)
OVERSIGNED = [name for name in GUARDED for _ in (1, 2)]
COVERING = (*OVERSIGNED, "list-unsubscribe", "list-unsubscribe-post", "feedback-id")


def authenticated(message: bytes, zone: dict[str, Any] | None = None) -> Authentication:
    names = {KEY_NAME: {"TXT": [[record()]]}} if zone is None else zone
    return authenticate(read_mail(message), Envelope(), ZoneDns(names), datetime.now(UTC))


def states(message: bytes, zone: dict[str, Any] | None = None) -> dict[str, State]:
    found = list(check(authenticated(message, zone)))
    assert all(sentence(finding) for finding in found)
    return {finding.code: finding.state for finding in found}


def test_a_well_signed_message_passes_everything() -> None:
    assert set(states(signed(LISTED, names=COVERING)).values()) == {State.PASS}


def test_a_message_that_nobody_signed() -> None:
    found = states(PLAIN)
    assert (found["DKIM-101"], found["DKIM-102"]) == (State.FAIL, State.FAIL)


def test_a_key_that_cannot_be_asked_for_leaves_it_open() -> None:
    found = states(signed(), {KEY_NAME: {"*": "TIMEOUT"}})
    assert {found["DKIM-101"], found["DKIM-102"], found["DKIM-107"]} == {State.UNKNOWN}


def test_a_signature_of_somebody_else_is_not_aligned() -> None:
    found = states(signed(PLAIN.replace(b"ann@example.com", b"ann@other.example")))
    assert (found["DKIM-101"], found["DKIM-102"]) == (State.PASS, State.FAIL)


@pytest.mark.parametrize(
    ("names", "state"),
    [(("from", "to"), State.WARN), (("to", "from"), State.FAIL), (OVERSIGNED, State.PASS)],
)
def test_what_readers_see_is_oversigned(names: list[str], state: State) -> None:
    message = signed(names=names)
    if state is State.FAIL:
        message = re.sub(rb" h=[^;]*;", b" h=to : subject;", message, count=1)
    assert states(message)["DKIM-103"] is state


def test_a_limited_body_is_warned_about() -> None:
    assert states(signed(length=True))["DKIM-104"] is State.WARN
    assert states(signed())["DKIM-104"] is State.PASS


def at(offset: timedelta) -> bytes:
    return str(int((NOW + offset).timestamp())).encode()


@pytest.mark.parametrize(
    ("times", "state"),
    [
        (b"t=%b;" % at(timedelta(minutes=-1)), State.PASS),
        (b"t=%b;" % at(timedelta(days=2)), State.WARN),
        (b"t=%b; x=%b;" % (at(timedelta()), at(timedelta(hours=1))), State.WARN),
        (b"t=%b; x=%b;" % (at(timedelta(days=-9)), at(timedelta(days=-1))), State.FAIL),
        (b"t=%b; x=%b;" % (at(timedelta(days=-1)), at(timedelta(days=9))), State.PASS),
    ],
    ids=["just made", "from the future", "short-lived", "expired", "long-lived"],
)
def test_the_times_of_a_signature(times: bytes, state: State) -> None:
    assert states(re.sub(rb"t=\d+;", times, signed(), count=1))["DKIM-105"] is state


def test_sha1_is_over() -> None:
    assert states(signed().replace(b"rsa-sha256", b"rsa-sha1"))["DKIM-106"] is State.FAIL
    assert states(signed())["DKIM-106"] is State.PASS


def test_a_broken_signature_says_which_part_changed_and_what_does_that() -> None:
    message = signed() + b"-- \r\nfooter\r\n"
    finding = next(f for f in check(authenticated(message)) if f.code == "DKIM-107")
    assert finding.state is State.FAIL
    assert "the body changed after signing. A footer, a banner" in sentence(finding)
    head = next(f for f in check(authenticated(signed().replace(b"Hello", b"Hi", 1))) if f.code == "DKIM-107")
    assert "A signed field was rewritten" in sentence(head)


def test_one_click_unsubscribe_must_be_signed() -> None:
    assert states(signed(LISTED))["DKIM-108"] is State.FAIL
    assert states(signed())["DKIM-108"] is State.NOT_APPLICABLE


def test_feedback_fields_should_be_signed() -> None:
    assert states(signed(LISTED))["DKIM-109"] is State.WARN
    assert "DKIM-109" not in states(signed())


def test_a_simple_form_breaks_easily() -> None:
    assert states(signed(form="simple/relaxed"))["DKIM-110"] is State.WARN
    assert states(signed())["DKIM-110"] is State.PASS


@pytest.mark.parametrize("body", [b"x" * 999 + b"\r\n", "Grüße\r\n".encode()])
def test_what_servers_rewrite_is_pointed_out(body: bytes) -> None:
    assert states(signed(PLAIN + body))["DKIM-111"] is State.WARN
    assert states(signed())["DKIM-111"] is State.PASS
