"""BIMI of a domain: the record and the logo it leads to."""

from collections.abc import Iterator

from checks.bimi.mark import expires_soon, mark_faults, read_chain
from checks.bimi.record import BimiRecord, is_bimi, parse_bimi
from checks.bimi.svg import MAX_BYTES, svg_faults, svg_oddities
from checks.check import Check
from checks.dmarc.policy import Outcome, by_tree, existence
from checks.dmarc.record import Disposition, DmarcRecord
from checks.dmarc.walk import walk
from checks.evidence import evidence_of, why_of
from checks.model import Evidence, Finding, Severity, State, Target, Value
from checks.ports import Fetched, World

SELECTOR = "default"
MAX_CERTIFICATE = 262_144


def check(target: Target, world: World) -> Iterator[Finding]:
    """BIMI-001 the record at the default selector, 002 its DMARC, 003 the logo, 004 the certificate."""
    answer = world.dns.ask(f"{SELECTOR}._bimi.{target.domain}", "TXT")
    seen = (evidence_of(answer),)
    if not answer.ok:
        yield Finding("BIMI-001", State.UNKNOWN, target.domain, {"why": why_of(answer)}, seen)
        return
    records = [text for text in answer.texts if is_bimi(text)]
    if not records:
        yield Finding("BIMI-001", State.NOT_APPLICABLE, target.domain, {}, seen)
        return
    record = parse_bimi(records[0])
    faults = record.faults if len(records) == 1 else (f"there are {len(records)} records, so none counts",)
    args: dict[str, Value] = {"faults": faults, "logo": record.location or "none"}
    yield Finding("BIMI-001", State.FAIL if faults else State.PASS, target.domain, args, seen)
    if not faults and not record.declined:
        yield _policy(target.domain, world)
    if not faults and record.location:
        fetched = world.web.fetch(record.location, max_bytes=4 * MAX_BYTES)
        yield _logo(target.domain, record, fetched)
        if record.authority:
            yield _mark(target.domain, record, fetched.body, world)


def _policy(domain: str, world: World) -> Finding:
    """Only mail that DMARC protects may show a logo: quarantine or reject, in force, below the domain too."""
    policy = by_tree(walk(world.dns, domain), existence(world.dns, domain))
    seen = (evidence_of(policy.level.answer),) if policy.level else ()
    if policy.outcome is Outcome.FAILED:
        why = "; ".join(why_of(answer) for answer in policy.failed)
        return Finding("BIMI-002", State.UNKNOWN, domain, {"why": why}, seen)
    effective = policy.effective or Disposition.NONE
    fault = weakness(effective, policy.record)
    return Finding("BIMI-002", State.FAIL if fault else State.PASS, domain, {"fault": fault}, seen)


def weakness(effective: Disposition, record: DmarcRecord | None) -> str:
    """Why a DMARC policy does not carry a logo; "" when it does."""
    if record is None:
        return "there is no DMARC policy"
    if effective is Disposition.NONE:
        return "its policy comes to p=none"
    if record.sp is Disposition.NONE:
        return "its policy for subdomains is sp=none"
    return ""


def _logo(domain: str, record: BimiRecord, fetched: Fetched) -> Finding:
    shown = f"failed: {fetched.note}" if fetched.fault else f"{fetched.status} {fetched.content_type}"
    seen = (Evidence(record.location, "HTTPS", shown, resolver=fetched.address),)
    if fetched.fault and not fetched.fault.conclusive:
        return Finding("BIMI-003", State.UNKNOWN, domain, {"why": fetched.note}, seen)
    if fetched.fault or fetched.status != 200:
        faults: tuple[str, ...] = (fetched.note or f"the server answered with status {fetched.status}",)
    else:
        faults = svg_faults(fetched.body)
    oddities = () if faults else svg_oddities(fetched.body)
    state = State.FAIL if faults else State.WARN if oddities else State.PASS
    return Finding("BIMI-003", state, domain, {"faults": faults or oddities, "logo": record.location}, seen)


def _mark(domain: str, record: BimiRecord, logo: bytes, world: World) -> Finding:
    fetched = world.web.fetch(record.authority, max_bytes=MAX_CERTIFICATE)
    shown = f"failed: {fetched.note}" if fetched.fault else f"{fetched.status} {fetched.content_type}"
    seen = (Evidence(record.authority, "HTTPS", shown, resolver=fetched.address),)
    args: dict[str, Value] = {"certificate": record.authority, "why": fetched.note}
    if fetched.fault and not fetched.fault.conclusive:
        return Finding("BIMI-004", State.UNKNOWN, domain, args, seen)
    if fetched.fault or fetched.status != 200:
        fault = fetched.note or f"the server answered with status {fetched.status}"
        return Finding("BIMI-004", State.FAIL, domain, {**args, "faults": (fault,)}, seen)
    chain = read_chain(fetched.body)
    if faults := mark_faults(chain, domain, SELECTOR, logo, world.now):
        return Finding("BIMI-004", State.FAIL, domain, {**args, "faults": faults}, seen)
    if expires_soon(chain, world.now):
        ends = f"it expires on {chain[0].not_valid_after_utc:%Y-%m-%d}"
        return Finding("BIMI-004", State.WARN, domain, {**args, "faults": (ends,)}, seen)
    return Finding("BIMI-004", State.PASS, domain, args, seen)


CHECK = Check(
    name="bimi",
    run=check,
    cites="draft-brand-indicators-for-message-identification, draft-svg-tiny-ps-abrotman",
    codes={
        "BIMI-001": Severity.MEDIUM,
        "BIMI-002": Severity.HIGH,
        "BIMI-003": {State.FAIL: Severity.HIGH, State.WARN: Severity.LOW},
        "BIMI-004": {State.FAIL: Severity.HIGH, State.WARN: Severity.MEDIUM},
    },
)
