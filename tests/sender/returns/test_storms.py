"""A provider's storm of unknown users suppresses nobody until somebody has judged it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from data.storms import unconfirmed
from data.suppression import Reason
from data.tables import recipient
from sender.returns.storms import Judged, Storm, confirm, dismiss, storms_in
from tests.sender.returns import mails
from tests.sender.returns.test_receive import Back
from tests.sender.world import NOW, World

LATER = NOW + timedelta(hours=1)


def known(world: World, count: int) -> list[Back]:
    """Readers who had a message a week ago, and whom their provider calls unknown now."""
    campaign, earlier = world.campaign(), world.campaign()
    backs = [Back(world, f"u{number}@x.test", campaign) for number in range(count)]
    for back in backs:
        settled = {"settled_at": NOW - timedelta(days=7), "state": "sent", "lease_until": None}
        world.recipient(earlier, back.contact, **settled)
        back.get(mails.DSN, own=back.address)
    return backs


def the_storm(world: World) -> Storm:
    with world.store.read() as connection:
        (found,) = storms_in(unconfirmed(connection))
    return found


def test_what_waits_is_one_storm_by_provider_and_time(world: World) -> None:
    backs = known(world, 3)
    backs[0].get(mails.DSN, own="much later", at=NOW + timedelta(days=1))
    with world.store.read() as connection:
        found = storms_in(unconfirmed(connection))
        assert [len(each.addresses) for each in found] == [3, 1]
        assert storms_in(unconfirmed(connection, "another")) == []
        assert len(storms_in(unconfirmed(connection, "x", until=LATER))) == 1


def test_a_real_one_suppresses_everybody_but_who_was_accepted_since(world: World) -> None:
    backs = known(world, 3)
    after = {"settled_at": LATER, "state": "sent", "lease_until": None}
    world.recipient(world.campaign(), backs[2].contact, **after)
    storm = the_storm(world)
    with world.store.write() as connection:
        done = confirm(connection, storm, "person", LATER)
    assert done == Judged(suppressed=("u0@x.test", "u1@x.test"), spared=("u2@x.test",))
    assert [back.suppression() for back in backs] == [Reason.HARD_BOUNCE, Reason.HARD_BOUNCE, None]
    with world.store.read() as connection:
        assert unconfirmed(connection) == []


def test_a_false_one_weighs_nothing_and_brings_back_whom_it_cost(world: World) -> None:
    stranger = Back(world, "new@x.test")
    stranger.get(mails.DSN, own="before it was noticed")
    assert stranger.suppression() is Reason.HARD_BOUNCE
    elsewhere = Back(world, "gone@y.test")
    with world.store.write() as connection:
        connection.execute(update(recipient).where(recipient.c.id == elsewhere.row.id).values(provider="y"))
    elsewhere.get(mails.DSN, own="another provider")
    (back,) = known(world, 1)
    with world.store.write() as connection:
        done = dismiss(connection, the_storm_in(world, "x"), "person", LATER)
    assert done == Judged(restored=("new@x.test",))
    assert stranger.suppression() is None
    assert elsewhere.suppression() is Reason.HARD_BOUNCE
    back.get(mails.DSN, own="again", at=NOW + timedelta(days=4))
    assert back.suppression() is None, "a dismissed report is no first one"


def the_storm_in(world: World, provider: str) -> Storm:
    with world.store.read() as connection:
        (found,) = storms_in(unconfirmed(connection, provider))
    return found


@pytest.mark.parametrize("judging", [confirm, dismiss])
def test_judging_twice_changes_nothing_more(world: World, judging: object) -> None:
    known(world, 2)
    storm = the_storm(world)
    assert callable(judging)
    with world.store.write() as connection:
        judging(connection, storm, "person", LATER)
        again = judging(connection, storm, "person", LATER)
    assert again == Judged()
