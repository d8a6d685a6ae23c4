"""What needs a person is disabled, with the reason, where nobody is tracked."""

import pytest

from sender.content.compile import Tracking
from sender.content.tracking import CONSENT, NEEDS, Capability, disabled


@pytest.mark.parametrize("capability", Capability)
def test_individual_tracking_has_everything_and_none_has_nothing(capability: Capability) -> None:
    assert disabled(Tracking.INDIVIDUAL, capability) == ""
    assert "without tracking" in disabled(Tracking.OFF, capability)


def test_anonymous_tracking_counts_and_knows_nobody() -> None:
    told = {capability: disabled(Tracking.ANONYMOUS, capability) for capability in Capability}
    assert told.pop(Capability.COUNT) == ""
    assert all("nobody knows whose" in reason for reason in told.values())


def test_every_capability_and_every_mode_is_in_its_table() -> None:
    assert set(NEEDS) == set(Capability)
    assert set(CONSENT) == set(Tracking)
    assert "record" in CONSENT[Tracking.INDIVIDUAL]
