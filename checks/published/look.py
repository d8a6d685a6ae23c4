"""Ask every name server of each record's zone, side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.consistency.servers import addresses_of, delegation
from checks.evidence import why_of
from checks.ports import Answer, Host, Question, World
from checks.published.wanted import Look, Seen, Wanted, Word, judged

MOST = 13
"""Name servers that are asked of one zone: as many as the root has."""


@dataclass(frozen=True, slots=True)
class Zone:
    """Who has the zone that a name lies in; `why` there is nobody to ask."""

    apex: str
    servers: tuple[tuple[str, str], ...] = ()
    """(host, address), one address each."""
    why: str = ""


def look(several: Sequence[Wanted], world: World, *, by_resolver: bool = False) -> list[Look]:
    """What is published of these records now. `by_resolver`: where the name servers cannot be reached."""
    apart = [wanted for wanted in several if not (by_resolver or wanted.at_resolver)]
    zones = {name: zone_of(name, world) for name in dict.fromkeys(wanted.name for wanted in apart)}
    answered = _ask(apart, zones, world)
    return [
        _by_servers(wanted, zones[wanted.name], answered, world)
        if wanted in apart
        else Look(wanted, (_by_resolver(wanted, world),))
        for wanted in several
    ]


def zone_of(name: str, world: World) -> Zone:
    """The name servers of the zone that a name lies in."""
    asked, apex = delegation(world.dns, name)
    if apex is None:
        return Zone(name, why=why_of(asked) if not asked.ok else "no name servers were found")
    hosts = [record.name for record in asked.records if isinstance(record, Host)][:MOST]
    addresses = addresses_of(world.dns, hosts)
    return Zone(apex, tuple((host, addresses.get(host, "")) for host in sorted(hosts)))


_Answers = Mapping[tuple[str, Question], Answer]


def _ask(several: Sequence[Wanted], zones: Mapping[str, Zone], world: World) -> _Answers:
    by_zone: defaultdict[Zone, list[Question]] = defaultdict(list)
    for wanted in several:
        by_zone[zones[wanted.name]].append(_question(wanted))
    found: dict[tuple[str, Question], Answer] = {}
    for zone, questions in by_zone.items():
        ips = [ip for _, ip in zone.servers if ip]
        unique = list(dict.fromkeys(questions))
        for ip, answers in zip(ips, world.authority.ask_each(ips, unique), strict=True):
            found |= {(ip, question): answer for question, answer in zip(unique, answers, strict=True)}
    return found


def _by_servers(wanted: Wanted, zone: Zone, answered: _Answers, world: World) -> Look:
    if not zone.servers:
        return Look(wanted, (Word("", "", Seen.COULD_NOT_ASK, zone.why),))
    return Look(wanted, tuple(_word(wanted, host, ip, answered, world) for host, ip in zone.servers))


def _word(wanted: Wanted, host: str, ip: str, answered: _Answers, world: World) -> Word:
    if not ip:
        return Word(host, ip, Seen.COULD_NOT_ASK, "it has no address that we could find")
    answer = answered[ip, _question(wanted)]
    if answer.chain and not answer.records:  # an alias into a zone that this server does not have
        answer = world.dns.ask(wanted.name, wanted.type, fresh=True)
    return Word(host, ip, *judged(wanted, answer, world))


def _by_resolver(wanted: Wanted, world: World) -> Word:
    answer = world.dns.ask(wanted.name, wanted.type, fresh=True)
    return Word("the resolver", answer.resolver, *judged(wanted, answer, world))


def _question(wanted: Wanted) -> Question:
    return Question(wanted.name, wanted.type)
