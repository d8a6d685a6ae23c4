"""From a recipient's domain to the servers that take its mail (RFC 5321 section 5.1, RFC 7505)."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from checks.model import Again
from checks.names import normalise_domain
from checks.ports import Address, Answer, Dns, Got, Mx, Question
from sender.delivery.outcome import Outcome, Phase, Result, deferred, refused


@dataclass(frozen=True, slots=True)
class Destination:
    """The hosts that take a domain's mail, in groups of equal preference, the preferred ones first."""

    domain: str
    groups: tuple[tuple[str, ...], ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(host for group in self.groups for host in group)

    def order(self, chance: Random) -> list[str]:
        """One order to try them in: equal ones are shuffled, to spread the load (RFC 5321 section 5.1)."""
        return [host for group in self.groups for host in chance.sample(group, len(group))]


def domain_of(address: str) -> str:
    """The A-label domain of an address. Raises ValueError with a sentence for what is no domain."""
    return normalise_domain(address.rpartition("@")[2])


def destination(dns: Dns, domain: str) -> Destination | Outcome:
    """Whose servers take this domain's mail; the outcome says why there are none (yet)."""
    return _judged(dns.ask(domain, "MX"), domain)


def destinations(dns: Dns, domains: Sequence[str]) -> list[Destination | Outcome]:
    """The same for many at once, in their order."""
    answers = dns.ask_all([Question(domain, "MX") for domain in domains])
    return [_judged(answer, domain) for answer, domain in zip(answers, domains, strict=True)]


def _judged(answer: Answer, domain: str) -> Destination | Outcome:
    match answer.got:
        case Got.RECORDS:
            return _by_preference([mx for mx in answer.records if isinstance(mx, Mx)], domain)
        case Got.NODATA:
            return Destination(domain, ((domain,),))  # the implicit MX: RFC 5321 section 5.1
        case Got.NXDOMAIN:
            return refused(Phase.LOOKUP, f"there is no domain {domain}", enhanced="5.1.2")
        case Got.FAILED:
            return deferred(
                Phase.LOOKUP, f"the mail servers of {domain} could not be looked up: {answer.note}"
            )


def _by_preference(records: Sequence[Mx], domain: str) -> Destination | Outcome:
    if all(not mx.host for mx in records):
        return Outcome(
            *(Result.REFUSED, Phase.LOOKUP, Again.NEVER, None),
            *("5.1.10", f"{domain} takes no mail (null MX, RFC 7505)"),
        )
    best = {mx.host: mx.preference for mx in sorted(records, key=lambda mx: -mx.preference) if mx.host}
    groups = (tuple(sorted(host for host in best if best[host] == each)) for each in sorted({*best.values()}))
    return Destination(domain, tuple(groups))


def addresses(dns: Dns, host: str) -> tuple[str, ...] | Outcome:
    """The addresses of a host, IPv4 first; the outcome says whether none exist or none could be learned."""
    answers = dns.ask_all([Question(host, "A"), Question(host, "AAAA")])
    found = [str(record) for answer in answers for record in answer.records if isinstance(record, Address)]
    if found:
        return tuple(found)
    failed = next((answer for answer in answers if not answer.ok), None)
    if failed:
        return deferred(Phase.LOOKUP, f"no address of {host} could be looked up: {failed.note}", host=host)
    return refused(Phase.LOOKUP, f"{host} has no address", enhanced="5.4.4", host=host)
