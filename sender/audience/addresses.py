"""An e-mail address, by a grammar of our own that is stricter than RFC 5322: what can be mailed.

Parsers disagree about comments, quotes and encoded-words in addresses, and such disagreements have sent mail
to strangers (cpython #152519). So there is one small grammar: `local@domain` of RFC 5321 with RFC 6531's
letters, no comments, no white space, no display name. The identity of an address, by which people are
found, suppressed and counted once, is its lower-case form: no mail provider tells Ada@ from ada@.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass

import idna

LONGEST_LOCAL = 64
LONGEST_DOMAIN = 253
LONGEST = 254
"""Octets: RFC 5321 sections 4.5.3.1.1 to 4.5.3.1.3, less the angle brackets of a path."""

COMMON = re.compile(
    r"([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63})"
)
ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+")
QUOTED = re.compile(r'"(?:[\x20\x21\x23-\x5b\x5d-\x7e\u00a0-\U0010ffff]|\\[\x20-\x7e])*"')
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
NOT_FOR_PEOPLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}


class AddressError(ValueError):
    """Not an address that can be mailed; the message says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """`local` in NFC as it was written, `domain` in lower-case A-labels (or a literal in brackets)."""

    local: str
    domain: str

    @property
    def mailbox(self) -> str:
        """Where mail goes: what stands in the envelope."""
        return f"{self.local}@{self.domain}"

    @property
    def identity(self) -> str:
        """What makes two addresses the same person's."""
        return f"{self.local.lower()}@{self.domain}"

    @property
    def needs_smtputf8(self) -> bool:
        """The local part goes beyond ASCII (RFC 6531); the domain never does."""
        return not self.local.isascii()


def parse_address(text: str, *, quoted: bool = False, literal: bool = False) -> Address:
    """Read one address; raises `AddressError`. Nothing is trimmed or mended.

    `quoted` also takes `"quoted local parts"@…`, `literal` also `…@[192.0.2.1]`; no list needs either.
    """
    if len(text) > 2 * LONGEST:
        raise AddressError("The address is too long.")
    common = COMMON.fullmatch(text)
    if common and "--" not in common[2]:
        return _measured(Address(common[1], common[2].lower()))
    local, domain = _halves(unicodedata.normalize("NFC", text))
    _check_local(local, quoted)
    if domain.startswith("["):
        return _measured(Address(_unquoted(local), _literal(domain, literal)))
    return _measured(Address(_unquoted(local), _domain(domain)))


def _halves(text: str) -> tuple[str, str]:
    end = match.end() if (match := QUOTED.match(text)) else 0
    at = text.find("@", end)
    if at < 0:
        raise AddressError("There is no @ in the address.")
    return text[:at], text[at + 1 :]


def _check_local(local: str, quoted: bool) -> None:
    if not local:
        raise AddressError("There is nothing before the @.")
    if len(local.encode()) > LONGEST_LOCAL:
        raise AddressError(f"The part before the @ is longer than {LONGEST_LOCAL} octets.")
    if QUOTED.fullmatch(local):
        if not quoted:
            raise AddressError("A quoted part before the @ is not taken.")
    else:
        # decomposed too: "\u226e" is a "<" with a stroke to a reader that takes it apart
        for atom in (*local.split("."), *unicodedata.normalize("NFD", local).split(".")):
            if not ATOM.fullmatch(atom):
                raise AddressError("The part before the @ has a character or a dot where none can be.")
    _check_letters(local)


def _check_letters(text: str) -> None:
    """Beyond ASCII: nothing invisible, nothing unassigned, and no mark that would join the sign before it."""
    if text.isascii():
        return
    if any(unicodedata.category(sign) in NOT_FOR_PEOPLE for sign in text if ord(sign) > 0x7F):
        raise AddressError("The address has an invisible or unassigned character.")
    if unicodedata.combining(text[0]):
        raise AddressError("The address begins with a combining mark.")


def _unquoted(local: str) -> str:
    """Quotes that are not needed change nothing (RFC 5321 section 4.1.2), so they go."""
    if not local.startswith('"'):
        return local
    plain = re.sub(r"\\(.)", r"\1", local[1:-1])
    if plain and all(ATOM.fullmatch(atom) for atom in plain.split(".")):
        return plain
    return '"' + re.sub(r'(["\\])', r"\\\1", plain) + '"'


def _domain(text: str) -> str:
    if not text:
        raise AddressError("There is nothing after the @.")
    if any(unicodedata.category(sign) in NOT_FOR_PEOPLE for sign in text):
        raise AddressError("The domain has a space or an invisible character.")
    try:
        name = text.lower() if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise AddressError(f"The domain {text!r} is no valid internationalised domain (IDNA 2008).") from None
    labels = name.split(".")
    for label in labels:
        _check_label(label)
    if len(labels) < 2:
        raise AddressError(f"The domain {name!r} has no dot in it.")
    if labels[-1].isdigit():
        raise AddressError(f"The domain {name!r} ends in a number.")
    _check_direction(labels)
    return name


def _check_label(label: str) -> None:
    if not LABEL.fullmatch(label):
        raise AddressError(
            "The domain has an empty label, a hyphen at an edge or a character that no domain has."
        )
    if label[2:4] == "--":
        if not label.startswith("xn--"):
            raise AddressError(
                f"The label {label!r} has hyphens where only encoded labels have them (RFC 5891)."
            )
        try:
            idna.ulabel(label)
        except (idna.IDNAError, UnicodeError):
            raise AddressError(f"The label {label!r} is no valid A-label.") from None


def _check_direction(labels: list[str]) -> None:
    """In a domain with a right-to-left label every label must hold to the Bidi rule (RFC 5893 section 2)."""
    if not any(label.startswith("xn--") for label in labels):
        return
    shown = [idna.ulabel(label) if label.startswith("xn--") else label for label in labels]
    if any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for label in shown for sign in label):
        try:
            for label in shown:
                idna.check_bidi(label, check_ltr=True)
        except idna.IDNAError:
            raise AddressError("The domain mixes directions of writing (RFC 5893).") from None


def _literal(text: str, allowed: bool) -> str:
    """`[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 section 4.1.3)."""
    if not allowed:
        raise AddressError("An address literal in brackets is not taken.")
    inside = text[1:-1] if text.endswith("]") else ""
    try:
        if inside[:5].lower() == "ipv6:":
            return f"[IPv6:{_ipv6(inside[5:])}]"
        return f"[{ipaddress.IPv4Address(inside)}]"
    except ValueError:
        raise AddressError("What stands in the brackets is no address literal.") from None


def _ipv6(text: str) -> str:
    """`::` stands for two groups or more (RFC 5321 section 4.1.3, unlike RFC 4291)."""
    groups = len([group for group in text.split(":") if group]) + text.count(".", 0, -1) // 3
    if "::" in text and groups > 6:
        raise ValueError(text)
    return str(ipaddress.IPv6Address(text))


def _measured(address: Address) -> Address:
    """Octets, not letters; the displayed form of an internationalised domain counts too."""
    if len(address.local.encode()) > LONGEST_LOCAL:
        raise AddressError(f"The part before the @ is longer than {LONGEST_LOCAL} octets.")
    if len(address.domain) > LONGEST_DOMAIN or len(address.mailbox.encode()) > LONGEST:
        raise AddressError(f"The address is longer than {LONGEST} octets.")
    return address
