"""A campaign of the real engine through the made-up world: what the rows say is what the providers did."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

import monitor.sandbox
from data import recipients
from data.lists import all_lists
from data.states import State
from data.store import Store, open_store
from data.tables import event
from monitor.config import load_config
from monitor.home import Home
from monitor.home import prepare as prepare_home
from monitor.sandbox import place
from monitor.sandbox.asking import WorldDns
from monitor.sandbox.filing import mailbox_path
from monitor.sandbox.serving import Town
from monitor.sandbox.stocking import SEEDS
from monitor.vault import open_vault
from sender.audience.consent import refusals
from sender.campaigns.renderer import CampaignRenderer
from sender.delivery.engine import Engine, Parts
from sender.delivery.keyring import Keyring
from sender.delivery.providers import Directory, Own
from sender.returns.intake import waiting
from sender.returns.processing import process
from sender.returns.reader import Reader
from sender.returns.receive import Handled
from sender.returns.session import category_of, note_settled
from sender.tokens import Tokens
from sender.web.app import create_app
from sender.web.client import networks
from sender.web.settings import Settings
from tests.fakes.asgi import served_app
from tests.fakes.background import background
from tests.fakes.delivery import RunningClock

pytestmark = pytest.mark.sockets
PATIENCE_SECONDS = 30


class WindableClock(RunningClock):
    """Goes on by itself, and can be wound ahead."""

    def now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.began)


@dataclass
class Running:
    home: Home
    store: Store
    town: Town
    clock: WindableClock
    tokens: Tokens

    @property
    def intake(self) -> Path:
        return self.home.path / "intake"

    def replies(self) -> list[dict[str, str]]:
        """What the providers answered to the readers; the seeds of the placement test are not among them."""
        lines = place.journal_of(self.home, "providers").read_text().splitlines()
        return [entry for line in lines if (entry := json.loads(line))["rcpt"] not in SEEDS]

    def states(self) -> Counter[State]:
        with self.store.read() as connection:
            return Counter(recipients.counts(connection, 1))


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The world a thousand times as fast, without its story, and the product's web application."""
    monkeypatch.setenv(place.ANYWHERE, "1")
    home = prepare_home(Home(tmp_path / "sandbox"))
    sandbox = monitor.sandbox.prepare(home, contacts=200)
    with ExitStack() as stack:
        store = open_store(home.store_url)
        stack.callback(store.close)
        behind = stack.enter_context(background())
        town = Town(home, sandbox, speed=1000, tells=False)
        here = Running(home, store, town, WindableClock(datetime.now(UTC)), Tokens([b"k" * 32]))
        settings = Settings(home.path / "spool", here.intake, sandbox.hook_token, networks(["127.0.0.1"]))
        app = create_app(store, here.tokens, settings, here.clock.now)
        stack.enter_context(served_app(app, sandbox.ports["web"]))
        behind.do(town.open())
        yield here
        behind.do(town.close())


def engine(running: Running) -> Engine:
    vault = open_vault(running.home, running.store)
    config = load_config(running.home.config_path)
    return Engine(
        Parts(
            running.store,
            WorldDns(running.town.live.zone),
            running.clock,
            CampaignRenderer(running.store, running.tokens, running.clock.now),
            lambda connection, rows: refusals(connection, rows, running.clock.now()),
            Keyring(running.store, vault, running.clock),
            directory=Directory(Own(entry.name, entry.mx) for entry in config.providers),
            classify=category_of,
            returns=note_settled,
        )
    )


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def events(running: Running) -> Counter[tuple[str, bool]]:
    with running.store.read() as connection:
        query = select(event.c.kind, event.c.machine, func.count()).group_by(event.c.kind, event.c.machine)
        return Counter({(row.kind, row.machine): row.count for row in connection.execute(query)})


def test_each_seed_gets_its_letter_with_the_receivers_judgement(running: Running) -> None:
    """Both at Gmail among the promotions, one in Outlook's junk: the matrix is no single colour."""
    engine(running).work_once()
    root = place.mail_of(running.home)
    letters = {address: list(copies(mailbox_path(root, address))) for address in SEEDS}

    assert {len(found) for found in letters.values()} == {1}
    assert {name for ((name, _),) in letters.values()} == {"INBOX", "Promotions", "Junk", "Spamverdacht"}
    assert all(b"dkim=pass" in head and b"dmarc=pass" in head for ((_, head),) in letters.values())


def copies(box: Path) -> Iterator[tuple[str, bytes]]:
    """(folder, head) of each message in a Maildir."""
    folders = [("INBOX", box), *((path.name[1:], path) for path in box.glob(".*"))]
    for name, folder in folders:
        for path in (folder / "new").iterdir():
            yield name, path.read_bytes().partition(b"\r\n\r\n")[0]


def test_rows_say_what_the_providers_did_and_what_people_did_comes_back(running: Running) -> None:
    """200 readers over eight providers: every reply in its row, nobody lost, nobody twice."""
    engine(running).work_once()
    replies = Counter(entry["reply"][0] for entry in running.replies())
    assert running.states() == {
        State.SENT: replies["2"],
        State.FAILED: replies["5"],
        State.DEFERRED: replies["4"],
    }
    assert sum(replies.values()) == 200
    assert min(replies.values()) > 0

    running.clock.wind(3600)
    engine(running).work_once()
    accepted = [entry["rcpt"] for entry in running.replies() if entry["reply"][0] == "2"]
    assert len(accepted) == len(set(accepted)) == running.states()[State.SENT] > replies["2"]

    returned = [rcpt for rcpt in accepted if rcpt.startswith("returned.") and rcpt.endswith("@corp.test")]
    until(lambda: len(list(waiting(running.intake))) == len(returned) > 0)
    until(lambda: {"open", "click", "unsubscribe"} <= {kind for kind, _ in events(running)})
    found = events(running)
    assert found["open", True] > 0, "Apple's prefetch is a machine's"
    assert found["open", False] > 0
    assert found["click", True] > 0, "gateways follow every link"

    with Reader() as reader:
        ended = process(running.store, running.tokens, running.intake, reader, running.clock.now)
    assert ended == {Handled.RECORDED: len(returned)}
    refused = running.states()[State.FAILED]
    assert events(running)["bounce", False] == len(returned) + refused, "at once or later, each is one bounce"

    with running.store.read() as connection:
        (size,) = all_lists(connection)
    assert size.unsubscribed == found["unsubscribe", False] > 0
