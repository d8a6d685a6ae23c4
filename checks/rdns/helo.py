"""Judging what a server calls itself in HELO (RDNS-006 to 009, 013; RFC 5321 section 2.3.5 and 4.1.1.1)."""

from collections.abc import Collection, Iterator, Sequence

from checks.evidence import evidence_of, why_of
from checks.model import Args, Finding, State, Value
from checks.names import is_address
from checks.organization import organization
from checks.ports import Address, Answer, Question
from checks.rdns.addresses import host_flaw
from checks.rdns.look import Answers, Reverse, askable

LOCAL = ("lan", "local", "home", "localdomain", "intra", "internal", "corp")
# fmt: off
MAILBOX_PROVIDERS = frozenset({
    "gmail.com", "googlemail.com", "google.com", "yahoo.com", "aol.com", "outlook.com", "hotmail.com",
    "live.com", "msn.com", "office365.com", "icloud.com", "me.com", "mac.com", "apple.com", "gmx.net",
    "gmx.de", "web.de", "proton.me", "protonmail.com", "mail.ru", "yandex.ru", "qq.com", "163.com",
})
# fmt: on
"""Organisations whose name nobody else may say in HELO."""


def judge(
    helo: str, answers: Answers, addresses: Sequence[Reverse], domains: Collection[str]
) -> Iterator[Finding]:
    """All findings about one HELO name, compared with the addresses that say it."""
    bare = helo.strip("[]")
    if is_address(bare):
        yield Finding("RDNS-007", State.FAIL, helo, {"address": bare})
        return
    yield Finding("RDNS-007", State.PASS, helo)
    flaw = shape_flaw(helo)
    yield Finding("RDNS-006", State.FAIL if flaw else State.PASS, helo, {"flaw": flaw})
    yield _impostor(helo, domains)
    if flaw or not addresses or not askable(helo):
        return
    known = [answers[Question(helo, rdtype)] for rdtype in ("A", "AAAA")]
    for address in addresses:
        yield _resolves(helo, address, known)
        yield from _same_as_ptr(helo, address)


def shape_flaw(helo: str) -> str:
    """Why `helo` is no fully qualified name in the public tree; "" when it is one."""
    lowered = helo.lower()
    if "." not in lowered:
        return "has no dot"
    if lowered.rpartition(".")[2] in LOCAL:
        return f"ends in .{lowered.rpartition('.')[2]}, which exists in no public DNS"
    return host_flaw(lowered)


def _impostor(helo: str, domains: Collection[str]) -> Finding:
    """Somebody else's name: localhost, or a mailbox provider that is not the audited organisation."""
    owner = organization(helo.lower())
    ours = {organization(domain) for domain in domains}
    local = owner in ("localhost", "localhost.localdomain")
    foreign = local or (owner in MAILBOX_PROVIDERS and owner not in ours)
    return Finding("RDNS-013", State.FAIL if foreign else State.PASS, helo, {"owner": owner})


def _resolves(helo: str, address: Reverse, known: Sequence[Answer]) -> Finding:
    """Whether the name leads to the address that says it; the family that matters is the address's own."""
    state, reason = resolution(address.ip, known)
    wrong = next((why_of(answer) for answer in known if not answer.ok), "")
    found: tuple[Value, ...] = tuple(text for answer in known for text in answer.texts)
    args: Args = {"ip": address.ip, "addresses": found, "reason": reason, "why": wrong}
    return Finding(
        "RDNS-008", state, f"{helo} @ {address.ip}", args, tuple(evidence_of(answer) for answer in known)
    )


def resolution(ip: str, known: Sequence[Answer]) -> tuple[State, str]:
    """pass | warn | unknown, and why ("no-address", "mismatch"), for a name's A and AAAA answers."""
    if any(Address(ip) in answer.records for answer in known):
        return State.PASS, ""
    own = known[1] if ":" in ip else known[0]
    if not own.ok:
        return State.UNKNOWN, ""
    if any(answer.records for answer in known):
        return State.WARN, "mismatch"
    return (State.WARN, "no-address") if all(answer.ok for answer in known) else (State.UNKNOWN, "")


def _same_as_ptr(helo: str, address: Reverse) -> Iterator[Finding]:
    if address.confirmed:
        state = State.PASS if helo.lower() in address.confirmed else State.WARN
        args: Args = {"ip": address.ip, "names": address.confirmed}
        yield Finding("RDNS-009", state, f"{helo} @ {address.ip}", args)
