"""Who is to get what: one row and one state per (campaign, contact, step); the row is the queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Recipient:
    """A claimed row.

    `email` is the address as the person wrote it (where the mail goes), `address` its normalised identity.
    `fence` is the number of this claim: whoever settles must still hold it.
    """

    id: int
    campaign_id: int
    contact_id: int
    step: int
    address: str
    email: str
    provider: str
    attempts: int
    fence: int
    message_id: str = ""
    """"" until it was rendered once; a resend carries the same."""
    attributes: Mapping[str, Any] = field(default_factory=dict)


class RefusalReason(StrEnum):
    """Why a recipient may not be written to (any more)."""

    SUPPRESSED = "suppressed"
    NO_CONSENT = "no-consent"
    NOT_A_MEMBER = "not-a-member"
    NOT_OWN = "not-own"
    TOO_SOON = "too-soon"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The row is skipped, never failed: nothing was wrong with the address."""

    reason: RefusalReason
    detail: str = ""
