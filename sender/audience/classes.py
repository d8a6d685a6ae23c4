"""The classes of messages, as a table: who may be written to, and how such a message is made.

Design, What always holds, 5. Adding a class is adding a row; `sender.audience.consent` asks it at the claim
and just before MAIL FROM, the renderer when it makes the message, the start before anything is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from data.campaigns import MessageClass, OnUnknown
from data.suppression import Reason

EVERY_REASON = frozenset(Reason)
NEVER_TRANSACTIONAL = frozenset({Reason.HARD_BOUNCE, Reason.COMPLAINT, Reason.ERASED, Reason.PROVIDER})
"""What stops even a receipt: nobody lives there, or somebody called us spam."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one class."""

    stopped_by: frozenset[Reason] = frozenset()
    """The reasons of suppression that count for it."""
    members_only: bool = False
    """On the campaign's list, and subscribed."""
    consent: bool = False
    """A recorded yes that was not taken back."""
    own_only: bool = False
    """To nobody but addresses that an operator registered as own."""
    once_in: timedelta | None = None
    """To the same person at most once in that time."""
    leavable: bool = False
    """Carries List-Unsubscribe and a footer, if it goes to a list."""
    personal: bool = True
    """Contact fields may stand in it. Not where strangers can have it sent to others: what they typed into
    a form would be delivered in our name."""
    machine_made: bool = False
    """Auto-Submitted keeps vacation replies away; on campaigns it would keep them out of some inboxes."""
    ready_domain: bool = True
    """Leaves only from a domain that was verified."""
    on_unknown: OnUnknown = OnUnknown.HOLD


_MANY = Rule(EVERY_REASON, members_only=True, consent=True, leavable=True)
_OWN = Rule(own_only=True, ready_domain=False)

RULES: Mapping[MessageClass, Rule] = {
    MessageClass.CAMPAIGN: _MANY,
    MessageClass.AUTOMATION: _MANY,
    MessageClass.CONFIRMATION: Rule(
        EVERY_REASON - {Reason.UNSUBSCRIBED},
        once_in=timedelta(days=1),
        personal=False,
        machine_made=True,
    ),
    MessageClass.TRANSACTIONAL: Rule(NEVER_TRANSACTIONAL, on_unknown=OnUnknown.RESEND),
    # What is tried out is what is sent: seeds and tests are made exactly as everybody's.
    MessageClass.SEED: Rule(own_only=True, ready_domain=False, leavable=True),
    MessageClass.TEST: Rule(own_only=True, ready_domain=False, leavable=True),
    MessageClass.ALERT: _OWN,
}


def leavable(message_class: MessageClass, list_id: int | None) -> bool:
    """Whether one can unsubscribe from a message of this class to this list."""
    return RULES[message_class].leavable and list_id is not None
