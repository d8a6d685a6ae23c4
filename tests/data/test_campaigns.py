"""What a campaign's moves leave in its row."""

from sqlalchemy import update

from data.campaigns import State, campaign_by_id, move
from data.store import Store
from data.tables import campaign
from tests.fakes.campaign import NOON, make_campaign


def test_the_first_start_is_remembered_as_an_instant(store: Store) -> None:
    """A draft has not started; a pause and its end do not change when it did."""
    with store.write() as connection:
        campaign_id = make_campaign(connection, None, message_class="transactional")
        connection.execute(update(campaign).values(state="draft", started_at=None))
        assert move(connection, campaign_id, [State.DRAFT], State.SENDING, NOON)
        assert move(connection, campaign_id, [State.SENDING], State.PAUSED, NOON.replace(hour=13))
        assert move(connection, campaign_id, [State.PAUSED], State.SENDING, NOON.replace(hour=14))
        found = campaign_by_id(connection, campaign_id)

    assert found is not None
    assert (found.state, found.started_at) == (State.SENDING, NOON)
