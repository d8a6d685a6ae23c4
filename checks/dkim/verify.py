"""Verifying the signatures of a message (RFC 6376 section 6), telling header and body apart.

The mathematics is `cryptography`'s; dkimpy is the judge in the tests.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from checks.dkim import canonical
from checks.dkim.key import Key, PublicKey, parse_key
from checks.dkim.look import key_name
from checks.dkim.signature import ALGORITHMS, Signature, parse_signature
from checks.mail import Field, Mail
from checks.ports import Answer, Dns, Question

MOST = 10
"""Signatures of one message that are verified; the topmost ones."""
RSA_LEAST = 1024


class Result(StrEnum):
    """The words of RFC 8601 section 2.7.1."""

    PASS = "pass"  # noqa: S105 - the verdict, not a password
    FAIL = "fail"
    POLICY = "policy"
    NEUTRAL = "neutral"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome for one signature, and why."""

    signature: Signature
    result: Result
    reason: str = ""
    key: Key | None = None
    answer: Answer | None = None
    header_holds: bool | None = None
    """None where it was not come to."""
    body_holds: bool | None = None

    @property
    def domain(self) -> str:
        return self.signature.domain

    @property
    def selector(self) -> str:
        return self.signature.selector


def verify(mail: Mail, dns: Dns, now: datetime) -> tuple[Verified, ...]:
    """Verify the message's signatures, topmost first, at most `MOST`."""
    signatures = [parse_signature(field, now) for field in mail.all("dkim-signature")[:MOST]]
    usable = [signature for signature in signatures if not signature.flaw]
    questions = [Question(key_name(s.selector, s.domain), "TXT") for s in usable]
    answers = dict(zip(questions, dns.ask_all(questions), strict=True))
    return tuple(
        Verified(signature, Result.PERMERROR, signature.flaw)
        if signature.flaw
        else judge(signature, mail, answers[Question(key_name(signature.selector, signature.domain), "TXT")])
        for signature in signatures
    )


def overall(found: Sequence[Verified]) -> Result:
    """One word for the message: the best of its signatures, none when it has none."""
    order = (Result.PASS, Result.TEMPERROR, Result.FAIL, Result.POLICY, Result.NEUTRAL, Result.PERMERROR)
    return next((result for result in order if any(one.result is result for one in found)), Result.NONE)


def judge(signature: Signature, mail: Mail, answer: Answer) -> Verified:
    """The verdict on one well-formed signature, given the answer for its key."""
    if not answer.ok:
        return Verified(signature, Result.TEMPERROR, f"the key: {answer.note}", answer=answer)
    if not answer.records:
        return Verified(signature, Result.PERMERROR, "there is no key for the signature", answer=answer)
    key = parse_key(answer.texts[0])
    reason = unusable(key, signature)
    if reason or key.public is None:
        return Verified(signature, Result.PERMERROR, reason, key, answer)
    body = body_holds(signature, mail.body)
    if body is None:
        return Verified(signature, Result.PERMERROR, "l= is longer than the body", key, answer)
    head = header_holds(signature, mail, key.public)
    return _concluded(signature, mail, key, answer, head, body)


def _concluded(
    signature: Signature, mail: Mail, key: Key, answer: Answer, head: bool, body: bool
) -> Verified:
    if not (head and body):
        parts = [part for part, holds in (("header", head), ("body", body)) if not holds]
        reason = f"the {' and the '.join(parts)} changed after signing"
        return Verified(signature, Result.FAIL, reason, key, answer, head, body)
    unsigned = len(mail.all("from")) > Counter(signature.signed)["from"]
    if unsigned:  # RFC 6376 section 8.15: somebody added a second From above the signed one
        return Verified(signature, Result.POLICY, "not every From is signed", key, answer, head, body)
    return Verified(signature, Result.PASS, "", key, answer, head, body)


def unusable(key: Key, signature: Signature) -> str:
    """Why this key cannot verify this signature (RFC 6376 section 6.1.2); "" when it can."""
    if key.version_flaw or key.flaws:
        return f"the key cannot be read: {key.version_flaw or key.flaws[0]}"
    if key.revoked:
        return "the key is revoked"
    reasons = {
        "the key is for another algorithm": key.type != ALGORITHMS[signature.algorithm],
        "the key does not allow sha256": not key.takes_sha256,
        "the key is not for e-mail": not key.serves_mail,
        "t=s: the domain of i= is not that of d=": key.strict and signature.identity != signature.domain,
        f"the key has {key.bits} bits, less than {RSA_LEAST} (RFC 8301)": 0 < key.bits < RSA_LEAST,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def body_holds(signature: Signature, body: bytes) -> bool | None:
    """Whether the body is the signed one; None when `l=` speaks of more than there is."""
    data = canonical.body(body, signature.forms[1])
    if signature.length is not None:
        if signature.length > len(data):
            return None
        data = data[: signature.length]
    return hashlib.sha256(data).digest() == signature.body_hash


def header_holds(signature: Signature, mail: Mail, key: PublicKey) -> bool:
    """Whether the signed header fields are those of the message."""
    form = signature.forms[0]
    covered = [canonical.header(field, form) for field in chosen(mail, signature.signed)]
    own = canonical.header(canonical.without_signature(signature.field), form).removesuffix(b"\r\n")
    return holds(key, signature.value, b"".join(covered) + own)


def chosen(mail: Mail, names: Sequence[str]) -> list[Field]:
    """The fields that `h=` names, each name from the bottom up; one that is missing stands for nothing."""
    left = {name: list(mail.all(name)) for name in set(names)}
    return [left[name].pop() for name in names if left[name]]


def holds(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether `signature` is the key's over `data` (RSA PKCS #1 v1.5, or Ed25519 over the SHA-256 hash)."""
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, data, PKCS1v15(), SHA256())
        else:
            key.verify(signature, hashlib.sha256(data).digest())
    except InvalidSignature:
        return False
    return True
