"""Sending again: to whom each of the three goes, twice is once, and it is written down."""

import pytest
from sqlalchemy import select, update

from data.campaigns import State, move
from data.recipients import counts
from data.states import State as Row
from data.suppression import Kind, Reason, suppress
from data.tables import event, recipient
from sender.campaigns.resend import Which, resend
from sender.campaigns.start import Draft, cancel, create, named, pause, resume, start
from tests.sender.world import NOW, World

DRAFT = Draft("spring", "news", "hello", "brand.test", "sink", "Brand", "news@brand.test")
FATES = (
    ("failed", "unknown_user"),
    ("failed", "spam_content"),
    ("failed", "mailbox_full"),
    ("failed", "throttled"),
    ("unknown", "unknown"),
    ("sent", ""),
)


def settle(world: World, *fates: tuple[str, str]) -> None:
    """A started campaign whose recipients, in order, have come to these states and categories."""
    for number in range(len(fates)):
        world.subscriber(f"u{number}@x.test")
    create(world.store, DRAFT, NOW)
    start(world.store, "spring", NOW)
    with world.store.write() as connection:
        for number, (state, category) in enumerate(fates):
            row = update(recipient).where(recipient.c.address == f"u{number}@x.test")
            connection.execute(row.values(state="claimed", lease_until=NOW, message_id=f"<{number}@x>"))
            connection.execute(row.values(state="sending"))
            settled = {"state": state, "category": category, "lease_until": None, "settled_at": NOW}
            connection.execute(row.values(**settled))


def finish(world: World) -> None:
    with world.store.write() as connection:
        move(connection, named(world.store, "spring").id, [State.SENDING], State.FINISHED, NOW)


def standing(world: World) -> dict[Row, int]:
    with world.store.read() as connection:
        return dict(counts(connection, named(world.store, "spring").id))


def written_down(world: World) -> list[dict[str, object]]:
    with world.store.read() as connection:
        return list(connection.scalars(select(event.c.detail).where(event.c.kind == "resend")))


def test_failed_goes_again_unless_the_failure_was_hard_or_the_address_is_suppressed(world: World) -> None:
    settle(world, *FATES)
    finish(world)
    with world.store.write() as connection:
        suppress(connection, Kind.ADDRESS, "u3@x.test", Reason.MANUAL, NOW)
    done = resend(world.store, "spring", Which.FAILED, NOW, "ann")
    assert (done.again, done.campaign.state) == (2, State.SENDING)
    assert standing(world) == {Row.PENDING: 2, Row.FAILED: 2, Row.UNKNOWN: 1, Row.SENT: 1}
    assert written_down(world) == [{"which": "failed", "recipients": 2, "by": "ann"}]


def test_unknown_goes_again_with_the_same_message_id(world: World) -> None:
    settle(world, *FATES)
    finish(world)
    assert resend(world.store, "spring", Which.UNKNOWN, NOW, "ann").again == 1
    with world.store.read() as connection:
        again = connection.execute(select(recipient).where(recipient.c.state == "pending")).one()
    assert (again.message_id, again.address) == ("<4@x>", "u4@x.test")


@pytest.mark.parametrize("which", Which)
def test_saying_it_twice_is_saying_it_once(world: World, which: Which) -> None:
    settle(world, *FATES)
    finish(world)
    first = resend(world.store, "spring", which, NOW, "ann")
    before = standing(world)
    second = resend(world.store, "spring", which, NOW, "ann")
    assert second.again == 0
    assert standing(world) == before
    assert len(written_down(world)) == (1 if first.again else 0)


def test_unsent_takes_up_what_a_cancelled_campaign_never_sent(world: World) -> None:
    for number in range(3):
        world.subscriber(f"u{number}@x.test")
    create(world.store, DRAFT, NOW)
    start(world.store, "spring", NOW)
    assert cancel(world.store, "spring", NOW) == 3
    done = resend(world.store, "spring", Which.UNSENT, NOW, "ann")
    assert (done.again, done.campaign.state) == (3, State.SENDING)
    assert standing(world) == {Row.PENDING: 3}


def test_unsent_of_a_paused_campaign_resumes_it(world: World) -> None:
    world.subscriber("u@x.test")
    create(world.store, DRAFT, NOW)
    start(world.store, "spring", NOW)
    pause(world.store, "spring", NOW)
    assert resend(world.store, "spring", Which.UNSENT, NOW, "ann").campaign.state is State.SENDING
    assert standing(world) == {Row.PENDING: 1}


def test_a_paused_campaign_stays_paused_when_its_failures_are_to_go_again(world: World) -> None:
    settle(world, ("failed", "throttled"))
    pause(world.store, "spring", NOW)
    done = resend(world.store, "spring", Which.FAILED, NOW, "ann")
    assert (done.again, done.campaign.state) == (1, State.PAUSED)
    assert resume(world.store, "spring", NOW).state is State.SENDING
