"""R1 of spec/operations.md: a faulty server, a worker killed at random points, and not one recipient lost.

What the sink wrote into its ledger is the truth; the store is held against it from outside.
"""

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from data.invariants.table import check
from data.states import OPEN, State
from data.store import Store
from data.tables import campaign, recipient
from tests.fakes.campaign import frozen
from tests.lab.deliveryworker import Nursery, kill, sinking
from tests.lab.faultsink import Rates, Taken, read_ledger

pytestmark = pytest.mark.sockets
PATIENCE_SECONDS = 60
ARTEFACTS = Path(__file__).resolve().parents[3] / ".artefacts"


@dataclass(frozen=True)
class Story:
    """How many people, connections and kills; what the sink does; what becomes of an unknown."""

    people: int
    connections: int
    kills: int
    seed: int
    on_unknown: str
    rates: Rates = field(default_factory=Rates)
    ends_by: signal.Signals = signal.SIGKILL
    pause: tuple[float, float] = (0.05, 0.5)
    """Seconds of work before each kill, from and to."""


SHORT = [Story(600, 16, 4, 1, "hold"), Story(600, 16, 4, 2, "resend")]
LONG = [Story(20_000, 16, 50, seed, wish) for seed in range(20) for wish in ("hold", "resend")]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


def begin(store: Store, story: Story, port: int) -> int:
    settings = {"host": "127.0.0.1", "port": port, "tls": "off", "connections": story.connections}
    with store.write() as connection:
        return frozen(
            connection,
            story.people,
            kind="smtp",
            settings=settings,
            on_unknown=story.on_unknown,
        )


def standing(store: Store) -> tuple[str, dict[str, str]]:
    """The campaign's state and each recipient's, in one look."""
    with store.read() as connection:
        state = connection.execute(select(campaign.c.state)).scalar_one()
        rows = connection.execute(select(recipient.c.address, recipient.c.state)).all()
    return state, {row.address: row.state for row in rows}


def never_finished_with_open_rows(store: Store) -> None:
    state, rows = standing(store)
    assert state != "finished" or not {*rows.values()} & {each.value for each in OPEN}


def run(nursery: Nursery, store: Store, url: str, story: Story, folder: Path) -> tuple[dict[str, str], Taken]:
    """The story from beginning to end: what the store says, and what the sink took."""
    dice = random.Random(story.seed)
    with sinking(folder, str(story.seed), story.rates) as (port, ledger):
        begin(store, story, port)
        for _ in range(story.kills):
            with nursery.worker(url) as pid:
                time.sleep(dice.uniform(*story.pause))
                kill(pid, story.ends_by)
            never_finished_with_open_rows(store)
        with nursery.worker(url):
            wait_for_the_end(store)
        assert broken(store) == []
        return standing(store)[1], read_ledger(ledger)


def broken(store: Store) -> list[str]:
    """What `homing verify-store` would find."""
    with store.read() as connection:
        return [result.key for result in check(connection, datetime.now(UTC)) if result.broken]


def wait_for_the_end(store: Store) -> None:
    """As long as anything still moves."""
    last, moved_at = Counter[str](), time.monotonic()
    while time.monotonic() - moved_at < PATIENCE_SECONDS:
        state, rows = standing(store)
        if state == "finished":
            return
        if (now := Counter(rows.values())) != last:
            last, moved_at = now, time.monotonic()
        time.sleep(0.2)
    raise AssertionError(f"it never ended: {dict(last)}")


def hold_against_each_other(rows: dict[str, str], taken: Taken, story: Story) -> None:
    """The invariants of design section 7, rules 3 and 4."""
    by_state = {state: {who for who, its in rows.items() if its == state} for state in State}
    bound = story.kills * story.connections + taken.unanswered
    copies = sum(len(ids) - 1 for ids in taken.copies.values())

    assert len(rows) == story.people, "somebody has no row"
    assert by_state[State.SENT] <= set(taken.copies), "lost: the row says sent and no server took it"
    assert by_state[State.FAILED] <= taken.refused, "failed without a refusal"
    assert set(rows) == by_state[State.SENT] | by_state[State.FAILED] | by_state[State.UNKNOWN]
    assert all(len({*ids}) == 1 for ids in taken.copies.values()), "a copy with another Message-ID"
    if story.on_unknown == "hold":
        assert copies == 0, "a copy although unknowns are held"
        assert len(by_state[State.UNKNOWN]) <= bound + taken.dropped
    else:
        assert copies <= bound
        assert not by_state[State.UNKNOWN]
        assert set(rows) == set(taken.copies) | by_state[State.FAILED], "lost"


