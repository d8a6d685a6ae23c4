"""Finding a domain's MTA-STS policy: the record, then the file that it announces (RFC 8461 section 3)."""

from dataclasses import dataclass
from enum import StrEnum

from checks.mta_sts.policy import Policy, parse_policy
from checks.mta_sts.record import StsRecord, is_sts, parse_record
from checks.ports import Answer, Dns, Fetched, Web

MAX_POLICY_BYTES = 65_536


class StsStatus(StrEnum):
    NONE = "none"
    VALID = "valid"
    RECORD_FAULT = "record_fault"
    FETCH_ERROR = "fetch_error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Discovered:
    """How far discovery came. `faults` say what was wrong; `answer` and `fetched` are the evidence."""

    status: StsStatus
    answer: Answer
    record: StsRecord | None = None
    fetched: Fetched | None = None
    policy: Policy | None = None
    faults: tuple[str, ...] = ()


def policy_url(domain: str) -> str:
    return f"https://mta-sts.{domain}/.well-known/mta-sts.txt"


def discover(domain: str, dns: Dns, web: Web) -> Discovered:
    """Look for the policy of `domain` as a sender would."""
    answer = dns.ask(f"_mta-sts.{domain}", "TXT")
    if not answer.ok:
        return Discovered(StsStatus.UNKNOWN, answer, faults=(answer.note or str(answer.why),))
    records = [text for text in answer.texts if is_sts(text)]
    if not records:
        return Discovered(StsStatus.NONE, answer)
    if len(records) > 1:  # section 3.1: treated as no policy at all
        return Discovered(StsStatus.RECORD_FAULT, answer, faults=(f"there are {len(records)} records",))
    record = parse_record(records[0])
    if record.faults:
        return Discovered(StsStatus.RECORD_FAULT, answer, record, faults=record.faults)
    return _fetch(domain, web, answer, record)


def _fetch(domain: str, web: Web, answer: Answer, record: StsRecord) -> Discovered:
    fetched = web.fetch(policy_url(domain), max_bytes=MAX_POLICY_BYTES)
    if fetched.fault and not fetched.fault.conclusive:
        return Discovered(StsStatus.UNKNOWN, answer, record, fetched, faults=(fetched.note,))
    if faults := _response_faults(fetched):
        return Discovered(StsStatus.FETCH_ERROR, answer, record, fetched, faults=faults)
    policy = parse_policy(fetched.body.decode("utf-8", "replace"))
    status = StsStatus.FETCH_ERROR if policy.faults else StsStatus.VALID
    return Discovered(status, answer, record, fetched, policy, policy.faults)


def _response_faults(fetched: Fetched) -> tuple[str, ...]:
    """Section 3.3: status 200, media type text/plain, no redirect."""
    if fetched.fault:
        return (fetched.note or fetched.fault.value,)
    if fetched.status in (301, 302, 303, 307, 308):
        return (f"it redirects to {fetched.location or 'another place'}, which senders must not follow",)
    if fetched.status != 200:
        return (f"the server answered with status {fetched.status}",)
    media_type = fetched.content_type.partition(";")[0].strip().lower()
    if media_type != "text/plain":
        return (f"it is served as '{media_type or 'nothing'}', not as text/plain",)
    return ()
