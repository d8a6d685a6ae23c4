"""Signatures of a message: dkimpy signs, we verify, and say what broke."""

import re
from datetime import UTC, datetime
from typing import Any

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dkim.verify import MOST, Result, Verified, overall, verify
from checks.mail import read_mail
from tests.fakes.dkim_keys import RSA512, RSA2048
from tests.fakes.signing import KEY_NAME, PLAIN, ed25519_record, record, signed
from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def zone(text: str | None = None) -> dict[str, Any]:
    return {KEY_NAME: {"TXT": [[text or record()]]}}


def one(message: bytes, names: dict[str, Any] | None = None) -> Verified:
    (found,) = verify(read_mail(message), ZoneDns(zone() if names is None else names), NOW)
    return found


@pytest.mark.parametrize("form", ["relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple"])
def test_what_dkimpy_signs_holds_in_every_form(form: str) -> None:
    found = one(signed(form=form))
    assert (found.result, found.header_holds, found.body_holds) == (Result.PASS, True, True)


def test_an_ed25519_signature_holds() -> None:
    assert one(signed(ed=True), zone(ed25519_record())).result is Result.PASS


def test_a_changed_body_and_a_changed_header_are_told_apart() -> None:
    body = one(signed().replace(b"good day", b"good night"))
    assert (body.result, body.header_holds, body.body_holds) == (Result.FAIL, True, False)
    assert body.reason == "the body changed after signing"
    head = one(signed().replace(b"Subject: Hello", b"Subject: [List] Hello"))
    assert (head.result, head.header_holds, head.body_holds) == (Result.FAIL, False, True)
    assert head.reason == "the header changed after signing"
    both = signed().replace(b"Subject: Hello", b"Subject: X").replace(b"good day", b"x")
    assert one(both).reason == "the header and the body changed after signing"


def test_relaxed_forgives_white_space_and_folding() -> None:
    message = signed().replace(b"Subject: Hello", b"subject:  Hello ").replace(b"Hello  Bob", b"Hello\t Bob")
    assert one(message).result is Result.PASS
    assert one(signed(form="simple/simple").replace(b"Subject: H", b"Subject:  H")).result is Result.FAIL


@pytest.mark.parametrize("fault", ["TIMEOUT", "SERVFAIL", "REFUSED"])
def test_a_key_that_cannot_be_asked_for_is_a_temperror(fault: str) -> None:
    assert one(signed(), {KEY_NAME: {"*": fault}}).result is Result.TEMPERROR


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v=DKIM1; p=", "the key is revoked"),
        (f"v=DKIM1; p={RSA512}", "the key has 512 bits"),
        ("v=DKIM1; h=sha1; p={p}", "the key does not allow sha256"),
        ("v=DKIM1; s=tlsrpt; p={p}", "the key is not for e-mail"),
        ("v=DKIM2; p={p}", "the key cannot be read"),
        ("p=!", "the key cannot be read"),
        ("ed25519", "the key is for another algorithm"),
    ],
)
def test_a_key_that_cannot_be_used_is_a_permerror(text: str, reason: str) -> None:
    public = record().partition("p=")[2]
    given_ = ed25519_record() if text == "ed25519" else text.replace("{p}", public)
    found = one(signed(), zone(given_))
    assert found.result is Result.PERMERROR
    assert reason in found.reason


