"""The warning before people get a letter with holes: which fields are empty, and for how many."""

from collections.abc import Sequence

from data.campaigns import Campaign
from monitor.app import App
from sender.campaigns.gaps import gaps_of_campaign
from sender.content.merge import MergeError


def missing_values(app: App, campaign: Campaign) -> Sequence[str]:
    """A sentence for each field that is empty for somebody of the campaign's list."""
    with app.store.read() as connection:
        try:
            return gaps_of_campaign(connection, campaign).sentences()
        except MergeError:  # whoever starts the campaign is told why it cannot be read
            return ()
