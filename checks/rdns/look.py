"""What was found out about an address: its names, and whether each leads back to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checks.names import is_address, reverse_name
from checks.ports import Address, Answer, Dns, Host, Question

MOST_NAMES = 10
"""PTR names of one address that are followed; receivers stop there too (RFC 7208 section 5.5)."""

Answers = Mapping[Question, Answer]


@dataclass(frozen=True, slots=True)
class Name:
    """One PTR name and the addresses it resolves to in the family of the address it names."""

    name: str
    forward: Answer | None
    """None: not followed, or a name that cannot be asked."""

    def confirms(self, ip: str) -> bool:
        return self.forward is not None and Address(ip) in self.forward.records

    @property
    def open(self) -> bool:
        """Whether we could not find out where it leads."""
        return self.forward is not None and not self.forward.ok


@dataclass(frozen=True, slots=True)
class Reverse:
    """An address, the answer to its PTR question, and the names in it."""

    ip: str
    answer: Answer
    names: tuple[Name, ...]

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The names that lead back (forward-confirmed reverse DNS)."""
        return tuple(name.name for name in self.names if name.confirms(self.ip))

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        return tuple(name.name for name in self.names if not name.confirms(self.ip))

    @property
    def open(self) -> bool:
        """Whether a name that we could not follow might still confirm it."""
        return not self.confirmed and any(name.open for name in self.names)


def ask(dns: Dns, ips: Iterable[str], helos: Iterable[str]) -> Answers:
    """Every question about these addresses and HELO names; a forward look-up waits only for its own PTR."""
    addresses = {reverse_name(ip): ip for ip in ips}
    wanted = {Question(name, "PTR") for name in addresses}
    wanted |= {Question(helo, rdtype) for helo in helos if askable(helo) for rdtype in ("A", "AAAA")}
    answers: dict[Question, Answer] = {}
    with dns.flight() as flight:
        for question in wanted:
            flight.ask(question.name, question.rdtype)
        for answer in flight:
            answers[answer.question] = answer
            if answer.question.rdtype != "PTR":
                continue
            rdtype = family(addresses[answer.question.name])
            for host in hosts(answer):
                forward = Question(host, rdtype)
                if askable(host) and forward not in wanted:
                    wanted.add(forward)
                    flight.ask(host, rdtype)
    return answers


def reverse(ip: str, answers: Answers) -> Reverse:
    """Put together what is known about one address."""
    answer = answers[Question(reverse_name(ip), "PTR")]
    rdtype = family(ip)
    names = (Name(host, answers.get(Question(host, rdtype))) for host in hosts(answer))
    return Reverse(ip, answer, tuple(names))


def hosts(answer: Answer) -> tuple[str, ...]:
    """The names of a PTR answer, at most `MOST_NAMES`, each once."""
    names = (record.name for record in answer.records if isinstance(record, Host))
    return tuple(dict.fromkeys(names))[:MOST_NAMES]


def askable(name: str) -> bool:
    """Whether a name can have addresses of its own."""
    return bool(name) and not is_address(name.strip("[]"))


def family(ip: str) -> str:
    """The record type that holds addresses of this one's kind."""
    return "AAAA" if ":" in ip else "A"
