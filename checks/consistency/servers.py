"""Whether all name servers of a domain's zone say the same, and say it with authority (RES-012).

"It works for me" is a server that others do not reach. Different serials alone are what a change looks like
on its way, so they only warn; different records are two truths.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.evidence import evidence_of, why_of
from checks.model import Finding, State
from checks.names import parents
from checks.ports import Address, Answer, Dns, Got, Host, Question, Why, World

MOST = 8
"""Name servers that are asked; a zone with more is asked at the first of them."""
COMPARED = ("MX", "TXT", "DMARC")
_SILENT = {Why.TIMEOUT, Why.UNREACHABLE, Why.BUDGET}
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Said:
    """What one name server answered; `soa` of the zone, the others by what they are compared under."""

    host: str
    soa: Answer
    others: tuple[tuple[str, Answer], ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        return (self.soa, *(answer for _, answer in self.others))


def finding(domain: str, world: World) -> Finding:
    """One finding for the domain's zone."""
    asked, apex = delegation(world.dns, domain)
    if apex is None:
        return _cannot(domain, asked) if not asked.ok else Finding("RES-012", State.NOT_APPLICABLE, domain)
    hosts = [record.name for record in asked.records if isinstance(record, Host)][:MOST]
    addresses = addresses_of(world.dns, hosts)
    if not addresses:
        return Finding(
            "RES-012", State.UNKNOWN, domain, {"why": "its name servers have no address that we could find"}
        )
    questions = [
        Question(apex, "SOA"),
        Question(domain, "MX"),
        Question(domain, "TXT"),
        Question(f"_dmarc.{domain}", "TXT"),
    ]
    answered = world.authority.ask_each(list(addresses.values()), questions)
    said = [
        Said(host, answers[0], tuple(zip(COMPARED, answers[1:], strict=True)))
        for host, answers in zip(addresses, answered, strict=True)
    ]
    return judge(domain, said)


def delegation(dns: Dns, domain: str) -> tuple[Answer, str | None]:
    """The NS answer of the zone that a domain lies in, and the zone's apex; None where none is found."""
    above = [name for name in parents(domain) if "." in name]
    answers = dns.ask_all([Question(name, "NS") for name in (domain, *above)])
    for answer in answers:
        if answer.records and not answer.chain:
            return answer, answer.question.name
        if not answer.ok:
            return answer, None
    return answers[0], None


def addresses_of(dns: Dns, hosts: Sequence[str]) -> dict[str, str]:
    """One address for each host, IPv4 first: from many networks IPv6 servers cannot be reached at all."""
    found: dict[str, str] = {}
    for answer in dns.ask_all([Question(host, rdtype) for rdtype in ("A", "AAAA") for host in hosts]):
        for record in answer.records:
            if isinstance(record, Address):
                found.setdefault(answer.question.name, record.ip)
    return found


def judge(domain: str, said: Sequence[Said]) -> Finding:
    """What the servers said -> pass, warn (silent, or another serial), or fail (lame, or other records)."""
    heard = [each for each in said if any(answer.ok for answer in each.answers)]
    seen = tuple(evidence_of(answer, path=(each.host,)) for each in said for answer in each.answers)
    lame = tuple(f"{each.host} ({why_of(each.soa)})" for each in said if is_lame(each))
    if not heard and not lame:
        return Finding("RES-012", State.UNKNOWN, domain, {"why": why_of(said[0].soa)}, seen)
    wrong = [f"lame: {', '.join(lame)}"] if lame else []
    wrong += [text for kind in COMPARED if (text := _difference(kind, heard))]
    odd = _oddities(said, heard)
    state = State.FAIL if wrong else State.WARN if odd else State.PASS
    args = {"faults": tuple(wrong + odd), "servers": tuple(each.host for each in said)}
    return Finding("RES-012", state, domain, args, seen)


def is_lame(said: Said) -> bool:
    """Reached, but it will not or cannot answer for the zone (RFC 1912 section 2.8)."""
    return said.soa.got is Got.FAILED and said.soa.why not in _SILENT


def _oddities(said: Sequence[Said], heard: Sequence[Said]) -> list[str]:
    silent = [each.host for each in said if each not in heard and not is_lame(each)]
    serials = dict.fromkeys(answer.texts[0].split()[2] for each in heard if (answer := each.soa).texts)
    odd = [f"no answer from {', '.join(silent)}"] if silent else []
    return odd + ([f"different serials: {', '.join(serials)}"] if len(serials) > 1 else [])


def _difference(kind: str, heard: Sequence[Said]) -> str:
    """ "TXT: ns1 says …, ns2 says …", or "" where all that answered agree."""
    by_content: dict[str, list[str]] = {}
    for each in heard:
        answer = dict(each.others)[kind]
        if answer.ok:
            by_content.setdefault(content(answer), []).append(each.host)
    if len(by_content) < 2:
        return ""
    return f"{kind}: " + "; ".join(
        f"{', '.join(hosts)}: {text[:SHOWN]}" for text, hosts in by_content.items()
    )


def content(answer: Answer) -> str:
    """What an answer says, without the order of its records; an alias counts by where it points."""
    if answer.chain:
        return f"alias of {answer.chain[0]}"
    return " | ".join(sorted(answer.texts)) or answer.got.value


def _cannot(domain: str, answer: Answer) -> Finding:
    return Finding("RES-012", State.UNKNOWN, domain, {"why": why_of(answer)}, (evidence_of(answer),))
