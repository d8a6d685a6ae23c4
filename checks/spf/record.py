"""Parse the text of an SPF record by the grammar of RFC 7208 section 12. Pure: text in, `Record` out."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from checks.ports import Record as DnsRecord
from checks.ports import Txt
from checks.spf.flaws import Fault, Flaw
from checks.spf.macro import Literal, MacroString
from checks.spf.macro import parse as parse_macros
from checks.spf.terms import QUALIFIERS, Kind, Mechanism, Modifier, Record, Result

VERSION = "v=spf1"
_TERM = re.compile(r"[^ ]+")
_NOT_VISIBLE = re.compile(r"[^\x21-\x7e]+")
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=(.*)", re.DOTALL)
_DIRECTIVE = re.compile(r"([+?~-]?)([A-Za-z0-9]*)(.*)", re.DOTALL)
_DUAL_CIDR = re.compile(r"(?:/(\d*))?(?://(\d*))?$")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,2}")
_KINDS = {kind.value: kind for kind in Kind}
_UNIQUE = ("redirect", "exp")


def text_of(record: Txt) -> str:
    """The strings joined without a space (RFC 7208 section 3.3), one character per byte."""
    return record.joined.decode("latin-1")


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record: exactly the version, then a space or the end (section 4.5)."""
    return text[:6].lower() == VERSION and text[6:7] in ("", " ")


def select(records: Sequence[DnsRecord]) -> tuple[str, ...]:
    """The texts of the SPF records among the records of a TXT answer."""
    texts = (text_of(record) for record in records if isinstance(record, Txt))
    return tuple(text for text in texts if is_spf(text))


@dataclass
class _Draft:
    mechanisms: list[Mechanism] = field(default_factory=list)
    modifiers: list[Modifier] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def blame(self, flaw: Flaw, at: int, text: str) -> None:
        self.faults.append(Fault(flaw, at, text))


@lru_cache(maxsize=256)
def parse(text: str) -> Record:
    """Parse a record that `is_spf`; all its faults are collected, none is raised.

    Remembered, since one audit meets the same text in the walk and in each evaluation.
    """
    draft = _Draft()
    for match in _TERM.finditer(text, len(VERSION)):
        _term(draft, match.group(), match.start())
    for name in _UNIQUE:
        for extra in [modifier for modifier in draft.modifiers if modifier.name == name][1:]:
            draft.blame(Flaw.TWICE, extra.at, extra.text)
    faults = tuple(sorted(draft.faults, key=lambda fault: fault.at))
    return Record(text, tuple(draft.mechanisms), tuple(draft.modifiers), faults)


def _term(draft: _Draft, text: str, at: int) -> None:
    if strange := _NOT_VISIBLE.search(text):
        draft.blame(Flaw.CHARACTER, at + strange.start(), text)
    elif modifier := _MODIFIER.fullmatch(text):
        _modifier(draft, text, at, modifier.group(1).lower(), modifier.start(2))
    else:
        _directive(draft, text, at)


def _modifier(draft: _Draft, text: str, at: int, name: str, start: int) -> None:
    value = text[start:]
    if name in _UNIQUE:
        parsed = _domain_spec(draft, value, at + start, text)
    else:
        parsed, faults = parse_macros(value, at + start)
        draft.faults += faults
    draft.modifiers.append(Modifier(text, at, name, parsed))


def _directive(draft: _Draft, text: str, at: int) -> None:
    match = _DIRECTIVE.fullmatch(text)
    qualifier, name, rest = match.groups() if match else ("", "", "")
    kind = _KINDS.get(name.lower())
    if kind is None or rest[:1] not in ("", ":", "/"):
        draft.blame(Flaw.UNKNOWN_MECHANISM, at, text)
        return
    term = _Term(draft, text, at, QUALIFIERS[qualifier or "+"], kind, at + len(text) - len(rest))
    mechanism = _ARGUMENTS[kind](term, rest)
    if mechanism is not None:
        draft.mechanisms.append(mechanism)


