"""MTA-STS of a domain: record, policy, and whether every MX is covered by it."""

from collections.abc import Iterator

from checks.check import Check
from checks.evidence import evidence_of
from checks.model import Evidence, Finding, Severity, State, Target, Value
from checks.mta_sts.discover import Discovered, StsStatus, discover
from checks.mta_sts.policy import Mode, Policy, mx_matches
from checks.ports import Mx, World

DAY = 86_400


def check(target: Target, world: World) -> Iterator[Finding]:
    """STS-001 the record, STS-002 the fetch, STS-003 the policy's syntax, STS-004 the MX, STS-007 its age."""
    found = discover(target.domain, world.dns, world.web)
    yield from _record(target.domain, found)
    if found.record and not found.record.faults:
        yield from _file(target.domain, found)
    if found.policy and not found.policy.faults:
        yield from _age(target.domain, found.policy)
        yield from _mx(target.domain, found.policy, world)


def _record(domain: str, found: Discovered) -> Iterator[Finding]:
    seen = (evidence_of(found.answer),)
    match found.status:
        case StsStatus.UNKNOWN if found.record is None:
            yield Finding("STS-001", State.UNKNOWN, domain, {"why": found.faults[0]}, seen)
        case StsStatus.NONE:
            yield Finding("STS-001", State.NOT_APPLICABLE, domain, {}, seen)
        case StsStatus.RECORD_FAULT:
            yield Finding("STS-001", State.FAIL, domain, {"faults": found.faults}, seen)
        case _:
            identity = found.record.id if found.record else ""
            yield Finding("STS-001", State.PASS, domain, {"id": identity}, seen)


def _file(domain: str, found: Discovered) -> Iterator[Finding]:
    fetched = found.fetched
    assert fetched is not None
    seen = (Evidence(fetched.url, "HTTPS", _shown(found), resolver=fetched.address),)
    args: dict[str, Value] = {"url": fetched.url, "faults": found.faults, "why": "; ".join(found.faults)}
    if found.status is StsStatus.UNKNOWN:
        yield Finding("STS-002", State.UNKNOWN, domain, args, seen)
        return
    state = State.PASS if found.policy else State.FAIL
    yield Finding("STS-002", state, domain, args, seen)
    if policy := found.policy:
        state = State.FAIL if policy.faults else State.PASS
        mode = policy.mode.value if policy.mode else "none"
        yield Finding("STS-003", state, domain, {**args, "mode": mode, "mx": policy.mx}, seen)


def _shown(found: Discovered) -> str:
    fetched = found.fetched
    assert fetched is not None
    if fetched.fault:
        return f"failed: {fetched.fault.value}: {fetched.note}"
    return (
        f"{fetched.status} {fetched.content_type}\n{fetched.body[:2000].decode('utf-8', 'backslashreplace')}"
    )


def _age(domain: str, policy: Policy) -> Iterator[Finding]:
    short = policy.max_age is not None and policy.max_age < DAY and policy.mode is not Mode.NONE
    state = State.WARN if short or policy.mode is Mode.NONE else State.PASS
    yield Finding("STS-007", state, domain, {"max_age": policy.max_age, "mode": policy.mode or "none"})


def _mx(domain: str, policy: Policy, world: World) -> Iterator[Finding]:
    answer = world.dns.ask(domain, "MX")
    seen = (evidence_of(answer),)
    if not answer.ok:
        yield Finding("STS-004", State.UNKNOWN, domain, {"why": answer.note or str(answer.why)}, seen)
        return
    hosts = [record.host for record in answer.records if isinstance(record, Mx) and record.host]
    outside = tuple(host for host in hosts if not mx_matches(host, policy.mx))
    unused = tuple(p for p in policy.mx if not any(mx_matches(host, (p,)) for host in hosts))
    args = {"outside": outside, "mode": policy.mode or "none", "patterns": policy.mx}
    if policy.mode is not Mode.NONE and hosts:
        severe = State.FAIL if policy.mode is Mode.ENFORCE else State.WARN
        yield Finding("STS-004", severe if outside else State.PASS, domain, args, seen)
    if unused and hosts:
        yield Finding("STS-008", State.WARN, domain, {"unused": unused}, seen)


CHECK = Check(
    name="mta-sts",
    run=check,
    cites="RFC 8461",
    codes={
        "STS-001": Severity.HIGH,
        "STS-002": Severity.HIGH,
        "STS-003": Severity.HIGH,
        "STS-004": {State.FAIL: Severity.CRITICAL, State.WARN: Severity.HIGH},
        "STS-007": Severity.LOW,
        "STS-008": Severity.INFO,
    },
)
