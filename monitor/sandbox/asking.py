"""The made-up world behind the `Dns` port, without a socket: the resolver that each pretend provider has.

A provider's resolver is not ours: it goes on answering while the sandbox's own is stopped.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast

from checks.ports import Address, Answer, Got, Host, Mx, Other, Question, Record, Txt, Why
from monitor.sandbox.zone import Found, Rcode, Rdata, Row, Zone

FAILURES = {Rcode.SILENCE: Why.TIMEOUT, Rcode.SERVFAIL: Why.SERVFAIL}


class WorldDns:
    """Answers from `zone()` as it is at that moment; nothing is cached, so everything is fresh."""

    def __init__(self, zone: Callable[[], Zone]) -> None:
        self._zone = zone

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:  # noqa: ARG002 - the port's
        question = Question(name.lower(), rdtype)
        return _answer(question, self._zone().look_up(question.name, rdtype))

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        return [self.ask(question.name, question.rdtype, fresh=fresh) for question in questions]

    def flight(self) -> "WorldFlight":
        return WorldFlight(self)


class WorldFlight:
    """First asked, first answered."""

    def __init__(self, dns: WorldDns) -> None:
        self._dns = dns
        self._waiting: deque[tuple[str, str]] = deque()

    def __enter__(self) -> "WorldFlight":
        return self

    def __exit__(self, *exc: object) -> None:
        self._waiting.clear()

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> None:  # noqa: ARG002 - the port's
        self._waiting.append((name, rdtype))

    def __iter__(self) -> Iterator[Answer]:
        while self._waiting:
            yield self._dns.ask(*self._waiting.popleft())


def _answer(question: Question, found: Found) -> Answer:
    if found.rcode in FAILURES:
        return Answer(question, Got.FAILED, why=FAILURES[found.rcode])
    records = tuple(_record(row) for row in found.rows if row.rdtype == question.rdtype)
    chain = tuple(str(row.rdata) for row in found.rows if row.rdtype == "CNAME" != question.rdtype)
    absent = Got.NXDOMAIN if found.rcode is Rcode.NXDOMAIN else Got.NODATA
    return Answer(question, Got.RECORDS if records else absent, records, chain=chain)


def _record(row: Row) -> Record:
    rdata = row.rdata
    match row.rdtype:
        case "TXT":
            return Txt(tuple(text.encode() for text in _texts(rdata)))
        case "A" | "AAAA":
            return Address(str(rdata))
        case "PTR" | "CNAME" | "NS":
            return Host(str(rdata).lower().removesuffix("."))
        case "MX":
            return Mx(int(rdata[0]), str(rdata[1]).removesuffix("."))
        case _:
            return Other(str(rdata))


def _texts(rdata: Rdata) -> Sequence[str]:
    return [rdata] if isinstance(rdata, str) else cast("Sequence[str]", rdata)
