"""ARC chains, whole and broken on purpose; the suite of others is scored in tests/test_corpus.py."""

import base64
import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from checks.arc.sets import ArcSet, arc_sets
from checks.arc.validate import Chain, sealed_bytes, validate
from checks.dkim import canonical
from checks.dkim.signature import Signature
from checks.dkim.tags import parse_tags
from checks.dkim.verify import chosen
from checks.mail import Field, read_mail
from tests.fakes.signing import KEY_NAME, PLAIN, record, rsa_key, signed
from tests.fakes.zone import ZoneDns

CRLF = b"\r\n"
RESULTS = b"ARC-Authentication-Results: i=%d; lists.example.com; dkim=pass header.d=example.com\r\n"
SIGNATURE = (
    b"ARC-Message-Signature: i=%d; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1;\r\n"
    b" h=from:subject; bh=%b; b=\r\n"
)
SEAL = b"ARC-Seal: i=%d; a=rsa-sha256; cv=%b; d=example.com; s=s1; b=\r\n"


def sealed(message: bytes, hops: int = 1) -> bytes:
    """The message after so many hops, each with its set on top (RFC 8617 section 5.1)."""
    for hop in range(1, hops + 1):
        mail = read_mail(message)
        results = Field(RESULTS % hop)
        body_hash = b64(hashlib.sha256(canonical.body(mail.body, "relaxed")).digest())
        signature = Field(SIGNATURE % (hop, body_hash))
        covered = b"".join(canonical.header(f, "relaxed") for f in chosen(mail, ("from", "subject")))
        signature = _signed(signature, covered + canonical.header(signature, "relaxed").removesuffix(CRLF))
        seal = Field(SEAL % (hop, b"pass" if hop > 1 else b"none"))
        own = ArcSet(hop, results, _tagged(signature), _tagged(seal))
        seal = _signed(seal, sealed_bytes((*arc_sets(mail), own)))
        message = seal.raw + signature.raw + results.raw + message
    return message


def _signed(field: Field, data: bytes) -> Field:
    value = rsa_key().sign(data, PKCS1v15(), SHA256())
    return Field(field.raw.removesuffix(CRLF) + b64(value) + CRLF)


def _tagged(field: Field) -> Signature:
    return Signature(field, parse_tags(field.body))


def b64(data: bytes) -> bytes:
    return base64.b64encode(data)


def chain(message: bytes, zone: dict[str, Any] | None = None) -> tuple[Chain, str]:
    names = {KEY_NAME: {"TXT": [[record()]]}} if zone is None else zone
    found = validate(read_mail(message), ZoneDns(names))
    return found.result, found.reason


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_a_whole_chain_passes(hops: int) -> None:
    assert chain(sealed(signed(), hops)) == (Chain.PASS, "")


def test_a_message_without_arc_has_no_chain() -> None:
    assert chain(PLAIN) == (Chain.NONE, "")


def test_a_changed_message_breaks_the_last_signature() -> None:
    result, reason = chain(sealed(signed()).replace(b"good day", b"good night"))
    assert (result, reason) == (Chain.FAIL, "the signature of hop 1: the body changed after it")


def test_changed_results_break_the_seal() -> None:
    message = sealed(signed()).replace(b"dkim=pass header", b"dkim=fail header", 1)
    assert chain(message)[0] is Chain.FAIL


def test_a_missing_or_repeated_hop_breaks_the_chain() -> None:
    message = sealed(signed(), 2)
    assert chain(message.replace(b"i=1", b"i=3"))[0] is Chain.FAIL
    first_seal = message[: message.index(b"\r\nARC-Message") + 2]
    assert chain(first_seal + message)[0] is Chain.FAIL


def test_a_hop_that_gave_up_ends_it() -> None:
    result, reason = chain(sealed(signed()).replace(b"cv=none", b"cv=fail"))
    assert (result, reason) == (Chain.FAIL, "hop 1 found the chain broken already")


def test_a_key_that_cannot_be_asked_for_is_neither_pass_nor_fail() -> None:
    assert chain(sealed(signed()), {KEY_NAME: {"*": "TIMEOUT"}})[0] is Chain.TEMPERROR
    assert chain(sealed(signed()), {})[1] == "the signature of hop 1: there is no key for it"


def test_a_hundred_hops_ask_nothing() -> None:
    dns = ZoneDns({})
    seal = b"ARC-Seal: i=%d; a=rsa-sha256; cv=pass; d=e.com; s=s; b=AAAA\r\n"
    many = b"".join(seal % number for number in range(100))
    assert validate(read_mail(many + PLAIN), dns).result is Chain.FAIL
    assert dns.asked == []
