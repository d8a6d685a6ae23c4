"""Domain names as people give them and as DNS wants them.

Everywhere in Homing a name is lower-case A-labels without a trailing dot; `normalise_domain` is where
names from outside become that.
"""

import ipaddress
import re
from collections.abc import Iterator

import idna

MAX_NAME = 253
"""Octets of a name in text form (RFC 1035 section 2.3.4: 255 on the wire)."""
MAX_LABEL = 63

_DOTS = re.compile(
    "[.\u3002\uff0e\uff61]"
)  # the full stops that IDNA takes as separators (RFC 3490 section 3.1)
_PLAIN = re.compile(r"[a-z0-9_-]+")
_PORT = re.compile(r"(?P<host>[^:]+):\d+")


def normalise_domain(text: str) -> str:
    """A domain as a person typed it -> lower-case A-labels (IDNA 2008) without a trailing dot.

    Underscore labels are let through, since DNS names such as `_spf.example.com` are asked for too.
    Raises ValueError with a sentence that can be shown.
    """
    given = text.strip()
    _refuse_what_is_no_domain(given)
    labels = [_label(label, given) for label in _DOTS.split(given)]
    if labels[-1] == "":  # the trailing dot
        labels.pop()
    if "" in labels:
        raise ValueError(f"'{given}' has an empty label (two dots in a row, or one at the start).")
    if labels[-1].isdigit():
        raise ValueError(f"'{given}' ends in a number, as no domain does. Is it a mistyped address?")
    name = ".".join(labels)
    if len(name) > MAX_NAME:
        raise ValueError(f"'{given[:40]}…' is {len(name)} characters long; a domain has at most {MAX_NAME}.")
    return name


def _refuse_what_is_no_domain(given: str) -> None:
    """Raise for what is often given in place of a domain, saying what to give instead."""
    if not given or given == ".":
        raise ValueError("The domain is empty. Give one such as example.com.")
    if is_address(given.strip("[]")):
        raise ValueError(f"{given} is an address, not a domain. Give the domain, and the address with --ip.")
    if "://" in given or "/" in given:
        host = re.split(r"[/?#]", given.partition("://")[2] or given)[0]
        raise ValueError(f"'{given}' is a URL. Give its domain alone: {host}")
    if "@" in given:
        host = given.rpartition("@")[2].strip("<> ")
        raise ValueError(f"'{given}' is an e-mail address. Give its domain alone: {host}")
    if port := _PORT.fullmatch(given):
        raise ValueError(f"'{given}' has a port. Give the domain alone: {port['host']}")
    if given.startswith("*."):
        raise ValueError(f"'{given}' is a wildcard. Give a domain that exists: {given[2:]}")
    if re.search(r"\s", given):
        raise ValueError(f"'{given}' has a space in it. Give one domain at a time.")


def _label(label: str, given: str) -> str:
    """One label -> its lower-case A-label; "" stays "" for the caller to judge."""
    ascii_form = label.lower() if label.isascii() else _to_a_label(label, given)
    if len(ascii_form) > MAX_LABEL:
        raise ValueError(
            f"The label '{label[:20]}…' is {len(ascii_form)} characters long; DNS takes at most {MAX_LABEL}."
        )
    if ascii_form and not _PLAIN.fullmatch(ascii_form):
        bad = next(c for c in ascii_form if not _PLAIN.fullmatch(c))
        raise ValueError(f"'{given}' is not a domain: '{bad}' cannot stand in one.")
    return ascii_form


def _to_a_label(label: str, given: str) -> str:
    try:
        return idna.encode(label, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError(
            f"'{given}' cannot be written as an internationalised domain (IDNA 2008): {error}. "
            "If the domain is registered all the same, give its xn-- form."
        ) from error


def is_address(text: str) -> bool:
    """Whether the text is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def reverse_labels(ip: str) -> str:
    """The labels that blocklists and PTR names are made of: "2.0.0.127", or 32 nibbles for IPv6.

    Raises ValueError when `ip` is no address.
    """
    pointer = ipaddress.ip_address(ip).reverse_pointer
    return pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")


def reverse_name(ip: str) -> str:
    """The name that holds the PTR records of an address (RFC 1035 section 3.5, RFC 3596 section 2.5).

    Raises ValueError when `ip` is no address.
    """
    return ipaddress.ip_address(ip).reverse_pointer


def is_subdomain(name: str, of: str) -> bool:
    """Whether `name` is at or below `of`; both normalised, "" being the root."""
    return not of or name == of or name.endswith("." + of)


def parents(name: str) -> Iterator[str]:
    """The names above, nearest first, without the root: "a.b.example" -> "b.example", "example"."""
    while "." in name:
        name = name.partition(".")[2]
        yield name


def flaw(name: str) -> str:
    """Why a name cannot be put into a DNS question, as a sentence; "" when it can.

    Looser than `normalise_domain`: what SPF macros and foreign records produce must be askable as long
    as it fits on the wire (RFC 1035 section 2.3.4; RFC 2181 section 11).
    """
    bare = name.removesuffix(".")
    if not bare.isascii():
        return f"{name!r} has characters outside ASCII"
    if len(bare) > MAX_NAME:
        return f"the name has {len(bare)} characters, more than {MAX_NAME}"
    labels = bare.split(".") if bare else []
    if "" in labels:
        return f"{name!r} has an empty label"
    if any(len(label) > MAX_LABEL for label in labels):
        return f"{name!r} has a label of more than {MAX_LABEL} characters"
    return ""
