"""What a campaign's moves leave in its row."""

from itertools import product

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from data.campaigns import MOVES, State, campaign_by_id, move
from data.store import Store
from data.tables import campaign
from tests.fakes.campaign import NOON, make_campaign


def test_the_first_start_is_remembered_as_an_instant(store: Store) -> None:
    """A draft has not started; a pause and its end do not change when it did."""
    with store.write() as connection:
        campaign_id = make_campaign(
            connection, None, message_class="transactional", state="draft", started_at=None
        )
        assert move(connection, campaign_id, [State.DRAFT], State.SENDING, NOON)
        assert move(connection, campaign_id, [State.SENDING], State.PAUSED, NOON.replace(hour=13))
        assert move(connection, campaign_id, [State.PAUSED], State.SENDING, NOON.replace(hour=14))
        found = campaign_by_id(connection, campaign_id)

    assert found is not None
    assert (found.state, found.started_at) == (State.SENDING, NOON)


def test_the_store_refuses_every_move_that_is_not_in_the_table(store: Store) -> None:
    with store.write() as connection:
        campaigns = {
            pair: make_campaign(connection, None, name=f"c{number}", egress=f"e{number}", state=pair[0].value)
            for number, pair in enumerate(product(State, State))
        }
    for (source, to), campaign_id in campaigns.items():
        there = update(campaign).where(campaign.c.id == campaign_id).values(state=to.value)
        if to is source or to in MOVES[source]:
            with store.write() as connection:
                connection.execute(there)
            continue
        with pytest.raises(IntegrityError, match="no such move of a campaign"), store.write() as connection:
            connection.execute(there)
