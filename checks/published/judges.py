"""When a published record is good enough: it need not be ours word for word, it has to do what ours does."""

from collections.abc import Iterable, Sequence

from checks.dkim.key import parse_key
from checks.dmarc.record import is_dmarc
from checks.dmarc.record import parse as parse_policy
from checks.names import is_subdomain
from checks.ports import Address, Answer, Dns, Flight, Host, Mx, Question, Txt, World
from checks.published.wanted import Holds
from checks.spf.evaluate import evaluate
from checks.spf.record import select
from checks.spf.terms import Result


class Pinned:
    """A `Dns` for which one answer is settled: what one name server says, judged as if all said so."""

    def __init__(self, dns: Dns, answer: Answer) -> None:
        self._dns = dns
        self._answer = answer

    def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
        if Question(name, rdtype) == self._answer.question:
            return self._answer
        return self._dns.ask(name, rdtype, fresh=fresh)

    def ask_all(self, questions: Iterable[Question], *, fresh: bool = False) -> Sequence[Answer]:
        return [self.ask(question.name, question.rdtype, fresh=fresh) for question in questions]

    def flight(self) -> Flight:
        return self._dns.flight()


def passes(domain: str, ips: Sequence[str], helo: str) -> Holds:
    """SPF passes each of these addresses; without any, those of the HELO name (RFC 7208)."""

    def holds(answer: Answer, world: World) -> bool | None:
        if len(select(answer.records)) != 1:
            return False
        senders = ips or _addresses(world.dns, helo)
        dns = Pinned(world.dns, answer)
        found = [
            evaluate(dns, ip=ip, mail_from=f"postmaster@{domain}", helo=helo or domain, now=world.now)
            for ip in senders
        ]
        if any(verdict.result is Result.TEMPERROR for verdict in found):
            return None
        return bool(found) and all(verdict.result is Result.PASS for verdict in found)

    return holds


def includes(other: str) -> Holds:
    """One SPF record, with this include."""

    def holds(answer: Answer, _world: World) -> bool | None:
        texts = select(answer.records)
        terms = {term.removeprefix("+") for text in texts for term in text.lower().split()}
        return len(texts) == 1 and f"include:{other}" in terms

    return holds


def same_key(record: str) -> Holds:
    """A DKIM record with the same key, whatever else stands in it (RFC 6376 section 3.6.1)."""
    ours = parse_key(record)

    def holds(answer: Answer, _world: World) -> bool | None:
        keys = [parse_key(str(text)) for text in answer.records if isinstance(text, Txt)]
        return len(keys) == 1 and keys[0].public is not None and keys[0].material == ours.material

    return holds


def revoked(answer: Answer, _world: World) -> bool | None:
    """A DKIM record whose key was taken back."""
    return all(parse_key(str(text)).revoked for text in answer.records)


def any_policy(answer: Answer, _world: World) -> bool | None:
    """One DMARC record that receivers can use, whatever it asks for."""
    texts = [text for text in answer.texts if is_dmarc(text)]
    return len(texts) == 1 and parse_policy(texts[0]).usable


def exchanged_by(host: str) -> Holds:
    """An MX that leads to this host."""

    def holds(answer: Answer, _world: World) -> bool | None:
        return any(isinstance(record, Mx) and record.host == host for record in answer.records)

    return holds


def leads_to(target: str) -> Holds:
    """An alias of this name, or of one below it."""

    def holds(answer: Answer, _world: World) -> bool | None:
        return any(
            isinstance(record, Host) and is_subdomain(record.name, target) for record in answer.records
        )

    return holds


def named(host: str) -> Holds:
    """A PTR record that is this host's name."""

    def holds(answer: Answer, _world: World) -> bool | None:
        return any(isinstance(record, Host) and record.name == host for record in answer.records)

    return holds


def addressed(ip: str) -> Holds:
    """This address among the name's addresses."""

    def holds(answer: Answer, _world: World) -> bool | None:
        return any(isinstance(record, Address) and record.ip == ip for record in answer.records)

    return holds


def _addresses(dns: Dns, host: str) -> list[str]:
    if not host:
        return []
    answers = dns.ask_all([Question(host, "A"), Question(host, "AAAA")])
    return [record.ip for answer in answers for record in answer.records if isinstance(record, Address)]
