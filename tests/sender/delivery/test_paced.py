"""Several engines on one store and one wound clock: what receivers see of them together."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import select

from data import recipients
from data.recipients import Recipient
from data.states import State
from data.store import Store, open_store
from data.tables import recipient
from sender.delivery.engine import Shift
from sender.delivery.envelope import Rendered, RenderFailed
from sender.delivery.owner import new_owner
from sender.delivery.providers import Directory, Own
from tests.fakes.campaign import frozen
from tests.fakes.delivery import PlainRenderer, RunningClock, WoundClock, parts
from tests.stores import sqlite_store

MINUTES = 10


@dataclass(frozen=True)
class Story:
    """Messages a minute for each provider, and how many seconds the clock is wound between two rounds."""

    caps: Mapping[str, float]
    step: int
    workers: int


SHORT = Story({"gmail": 20, "outlook": 6, "other": 12}, 2, 1)
LONG = Story({"gmail": 50, "outlook": 10, "other": 420}, 1, 1)


def crew(store: Store, clock: WoundClock, workers: int, directory: Directory) -> list[Shift]:
    """So many workers, as if each were a process of its own."""
    made = parts(store, clock=clock, directory=directory)
    return [Shift(made, new_owner(), {}) for _ in range(workers)]


async def settle(shifts: Sequence[Shift]) -> None:
    """Until nothing is under way: on a wound clock everything happens at once."""
    for shift in shifts:
        for work in shift.works:
            await work.settled()
        await shift.ledger.drain()


async def working(shifts: Sequence[Shift], story: Callable[[], Awaitable[None]]) -> None:
    for shift in shifts:
        shift.start()
    try:
        await story()
    finally:
        for shift in shifts:
            await shift.end(1)


def sent_by_provider(store: Store) -> Counter[str]:
    with store.read() as connection:
        rows = connection.execute(select(recipient.c.provider).where(recipient.c.state == State.SENT.value))
        return Counter(rows.scalars())


def to_three_providers(store: Store, story: Story) -> None:
    """One campaign with more people at each provider than its cap lets through."""
    people = {key: int(1.1 * MINUTES * per_minute) for key, per_minute in story.caps.items()}
    with store.write() as connection:
        frozen(connection, sum(people.values()), provider="", settings={"connections": 6})
        rows = iter([row.id for row in recipients.unrouted(connection, sum(people.values()))])
        recipients.route(connection, {key: [*islice(rows, count)] for key, count in people.items()})


def keeps_its_caps(store: Store, story: Story) -> None:
    """Ten minutes of rounds by turns; each provider got what its cap allows."""
    to_three_providers(store, story)
    clock = WoundClock()
    own = [Own(key, rate=per_minute / 60) for key, per_minute in story.caps.items()]
    shifts = crew(store, clock, story.workers, Directory(own))

    async def ten_minutes() -> None:
        for number in range(60 * MINUTES // story.step):
            shift = shifts[number % story.workers]
            await shift.round()
            await settle([shift])
            clock.wind(story.step)

    asyncio.run(working(shifts, ten_minutes))

    for key, per_minute in story.caps.items():
        assert sent_by_provider(store)[key] == pytest.approx(MINUTES * per_minute, rel=0.05)


@pytest.mark.parametrize("workers", [1, 3])
def test_each_provider_gets_what_its_cap_allows_however_many_workers_there_are(
    tmp_path: Path, workers: int
) -> None:
    opened = open_store(sqlite_store(tmp_path))
    keeps_its_caps(opened, replace(SHORT, workers=workers))
    opened.close()


@pytest.mark.soak
@pytest.mark.parametrize("workers", [1, 3])
def test_seven_a_second_fifty_and_ten_a_minute_in_one_campaign(store: Store, workers: int) -> None:
    """A9 of the delivery spec, on both stores."""
    keeps_its_caps(store, replace(LONG, workers=workers))


async def together(shifts: Sequence[Shift], rounds: int) -> None:
    for _ in range(rounds):
        await asyncio.gather(*(shift.round() for shift in shifts))
        await settle(shifts)


def test_three_workers_share_a_lanes_connections_and_never_have_more(store: Store) -> None:
    """The first one takes all; who comes later gets a part as the first one's messages end."""
    with store.write() as connection:
        frozen(connection, 400, settings={"connections": 5, "seconds": 0.005})
    shifts: list[Shift] = []
    seen: list[list[int]] = []

    class Counting(PlainRenderer):
        def render(self, recipient: Recipient) -> Rendered | RenderFailed:
            seen.append([sum(work.active for work in shift.works) for shift in shifts])
            return super().render(recipient)

    made = parts(store, clock=RunningClock(), renderer=Counting())
    shifts += [Shift(made, new_owner(), {}) for _ in range(3)]

    async def one_after_the_other() -> None:
        await shifts[0].round()
        while State.PENDING in counts(store):
            await asyncio.gather(*(shift.round() for shift in shifts))
            await asyncio.sleep(0.005)
        await settle(shifts)

    asyncio.run(working(shifts, one_after_the_other))

    assert counts(store) == {State.SENT: 400}
    assert max(map(sum, seen)) == 5
    assert seen[0] == [5, 0, 0]
    assert [2, 2, 1] in [sorted(active, reverse=True) for active in seen]


def test_a_storm_slows_all_workers_of_its_lane_within_ten_messages(store: Store) -> None:
    """A10: Gmail says 4.7.28 to all three; each of them learns from the first."""
    with store.write() as connection:
        frozen(connection, 300, provider="gmail", settings={"defer": 1.0, "connections": 6})
        frozen(connection, 300, name="c2", egress="other", provider="gmx")
    shifts = crew(store, WoundClock(), 3, Directory())

    asyncio.run(working(shifts, lambda: together(shifts, 20)))

    assert counts(store, 2) == {State.SENT: 300}
    assert counts(store)[State.DEFERRED] <= 10


def counts(store: Store, campaign_id: int = 1) -> Mapping[State, int]:
    with store.read() as connection:
        return recipients.counts(connection, campaign_id)
