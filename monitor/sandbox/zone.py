"""A zone as plain data, and what a name server answers from it (RFC 1034 section 4.3.2)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks.names import parents

Rdata = str | Sequence[str | int]
"""A TXT is its strings, an MX is `[preference, host]`, a SOA its seven fields, any other its presentation."""

Names = Mapping[str, Mapping[str, Sequence[Rdata] | str]]
"""`{name: {TYPE: [rdata…] | "TIMEOUT" | "SERVFAIL", "*": "TIMEOUT"}}`; lower case, no trailing dots."""

CNAMES_FOLLOWED = 8
ROOT = ""
NEGATIVE_TTL_SECONDS = 5


class Rcode(StrEnum):
    """How a question ends. `SILENCE` is no packet at all."""

    NOERROR = "NOERROR"
    NXDOMAIN = "NXDOMAIN"
    SERVFAIL = "SERVFAIL"
    SILENCE = "TIMEOUT"


@dataclass(frozen=True, slots=True)
class Row:
    """One record of an answer."""

    name: str
    rdtype: str
    rdata: Rdata


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a look-up; `apex` is the zone that a negative answer's SOA speaks for."""

    rcode: Rcode
    rows: tuple[Row, ...] = ()
    apex: str = ROOT


class Zone:
    """Everything that exists, as one recursive resolver would see it. Immutable: a change is a new `Zone`.

    `silent` and `broken` are domains (with all below them) whose name servers never answer, or cannot.
    """

    def __init__(self, names: Names, *, silent: Collection[str] = (), broken: Collection[str] = ()) -> None:
        self.names = names
        self.silent = frozenset(silent)
        self.broken = frozenset(broken)
        self._inner = {above for name in names for above in parents(name)}

    def look_up(self, name: str, rdtype: str) -> Found:
        """Answer one question, following CNAMEs. `name` in any case, without the trailing dot."""
        rows: list[Row] = []
        owner = name.lower()
        for _ in range(CNAMES_FOLLOWED):
            found = self._at(owner, rdtype)
            rows += found.rows
            alias = found.rows[0] if found.rows and found.rows[0].rdtype == "CNAME" else None
            if alias is None or rdtype == "CNAME":
                return Found(found.rcode, tuple(rows), self.apex(owner))
            owner = str(alias.rdata).lower()
        return Found(Rcode.SERVFAIL)

    def apex(self, name: str) -> str:
        """The zone that `name` lies in: the nearest name at or above it that has a SOA."""
        return next((zone for zone in (name, *parents(name)) if "SOA" in self.names.get(zone, {})), ROOT)

    def _at(self, name: str, rdtype: str) -> Found:
        lineage = (name, *parents(name))
        if not self.silent.isdisjoint(lineage):
            return Found(Rcode.SILENCE)
        if not self.broken.isdisjoint(lineage):
            return Found(Rcode.SERVFAIL)
        records = self.names.get(name)
        if records is None and name not in self._inner:
            records = self._wildcard(lineage)
            if records is None:
                return Found(Rcode.NXDOMAIN)
        return _answer(name, rdtype, records or {})

    def _wildcard(self, lineage: Sequence[str]) -> Mapping[str, Sequence[Rdata] | str] | None:
        """The records of `*.closest-encloser` (RFC 4592 section 3.3.1), if there are any."""
        for above in lineage[1:]:
            if above in self.names or above in self._inner:
                return self.names.get(f"*.{above}")
        return None


def _answer(name: str, rdtype: str, records: Mapping[str, Sequence[Rdata] | str]) -> Found:
    for key in (rdtype, "CNAME"):
        held = records.get(key)
        if isinstance(held, str):
            return Found(Rcode(held))
        if held:
            return Found(Rcode.NOERROR, tuple(Row(name, key, rdata) for rdata in held))
    every = records.get("*")
    return Found(Rcode(every)) if isinstance(every, str) else Found(Rcode.NOERROR)


def soa(primary: str, contact: str) -> list[str | int]:
    """A SOA's seven fields: what a zone that is tended looks like, its negative answers kept for seconds."""
    return [primary, contact, 2026112301, 7200, 900, 1209600, NEGATIVE_TTL_SECONDS]
