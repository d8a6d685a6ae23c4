"""How old a signed call may be: a recorded one that is played again later is worth nothing.

Within the window a repetition does no harm, since an event is recorded once; the windows are as long as
the providers go on trying to deliver a call (Mailgun 8 hours, SendGrid 24, SNS an hour by default).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sender.returns.hooks import mailgun
from sender.returns.hooks.model import Call, json_of, moment, record

AHEAD = timedelta(minutes=5)
"""How far a provider's clock may be before ours."""


def _sendgrid(call: Call) -> datetime | None:
    return moment(call.headers.get("x-twilio-email-event-webhook-timestamp"))


def _sns(call: Call) -> datetime | None:
    return moment(record(json_of(call.body)).get("Timestamp"))


STAMPS: Mapping[str, tuple[Callable[[Call], datetime | None], timedelta]] = {
    "mailgun": (mailgun.stamp, timedelta(hours=12)),
    "sendgrid": (_sendgrid, timedelta(hours=25)),
    "ses": (_sns, timedelta(hours=25)),
}


def is_fresh(provider: str, call: Call, now: datetime) -> bool:
    """Whether the signed time lies in the window; a call without one is as fresh as its login says."""
    if provider not in STAMPS:
        return True
    read, window = STAMPS[provider]
    stamp = read(call)
    return stamp is None or now - window <= stamp <= now + AHEAD
