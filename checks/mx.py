"""Where mail for a domain goes: its MX hosts and their addresses (RFC 5321 section 5, RFC 7505)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from checks.check import DECISIVE, Check
from checks.evidence import evidence_of, why_of
from checks.model import Evidence, Finding, Profile, Severity, State, Target
from checks.names import is_address
from checks.ports import Address, Answer, Dns, Mx, Question, World

Networks = tuple[IPv4Network | IPv6Network, ...]

PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7")))
"""Addresses that are somebody's own network or machine (RFC 1918, RFC 4193); the other kinds are reserved."""


@dataclass(frozen=True, slots=True)
class MxHost:
    """One MX target with what its addresses are."""

    host: str
    answers: tuple[Answer, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(r.ip for answer in self.answers for r in answer.records if isinstance(r, Address))

    @property
    def could_tell(self) -> bool:
        return bool(self.addresses) or all(answer.ok for answer in self.answers)

    @property
    def is_alias(self) -> bool:
        return any(answer.chain for answer in self.answers)


def mx_hosts(dns: Dns, hosts: Sequence[str]) -> list[MxHost]:
    """A and AAAA of every host, asked at once."""
    asked = [Question(host, rdtype) for host in hosts for rdtype in ("A", "AAAA")]
    answers = dns.ask_all(asked)
    return [MxHost(host, tuple(answers[2 * i : 2 * i + 2])) for i, host in enumerate(hosts)]


def mx_names(dns: Dns, domain: str) -> list[str]:
    """The MX hosts of a domain, by preference; empty where there is none or none can be told."""
    records = [r for r in dns.ask(domain, "MX").records if isinstance(r, Mx) and r.host]
    return list(dict.fromkeys(r.host for r in sorted(records, key=lambda r: r.preference)))


def mx_servers(dns: Dns, domain: str) -> list[tuple[str, str]]:
    """Each (MX host, address) of a domain, by preference; empty where there is none or none can be told."""
    return [(host.host, ip) for host in mx_hosts(dns, mx_names(dns, domain)) for ip in host.addresses]


def check(target: Target, world: World) -> Iterator[Finding]:
    """MX-001 can the domain receive, MX-002 and MX-003 null MX, MX-004 each target, MX-005 how many."""
    answer = world.dns.ask(target.domain, "MX")
    seen = (evidence_of(answer),)
    if not answer.ok:
        yield Finding("MX-001", State.UNKNOWN, target.domain, {"why": why_of(answer)}, seen)
        return
    records = [record for record in answer.records if isinstance(record, Mx)]
    null = [record for record in records if not record.host]
    hosts = list(dict.fromkeys(record.host for record in records if record.host))
    if null:
        yield from _null(target, bool(hosts), seen)
    elif not hosts:
        yield _implicit(target, world.dns, seen)
    if hosts:
        yield from _targets(target.domain, mx_hosts(world.dns, hosts), world.own_networks, seen)


def _null(target: Target, others: bool, seen: tuple[Evidence, ...]) -> Iterator[Finding]:
    """RFC 7505 section 3: a null MX stands alone, and says that the domain takes no mail."""
    if others:
        yield Finding("MX-003", State.FAIL, target.domain, {}, seen)
        return
    parked = target.profile is Profile.PARKED
    yield Finding("MX-002", State.PASS if parked else State.FAIL, target.domain, {}, seen)


def _implicit(target: Target, dns: Dns, seen: tuple[Evidence, ...]) -> Finding:
    """Without MX, the domain's own address receives (RFC 5321 section 5.1)."""
    [own] = mx_hosts(dns, [target.domain])
    seen = (*seen, *(evidence_of(answer) for answer in own.answers))
    if target.profile is Profile.PARKED:
        return Finding("MX-001", State.NOT_APPLICABLE, target.domain, {}, seen)
    if own.addresses:
        return Finding("MX-001", State.WARN, target.domain, {"addresses": own.addresses}, seen)
    if not own.could_tell:
        why = next(why_of(answer) for answer in own.answers if not answer.ok)
        return Finding("MX-001", State.UNKNOWN, target.domain, {"why": why}, seen)
    return Finding("MX-001", State.FAIL, target.domain, {}, seen)


def _targets(
    domain: str, hosts: Sequence[MxHost], own: Networks, seen: tuple[Evidence, ...]
) -> Iterator[Finding]:
    yield Finding("MX-001", State.PASS, domain, {"hosts": tuple(host.host for host in hosts)}, seen)
    for host in hosts:
        yield _target(host, own)
    if len(hosts) == 1:
        yield Finding("MX-005", State.WARN, domain, {"host": hosts[0].host}, seen)


def _target(host: MxHost, own: Networks) -> Finding:
    seen = tuple(evidence_of(answer) for answer in host.answers)
    if not host.could_tell:
        why = next(why_of(answer) for answer in host.answers if not answer.ok)
        return Finding("MX-004", State.UNKNOWN, host.host, {"why": why}, seen)
    faults = target_faults(host, own)
    state = State.FAIL if faults else State.PASS
    return Finding("MX-004", state, host.host, {"faults": faults, "addresses": host.addresses}, seen)


def target_faults(host: MxHost, own: Networks = ()) -> tuple[str, ...]:
    """Why mail cannot be delivered to an MX target; empty when it can."""
    if is_address(host.host):
        return ("it is an address, and an MX must name a host",)
    if host.host.endswith(".msv1.invalid"):
        return ("it is a leftover of Microsoft 365's domain verification",)
    faults = ["it is an alias (CNAME), which RFC 5321 section 5.1 forbids"] if host.is_alias else []
    if not host.addresses:
        faults.append("it has neither an A nor an AAAA record")
    elif kind := unreachable(host.addresses, own):
        faults.append(
            f"its addresses are {kind} ({', '.join(host.addresses)}) and nobody outside reaches them"
        )
    return tuple(faults)


def unreachable(ips: Sequence[str], own: Networks = ()) -> str:
    """ "private" or "reserved" when no address of a host can be reached from the internet, else "".

    `own` are networks that the operator knows to be reachable.
    """
    if not ips or any(ip_address(ip).is_global or _within(ip, own) for ip in ips):
        return ""
    inside = [ip for ip in ips if _within(ip, PRIVATE)]
    return "private" if inside else "reserved"


def _within(ip: str, networks: Networks) -> bool:
    return any(ip_address(ip) in network for network in networks)


CHECK = Check(
    name="mx",
    run=check,
    cites="RFC 5321 section 5, RFC 7505",
    codes={
        "MX-001": {State.FAIL: Severity.CRITICAL, State.WARN: Severity.MEDIUM},
        "MX-002": Severity.CRITICAL,
        "MX-003": Severity.HIGH,
        "MX-004": Severity.HIGH,
        "MX-005": Severity.INFO,
    },
    scopes=DECISIVE,
)
