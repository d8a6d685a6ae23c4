"""Every signature is verified by dkimpy, which is used for nothing else here."""

import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from sender.content.compile import Letterhead, Person, Source, compile_campaign
from sender.content.guard import HeaderInjection
from sender.delivery.dkim import Key, Signer, UnusableKey
from sender.delivery.lines import NotOnTheWire

NOW = datetime.now(UTC)
RSA = Key("example.com", "r1", rsa.generate_private_key(65537, 2048))
EDWARDS = Key("example.com", "e1", ed25519.Ed25519PrivateKey.generate())
SHORT_RSA = b64decode(  # 768 bits, made for this test; openssl makes them, cryptography does not
    "MIIB4wIBADANBgkqhkiG9w0BAQEFAASCAc0wggHJAgEAAmEAwvgA4C5e9ArTJioQr/52UUiyJBasrYpKUGUgnDAG"
    "86i3Hc7ScZI1GOA9v5MvUTkubs/KmrpF5Bow/QwRSElsrsm+c50dcNzgVE/ewh43vgxiY1SMKSGG+SUmcgvikCj/"
    "AgMBAAECYFIzW7Mo+dGsiq+JhrWc9Gd63diHUtBsAL76lBAl05iBZosDuwg1G3vcd0xBEu8MywD/iG3Ol+dVEHSi"
    "SQl++7VwTx5AThTm/fjOVaxg9F+gPdhbtEhVwpdEY1JkrHAhcQIxAPATu/rWref4IkDyFYIoybr46NZ+14mKVHM6"
    "N/D7MVMcJzcZ9SR/xPJBF7UhXafFWQIxAM/mYCAPa2vQKEWTyvyYkcowKmkjT2OVVrDlCxEA7E2/gvrZz78/B/7g"
    "edCo5aUeFwIwQE3o4e0ys5mBA0hUfoKSViRpqVpcPRjyOdL0PPXrZkl6L4YiZV5b0E+jG/8N6OwxAjBUka76e6tD"
    "0QoAu4zv0ZREffFSkWWC6cW48YLd6NU3DzdVmXKTpi03ddK3mWzJDQMCMFeD6yvF2zcuxFybaG3IT+WN8JvGBrZC"
    "ESEqd8SsHKeWXUjF8Bv/h1d8jbS5EzxKtw=="
)
MESSAGE = (
    b"From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: Hello\r\n"
    b"List-Unsubscribe: <https://t.example.com/u/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Feedback-ID: c1:example\r\n\r\nHello.\r\n"
)


def published(key: Key) -> bytes:
    public = key.private.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return b"v=DKIM1; k=ed25519; p=" + b64encode(raw)
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b64encode(der)


def verifies(message: bytes, index: int = 0) -> bool:
    zone = {f"{key.selector}._domainkey.example.com.".encode(): published(key) for key in (RSA, EDWARDS)}

    def ask(name: bytes | str, timeout: int = 5) -> bytes | None:
        return zone.get(name if isinstance(name, bytes) else name.encode())

    try:
        return bool(dkim.DKIM(message).verify(index, dnsfunc=ask))
    except dkim.ValidationError:
        return False


def tag(message: bytes, name: str) -> str:
    signature = message.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("DKIM-Signature:")[1]
    unfolded = re.sub(r"\r\n(?=[ \t])", "", signature).split("\r\n", 1)[0]
    tags = dict(part.strip().split("=", 1) for part in unfolded.split(";"))
    return re.sub(r"\s", "", tags[name])


def test_dkimpy_verifies_a_plain_message() -> None:
    assert verifies(Signer((RSA,)).sign(MESSAGE, NOW))


def test_with_two_keys_both_signatures_verify() -> None:
    """RFC 8463 section 3 wants RSA beside Ed25519, since not everybody knows the latter."""
    signed = Signer((RSA, EDWARDS)).sign(MESSAGE, NOW)

    assert verifies(signed, 0)
    assert verifies(signed, 1)


def test_one_click_unsubscribing_and_the_feedback_id_are_covered() -> None:
    """RFC 8058 section 4 wants both List-Unsubscribe fields signed; dkimpy's default leaves one out."""
    names = tag(Signer((RSA,)).sign(MESSAGE, NOW), "h").split(":")

    assert {"list-unsubscribe", "list-unsubscribe-post", "feedback-id"} <= set(names)


@pytest.mark.parametrize(
    "added",
    ["From: eve@example.org", "Subject: Buy", "To: x@example.org", "Content-Type: text/html", "Cc: x@y.z"],
)
def test_adding_a_header_breaks_the_signature(added: str) -> None:
    """Oversigning: a field that was there once, or not at all, cannot get another beside it."""
    signed = Signer((RSA,)).sign(MESSAGE, NOW)

    assert not verifies(added.encode() + b"\r\n" + signed)


def test_the_length_of_the_body_is_never_limited() -> None:
    signed = Signer((RSA,)).sign(MESSAGE, NOW)

    assert " l=" not in signed.split(b"\r\n\r\n")[0].decode("latin-1")
    assert not verifies(signed + b"more\r\n")


