"""What a provider's answer means, as data: each transport has a table of rows, and these are everybody's.

A row says whose fault it is. What concerns one message refuses or defers that message; what concerns the
account says so of the server, with `Phase.AUTH`, and no recipient is to blame.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from checks.model import Again
from sender.delivery.http.message import Lost, Reply
from sender.delivery.outcome import Outcome, Phase, Result


@dataclass(frozen=True, slots=True)
class Sense:
    """`category` is one of `sender.returns.categories.Category`, "" for an acceptance."""

    result: Result
    phase: Phase
    again: Again
    category: str = ""
    enhanced: str = ""


class Means(Enum):
    """The few things that an answer can mean."""

    ACCEPTED = Sense(Result.ACCEPTED, Phase.CALL, Again.NEVER)
    # of this message
    BAD_ADDRESS = Sense(Result.REFUSED, Phase.CALL, Again.NEVER, "bad_address", "5.1.3")
    SUPPRESSED = Sense(Result.REFUSED, Phase.CALL, Again.NEVER, "provider_suppressed")
    CONTENT = Sense(Result.REFUSED, Phase.CALL, Again.NEVER, "content", "5.6.0")
    SPAM = Sense(Result.REFUSED, Phase.CALL, Again.NEVER, "spam_content", "5.7.1")
    POLICY = Sense(Result.REFUSED, Phase.CALL, Again.NEVER, "policy", "5.7.1")
    TOO_LARGE = Sense(Result.REFUSED, Phase.CALL, Again.NEVER, "too_large", "5.3.4")
    THROTTLED = Sense(Result.DEFERRED, Phase.CALL, Again.LATER, "throttled", "4.7.28")
    BUSY = Sense(Result.DEFERRED, Phase.CALL, Again.LATER, "remote_temporary", "4.3.2")
    NOT_UNDERSTOOD = Sense(Result.DEFERRED, Phase.CALL, Again.LATER, "protocol", "4.5.0")
    # of the account: nothing can be sent before a person mends it, or before the quota is there again
    KEY = Sense(Result.DEFERRED, Phase.AUTH, Again.NEVER, "relay", "4.7.8")
    ACCOUNT = Sense(Result.DEFERRED, Phase.AUTH, Again.NEVER, "relay", "4.7.0")
    SENDER = Sense(Result.DEFERRED, Phase.AUTH, Again.NEVER, "sender_config", "4.1.8")
    SETTING = Sense(Result.DEFERRED, Phase.AUTH, Again.NEVER, "sender_config", "4.3.5")
    QUOTA = Sense(Result.DEFERRED, Phase.AUTH, Again.LATER, "throttled", "4.5.3")
    # of nobody knows what
    UNSURE = Sense(Result.UNKNOWN, Phase.CALL, Again.LATER)


@dataclass(frozen=True, slots=True)
class Row:
    """An answer with this status (0: any) whose code or text `pattern` is found in. The first row counts."""

    status: int
    pattern: str
    means: Means

    def fits(self, status: int, said: str) -> bool:
        return self.status in (0, status) and re.search(self.pattern, said, re.IGNORECASE) is not None


EVERYBODY: tuple[Row, ...] = (
    Row(401, "", Means.KEY),
    Row(402, "", Means.ACCOUNT),
    Row(403, "", Means.KEY),
    Row(404, "", Means.SETTING),
    Row(405, "", Means.SETTING),
    Row(408, "", Means.BUSY),
    Row(413, "", Means.TOO_LARGE),
    Row(429, "", Means.THROTTLED),
    Row(503, "", Means.BUSY),
)
"""By the status alone (RFC 9110 section 15); a provider's own rows come before these."""
WAITS = {Means.QUOTA: 900.0, Means.THROTTLED: 10.0}
"""Seconds, where the provider does not say."""


def meaning(rows: Iterable[Row], status: int, said: str) -> Means:
    """What an answer means. Another 4xx: the call was not obeyed. A 5xx may come after it was."""
    for row in (*rows, *EVERYBODY):
        if row.fits(status, said):
            return row.means
    if 200 <= status < 300:
        return Means.ACCEPTED
    if 300 <= status < 400:
        return Means.SETTING
    return Means.NOT_UNDERSTOOD if status < 500 else Means.UNSURE


def outcome_of(means: Means, reply: Reply, said: str, host: str, tls: str) -> Outcome:
    """The outcome, in the provider's words."""
    sense = means.value
    wait = reply.retry_after or WAITS.get(means, 0.0)
    text = said or f"HTTP {reply.status}"
    return Outcome(
        *(sense.result, sense.phase, sense.again, reply.status, sense.enhanced, text, host, tls),
        category=sense.category,
        wait=wait,
    )


def outcome_of_lost(lost: Lost, host: str) -> Outcome:
    """All of the call was written and no answer came: it may have been obeyed."""
    if lost.handed_over:
        return Outcome(Result.UNKNOWN, Phase.CALL, Again.LATER, text=lost.why, host=host)
    return Outcome(Result.DEFERRED, Phase.CALL, Again.LATER, text=lost.why, host=host)
