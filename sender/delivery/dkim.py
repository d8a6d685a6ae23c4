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

from sender.content.relaxed import hash_of, relaxed
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
_PADDING, _SHA256 = PKCS1v15(), SHA256()
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
            return self.private.sign(data, _PADDING, _SHA256)
        return self.private.sign(hashlib.sha256(data).digest())  # RFC 8463 section 3: PureEdDSA over the hash


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with every key it holds: one RSA key, and an Ed25519 key beside it where that is wished."""

    keys: tuple[Key, ...]
    lifetime: timedelta = timedelta(days=14)
    """Until `x=`: longer than any queue keeps a message, short enough to spoil a replay."""

    def sign(self, message: bytes, now: datetime, body_hash: bytes = b"") -> bytes:
        """The message with its signatures on top, in canonical line ends. Raises `lines.NotOnTheWire`.

        `body_hash` is `sender.content.relaxed.hash_of` its body, from whoever made the message of pieces that
        are canonical already; without it the message is looked through.
        """
        message = message if body_hash else canonical(message)
        head, _, body = (b"\r\n" + message).partition(b"\r\n\r\n")
        fields = [_relaxed_field(raw) for raw in _FIELD_ENDS.split(head) if raw]
        covered = _covered(tuple([name for name, _ in fields]))
        signed = b"".join([fields[index][1] + b"\r\n" for index in covered.fields])
        issued = int(now.timestamp())
        window = b"t=%d; x=%d" % (issued, issued + int(self.lifetime.total_seconds()))
        bh = body_hash or hash_of(relaxed(body))
        return b"".join([*(_signature(key, covered.names, signed, bh, window) for key in self.keys), message])


@lru_cache(maxsize=512)
def _relaxed_field(raw: bytes) -> tuple[bytes, bytes]:
    """(lower-case name, relaxed field) of a header field (RFC 6376 section 3.4.2); many are everybody's."""
    name, _, value = raw.partition(b":")
    text = _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")
    lower = name.rstrip(b" \t").lower()
    return lower, lower + b":" + text


@dataclass(frozen=True, slots=True)
class _Covered:
    names: Sequence[str]
    """What stands in `h=`, a field of which there could be one more twice."""
    fields: Sequence[int]
    """The fields that they stand for, in that order, by their place in the header."""


@lru_cache(maxsize=64)
def _covered(present: tuple[bytes, ...]) -> _Covered:
    """Of a header with fields of these names. A campaign's messages all have the same, so this is made once.

    Repeated fields are signed from the last one upwards (RFC 6376 section 5.4.2).
    """
    names: list[str] = []
    fields: list[int] = []
    for name in (*ALWAYS, *WHEN_PRESENT):
        places = [index for index, each in enumerate(present) if each == name.encode()]
        fields += reversed(places)
        if places or name in ALWAYS:
            names += [name] * (len(places) + 1)
    return _Covered(tuple(names), fields)


def _signature(key: Key, names: Sequence[str], signed: bytes, body_hash: bytes, window: bytes) -> bytes:
    start, start_relaxed, middle, middle_relaxed = _frame(key.algorithm, key.domain, key.selector, names)
    text = b"".join([start, window, middle, body_hash, b";\r\n\tb="])
    hashed = b"".join([start_relaxed, window, middle_relaxed, body_hash, b"; b="])
    value = base64.b64encode(key.sign(signed + hashed))  # without the CRLF of its own line: section 3.7
    folded = b"\r\n\t".join([value[at : at + _FOLD_AT] for at in range(0, len(value), _FOLD_AT)])
    return text + folded + b"\r\n"


@lru_cache(maxsize=64)
def _frame(algorithm: str, domain: str, selector: str, names: Sequence[str]) -> tuple[bytes, ...]:
    """The signature's field before `t=` and up to `bh=`, each as it is written and as it is hashed."""
    start = f"DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed; d={domain};\r\n\ts={selector}; ".encode()
    middle = b";\r\n\th=" + b"\r\n\t".join(_wrapped(names)) + b";\r\n\tbh="
    hashed = start.replace(b"DKIM-Signature: ", b"dkim-signature:")
    return start, hashed.replace(b"\r\n\t", b" "), middle, middle.replace(b"\r\n\t", b" ")


def _wrapped(names: Sequence[str]) -> Iterator[bytes]:
    line = ""
    for name in names:
        if len(line) + len(name) > _FOLD_AT:
            yield line.encode()
            line = ""
        line += name + ":"
    yield line.removesuffix(":").encode()
