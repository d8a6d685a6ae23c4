"""A `Dns` that answers from a literal zone, in the format of the corpora.

    {"example.com": {"MX": [[10, "mx.example.com"]], "TXT": [["v=spf1 -all"]], "A": "TIMEOUT"},
     "dead.example": {"*": "TIMEOUT"}, "www.example.com": {"CNAME": ["example.com"]}}

A name that is missing is NXDOMAIN, a type that is missing is NODATA; the name of any `Why`
("TIMEOUT", "SERVFAIL", "REFUSED", "LAME" …) in place of the records is that failure, "*" speaks for all
other types. CNAMEs are followed. There are no wildcards and no empty non-terminals: what is not written
down does not exist.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from checks.names import flaw, parents
from checks.ports import Address, Answer, Got, Host, Mx, Other, Question, Record, Soa, Txt, Why

Zone = Mapping[str, Any]
"""name -> {type: records | failure}; loosely typed, so that a literal needs no annotation."""

FAILURES = {why.name: why for why in Why}
RCODES = {Why.SERVFAIL: "SERVFAIL", Why.REFUSED: "REFUSED", Why.FORMERR: "FORMERR"}
TTL = 300
MAX_CHAIN = 8


class ZoneDns:
    """The fake. `asked` remembers every question, `asked_fresh` those that had to go to the wire.

    `silent`: a prefix of names that time out when they are absent (the SPF suites use "error.").
    """

    def __init__(self, zone: Zone, *, silent: str = "", authenticated: bool = False) -> None:
        self.zone: dict[str, Mapping[str, Any]] = {_plain(name): types for name, types in zone.items()}
        self.silent = silent
        self.authenticated = authenticated
        self.asked: list[Question] = []
        self.asked_fresh: list[Question] = []

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        question = Question(_plain(name), rdtype.upper())
        self.asked.append(question)
        if fresh:
            self.asked_fresh.append(question)
        if problem := flaw(name):
            return _failed(question, Why.BAD_NAME, (), problem)
        return self._walk(question)

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        return [self.ask(question.name, question.rdtype, fresh=fresh) for question in questions]

    def flight(self) -> "ZoneFlight":
        return ZoneFlight(self)

    def _walk(self, question: Question) -> Answer:
        chain: list[str] = []
        name = question.name
        while True:
            found = self._at(name, question.rdtype)
            if isinstance(found, Why):
                return _failed(question, found, tuple(chain))
            if found or question.rdtype == "CNAME":
                return self._answer(question, name, found, tuple(chain))
            aliases = self._at(name, "CNAME") if "CNAME" in self.zone.get(name, {}) else ()
            if isinstance(aliases, Why):
                return _failed(question, aliases, tuple(chain))
            if not aliases:
                return self._answer(question, name, (), tuple(chain))
            name = str(aliases[0])
            if name in (question.name, *chain) or len(chain) == MAX_CHAIN:
                return _failed(question, Why.LOOP, (*chain, name))
            chain.append(name)

    def _at(self, name: str, rdtype: str) -> tuple[Record, ...] | Why:
        types = self.zone.get(name)
        if types is None:
            return Why.TIMEOUT if self.silent and name.startswith(self.silent) else ()
        stored = types.get(rdtype, () if "CNAME" in types else types.get("*", ()))
        if isinstance(stored, str):
            return FAILURES[stored.upper()]
        return tuple(_record(rdtype, rdata) for rdata in stored)

    def _answer(
        self, question: Question, owner: str, records: tuple[Record, ...], chain: tuple[str, ...]
    ) -> Answer:
        got = Got.RECORDS if records else Got.NODATA if owner in self.zone else Got.NXDOMAIN
        return Answer(
            question,
            got,
            records,
            chain=chain,
            ttl=TTL,
            soa=None if records else self._soa(owner),
            rcode="NXDOMAIN" if got is Got.NXDOMAIN else "NOERROR",
            authenticated=self.authenticated,
            resolver="zone",
        )

    def _soa(self, name: str) -> Soa | None:
        for apex in (name, *parents(name)):
            stored = self.zone.get(apex, {}).get("SOA")
            if stored and not isinstance(stored, str):
                fields = str(stored[0]).split()
                return Soa(apex, int(fields[2]), int(fields[6]))
        return None


class ZoneFlight:
    """First asked, first answered."""

    def __init__(self, dns: ZoneDns) -> None:
        self._dns = dns
        self._waiting: deque[tuple[str, str, bool]] = deque()

    def __enter__(self) -> "ZoneFlight":
        return self

    def __exit__(self, *exc: object) -> None:
        self._waiting.clear()

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> None:
        self._waiting.append((name, rdtype, fresh))

    def __iter__(self) -> Iterator[Answer]:
        while self._waiting:
            name, rdtype, fresh = self._waiting.popleft()
            yield self._dns.ask(name, rdtype, fresh=fresh)


def _plain(name: str) -> str:
    return name.removesuffix(".").lower()


def _record(rdtype: str, rdata: Any) -> Record:
    if rdtype == "TXT":
        strings = [rdata] if isinstance(rdata, str | bytes) else rdata
        return Txt(
            tuple(s if isinstance(s, bytes) else s.encode("utf-8", "surrogateescape") for s in strings)
        )
    if rdtype in ("A", "AAAA"):
        return Address(str(ip_address(rdata)))
    if rdtype in ("PTR", "CNAME", "NS"):
        return Host(_plain(rdata))
    if rdtype == "MX":
        return Mx(int(rdata[0]), _plain(rdata[1]))
    return Other(str(rdata))


def _failed(question: Question, why: Why, chain: tuple[str, ...], note: str = "") -> Answer:
    return Answer(
        question,
        Got.FAILED,
        why=why,
        note=note or f"the zone says {why.value}",
        chain=chain,
        rcode=RCODES.get(why, ""),
        resolver="zone",
    )
