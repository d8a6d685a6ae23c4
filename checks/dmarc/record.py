"""Parse the text of a DMARC policy record (RFC 9989 section 4.7, with the tags that only RFC 7489 knew)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from checks.dmarc.uri import ReportUri, parse_uris
from checks.tags import TagList, parse_tags

_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")


class Disposition(StrEnum):
    """What a domain asks receivers to do; mildest first."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"

    @property
    def rank(self) -> int:
        return list(Disposition).index(self)

    @property
    def milder(self) -> "Disposition":
        """One level lower: what `t=y` makes of it (RFC 9989 section 4.7)."""
        return list(Disposition)[max(0, self.rank - 1)]


class Flaw(StrEnum):
    """What can be wrong with a record."""

    SYNTAX = "syntax"
    VALUE = "value"
    URI = "uri"
    NO_POLICY = "no-policy"


@dataclass(frozen=True, slots=True)
class Fault:
    """One error: of what kind, in which tag, and a sentence's end that says what is wrong."""

    flaw: Flaw
    tag: str
    what: str

    def __str__(self) -> str:
        return self.what


POLICIES = ("p", "sp", "np")
_ALLOWED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(POLICIES, tuple(Disposition)),
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
    "t": ("y", "n"),
    "psd": ("y", "n", "u"),
}
_FO = ("0", "1", "d", "s")
REMOVED = ("pct", "rf", "ri")
"""Tags of RFC 7489 that RFC 9989 took out; receivers of today ignore them."""
KNOWN = frozenset({"v", "rua", "ruf", "fo", *_ALLOWED, *REMOVED})


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """A record with its valid values; what is invalid is left out and told in `faults` (section 4.7)."""

    text: str
    tags: TagList
    p: Disposition | None
    sp: Disposition | None
    np: Disposition | None
    strict_dkim: bool
    strict_spf: bool
    testing: bool
    psd: str
    """ "y", "n" or "u"."""
    rua: tuple[ReportUri, ...]
    ruf: tuple[ReportUri, ...]
    fo: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def usable(self) -> bool:
        """Whether receivers apply DMARC: valid policies, or a valid `rua` (RFC 9989 section 4.10.1)."""
        return self.valid or bool(self.rua)

    @property
    def policy(self) -> Disposition:
        """`p` as receivers take it; `none` when a policy tag is missing or wrong (section 4.10.1)."""
        return self.p if self.p is not None and self.valid else Disposition.NONE

    def policy_for(self, *, subdomain: bool, exists: bool = True) -> Disposition:
        """The policy for the record's own domain, or for a name below it that exists or not (section 4.7)."""
        if not self.valid or not subdomain:
            return self.policy
        chosen = (self.np if not exists else None) or self.sp or self.p
        return chosen or Disposition.NONE

    @property
    def valid(self) -> bool:
        """Whether p is there and p, sp and np are policies that exist."""
        wrong = {fault.tag for fault in self.faults if fault.flaw is Flaw.VALUE}
        return self.p is not None and not wrong & set(POLICIES)


def is_dmarc(text: str) -> bool:
    """Whether a TXT record is a DMARC record: `v=DMARC1`, exactly and first (RFC 9989 section 4.10)."""
    return _VERSION.match(text) is not None


def parse(text: str) -> DmarcRecord:
    """Parse a record that `is_dmarc`; all faults are collected, none is raised."""
    tags = parse_tags(text)
    rua, bad_rua = parse_uris(tags.get("rua"))
    ruf, bad_ruf = parse_uris(tags.get("ruf"))
    faults = [Fault(Flaw.SYNTAX, "", fault) for fault in tags.faults]
    faults += [fault for tag in _ALLOWED for fault in _value_fault(tags, tag)]
    faults += _fo_faults(tags.get("fo"))
    faults += [
        Fault(Flaw.URI, tag, what) for tag, bad in (("rua", bad_rua), ("ruf", bad_ruf)) for what in bad
    ]
    if tags.get("p") is None:
        faults.append(Fault(Flaw.NO_POLICY, "p", "the policy tag p is missing"))
    values = {tag: _value(tags, tag) for tag in _ALLOWED}
    return DmarcRecord(
        text=text,
        tags=tags,
        p=_disposition(values["p"]),
        sp=_disposition(values["sp"]),
        np=_disposition(values["np"]),
        strict_dkim=values["adkim"] == "s",
        strict_spf=values["aspf"] == "s",
        testing=values["t"] == "y",
        psd=values["psd"] or "u",
        rua=rua,
        ruf=ruf,
        fo=tuple(option for option in _options(tags.get("fo")) if option in _FO),
        faults=tuple(faults),
    )


def _value(tags: TagList, tag: str) -> str | None:
    """The value in lower case (case does not matter), or None when it is absent or not allowed."""
    value = (tags.get(tag) or "").lower()
    return value if value in _ALLOWED[tag] else None


def _disposition(value: str | None) -> Disposition | None:
    return Disposition(value) if value else None


def _value_fault(tags: TagList, tag: str) -> Iterator[Fault]:
    written = tags.get(tag)
    if written is not None and _value(tags, tag) is None:
        allowed = ", ".join(_ALLOWED[tag])
        yield Fault(Flaw.VALUE, tag, f"{tag}={written[:60]} is none of {allowed}")


def _options(fo: str | None) -> list[str]:
    return [option.strip().lower() for option in (fo or "").split(":")] if fo is not None else []


def _fo_faults(fo: str | None) -> list[Fault]:
    """RFC 9989 section 4.7: colon-separated, each once, 0 and 1 exclude each other."""
    options = _options(fo)
    faults = [
        Fault(Flaw.VALUE, "fo", f"fo={option[:60]} is none of 0, 1, d, s")
        for option in options
        if option not in _FO
    ]
    if len(set(options)) != len(options) or {"0", "1"} <= set(options):
        faults.append(Fault(Flaw.VALUE, "fo", f"fo={fo} names an option twice, or both 0 and 1"))
    return faults
