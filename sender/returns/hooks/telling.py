"""What each provider's calls tell, in values that can be kept whatever the body was."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sender.returns.hooks import mailgun, mandrill, postmark, sendgrid, ses
from sender.returns.hooks.model import MOST_EVENTS, Call, Told
from sender.returns.storable import storable

READERS: Mapping[str, Callable[[Call], Sequence[Told]]] = {
    "mailgun": mailgun.told,
    "mandrill": mandrill.told,
    "postmark": postmark.told,
    "sendgrid": sendgrid.told,
    "ses": ses.told,
}
TEXTS = ("event_id", "message_id", "recipient", "token", "said", "status", "url", "agent", "word")
LONGEST = 4_000


def told(provider: str, call: Call) -> Sequence[Told]:
    """The reports of a call; a provider's documented texts are texts, whatever stood there."""
    return [_plain(each) for each in READERS[provider](call)[:MOST_EVENTS]]


def _plain(each: Told) -> Told:
    return replace(each, **{name: _text(getattr(each, name)) for name in TEXTS})


def _text(value: Any) -> Any:
    """None stays None; what is neither text nor a number was not said."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)[:100] if abs(value) < 10**30 else ""
    return storable(value[:LONGEST]) if isinstance(value, str) else None if value is None else ""
