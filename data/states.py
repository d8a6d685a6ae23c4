"""The life of a recipient row, as tables. The store itself refuses every other move (migration 0001)."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a recipient stands; every row has exactly one."""

    PENDING = "pending"
    CLAIMED = "claimed"
    """A worker holds it under a lease; nothing has been handed over."""
    SENDING = "sending"
    """On disk before the final dot: from here on the other side may have it."""
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Handed over, and no answer: shown, counted, never guessed."""
    SKIPPED = "skipped"
    """Not written to: suppressed, without consent, cancelled."""


WAITING = (State.PENDING, State.DEFERRED)
LEASED = (State.CLAIMED, State.SENDING)
OPEN = (*WAITING, *LEASED)
"""A campaign with one of these is not finished."""

MOVES: Mapping[State, frozenset[State]] = {
    State.PENDING: frozenset({State.CLAIMED, State.SKIPPED}),
    State.CLAIMED: frozenset(
        {State.SENDING, State.PENDING, State.DEFERRED, State.FAILED, State.SKIPPED}  # pending: given back
    ),
    State.SENDING: frozenset({State.SENT, State.DEFERRED, State.FAILED, State.UNKNOWN}),
    State.DEFERRED: frozenset({State.CLAIMED, State.FAILED, State.SKIPPED}),  # failed: its time is up
    State.UNKNOWN: frozenset(
        {State.SENT, State.DEFERRED, State.FAILED, State.PENDING}  # the answer came late; or it is resent
    ),
    State.FAILED: frozenset({State.PENDING}),  # a person resends
    State.SKIPPED: frozenset({State.PENDING}),
    State.SENT: frozenset(),
}