def test_no_line_of_the_signature_is_longer_than_78() -> None:
    signed = Signer((RSA, EDWARDS)).sign(MESSAGE, NOW)
    lines = signed[: signed.index(b"From: ")].split(b"\r\n")

    assert max(map(len, lines)) <= 78


def test_bare_line_ends_are_made_whole_before_signing() -> None:
    """Else the next server mends them and breaks the signature, or takes them for the end of the message."""
    signed = Signer((RSA,)).sign(MESSAGE.replace(b"\r\n", b"\n") + b"one\rtwo\n.\nthree", NOW)

    assert signed.count(b"\n") == signed.count(b"\r\n") == signed.count(b"\r")
    assert verifies(signed)


@pytest.mark.parametrize(("body", "said"), [(b"a\0b", "NUL"), (b"x" * 999, "999 octets")])
def test_what_no_smtp_line_may_hold_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(NotOnTheWire, match=said):
        Signer((RSA,)).sign(MESSAGE + body, NOW)


def pem(private: PrivateKeyTypes) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_keys_that_must_not_sign_are_refused() -> None:
    """RFC 8301 section 3.2; and DKIM knows no elliptic curve but Edwards'."""
    with pytest.raises(UnusableKey, match="only 768 bits"):
        Key.from_pem("example.com", "s", pem(load_der_private_key(SHORT_RSA, None)))
    with pytest.raises(UnusableKey, match="neither RSA nor Ed25519"):
        Key.from_pem("example.com", "s", pem(ec.generate_private_key(ec.SECP256R1())))


def test_a_key_comes_back_from_its_file_as_it_was() -> None:
    for key in (RSA, EDWARDS):
        again = Key.from_pem("example.com", key.selector, pem(key.private))

        assert verifies(Signer((again,)).sign(MESSAGE, NOW))


COMPILED = compile_campaign(
    Source("Hi {{a}}", "<p>\t{{a}}  x \n\n .{{b|-}}{{#if b}}  {{b}}{{/if}}</p>  \n\n\n"),
    Letterhead(
        "Ännä",
        "news@example.com",
        "https://t.example.com",
        list_id="l.example.com",
        complaints_to="fbl@r.example.com",
    ),
)


@given(st.text(max_size=300), st.text(" \t\r\n.ä", max_size=300))
def test_dkimpy_verifies_a_campaigns_message_by_the_hash_that_came_with_it(a: str, b: str) -> None:
    leave = "https://t.example.com/u/1"
    person = Person("x@example.net", "1@example.com", {"a": a, "b": b}, leave, "u@example.com", "token")
    try:
        message, body_hash = COMPILED.hashed_message(person, NOW)
    except HeaderInjection:
        return
    signer = Signer((EDWARDS,))

    signed = signer.sign(message, NOW, body_hash)
    assert verifies(signed)
    assert {"cfbl-address", "cfbl-feedback-id", "list-unsubscribe", "list-id"} <= set(
        tag(signed, "h").split(":")
    )
    assert tag(signer.sign(message, NOW), "bh") == body_hash.decode()


@pytest.mark.parametrize("line", [b"x" * 998, "ä".encode() * 499, b"a " * 499, b"." * 998, b" " * 998])
def test_dkimpy_verifies_lines_as_long_as_may_be(line: bytes) -> None:
    field = b"X-Long: " + line[:990] + b"\r\nComments: " + b"\r\n ".join([b"word" * 200] * 3) + b"\r\n"
    message = field + MESSAGE + line + b"\r\n" + line + b"\n" + line

    assert verifies(Signer((RSA,)).sign(message, NOW))


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=60)
FOLD = st.sampled_from(["", "\r\n ", "\r\n\t", " \r\n  ", "\n ", "\t", "  "])
VALUE = st.lists(st.tuples(TEXT, FOLD), max_size=4).map(
    lambda parts: "x" + "".join(a + "y" + b for a, b in parts) + "z"
)
NAME = st.sampled_from(
    ["From", "TO", "cc", "Subject", "Received", "X-Any", "List-Unsubscribe", "List-ID", "Date", "Comments"]
)
SPACE = st.sampled_from(["", " ", "\t", "  "])
FIELD = st.tuples(NAME, SPACE, SPACE, VALUE).map(lambda f: f"{f[0]}:{f[2]}{f[3]}")
LINE_END = st.sampled_from(["\r\n", "\r\n", "\n", "\r", " \r\n", "\t \r\n", "\r\n\r\n"])
BODY = st.lists(st.tuples(TEXT, LINE_END), max_size=8).map(lambda lines: "".join(a + b for a, b in lines))


@given(fields=st.lists(FIELD, max_size=8), body=BODY)
def test_dkimpy_verifies_whatever_is_signed(fields: list[str], body: str) -> None:
    """Folding, repeated fields, odd blanks, empty bodies, bare LF and CR, eight-bit text."""
    message = "From: a@example.com\r\n" + "".join(f"{field}\r\n" for field in fields) + "\r\n" + body

    assert verifies(Signer((EDWARDS,)).sign(message.encode(), NOW))
    assert verifies(Signer((RSA,)).sign(message.encode(), NOW))
