"""Signed, opaque tokens: what stands in links, return paths and Message-IDs.

A token carries small numbers (a recipient, a link's position) that nobody else can read or make up. It is
a synthetic-IV construction (RFC 5297 in spirit, with keyed BLAKE2b, RFC 7693, for both steps): the tag is a
keyed hash of the purpose and the numbers, and the numbers are masked with a keystream drawn from the tag.
So equal numbers give equal tokens, which a resent message needs, and a token for one purpose is no token
for another. Case-insensitive places (the local part of an address) take the base32 form.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

KEY_BYTES = 32
TAG_BYTES = 10
LONGEST_TOKEN = 80


class Purpose(StrEnum):
    """What a token is good for; at most 16 characters (BLAKE2b's personalisation)."""

    OPEN = "open"
    CLICK = "click"
    """Says who; which of the campaign's stored links it was stands beside it, unsigned: whoever changes
    that number reaches another link of the same message, which they hold anyway."""
    OPEN_ANONYMOUS = "open-anonymous"
    CLICK_ANONYMOUS = "click-anonymous"
    UNSUBSCRIBE = "unsubscribe"
    CONFIRM = "confirm"
    BOUNCE = "bounce"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes and reads tokens. The first key signs; every key in the list still verifies."""

    keys: Sequence[bytes] = field(repr=False)

    def url(self, purpose: Purpose, *numbers: int) -> str:
        """For links: base64url without padding (RFC 4648 section 5)."""
        return base64.urlsafe_b64encode(self._make(purpose, numbers)).rstrip(b"=").decode()

    def mail(self, purpose: Purpose, *numbers: int) -> str:
        """For addresses and Message-IDs: lower-case base32 without padding (RFC 4648 section 6)."""
        return base64.b32encode(self._make(purpose, numbers)).rstrip(b"=").decode().lower()

    def read_url(self, purpose: Purpose, token: str) -> tuple[int, ...] | None:
        """The numbers, or None for anything that we did not make for this purpose."""
        if len(token) > LONGEST_TOKEN:
            return None
        try:
            return self._read(
                purpose, base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
            )
        except (binascii.Error, ValueError):
            return None

    def read_mail(self, purpose: Purpose, token: str) -> tuple[int, ...] | None:
        """Like `read_url`, for the base32 form; upper and lower case are the same."""
        if len(token) > LONGEST_TOKEN:
            return None
        try:
            return self._read(purpose, base64.b32decode(token.upper() + "=" * (-len(token) % 8)))
        except (binascii.Error, ValueError):
            return None

    def _make(self, purpose: Purpose, numbers: Sequence[int]) -> bytes:
        key = self.keys[0]
        clear = _pack(numbers)
        tag = blake2b(clear, key=key, digest_size=TAG_BYTES, person=purpose.encode()).digest()
        return tag + _mask(clear, tag, key)

    def _read(self, purpose: Purpose, token: bytes) -> tuple[int, ...] | None:
        tag, masked = token[:TAG_BYTES], token[TAG_BYTES:]
        if len(masked) < 1:
            return None
        for key in self.keys:
            clear = _mask(masked, tag, key)
            expected = blake2b(clear, key=key, digest_size=TAG_BYTES, person=purpose.encode()).digest()
            if hmac.compare_digest(tag, expected):
                return _unpack(clear)
        return None


def _mask(data: bytes, tag: bytes, key: bytes) -> bytes:
    stream = blake2b(tag, key=key, digest_size=len(data), person=b"mask").digest()
    return (int.from_bytes(data) ^ int.from_bytes(stream)).to_bytes(len(data))


def _pack(numbers: Iterable[int]) -> bytes:
    """Each number in groups of seven bits, the lowest first, the top bit set while more follow (LEB128)."""
    packed = bytearray()
    for number in numbers:
        rest = number
        while rest > 0x7F:
            packed.append(rest & 0x7F | 0x80)
            rest >>= 7
        packed.append(rest)
    return bytes(packed)


def _unpack(packed: bytes) -> tuple[int, ...]:
    numbers, number, shift = [], 0, 0
    for byte in packed:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(number)
            number = shift = 0
    return tuple(numbers)


def new_token_keys() -> bytes:
    """The secret that `tokens_from` reads: one fresh key."""
    return os.urandom(KEY_BYTES)


def tokens_from(secret: bytes) -> Tokens:
    """From the stored secret: keys of 32 bytes one after another, the newest first."""
    return Tokens(tuple(secret[at : at + KEY_BYTES] for at in range(0, len(secret), KEY_BYTES)))