@pytest.mark.parametrize("story", SHORT, ids=lambda story: story.on_unknown)
def test_nobody_is_lost_when_the_worker_is_killed(
    nursery: Nursery, store: Store, store_url: str, story: Story, tmp_path: Path
) -> None:
    rows, taken = run(nursery, store, store_url, story, tmp_path)

    hold_against_each_other(rows, taken, story)


@pytest.mark.soak
@pytest.mark.parametrize("story", LONG, ids=lambda story: f"{story.seed}-{story.on_unknown}")
def test_nobody_is_lost_in_the_long_form(
    nursery: Nursery, store: Store, store_url: str, story: Story, tmp_path: Path
) -> None:
    began = time.monotonic()
    rows, taken = run(nursery, store, store_url, story, tmp_path)

    write_down(store_url, story, rows, taken, time.monotonic() - began)
    hold_against_each_other(rows, taken, story)


def write_down(url: str, story: Story, rows: dict[str, str], taken: Taken, seconds: float) -> None:
    """What was measured, a line of JSON for each story: the numbers of docs/delivery.md."""
    ARTEFACTS.mkdir(exist_ok=True)
    counted = Counter(rows.values())
    line = {
        "store": url.partition(":")[0].partition("+")[0],
        "seed": story.seed,
        "on_unknown": story.on_unknown,
        "people": story.people,
        "kills": story.kills,
        "lost": len({who for who, state in rows.items() if state == State.SENT} - set(taken.copies))
        + story.people
        - len(rows),
        "copies": sum(len(ids) - 1 for ids in taken.copies.values()),
        "most_copies": max(map(len, taken.copies.values())),
        "unknown": counted[State.UNKNOWN],
        "failed": counted[State.FAILED],
        "unanswered": taken.unanswered,
        "dropped": taken.dropped,
        "bound": story.kills * story.connections + taken.unanswered,
        "seconds": round(seconds, 1),
    }
    with (ARTEFACTS / "r1.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")


def test_a_worker_that_is_told_to_stop_leaves_nothing_unknown(
    nursery: Nursery, store: Store, store_url: str, tmp_path: Path
) -> None:
    """R6: SIGTERM is no crash; only answers that the sink itself withheld may be missing."""
    story = Story(400, 16, 2, 3, "hold", ends_by=signal.SIGTERM)
    rows, taken = run(nursery, store, store_url, story, tmp_path)

    hold_against_each_other(rows, taken, story)
    unknown = [state for state in rows.values() if state == State.UNKNOWN]
    assert len(unknown) <= taken.unanswered + sum(1 for _ in taken.copies) * 0.02


def test_a_worker_that_sleeps_through_its_leases_sends_no_copy(
    nursery: Nursery, store: Store, store_url: str, tmp_path: Path
) -> None:
    """R7: one of two workers is stopped for three leases and wakes; the fence keeps it from doing harm."""
    story = Story(400, 8, 0, 4, "hold", Rates(answer_seconds=0.02))
    with sinking(tmp_path, str(story.seed), story.rates) as (port, ledger):
        begin(store, story, port)
        with nursery.worker(store_url, lease=1) as sleeper, nursery.worker(store_url, lease=1):
            time.sleep(0.5)
            os.kill(sleeper, signal.SIGSTOP)
            time.sleep(3)
            os.kill(sleeper, signal.SIGCONT)
            wait_for_the_end(store)
        assert broken(store) == []
        taken = read_ledger(ledger)

    rows = standing(store)[1]
    hold_against_each_other(rows, taken, Story(400, 8, 1, 4, "hold"))
