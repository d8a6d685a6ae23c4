"""DANE of each MX host: are the TLSA records secure, usable, and true of the live certificate."""

from collections.abc import Iterator, Sequence

from checks.check import Check
from checks.dane.tlsa import Tlsa, matches, parse_tlsa
from checks.evidence import evidence_of, why_of
from checks.model import Evidence, Finding, Scope, Severity, State, Target, Value
from checks.mx import mx_names, mx_servers
from checks.ports import Answer, Question, World


def check(target: Target, world: World) -> Iterator[Finding]:
    """DANE-001 any, 002 usable, 003 true of every address, 004 could we ask, 005 more than one."""
    hosts = mx_names(world.dns, target.domain)
    pins = [Question(f"_25._tcp.{host}", "TLSA") for host in hosts]
    addresses = [Question(host, rdtype) for host in hosts for rdtype in ("A", "AAAA")]
    answers = world.dns.ask_all([*pins, *addresses])[
        : len(pins)
    ]  # the addresses are in the cache from here on
    servers = mx_servers(world.dns, target.domain)
    for host, answer in zip(hosts, answers, strict=True):
        at = [(name, ip) for name, ip in servers if name == host]
        yield from _host(host, answer, at, world, target.domain)


def _host(
    host: str, answer: Answer, servers: Sequence[tuple[str, str]], world: World, domain: str
) -> Iterator[Finding]:
    seen = (evidence_of(answer),)
    if not answer.ok:
        yield Finding("DANE-004", State.UNKNOWN, host, {"why": why_of(answer)}, seen)
        return
    if not answer.records:
        yield Finding("DANE-001", State.NOT_APPLICABLE, host, {"why": "it publishes no TLSA record"}, seen)
        return
    if not answer.authenticated:  # RFC 7672 section 2.2: insecure TLSA records are as if there were none
        why = "its TLSA records are not signed, or the resolver does not validate"
        yield Finding("DANE-001", State.NOT_APPLICABLE, host, {"why": why}, seen)
        return
    records = [record for text in answer.texts if (record := parse_tlsa(text))]
    yield Finding("DANE-001", State.PASS, host, {"records": tuple(map(str, records))}, seen)
    yield _usable(host, records, seen)
    if any(not record.fault for record in records):
        yield from _live(records, servers, world, domain, seen)
    if len(records) == 1:
        yield Finding("DANE-005", State.WARN, host, {"record": str(records[0])}, seen)


def _usable(host: str, records: Sequence[Tlsa], seen: tuple[Evidence, ...]) -> Finding:
    faults = tuple(f"{record}: {record.fault}" for record in records if record.fault)
    all_bad = len(faults) == len(records)
    state = State.FAIL if all_bad else State.WARN if faults else State.PASS
    return Finding("DANE-002", state, host, {"faults": faults or ("no record can be read",)}, seen)


def _live(
    records: Sequence[Tlsa],
    servers: Sequence[tuple[str, str]],
    world: World,
    domain: str,
    seen: tuple[Evidence, ...],
) -> Iterator[Finding]:
    for look in world.smtp.probe_all(servers):
        subject = f"{look.host} [{look.address}]"
        args: dict[str, Value] = {"records": tuple(map(str, records)), "why": look.note}
        if look.fault or not (look.chain or look.tls_fault or not look.offers_starttls):
            yield Finding("DANE-003", State.UNKNOWN, subject, args, seen)
            continue
        held = matches(records, look.chain, (look.host, domain), world.now)
        state = State.PASS if held else State.FAIL
        yield Finding("DANE-003", state, subject, args, seen)


CHECK = Check(
    name="dane",
    run=check,
    cites="RFC 7672",
    codes={
        "DANE-001": Severity.INFO,
        "DANE-002": {State.FAIL: Severity.HIGH, State.WARN: Severity.LOW},
        "DANE-003": {State.FAIL: Severity.CRITICAL, State.UNKNOWN: Severity.INFO},
        "DANE-004": {State.UNKNOWN: Severity.CRITICAL},
        "DANE-005": Severity.INFO,
    },
    scopes=frozenset({Scope.AUDIT}),
)
