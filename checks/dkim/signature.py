"""A DKIM-Signature field, taken apart and judged by itself (RFC 6376 sections 3.5 and 6.1.1). Pure."""

import base64
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks.dkim.key import KeyType
from checks.dkim.tags import FWS, Tags, parse_tags
from checks.mail import Field, Mail
from checks.names import flaw as name_flaw
from checks.names import is_subdomain

REQUIRED = ("v", "a", "b", "bh", "d", "h", "s")
ALGORITHMS = {"rsa-sha256": KeyType.RSA, "ed25519-sha256": KeyType.ED25519}
FORBIDDEN = "rsa-sha1"
FORMS = ("simple", "relaxed")
DIGITS = re.compile(r"[0-9]{1,76}")
SOON = timedelta(days=4)
"""A signature that lives shorter may be gone before a queue is empty."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The tags of a signature, ready to be used; `flaw` says why it must not be."""

    field: Field
    tags: Tags
    flaw: str = ""

    @property
    def domain(self) -> str:
        """`d=`, lower-case, without a trailing dot."""
        return bare(self.tags.get("d")).lower().rstrip(".")

    @property
    def selector(self) -> str:
        return bare(self.tags.get("s")).lower()

    @property
    def algorithm(self) -> str:
        return bare(self.tags.get("a")).lower()

    @property
    def identity(self) -> str:
        """The domain of `i=`; that of `d=` where it is missing."""
        return bare(self.tags.get("i")).rpartition("@")[2].lower() or self.domain

    @property
    def forms(self) -> tuple[str, str]:
        """(header, body) canonicalization."""
        head, _, body = bare(self.tags.get("c", "simple/simple")).lower().partition("/")
        return head, body or "simple"

    @property
    def signed(self) -> tuple[str, ...]:
        """The names in `h=`, lower-case, in order, repeated where they are."""
        return tuple(bare(name).lower() for name in self.tags.words("h"))

    @property
    def length(self) -> int | None:
        """`l=`: how many octets of the body count; None for all."""
        return int(bare(self.tags.get("l"))) if "l" in self.tags else None

    @property
    def issued(self) -> int | None:
        """`t=`, seconds since 1970."""
        return _number(self.tags, "t")

    @property
    def expires(self) -> int | None:
        """`x=`."""
        return _number(self.tags, "x")

    @property
    def body_hash(self) -> bytes:
        return _decoded(self.tags.get("bh")) or b""

    @property
    def value(self) -> bytes:
        return _decoded(self.tags.get("b")) or b""

    def oversigned(self, name: str, mail: Mail) -> bool:
        """Whether `h=` names a field once more than there are, so that nobody can add one."""
        return Counter(self.signed)[name] > len(mail.all(name))


def parse_signature(field: Field, now: datetime) -> Signature:
    """Take one DKIM-Signature apart; the first reason not to use it becomes `flaw`."""
    tags = parse_tags(field.body)
    found = Signature(field, tags)
    reasons = (_form, _domains, _methods, _numbers)
    flaw = next((reason for judge in reasons if (reason := judge(found))), "")
    return Signature(field, tags, flaw or _time(found, now))


def _form(found: Signature) -> str:
    tags = found.tags
    if tags.flaws:
        return f"the signature cannot be read: {tags.flaws[0]}"
    missing = [name for name in REQUIRED if name not in tags]
    if missing:
        return f"the signature has no {missing[0]}="
    if bare(tags.get("v")) != "1":
        return f"v={bare(tags.get('v'))[:20]} is not a version that exists"
    for name in ("b", "bh"):
        if not _decoded(tags.get(name)):
            return f"{name}= is no base64"
    return "" if "from" in found.signed else "From is not signed"


def _domains(found: Signature) -> str:
    if name_flaw(found.domain) or not found.domain or "." not in found.domain:
        return f"d={found.domain[:60]} is no domain"
    if not found.selector or name_flaw(found.selector):
        return f"s={found.selector[:60]} is no selector"
    if not is_subdomain(found.identity, of=found.domain):
        return f"i= ({found.identity[:60]}) is not below d= ({found.domain})"
    return ""


def _methods(found: Signature) -> str:
    if found.algorithm == FORBIDDEN:
        return "rsa-sha1 must not be accepted any more (RFC 8301)"
    if found.algorithm not in ALGORITHMS:
        return f"a={found.algorithm[:40]} is an unknown algorithm"
    if any(form not in FORMS for form in found.forms):
        return f"c={bare(found.tags.get('c'))[:40]} is an unknown canonicalization"
    methods = [bare(method).lower() for method in found.tags.words("q", "dns/txt")]
    return "" if "dns/txt" in methods else f"q={found.tags.get('q')[:40]} is an unknown way to find keys"


def _numbers(found: Signature) -> str:
    for name in ("l", "t", "x"):
        if name in found.tags and not DIGITS.fullmatch(bare(found.tags.get(name))):
            return f"{name}={found.tags.get(name)[:20]} is no number"
    if found.issued is not None and found.expires is not None and found.expires < found.issued:
        return "x= is before t="
    return ""


def _time(found: Signature, now: datetime) -> str:
    if found.expires is not None and found.expires < now.timestamp():
        return "the signature has expired (x=)"
    return ""


def bare(text: str) -> str:
    """A value without the white space that may stand in it."""
    return re.sub(f"[{FWS}]+", "", text)


def _number(tags: Tags, name: str) -> int | None:
    text = bare(tags.get(name))
    return int(text) if DIGITS.fullmatch(text) else None


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(bare(text), validate=True)
    except ValueError:
        return None
