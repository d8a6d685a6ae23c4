"""A placement test through the real queue and engine, over SMTP, into the Maildirs of made-up providers."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

import monitor.sandbox
from data import placement, slots
from data.campaigns import Campaign, MessageClass, campaign_by_id, find_campaign
from data.panels.placement import placement_matrix
from data.placement import Verdict
from data.slots import Slot, SlotState
from monitor.app import App, open_app
from monitor.home import Home
from monitor.home import prepare as prepare_home
from monitor.placement.run import PLACEMENT, looks_until, read
from monitor.placement.start import start_test
from monitor.problem import Problem
from monitor.sandbox import place
from monitor.sandbox.serving import Town
from monitor.sandbox.stocking import CAMPAIGN, SEEDS
from monitor.sending import open_engine
from monitor.senses import open_senses
from tests.fakes.background import background

pytestmark = pytest.mark.sockets


@dataclass
class Running:
    app: App
    like: Campaign


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The made-up world without its story, and the campaign that it begins with."""
    monkeypatch.setenv(place.ANYWHERE, "1")
    home = prepare_home(Home(tmp_path / "sandbox"))
    sandbox = monitor.sandbox.prepare(home, contacts=1)
    with ExitStack() as stack:
        behind = stack.enter_context(background())
        town = Town(home, sandbox, speed=1000, tells=False)
        behind.do(town.open())
        stack.callback(lambda: behind.do(town.close()))
        app = stack.enter_context(open_app(home))
        with app.store.read() as connection:
            like = find_campaign(connection, CAMPAIGN)
        assert like is not None
        yield Running(app, like)


def look(running: Running, test_id: int) -> str:
    now = running.app.now()
    return read(running.app, Slot(1, PLACEMENT, str(test_id), now, SlotState.RUNNING))


def test_each_seed_says_where_the_letter_landed_how_fast_and_how_it_was_authenticated(
    running: Running,
) -> None:
    test_id = start_test(running.app, running.like)
    with open_senses(running.app.config) as senses:
        open_engine(running.app, senses).work_once()

    said = look(running, test_id)

    with running.app.store.read() as connection:
        shown = placement_matrix(connection, running.like.at, running.app.now()).cells
    cells = [cell for cell in shown if cell.test_id == test_id]  # the sandbox begins one of its own
    verdicts = Counter(Verdict(cell.verdict) for cell in cells)
    assert len(cells) == len(SEEDS)
    assert said in ("every seed has its verdict", f"{verdicts[Verdict.WAITING]} seeds are still awaited")
    assert verdicts[Verdict.INBOX] > 0
    assert verdicts[Verdict.TAB] == 2  # both seeds at the provider that files newsletters apart
    assert {cell.folder for cell in cells if cell.verdict == Verdict.TAB} == {"Promotions"}
    arrived = [cell for cell in cells if cell.verdict in (Verdict.INBOX, Verdict.TAB, Verdict.SPAM)]
    assert all(cell.delay_seconds is not None for cell in arrived)
    assert all(cell.authentication == {"spf": "pass", "dkim": "pass", "dmarc": "pass"} for cell in arrived)


def test_starting_plans_the_looks_and_a_campaign_of_seeds_only(running: Running) -> None:
    test_id = start_test(running.app, running.like)

    with running.app.store.read() as connection:
        test = placement.find_test(connection, test_id)
        planned = slots.recent(connection, str(test_id), limit=100)
        assert test is not None
        assert test.campaign_id is not None
        seeds_only = campaign_by_id(connection, test.campaign_id)
    assert seeds_only is not None
    assert [slot.due_at for slot in reversed(planned)] == looks_until(test.started_at, test.deadline_at)
    assert (seeds_only.message_class, seeds_only.id) == (MessageClass.SEED, test.campaign_id)


def test_what_was_never_sent_is_not_missing(running: Running) -> None:
    """No engine runs: at the deadline the fault is ours, not the receivers'."""
    test_id = start_test(running.app, running.like)
    with running.app.store.write() as connection:
        test = placement.find_test(connection, test_id)
        assert test is not None
        awaited = placement.open_seeds(connection, test)

    assert len(awaited) == len(SEEDS)
    assert look(running, test_id) == f"{len(awaited)} seeds are still awaited"


def test_without_seeds_there_is_no_test(running: Running, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = Home(tmp_path_factory.mktemp("other") / "home")

    with open_app(elsewhere) as empty, pytest.raises(Problem, match="there is no seed to send to"):
        start_test(empty, running.like)
