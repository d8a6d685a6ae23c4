"""What a campaign's tracking lets one know, what it does not and why, and how the consent text names it."""

from collections.abc import Mapping
from enum import StrEnum

from sender.content.compile import Tracking


class Capability(StrEnum):
    """What a campaign's opens and clicks may be wanted for."""

    COUNT = "count"
    """How many opens, and how many clicks on which link."""
    WHO = "who"
    """Who opened it and who followed which link; also on a contact's page."""
    SEGMENT = "segment"
    """Segments of those who opened or clicked it."""
    RESEND = "resend"
    """Sending it once more to those who did not open it."""
    ENGAGEMENT = "engagement"
    """Scores of contacts, and letting those go who never read."""
    SCANNERS = "scanners"
    """Telling scanners by what they do with one message: every link at once, or two networks a minute."""


NEEDS: Mapping[Capability, Tracking] = {
    Capability.COUNT: Tracking.ANONYMOUS,
    Capability.WHO: Tracking.INDIVIDUAL,
    Capability.SEGMENT: Tracking.INDIVIDUAL,
    Capability.RESEND: Tracking.INDIVIDUAL,
    Capability.ENGAGEMENT: Tracking.INDIVIDUAL,
    Capability.SCANNERS: Tracking.INDIVIDUAL,
}
"""The least tracking that each needs."""

REASONS = {
    Tracking.OFF: "it was sent without tracking, so nothing is known of opens and clicks",
    Tracking.ANONYMOUS: "its tracking is anonymous, so opens and clicks are counted but nobody knows whose",
}

CONSENT: Mapping[Tracking, str] = {
    Tracking.OFF: "",
    Tracking.ANONYMOUS: "We count how often a letter is opened and which links are followed, not by whom.",
    Tracking.INDIVIDUAL: "We record which of our letters you open and which of their links you follow.",
}
"""The sentence that belongs into the wording that people agree to."""


def disabled(tracking: Tracking, capability: Capability) -> str:
    """Why a campaign of this tracking has not got the capability; "" where it has."""
    order = list(Tracking)
    return "" if order.index(tracking) >= order.index(NEEDS[capability]) else REASONS[tracking]
