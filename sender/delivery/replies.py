"""A first reading of a reply, until the whole classifier is asked: enough to know whom it is about."""

import re

from sender.delivery.outcome import Outcome, Result

_GREYLISTED = re.compile(r"gr[ae]y-?list|postgrey|try again in \d+ (second|minute)", re.IGNORECASE)


def first_reading(outcome: Outcome, provider: str) -> str:  # noqa: ARG001 - the classifier's shape
    """A category of a reply that was not an acceptance."""
    if outcome.result is Result.UNKNOWN:
        return "unknown"
    if outcome.category:
        return outcome.category
    if outcome.phase.before_mail:
        return "network"
    if _GREYLISTED.search(outcome.text):
        return "greylisted"
    return _BY_CODE.get(outcome.enhanced, "rejected" if outcome.result is Result.REFUSED else "deferred")


_BY_CODE = {
    "5.1.1": "unknown_user",
    "5.1.2": "bad_domain",
    "5.1.10": "bad_domain",
    "5.2.1": "inactive",
    "5.2.2": "mailbox_full",
    "4.2.2": "mailbox_full",
}
