"""Rules about the addresses that the policy lets send: too many, senseless, or nobody's."""

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from checks.model import Finding, State, Value
from checks.spf import edit
from checks.spf.look import Look, term_of
from checks.spf.ranges import EVERYTHING, Ranges
from checks.spf.terms import Kind, Mechanism, Network, Result
from checks.spf.tree import Node, Step

WIDE = {4: 16, 6: 32}
"""Prefix lengths below which a range of one's own record is wide."""
WIDE_ELSEWHERE = {4: 12, 6: 24}
"""The same within the record of a mail service: Microsoft's, for one, lists /14 and /15 of its own."""
COMPARED = 200
HALF_OF_IPV4 = 1 << 31

SENSELESS: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this network (RFC 1122)"),
        ("10.0.0.0/8", "private (RFC 1918)"),
        ("100.64.0.0/10", "shared by carriers (RFC 6598)"),
        ("127.0.0.0/8", "loopback (RFC 1122)"),
        ("169.254.0.0/16", "link-local (RFC 3927)"),
        ("172.16.0.0/12", "private (RFC 1918)"),
        ("192.168.0.0/16", "private (RFC 1918)"),
        ("224.0.0.0/4", "multicast (RFC 5771)"),
        ("240.0.0.0/4", "reserved (RFC 1112)"),
        ("::1/128", "loopback (RFC 4291)"),
        ("fc00::/7", "private (RFC 4193)"),
        ("fe80::/10", "link-local (RFC 4291)"),
        ("ff00::/8", "multicast (RFC 4291)"),
    )
)
"""Addresses that no mail comes from over the Internet; documentation ranges are left to examples."""


def plus_all(look: Look) -> Iterator[Finding]:
    """SPF-014: everybody passes: `+all`, or a term that matches every client as well as `all` does."""
    for node, step in _steps(look):
        if _result(step) is Result.PASS and step.child is None and look.passing.by(step).ranges == EVERYTHING:
            after = None
            if isinstance(step.term, Mechanism) and step.term.kind is Kind.ALL:
                after = edit.ending(node.texts[0], "~all")
            yield look.finding("SPF-014", State.FAIL, node, {"term": term_of(step)}, after=after)


def wide(look: Look) -> Iterator[Finding]:
    """SPF-020: a range so wide that strangers are in it; half of the Internet is as bad as all of it."""
    total = look.passing.of(look.root).ranges
    if total.count(4) >= HALF_OF_IPV4 and total != EVERYTHING:
        args: dict[str, Value] = {"terms": (), "addresses": total.count(4)}
        yield look.finding("SPF-020", State.FAIL, args=args)
    for node in _nodes(look):
        limits = WIDE if look.own(node) else WIDE_ELSEWHERE
        found = [step for step in node.steps if _is_wide(look, step, limits)]
        if found:
            addresses = look.passing.of(node).ranges.count(4)
            args = {"terms": tuple(step.term.text for step in found), "addresses": addresses}
            yield look.finding("SPF-020", State.WARN, node, args)


def _is_wide(look: Look, step: Step, limits: dict[int, int]) -> bool:
    """Judged by the networks that are written, so that two neighbours are not taken for one wide range."""
    if step.child is not None or not isinstance(step.term, Mechanism) or step.term.kind is Kind.ALL:
        return False
    if step.term.network is not None:
        return step.term.network.prefixlen < limits[step.term.network.version]
    narrow = step.term.prefix4 >= limits[4] and step.term.prefix6 >= limits[6]
    return not narrow and bool(look.passing.by(step).ranges)


def senseless(look: Look) -> Iterator[Finding]:
    """SPF-021: addresses from which no mail can come over the Internet."""
    for node in _nodes(look):
        found = {step.term.text: why for step in node.steps if (why := _why_senseless(step))}
        if found:
            args: dict[str, Value] = {"terms": tuple(f"{term}: {why}" for term, why in found.items())}
            after = edit.without(node.texts[0], found)
            yield look.finding("SPF-021", State.WARN, node, args, after=after)


def _why_senseless(step: Step) -> str:
    network = step.term.network if isinstance(step.term, Mechanism) else None
    if network is None:
        return ""
    return next((why for one, why in SENSELESS if _within(network, one)), "")


def _within(inner: Network, outer: Network) -> bool:
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network):
        return inner.subnet_of(outer)
    return False


def removable(look: Look) -> Iterator[Finding]:
    """SPF-026: terms of the root record that change nothing for anybody, or for the known senders."""
    node = look.root
    why = {**_repeated(node), **_covered(look), **_unused(look)}
    if why:
        saved = sum(_cost(step) for step in node.steps if step.term.text in why)
        args: dict[str, Value] = {"terms": tuple(f"{term}: {because}" for term, because in why.items())}
        gone = set(why) - set(_repeated(node))
        after = edit.without_repetition(edit.without(node.texts[0], gone))
        yield look.finding("SPF-026", State.WARN, args={**args, "saved": saved}, after=after)


def _repeated(node: Node) -> dict[str, str]:
    times = Counter(step.term.text for step in node.steps)
    return {text: "written twice" for text, count in times.items() if count > 1}


def _covered(look: Look) -> dict[str, str]:
    """ip4 and ip6 terms whose addresses have all passed before, among the first `COMPARED` terms."""
    passed, covered = Ranges(), {}
    for step in look.root.steps[:COMPARED]:
        if _result(step) is not Result.PASS:
            continue
        ranges = look.passing.by(step).ranges
        if isinstance(step.term, Mechanism) and step.term.network is not None and ranges <= passed:
            covered[step.term.text] = "already covered by the terms before it"
        passed |= ranges
    return covered


def _unused(look: Look) -> dict[str, str]:
    """Includes that none of the configured addresses passes by."""
    own = [sending.ip for sending in look.target.ips if sending.origin == "configured"]
    if not own or not look.whole:
        return {}
    unused = {}
    for step in look.root.steps:
        if step.child is not None and isinstance(step.term, Mechanism):
            found = look.passing.by(step)
            if not found.hidden and not any(ip in found.ranges for ip in own):
                unused[step.term.text] = "none of your configured addresses passes by it"
    return unused


def _cost(step: Step) -> int:
    return step.asks + (step.child.lookups if step.child else 0)


def _nodes(look: Look) -> Iterator[Node]:
    seen = set()
    for node in look.root.nodes():
        if node.record is not None and node.domain not in seen:
            seen.add(node.domain)
            yield node


def _steps(look: Look) -> Iterator[tuple[Node, Step]]:
    for node in _nodes(look):
        yield from ((node, step) for step in node.steps)


def _result(step: Step) -> Result:
    return step.term.result if isinstance(step.term, Mechanism) else Result.NONE