def test_no_key_is_a_permerror_and_another_key_a_failure() -> None:
    assert one(signed(), {}).reason == "there is no key for the signature"
    assert one(signed(), zone(f"v=DKIM1; p={RSA2048}")).reason == "the header changed after signing"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"v=1;", b"v=2;", "v=2 is not a version"),
        (b"v=1;", b"", "no v="),
        (b"a=rsa-sha256;", b"a=rsa-sha1;", "rsa-sha1 must not be accepted"),
        (b"a=rsa-sha256;", b"a=dsa-sha9;", "unknown algorithm"),
        (b"c=relaxed/relaxed;", b"c=odd;", "unknown canonicalization"),
        (b"i=@example.com;", b"i=ann@example.net;", "is not below d="),
        (b"d=example.com;", b"d=;", "d= is no domain"),
        (b"q=dns/txt;", b"q=http;", "unknown way to find keys"),
        (b"d=example.com;", b"d=example.com; l=many;", "l=many is no number"),
        (b"d=example.com;", b"d=example.com; l=999999;", "l= is longer than the body"),
        (b"d=example.com;", b"d=example.com; x=1000000000;", "expired"),
        (b"d=example.com;", b"d=example.com; d=example.org;", "appears twice"),
        (b"s=s1;", b"", "no s="),
    ],
)
def test_a_signature_that_is_wrong_in_itself_is_a_permerror(old: bytes, new: bytes, reason: str) -> None:
    message = re.sub(rb"x=\d+; ?|t=\d+; ?", b"", signed())
    assert old in message
    found = one(message.replace(old, new, 1))
    assert found.result is Result.PERMERROR
    assert reason in found.reason


def test_from_must_be_signed() -> None:
    found = one(re.sub(rb"h=from : from", b"h=x : y", signed()))
    assert found.reason == "From is not signed"


def test_a_second_from_on_top_is_not_covered_and_not_passed() -> None:
    """RFC 6376 section 8.15: the signature still holds, but readers see the forged one."""
    forged = b"From: eve@evil.example\r\n" + signed(names=("from", "to", "subject"))
    assert one(forged).result is Result.POLICY
    assert one(b"From: eve@evil.example\r\n" + signed()).result is Result.FAIL, "oversigned"


def test_part_of_the_body_is_verified_where_l_says_so() -> None:
    message = signed(length=True) + b"and a footer\r\n"
    assert one(message).result is Result.PASS


def test_a_message_without_signatures_has_no_verdict() -> None:
    assert overall(verify(read_mail(PLAIN), ZoneDns({}), NOW)) is Result.NONE


def test_the_best_of_several_signatures_speaks_for_the_message() -> None:
    broken = signed().replace(b"bh=", b"bh=AAAA", 1)
    found = verify(read_mail(broken[: broken.index(b"From:")] + signed()), ZoneDns(zone()), NOW)
    assert [each.result for each in found] == [Result.FAIL, Result.PASS]
    assert overall(found) is Result.PASS


def test_a_thousand_signatures_cost_ten_questions() -> None:
    signature = signed()[: -len(PLAIN)]
    dns = ZoneDns({})
    assert len(verify(read_mail(signature * 1000 + PLAIN), dns, NOW)) == MOST
    assert len(dns.asked) <= MOST


HEADERS = st.sampled_from([b"Subject: x\r\n", b"Subject:\r\n\ty \r\n", b"To: a@b\r\n", b"X-Odd:\t1\t \r\n"])
BODIES = st.lists(st.sampled_from([b"", b" ", b"\t", b"word", b"two  words ", b".", b"=E4"]), max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(HEADERS, max_size=4),
    BODIES,
    st.sampled_from(["relaxed/relaxed", "simple/simple", "relaxed/simple", "simple/relaxed"]),
)
def test_dkimpy_and_we_agree_on_every_message(headers: list[bytes], lines: list[bytes], form: str) -> None:
    message = b"From: ann@example.com\r\n" + b"".join(headers) + b"\r\n" + b"\r\n".join(lines) + b"\r\n"
    whole = signed(message, form=form, names=("from", "from", "subject", "to", "x-odd"))
    answer = record().encode()
    assert dkim.verify(whole, dnsfunc=lambda name, timeout=5: answer)
    assert one(whole).result is Result.PASS


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_damaged_message_never_crashes_the_verifier(place: int, junk: bytes) -> None:
    whole = signed()
    damaged = whole[:place] + junk + whole[place + len(junk) :]
    for found in verify(read_mail(damaged), ZoneDns(zone()), NOW):
        assert found.result in Result
