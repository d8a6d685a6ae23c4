"""Asking for a confirmation: not silently, not often, and without a word that a stranger wrote."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from data.consent import Act, ConsentEvent, record_consent
from data.contacts import save_contact
from data.lists import Member, set_member
from data.recipients import Recipient
from data.store import Store
from data.suppression import Kind, Reason, suppress
from data.tables import recipient
from sender.campaigns.confirming import MOST, Asked, ask_to_confirm, would_ask
from sender.campaigns.renderer import CampaignRenderer
from sender.campaigns.start import Unfit
from sender.delivery.envelope import Rendered
from sender.tokens import Purpose, Tokens
from tests.sender.world import NOW, World
from tests.stores import postgresql_server, store, store_url

__all__ = ["postgresql_server", "store", "store_url"]
DAY = timedelta(days=1)
TOKENS = Tokens([b"k" * 32])


@pytest.fixture
def world(store: Store) -> World:
    made = World(store)
    with store.write() as connection:
        for name in ("ada", "bob", "cal"):
            who = save_contact(connection, f"{name}@x.test", f"{name}@x.test", {"name": "BUY PILLS"}, NOW)
            set_member(connection, made.list_id, who, Member.UNCONFIRMED, NOW)
            record_consent(connection, [ConsentEvent(who, made.list_id, Act.GIVEN, "form", "Yes", NOW)])
        suppress(connection, Kind.ADDRESS, "cal@x.test", Reason.COMPLAINT, NOW)
    made.subscriber("dot@x.test")
    return made


def ask(world: World, days: float = 0.0) -> Asked:
    now = NOW + days * DAY
    return ask_to_confirm(world.store, "news", "brand.test", "sink", ("Brand", "news@brand.test"), now)


def sent(world: World, days: float) -> None:
    """Everything that waits has been sent."""
    with world.store.write() as connection:
        rows = connection.scalars(select(recipient.c.id).where(recipient.c.state == "pending")).all()
        for row in rows:
            moved = update(recipient).where(recipient.c.id == row)
            for state in ("claimed", "sending"):
                connection.execute(moved.values(state=state, lease_until=NOW))
            connection.execute(moved.values(state="sent", lease_until=None, settled_at=NOW + days * DAY))


def test_only_the_unconfirmed_are_asked_once_a_day_and_three_times_in_all(world: World) -> None:
    assert would_ask(world.store, "news", NOW) == 2
    assert ask(world).people == 2
    assert ask(world, 0.5) == Asked("", 0)
    sent(world, 0.5)
    assert ask(world, 1.0).people == 0
    for round_ in range(1, MOST):
        assert ask(world, 2.0 * round_).people == 2
        sent(world, 2.0 * round_)
    assert ask(world, 30.0).people == 0


def test_the_question_is_ours_and_leads_to_the_page_of_this_person_and_list(world: World) -> None:
    ask(world)
    with world.store.read() as connection:
        row = connection.execute(select(recipient).order_by(recipient.c.id)).first()
    assert row is not None
    claimed = Recipient(
        row.id, row.campaign_id, row.contact_id, 0, row.address, row.address, "", 0, 1,
        attributes={"name": "BUY PILLS", "confirm_url": "https://evil.test/"},
    )  # fmt: skip
    rendered = CampaignRenderer(world.store, TOKENS, lambda: NOW).render(claimed)

    assert isinstance(rendered, Rendered)
    text = rendered.message.replace(b"=\r\n", b"").decode()
    assert "BUY PILLS" not in text
    assert "evil.test" not in text
    assert "List-Unsubscribe" not in text
    assert "Auto-Submitted: auto-generated" in text
    found = re.search(r"https://t\.brand\.test/confirm/([A-Za-z0-9_-]+)", text)
    assert found is not None
    assert TOKENS.read_url(Purpose.CONFIRM, found[1]) == (row.contact_id, world.list_id, row.id)


def test_a_list_that_is_not_there_is_said(world: World) -> None:
    with pytest.raises(Unfit, match="There is no list 'gone'"):
        would_ask(world.store, "gone", NOW)
