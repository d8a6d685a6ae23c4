"""DKIM signatures (RFC 6376, RFC 8301, RFC 8463): relaxed/relaxed, oversigned, never `l=`.

dkimpy signs 90 messages a second in pure Python; `cryptography` signs 2,000. dkimpy stays the judge:
the tests let it verify what is signed here.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sender.delivery.lines import canonical

PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

ALWAYS = (
    *("from", "to", "cc", "subject", "date", "reply-to", "message-id"),
    *("mime-version", "content-type", "content-transfer-encoding"),
)
"""Named once more than they occur, so that nobody can add another one (RFC 6376 section 8.15)."""

WHEN_PRESENT = (
    *("sender", "in-reply-to", "references"),
    *("list-unsubscribe", "list-unsubscribe-post", "list-id", "list-help", "list-subscribe"),
    *("list-post", "list-owner", "list-archive", "feedback-id", "cfbl-address", "cfbl-feedback-id"),
)
"""As above if the message has one. A mailing list may add its own List-* to a message without them."""

_MIN_RSA_BITS = 1024  # RFC 8301 section 3.2: shorter keys must not be used
_BLANKS = re.compile(rb"[ \t]+")
_FIELD_ENDS = re.compile(rb"\r\n(?![ \t])")
_FOLD_AT = 72


class UnusableKey(ValueError):
    """A key that must not or cannot sign."""


@dataclass(frozen=True, slots=True)
class Key:
    """A selector's private key; the public half is at `selector`._domainkey.`domain`."""

    domain: str
    selector: str
    private: PrivateKey = field(repr=False)

    @classmethod
    def from_pem(cls, domain: str, selector: str, pem: bytes) -> "Key":
        """Raises `UnusableKey` for another kind of key or an RSA key under 1024 bits."""
        private = load_pem_private_key(pem, password=None)
        if isinstance(private, rsa.RSAPrivateKey):
            if private.key_size < _MIN_RSA_BITS:
                raise UnusableKey(f"the RSA key of selector {selector} has only {private.key_size} bits")
        elif not isinstance(private, ed25519.Ed25519PrivateKey):
            raise UnusableKey(f"the key of selector {selector} is neither RSA nor Ed25519")
        return cls(domain, selector, private)

    @property
    def algorithm(self) -> str:
        return "rsa-sha256" if isinstance(self.private, rsa.RSAPrivateKey) else "ed25519-sha256"

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, PKCS1v15(), SHA256())
        return self.private.sign(hashlib.sha256(data).digest())  # RFC 8463 section 3: PureEdDSA over the hash


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with every key it holds: one RSA key, and an Ed25519 key beside it where that is wished."""

    keys: tuple[Key, ...]
    lifetime: timedelta = timedelta(days=14)
    """Until `x=`: longer than any queue keeps a message, short enough to spoil a replay."""

    def sign(self, message: bytes, now: datetime) -> bytes:
        """The message with its signatures on top, in canonical line ends. Raises `lines.NotOnTheWire`."""
        message = canonical(message)
        head, _, body = (b"\r\n" + message).partition(b"\r\n\r\n")
        fields = list(unfolded_fields(head))
        body_hash = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest())
        names, signed = _covered(fields)
        issued = int(now.timestamp())
        window = b"t=%d; x=%d" % (issued, issued + int(self.lifetime.total_seconds()))
        return b"".join(_signature(key, names, signed, body_hash, window) for key in self.keys) + message


def unfolded_fields(head: bytes) -> Iterator[tuple[str, bytes]]:
    """(lower-case name, relaxed field) of each header field, in order (RFC 6376 section 3.4.2)."""
    for raw in filter(None, _FIELD_ENDS.split(head)):
        name, _, value = raw.partition(b":")
        text = _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")
        lower = name.rstrip(b" \t").lower()
        yield lower.decode("latin-1"), lower + b":" + text


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376 section 3.4.4, of a body with CRLF line ends. Replacing is six times as fast as a pattern."""
    if b"\t" in body:
        body = body.replace(b"\t", b" ")
    while b"  " in body:
        body = body.replace(b"  ", b" ")
    body = body.replace(b" \r\n", b"\r\n")
    if body.endswith(b"\r\n\r\n") or body == b"\r\n":
        body = body.rstrip(b"\r\n")
        body += b"\r\n" if body else b""
    return body


def _covered(fields: Sequence[tuple[str, bytes]]) -> tuple[bytes, bytes]:
    """`h=` as it is written, and the fields it stands for in that order, as they are hashed.

    Repeated fields are signed from the last one upwards (RFC 6376 section 5.4.2).
    """
    by_name: dict[str, list[bytes]] = {}
    for name, text in reversed(fields):
        by_name.setdefault(name, []).append(text)
    wanted = tuple((name, len(by_name.get(name, ()))) for name in (*ALWAYS, *WHEN_PRESENT))
    chosen = [text for name, _ in wanted for text in by_name.get(name, ())]
    return _names(wanted), b"".join(text + b"\r\n" for text in chosen)


@lru_cache(maxsize=64)
def _names(counts: tuple[tuple[str, int], ...]) -> bytes:
    """`h=`, folded. A campaign's messages have the same headers, so this is made once."""
    named = [(name, count + 1) for name, count in counts if count or name in ALWAYS]
    return b"\r\n\t".join(_wrapped([name for name, times in named for _ in range(times)]))


def _signature(key: Key, names: bytes, signed: bytes, body_hash: bytes, window: bytes) -> bytes:
    tags = [
        f"v=1; a={key.algorithm}; c=relaxed/relaxed; d={key.domain};".encode(),
        f"s={key.selector}; ".encode() + window + b";",
        b"h=" + names + b";",
        b"bh=" + body_hash + b";",
        b"b=",
    ]
    field_text = b"DKIM-Signature: " + b"\r\n\t".join(tags)
    _, hashed = next(unfolded_fields(field_text))
    value = base64.b64encode(key.sign(signed + hashed))  # without the CRLF of its own line: section 3.7
    folded = b"\r\n\t".join(value[at : at + _FOLD_AT] for at in range(0, len(value), _FOLD_AT))
    return field_text + folded + b"\r\n"


def _wrapped(names: Sequence[str]) -> Iterator[bytes]:
    line = ""
    for name in names:
        if len(line) + len(name) > _FOLD_AT:
            yield line.encode()
            line = ""
        line += name + ":"
    yield line.removesuffix(":").encode()
