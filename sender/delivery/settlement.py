"""From what a transport reported to what is stored. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.claims import Settlement
from data.recipients import Recipient, Refusal
from data.states import State
from sender.delivery.outcome import Outcome, Phase, Result
from sender.delivery.retry import Schedule

MOST_RESPONSE = 2_000
"""Characters of a reply that are kept."""

Classify = Callable[[Outcome, str], str]
"""The category of a reply of a provider (the one classifier's); "" for an accepted message."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a campaign wants: its message class and what becomes of an unknown, "hold" or "resend"."""

    message_class: str
    on_unknown: str
    schedule: Schedule


def settled(row: Recipient, outcome: Outcome, category: str, rules: Rules, now: datetime) -> Settlement:
    """The row's new state, with what was said."""
    state, next_at = _state(row, outcome, category, rules, now)
    if state is State.FAILED and outcome.result is not Result.REFUSED:
        category = "expired"
    said = outcome.text[:MOST_RESPONSE]
    return Settlement(row.id, row.fence, state, now, next_at, outcome.code, outcome.enhanced, said, category)


def _state(
    row: Recipient, outcome: Outcome, category: str, rules: Rules, now: datetime
) -> tuple[State, datetime | None]:
    match outcome.result:
        case Result.ACCEPTED:
            return State.SENT, None
        case Result.REFUSED:
            return State.FAILED, None
        case Result.UNKNOWN if rules.on_unknown != "resend":
            return State.UNKNOWN, None
        case Result.DEFERRED if outcome.phase is Phase.AUTH or outcome.wait:
            # the sending server's affair, not the row's: as soon as it may, or whoever stands in for it
            return State.DEFERRED, now + timedelta(seconds=outcome.wait)
        case Result.UNKNOWN | Result.DEFERRED:
            first_at = row.first_at or now
            again = rules.schedule.next_try(
                row.attempts, row.id, first_at, now, rules.message_class, greylisted=category == "greylisted"
            )
            if again is None and outcome.result is Result.UNKNOWN:
                return State.UNKNOWN, None
            return (State.FAILED, None) if again is None else (State.DEFERRED, again)


def skipped(row: Recipient, refusal: Refusal, now: datetime) -> Settlement:
    """Nothing was tried."""
    return Settlement(
        *(row.id, row.fence, State.SKIPPED, now),
        response=refusal.detail,
        category=refusal.reason.value,
    )


def failed(row: Recipient, category: str, why: str, now: datetime) -> Settlement:
    """The sender's own fault: the message could not be made."""
    return Settlement(row.id, row.fence, State.FAILED, now, response=why[:MOST_RESPONSE], category=category)


def put_back(row: Recipient, now: datetime) -> Settlement:
    """We stopped before anything of it left: due again at once."""
    return Settlement(row.id, row.fence, State.DEFERRED, now, now, response="stopped before it was sent")
