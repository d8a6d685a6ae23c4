"""checkdmarc 6 behind our `Dns` port: its parsers directly, its SPF tree with a resolver that is our port."""

from dataclasses import dataclass
from typing import Any

import dns.resolver
from checkdmarc import dmarc, spf, utils

from checks.ports import Answer, Dns, Got, Host, Mx, Record, Txt

RESOLVER: Any = dns.resolver  # its exceptions have no types


@dataclass(frozen=True)
class SpfOpinion:
    """Whether it is valid, and the look-ups it counts; `error` is the name of what was raised."""

    error: str
    lookups: int


def spf_tree(port: Dns, domain: str) -> SpfOpinion:
    """What checkdmarc says of a domain's SPF record and the tree behind it."""
    utils.DNS_CACHE.clear()
    resolver: Any = PortResolver(port)
    found = spf.check_spf(domain, resolver=resolver, timeout=1)
    return SpfOpinion("" if found["valid"] else str(found["error"]), int(found.get("dns_lookups") or 0))


def dmarc_valid(text: str) -> bool:
    """Whether checkdmarc parses a record; one without report URIs needs no DNS."""
    try:
        dmarc.parse_dmarc_record(text, "example.com", resolver=PortResolver(Silence()))
    except dmarc.DMARCError:
        return False
    return True


def uri_valid(text: str) -> bool:
    """Whether checkdmarc takes a report URI."""
    try:
        dmarc.parse_dmarc_report_uri(text)
    except dmarc.DMARCError:
        return False
    return True


class Silence:
    """A port that must not be asked."""

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        raise AssertionError(f"asked for {name} {rdtype} (fresh {fresh})")

    def ask_all(self, questions: Any, *, fresh: bool = False) -> Any:
        raise AssertionError(f"asked for {list(questions)} (fresh {fresh})")

    def flight(self) -> Any:
        raise AssertionError("asked for a flight")


class PortResolver:
    """The one method of dnspython's resolver that checkdmarc calls; anything else is not there."""

    nameservers = ("port",)
    timeout = lifetime = 1.0

    def __init__(self, port: Dns) -> None:
        self._port = port

    def resolve(self, name: object, rdtype: str, **_: object) -> list["PortRdata"]:
        answer = self._port.ask(str(name).removesuffix("."), str(rdtype))
        if answer.got is Got.NXDOMAIN:
            raise RESOLVER.NXDOMAIN
        if answer.got is Got.NODATA:
            raise RESOLVER.NoAnswer(response=_Nothing())
        if answer.got is Got.FAILED:
            raise RESOLVER.LifetimeTimeout(timeout=1.0, errors=[])
        return [PortRdata(record) for record in answer.records]


class _Nothing:
    question = "nothing"


@dataclass(frozen=True)
class PortRdata:
    """A record as checkdmarc reads it."""

    record: Record

    @property
    def strings(self) -> tuple[bytes, ...]:
        return self.record.strings if isinstance(self.record, Txt) else ()

    @property
    def preference(self) -> int:
        return self.record.preference if isinstance(self.record, Mx) else 0

    @property
    def exchange(self) -> "PortRdata":
        return PortRdata(Host(self.record.host if isinstance(self.record, Mx) else ""))

    def to_text(self, omit_final_dot: bool = False) -> str:
        del omit_final_dot
        if isinstance(self.record, Mx):
            return f"{self.record.preference} {self.record.host}."
        return str(self.record)
