"""STARTTLS and certificates of each MX address, told apart (one of three failing is one of three)."""

from collections.abc import Iterator

from checks.certificates import chain_fault, read_certificate
from checks.check import Check
from checks.model import Evidence, Finding, Scope, Severity, State, Target, Value
from checks.mta_sts.discover import StsStatus, discover
from checks.mta_sts.policy import Mode
from checks.mx import mx_servers
from checks.ports import Probed, ProbeFault, World

OLD = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})
SOON_DAYS = 14


def check(target: Target, world: World) -> Iterator[Finding]:
    """SMTP-002 could we look, SMTP-003 STARTTLS, SMTP-004 the version, SMTP-005 the certificate.

    Only what the servers show to a stranger: no MAIL, no RCPT.
    """
    servers = mx_servers(world.dns, target.domain)
    looks = world.smtp.probe_all(servers) if servers else []
    if looks and all(look.fault is ProbeFault.OFF for look in looks):
        return
    pinned = _demands_pkix(target.domain, world) if looks else False
    for look in looks:
        yield from _judge(look, world, pinned)


def _demands_pkix(domain: str, world: World) -> bool:
    """An MTA-STS policy in mode enforce makes an invalid certificate a bounce (RFC 8461 section 5)."""
    found = discover(domain, world.dns, world.web)
    return found.status is StsStatus.VALID and found.policy is not None and found.policy.mode is Mode.ENFORCE


def _judge(look: Probed, world: World, pinned: bool) -> Iterator[Finding]:
    subject = f"{look.host} [{look.address}]"
    seen = (Evidence(look.host, "SMTP", _shown(look), resolver=look.address, at=world.now),)
    if look.fault:
        why = look.note or look.fault.value
        yield Finding("SMTP-002", State.UNKNOWN, subject, {"why": why, "fault": look.fault.value}, seen)
        return
    yield Finding("SMTP-002", State.PASS, subject, {"banner": look.banner}, seen)
    if not look.tls_version:
        fault = look.tls_fault or "it does not offer STARTTLS"
        yield Finding("SMTP-003", State.FAIL, subject, {"fault": fault}, seen)
        return
    yield Finding("SMTP-003", State.PASS, subject, {"version": look.tls_version}, seen)
    old = look.tls_version in OLD
    yield Finding("SMTP-004", State.FAIL if old else State.PASS, subject, {"version": look.tls_version}, seen)
    yield _certificate(look, world, pinned, subject, seen)


def _shown(look: Probed) -> str:
    if look.fault:
        return f"failed: {look.fault.value} ({look.note})"
    lines = [f"220 {look.banner}", *look.extensions, look.starttls_reply, look.tls_version or look.tls_fault]
    return "\n".join(line for line in lines if line)


def _certificate(
    look: Probed, world: World, pinned: bool, subject: str, seen: tuple[Evidence, ...]
) -> Finding:
    """Opportunistic TLS takes any certificate (RFC 7435): a fault weighs where a policy asks for PKIX."""
    fault = chain_fault(look.chain, look.host, world.now)
    own = read_certificate(look.chain[0]) if look.chain else None
    days = own.days_left(world.now) if own else 0
    args: dict[str, Value] = {"fault": fault, "days": days, "issuer": own.issuer if own else "unknown"}
    if fault:
        return Finding("SMTP-005", State.FAIL if pinned else State.WARN, subject, args, seen)
    if days < SOON_DAYS:
        return Finding("SMTP-005", State.WARN, subject, {**args, "fault": f"it expires in {days} days"}, seen)
    return Finding("SMTP-005", State.PASS, subject, args, seen)


CHECK = Check(
    name="starttls",
    run=check,
    cites="RFC 3207, RFC 8314, RFC 7435",
    codes={
        "SMTP-002": {State.UNKNOWN: Severity.INFO},
        "SMTP-003": Severity.HIGH,
        "SMTP-004": Severity.HIGH,
        "SMTP-005": {State.FAIL: Severity.HIGH, State.WARN: Severity.INFO},
    },
    scopes=frozenset({Scope.AUDIT}),
)
