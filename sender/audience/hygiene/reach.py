"""Whether a domain takes mail at all: MX, else its own addresses (RFC 5321 5.1), or a null MX (RFC 7505).

Bounded: so many domains in all, each asked once; after a row of failures nobody is asked any more, because
then it is we who are cut off. What was not asked or not answered costs nobody anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from checks.ports import Answer, Dns, Got, Mx, Question

MOST_DOMAINS = 20_000
AT_ONCE = 500
CUT_OFF = 20
"""Failures in a row, and not one answer before them."""


class Reach(StrEnum):
    MX = "mx"
    ADDRESS = "address"
    """No MX, but the domain itself has an address: mail goes there."""
    NULL_MX = "null_mx"
    NO_SERVER = "no_server"
    NO_DOMAIN = "no_domain"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"

    @property
    def never(self) -> bool:
        """The world has said that no mail can arrive there."""
        return self in (Reach.NULL_MX, Reach.NO_SERVER, Reach.NO_DOMAIN)


WORDS: Mapping[Reach, str] = {
    Reach.NULL_MX: "the domain says that it takes no mail (null MX)",
    Reach.NO_SERVER: "the domain has no mail server",
    Reach.NO_DOMAIN: "the domain does not exist",
}


@dataclass
class Reaching:
    """Asks for domains, and remembers. `dns` None: nobody is asked."""

    dns: Dns | None
    most: int = MOST_DOMAINS
    known: dict[str, Reach] = field(default_factory=dict)
    _failures: int = 0
    _answers: int = 0

    def of(self, domains: Iterable[str]) -> Mapping[str, Reach]:
        """How each can be reached; new ones are asked, side by side."""
        wanted = dict.fromkeys(domains)
        new = [domain for domain in wanted if domain not in self.known and not domain.startswith("[")]
        for start in range(0, len(new), AT_ONCE):
            self._ask(new[start : start + min(AT_ONCE, max(0, self.most - len(self.known)))])
        return {domain: self.known.get(domain, Reach.NOT_ASKED) for domain in wanted}

    @property
    def cut_off(self) -> bool:
        return self._answers == 0 and self._failures >= CUT_OFF

    def _ask(self, domains: list[str]) -> None:
        if self.dns is None or self.cut_off or not domains:
            return
        answers = self.dns.ask_all([Question(domain, "MX") for domain in domains])
        without = [d for d, answer in zip(domains, answers, strict=True) if answer.got is Got.NODATA]
        asked = [Question(domain, kind) for domain in without for kind in ("A", "AAAA")]
        found = self.dns.ask_all(asked) if asked else []
        addresses = {domain: found[2 * n : 2 * n + 2] for n, domain in enumerate(without)}
        for domain, answer in zip(domains, answers, strict=True):
            self._failures += not answer.ok
            self._answers += answer.ok
            self.known[domain] = _reach(answer, addresses.get(domain, ()))


def _reach(mx: Answer, addresses: Iterable[Answer]) -> Reach:
    match mx.got:
        case Got.FAILED:
            return Reach.UNKNOWN
        case Got.NXDOMAIN:
            return Reach.NO_DOMAIN
        case Got.RECORDS:
            hosts = [record.host for record in mx.records if isinstance(record, Mx)]
            return Reach.MX if any(hosts) else Reach.NULL_MX
    if any(answer.records for answer in addresses):
        return Reach.ADDRESS
    return Reach.NO_SERVER if all(answer.ok for answer in addresses) else Reach.UNKNOWN
