"""What only several clicks together show: a walk through a message, a company's gateway, the echo of a click.

Each rule is a pure function over clicks; it labels and never blocks. The numbers are proposals, built from
what senders report of security gateways (Mautic 9798 and 16263, Resend 901).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from checks.net.addresses import is_public

BURST_LINKS, BURST_SPAN = 3, timedelta(seconds=2)
WALK_SPAN = timedelta(seconds=30)
COMPANY_PEOPLE, COMPANY_SPAN = 5, timedelta(seconds=60)
ECHO_SPAN = timedelta(seconds=60)
LONGEST = max(WALK_SPAN, COMPANY_SPAN, ECHO_SPAN)
"""How far back earlier clicks matter."""

BURST = "3 links of one message within 2 s"
WALK = "all links of one message within 30 s"
COMPANY = "one network clicked for 5 people of a company within 60 s"
ECHO = "the same link again from another network within 60 s"


@dataclass(frozen=True, slots=True)
class Click:
    """`company` is the domain of the person's address, "" where many strangers share it (free mail); `links`
    how many the message has; `network` "" if it is not known.
    """

    key: str
    at: datetime
    recipient: int
    position: int
    links: int = 0
    company: str = ""
    network: str = ""
    machine: bool = False


def network_of(client: str) -> str:
    """The /24 or /64 that a public address is in. "" for any other: behind a proxy that is not among
    `trusted_proxies` everybody has the same.
    """
    try:
        address = ip_address(client)
    except ValueError:
        return ""
    if not is_public(client):
        return ""
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))


def machines(clicks: Sequence[Click]) -> Mapping[str, str]:
    """{key: the evidence} of the clicks that were a machine's, as far as this shows; in order of `at`."""
    ordered = sorted(clicks, key=lambda click: click.at)
    found: dict[str, str] = {}
    for rule in RULES:
        for key, evidence in rule(ordered):
            found.setdefault(key, evidence)
    return found


def _bursts(clicks: Sequence[Click]) -> Iterator[tuple[str, str]]:
    for theirs in _by(clicks, lambda click: click.recipient):
        for near in _windows(theirs, BURST_SPAN):
            if _different(near) >= BURST_LINKS:
                yield from ((click.key, BURST) for click in near)


def _walks(clicks: Sequence[Click]) -> Iterator[tuple[str, str]]:
    for theirs in _by(clicks, lambda click: click.recipient):
        for near in _windows(theirs, WALK_SPAN):
            if near[0].links >= BURST_LINKS and _different(near) >= near[0].links:
                yield from ((click.key, WALK) for click in near)


def _companies(clicks: Sequence[Click]) -> Iterator[tuple[str, str]]:
    """Five colleagues who click within a minute are rarer than one gateway that reads their mail."""
    known = [click for click in clicks if click.company and click.network]
    for theirs in _by(known, lambda click: (click.company, click.network)):
        for near in _windows(theirs, COMPANY_SPAN):
            if len({click.recipient for click in near}) >= COMPANY_PEOPLE:
                yield from ((click.key, COMPANY) for click in near)


def _echoes(clicks: Sequence[Click]) -> Iterator[tuple[str, str]]:
    """A person's click, and the scan that it set off elsewhere: the first counts, the second does not."""
    known = [click for click in clicks if click.network]
    for theirs in _by(known, lambda click: (click.recipient, click.position)):
        person: Click | None = None
        for click in theirs:
            if person and click.network != person.network and click.at - person.at <= ECHO_SPAN:
                yield click.key, ECHO
            elif not click.machine:
                person = click


Rule = Callable[[Sequence[Click]], Iterator[tuple[str, str]]]
RULES: Sequence[Rule] = (_bursts, _walks, _companies, _echoes)


def _by(clicks: Iterable[Click], whose: Callable[[Click], Hashable]) -> Iterable[Sequence[Click]]:
    groups: dict[Hashable, list[Click]] = defaultdict(list)
    for click in clicks:
        groups[whose(click)].append(click)
    return groups.values()


def _windows(clicks: Sequence[Click], span: timedelta) -> Iterator[Sequence[Click]]:
    """For each click those that follow it within `span`, itself included."""
    end = 0
    for start, first in enumerate(clicks):
        end = max(end, start)
        while end < len(clicks) and clicks[end].at - first.at <= span:
            end += 1
        yield clicks[start:end]


def _different(clicks: Iterable[Click]) -> int:
    return len({click.position for click in clicks})
