"""TLSA records and whether a live certificate matches one (RFC 6698, RFC 7672)."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

USABLE = (2, 3)
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


def matches(records: Sequence[Tlsa], chain: Sequence[bytes]) -> bool:
    """Whether any usable record matches: usage 3 the server's own certificate, usage 2 any that it sent."""
    return any(
        _covers(record, der)
        for record in records
        if not record.fault
        for der in (chain[:1] if record.usage == 3 else chain[1:] or chain[:1])
    )


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