@dataclass
class _Term:
    """A directive half read: `start` is where its argument begins in the record."""

    draft: _Draft
    text: str
    at: int
    result: Result
    kind: Kind
    start: int

    def blame(self, flaw: Flaw) -> None:
        self.draft.blame(flaw, self.at, self.text)

    def domain(self, text: str) -> MacroString:
        return _domain_spec(self.draft, text, self.start + 1, self.text)


def _nothing(term: _Term, rest: str) -> Mechanism | None:
    if rest:
        term.blame(Flaw.ARGUMENT)
        return None
    return Mechanism(term.text, term.at, term.result, term.kind)


def _needs_domain(term: _Term, rest: str) -> Mechanism | None:
    if not rest.startswith(":"):
        term.blame(Flaw.NO_DOMAIN)
        return None
    return Mechanism(term.text, term.at, term.result, term.kind, domain=term.domain(rest[1:]))


def _may_have_domain(term: _Term, rest: str) -> Mechanism | None:
    return _needs_domain(term, rest) if rest.startswith(":") else _nothing(term, rest)


def _domain_and_prefixes(term: _Term, rest: str) -> Mechanism | None:
    match = _DUAL_CIDR.search(rest)
    cut = match.start() if match else len(rest)
    four, six = match.groups() if match else (None, None)
    prefix4, prefix6 = _prefix(four, 32), _prefix(six, 128)
    if prefix4 is None or prefix6 is None or rest[:cut][:1] not in ("", ":"):
        term.blame(Flaw.CIDR)
        return None
    domain = term.domain(rest[1:cut]) if rest.startswith(":") else None
    return Mechanism(term.text, term.at, term.result, term.kind, domain, None, prefix4, prefix6)


def _address(term: _Term, rest: str) -> Mechanism | None:
    wanted = IPv4Address if term.kind is Kind.IP4 else IPv6Address
    text, slash, length = rest[1:].partition("/")
    if not text:
        term.blame(Flaw.NO_ADDRESS)
        return None
    try:
        address = ip_address(text)
    except ValueError:
        address = None
    if address is None or "%" in text:
        term.blame(Flaw.ADDRESS)
        return None
    if not isinstance(address, wanted):
        term.blame(Flaw.WRONG_FAMILY)
        return None
    prefix = _prefix(length if slash else None, address.max_prefixlen)
    if prefix is None:
        term.blame(Flaw.CIDR)
        return None
    whole = IPv4Network if isinstance(address, IPv4Address) else IPv6Network
    network = whole((int(address), prefix), strict=False)
    return Mechanism(term.text, term.at, term.result, term.kind, network=network)


def _prefix(digits: str | None, longest: int) -> int | None:
    """The prefix length; `longest` when none is written, None when it is not a valid one."""
    if digits is None:
        return longest
    return int(digits) if _NUMBER.fullmatch(digits) and int(digits) <= longest else None


_ARGUMENTS: Mapping[Kind, Callable[[_Term, str], Mechanism | None]] = {
    Kind.ALL: _nothing,
    Kind.INCLUDE: _needs_domain,
    Kind.EXISTS: _needs_domain,
    Kind.PTR: _may_have_domain,
    Kind.A: _domain_and_prefixes,
    Kind.MX: _domain_and_prefixes,
    Kind.IP4: _address,
    Kind.IP6: _address,
}


def _domain_spec(draft: _Draft, text: str, at: int, term: str) -> MacroString:
    if not text:
        draft.blame(Flaw.NO_DOMAIN, at, term)
        return MacroString("", ())
    parsed, faults = parse_macros(text, at)
    draft.faults += faults
    if not faults and not _ends_well(parsed):
        draft.blame(Flaw.DOMAIN_END, at, text)
    return parsed


def _ends_well(domain: MacroString) -> bool:
    """domain-end = ( "." toplabel [ "." ] ) / macro-expand (RFC 7208 section 7.1)."""
    last = domain.parts[-1]
    if not isinstance(last, Literal):
        return True
    _, dot, label = last.text.removesuffix(".").rpartition(".")
    if not dot or not label.replace("-", "").isalnum():
        return False
    if "-" in label:
        return label[0] != "-" and label[-1] != "-"
    return not label.isdecimal()
