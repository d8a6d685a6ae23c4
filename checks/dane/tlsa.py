"""TLSA records and whether a live certificate matches one (RFC 6698, RFC 7672)."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from checks.dane.anchor import anchored

TRUST_ANCHOR, END_ENTITY = 2, 3
USABLE = (TRUST_ANCHOR, END_ENTITY)
"""DANE-TA and DANE-EE; the PKIX usages are unusable for SMTP (RFC 7672 section 3.1.3)."""
DIGESTS = {1: hashlib.sha256, 2: hashlib.sha512}
LENGTHS = {1: 32, 2: 64}
_TEXT = re.compile(r"(\d{1,3}) (\d{1,3}) (\d{1,3}) ([0-9a-fA-F ]+)")


@dataclass(frozen=True, slots=True)
class Tlsa:
    """One record; `fault` says why senders cannot use it."""

    usage: int
    selector: int
    matching: int
    data: bytes
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.usage} {self.selector} {self.matching} {self.data.hex()[:16]}…"


def parse_tlsa(text: str) -> Tlsa | None:
    """A record in presentation form; None when it is none."""
    found = _TEXT.fullmatch(text.strip())
    if not found:
        return None
    usage, selector, matching = (int(found[i]) for i in (1, 2, 3))
    digits = found[4].replace(" ", "")
    if len(digits) % 2:
        return None
    data = bytes.fromhex(digits)
    return Tlsa(usage, selector, matching, data, _fault(usage, selector, matching, data))


def _fault(usage: int, selector: int, matching: int, data: bytes) -> str:
    if usage not in USABLE:
        return f"usage {usage} is not usable for SMTP (2 and 3 are)"
    if selector not in (0, 1):
        return f"selector {selector} is unknown"
    if matching not in (0, 1, 2):
        return f"matching type {matching} is unknown"
    if matching in LENGTHS and len(data) != LENGTHS[matching]:
        return f"its digest has {len(data)} bytes, not {LENGTHS[matching]}"
    return ""


def matches(records: Sequence[Tlsa], chain: Sequence[bytes], names: Sequence[str], now: datetime) -> bool:
    """Whether any usable record matches the certificates that a server sent (DER, its own first).

    Usage 3 pins the server's own certificate, whatever its names and dates (RFC 7672 section 3.1.1); usage 2
    pins an authority above it, and then `names` (the MX host and the receiver's domain) and dates count.
    """
    return any(_matches(record, chain, names, now) for record in records if not record.fault)


def _matches(record: Tlsa, chain: Sequence[bytes], names: Sequence[str], now: datetime) -> bool:
    if record.usage == END_ENTITY:
        return any(_covers(record, der) for der in chain[:1])
    sent = [*chain, record.data] if (record.selector, record.matching) == (0, 0) else chain
    return anchored(sent, lambda it: _covers(record, it.public_bytes(Encoding.DER)), names, now)


def _covers(record: Tlsa, der: bytes) -> bool:
    try:
        content = der if record.selector == 0 else _public_key(der)
    except ValueError:
        return False
    digest = DIGESTS.get(record.matching)
    return record.data == (digest(content).digest() if digest else content)


def _public_key(der: bytes) -> bytes:
    key = x509.load_der_x509_certificate(der).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
