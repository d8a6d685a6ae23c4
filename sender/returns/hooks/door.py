"""Who is let in: the whole judgement of one call, before anything of it is kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from sender.returns.hooks import mailgun, mandrill, postmark, sendgrid, ses
from sender.returns.hooks.fresh import is_fresh
from sender.returns.hooks.model import Call, Secrets, Trust
from sender.returns.hooks.sns import Certificates, signature_of

TRUST: Mapping[str, Callable[[Call, Secrets], Trust]] = {
    "mailgun": mailgun.trust,
    "mandrill": mandrill.trust,
    "postmark": postmark.trust,
    "sendgrid": sendgrid.trust,
    "ses": ses.trust,
}


class Entry(StrEnum):
    """What becomes of a call; the words are those of the record of refusals."""

    ADMITTED = "admitted"
    CLOSED = "no secret is stored"
    NO_LOGIN = "no login given"
    REFUSED = "signature or login wrong"
    STALE = "signed too long ago"
    LATER = "could not be checked now"


def judge(
    provider: str, call: Call, secrets: Secrets | None, certificates: Certificates, now: datetime
) -> Entry:
    """Whether a call is the provider's own. Without a stored secret nobody comes in."""
    if secrets is None:
        return Entry.CLOSED
    trust = TRUST[provider](call, secrets)
    if trust is Trust.GENUINE and provider == "ses":
        trust = _with_signature(call, secrets, certificates)
    match trust:
        case Trust.UNCHECKED:
            return Entry.CLOSED
        case Trust.UNKNOWN:
            return Entry.LATER
        case Trust.REFUSED:
            asked = secrets.logins and "authorization" not in call.headers
            return Entry.NO_LOGIN if asked else Entry.REFUSED
    return Entry.ADMITTED if is_fresh(provider, call, now) else Entry.STALE


def _with_signature(call: Call, secrets: Secrets, certificates: Certificates) -> Trust:
    """SNS signs all but raw delivery, which only a login can vouch for: anybody can name a topic."""
    signature = signature_of(call.body, certificates)
    if signature is Trust.UNCHECKED:
        return Trust.GENUINE if secrets.logins else Trust.REFUSED
    return signature
