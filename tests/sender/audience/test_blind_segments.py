"""A segment never asks what a campaign's tracking cannot tell."""

import pytest

from sender.audience.segmenting import create_segment
from sender.audience.segments import SegmentError
from tests.sender.world import NOW, World


@pytest.mark.parametrize(
    ("tracking", "reason"), [("off", "without tracking"), ("anonymous", "nobody knows whose")]
)
def test_opens_of_a_campaign_that_names_nobody_choose_nobody(
    world: World, tracking: str, reason: str
) -> None:
    campaign = world.campaign(tracking=tracking)
    with pytest.raises(SegmentError, match=reason):
        create_segment(world.store, "awake", f"opened campaign {campaign.name}", NOW)
    assert create_segment(world.store, "got it", f"received campaign {campaign.name}", NOW).name == "got it"


def test_opens_of_a_campaign_with_individual_tracking_can_be_asked(world: World) -> None:
    campaign = world.campaign()
    assert create_segment(world.store, "awake", f"clicked campaign {campaign.name}", NOW).name == "awake"
