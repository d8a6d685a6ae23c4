"""Where a domain's mail leaves from, when nobody said: its SPF policy's single addresses and its MX hosts."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address, ip_network

from checks.model import SendingIp, Target
from checks.organization import organization
from checks.ports import Address, Dns, Mx, Question
from checks.spf.terms import Kind, Mechanism, Network, Result
from checks.spf.tree import Node, Step
from checks.spf.walk import walk

WIDEST = 16
"""Addresses in a range that is still taken for single senders."""
MOST = 64
"""Addresses of one domain that are looked at when nobody named them."""


def completed(target: Target, dns: Dns) -> Target:
    """The target as it is when it names addresses, else with those that its DNS names."""
    return target if target.ips else replace(target, ips=sending_ips(dns, target.domain))


def sending_ips(dns: Dns, domain: str) -> tuple[SendingIp, ...]:
    """The addresses, in the order of the SPF record and then of the MX; at most `MOST`, each once.

    Includes are followed inside the domain's own organisation only: a mail service's pool is not one's own.
    What DNS would not tell is left out; the checks of those records say so.
    """
    found = dict[str, str]()
    for ip, origin in [*_of_spf(walk(dns, domain).root, domain), *_of_mx(dns, domain)]:
        found.setdefault(ip, origin)
    return tuple(SendingIp(ip, origin) for ip, origin in list(found.items())[:MOST])


def _of_spf(root: Node, domain: str) -> Iterator[tuple[str, str]]:
    owner = organization(domain)
    for node in root.nodes():
        if organization(node.domain) == owner:
            for step in node.steps:
                yield from ((ip, f"SPF {'>'.join(step.path)}") for ip in _addresses(step))


def _addresses(step: Step) -> Iterator[str]:
    """The addresses of one passing `ip4`, `ip6`, `a` or `mx` whose range is narrow."""
    term = step.term
    if not isinstance(term, Mechanism) or term.result is not Result.PASS:
        return
    if term.kind in (Kind.IP4, Kind.IP6) and term.network is not None:
        yield from _members(term.network)
    if term.kind in (Kind.A, Kind.MX):
        for answer in step.answers:
            for record in answer.records:
                if isinstance(record, Address):
                    yield from _members(_around(record.ip, term))


def _around(ip: str, term: Mechanism) -> Network:
    length = term.prefix6 if ":" in ip else term.prefix4
    return ip_network(f"{ip}/{length}", strict=False)


def _members(network: Network) -> Iterator[str]:
    if network.num_addresses <= WIDEST:
        yield from (str(ip_address(int(network[0]) + place)) for place in range(network.num_addresses))


def _of_mx(dns: Dns, domain: str) -> Iterator[tuple[str, str]]:
    hosts = [
        record.host for record in dns.ask(domain, "MX").records if isinstance(record, Mx) and record.host
    ]
    questions = [Question(host, rdtype) for host in hosts for rdtype in ("A", "AAAA")]
    for answer in dns.ask_all(questions):
        yield from ((r.ip, f"MX {answer.question.name}") for r in answer.records if isinstance(r, Address))
