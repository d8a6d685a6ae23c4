"""Sets of addresses as sorted, disjoint ranges: union, difference, and back to networks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network, summarize_address_range

from checks.spf.terms import Network

Span = tuple[int, int]
"""First and last address, as numbers."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """A set of IPv4 and one of IPv6 addresses."""

    four: tuple[Span, ...] = ()
    six: tuple[Span, ...] = ()

    @classmethod
    def of(cls, networks: Iterable[Network]) -> "Ranges":
        spans: dict[int, list[Span]] = {4: [], 6: []}
        for network in networks:
            ends = int(network.network_address), int(network.broadcast_address)
            spans[network.version].append(ends)
        return cls(_merged(spans[4]), _merged(spans[6]))

    @classmethod
    def near(cls, addresses: Iterable[str], prefix4: int, prefix6: int) -> "Ranges":
        """The networks around addresses, as `a/24//64` means them."""
        lengths = {4: prefix4, 6: prefix6}
        parsed = (ip_address(address) for address in addresses)
        return cls.of(ip_network(f"{ip}/{lengths[ip.version]}", strict=False) for ip in parsed)

    def __or__(self, other: "Ranges") -> "Ranges":
        return Ranges(_merged([*self.four, *other.four]), _merged([*self.six, *other.six]))

    def __sub__(self, other: "Ranges") -> "Ranges":
        return Ranges(_without(self.four, other.four), _without(self.six, other.six))

    def __contains__(self, ip: str) -> bool:
        address = ip_address(ip)
        spans = self.four if address.version == 4 else self.six
        return any(first <= int(address) <= last for first, last in spans)

    def __bool__(self) -> bool:
        return bool(self.four or self.six)

    def __le__(self, other: "Ranges") -> bool:
        """Whether every address of this set is in the other."""
        return not self - other

    def count(self, version: int) -> int:
        """How many addresses of an IP version."""
        return sum(last - first + 1 for first, last in (self.four if version == 4 else self.six))

    def networks(self) -> Iterator[Network]:
        """The fewest networks that make up the set, IPv4 first, in order."""
        for first, last in self.four:
            yield from summarize_address_range(IPv4Address(first), IPv4Address(last))
        for first, last in self.six:
            yield from summarize_address_range(IPv6Address(first), IPv6Address(last))


def first_match(layers: Sequence[tuple["Ranges", bool]]) -> "Ranges":
    """The addresses whose first layer is a True one: what passes, where the first match decides.

    One sweep over the ends of all spans: a record of thousands of terms costs no more than its sorting.
    """
    return Ranges(
        _swept([(layer.four, wanted) for layer, wanted in layers]),
        _swept([(layer.six, wanted) for layer, wanted in layers]),
    )


def _swept(layers: Sequence[tuple[tuple[Span, ...], bool]]) -> tuple[Span, ...]:
    events = sorted(
        event
        for place, (spans, _) in enumerate(layers)
        for first, last in spans
        for event in ((first, place), (last + 1, ~place))
    )
    open_, closed, found = list[int](), Counter[int](), list[Span]()
    start = 0
    for at, place in events:
        while open_ and closed[open_[0]]:
            closed[heappop(open_)] -= 1
        if open_ and layers[open_[0]][1] and at > start:
            found.append((start, at - 1))
        start = at
        if place >= 0:
            heappush(open_, place)
        else:
            closed[~place] += 1
    return _merged(found)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def _without(spans: tuple[Span, ...], holes: tuple[Span, ...]) -> tuple[Span, ...]:
    left: list[Span] = []
    for start, last in spans:
        first = start
        for hole_first, hole_last in holes:
            if hole_last < first or hole_first > last:
                continue
            if hole_first > first:
                left.append((first, hole_first - 1))
            first = hole_last + 1
        if first <= last:
            left.append((first, last))
    return tuple(left)


EVERYTHING = Ranges.of([ip_network("0.0.0.0/0"), ip_network("::/0")])
