"""One real fact travels through every floor: real DNS in, a real webhook out.

A name server on loopback is changed; the schedule, the worker and the notifier run as they do under `up`,
in threads instead of processes.
"""

import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checks.model import State
from data import incidents, targets
from data.incidents import IncidentState
from data.panels.incidents import open_incidents
from data.standings import Standing, standings
from monitor.app import App, open_app
from monitor.config.targets import configured_targets
from monitor.home import Home
from monitor.look import LOOKS
from monitor.notifier.loop import notify
from monitor.processes.life import Life
from monitor.sandbox import truth
from monitor.sandbox.keys import public_half
from monitor.sandbox.world import NETWORKS, build
from monitor.schedule import Schedule
from monitor.senses import open_senses
from monitor.worker import Worker
from tests.fakes.nameserver import Served, serving
from tests.fakes.receiver import Receiver, receiving
from tests.sandbox.correspondence import key

pytestmark = pytest.mark.sockets

IP, ZEN = "192.0.2.10", "zen.spamhaus.org"
LISTED = f"{IP} @ {ZEN}"
PATIENCE = 30.0

CONFIG = """
[resolver]
nameservers = ["127.0.0.1:{dns}"]
timeout = "1s"

[schedule]
audit = "0.5s"

[alerts]
group_wait = 0
confirm_after = "0.3s"

[checks]
https = false
smtp = false
own_networks = {networks}

[[targets]]
domain = "harbour.test"
ips = ["{ip}"]
selectors = ["s1"]
helos = ["mail.harbour.test"]

[[channels]]
name = "on-call"
kind = "webhook"
url = "{url}"
allow_private = true
"""


@contextmanager
def watching(home: Home, config: str) -> Iterator[App]:
    """The schedule, a worker and the notifier, at work on this home."""
    home.path.mkdir()
    home.config_path.write_text(config)
    stop = threading.Event()
    with open_app(home) as app, open_senses(app.config) as senses:
        with app.store.write() as connection:
            targets.sync_file(connection, configured_targets(app.config), app.now())
        worker = Worker(app, {kind: functools.partial(work, app, senses) for kind, work in LOOKS.items()})
        schedule = Schedule(app)
        schedule.start()
        threads = [
            threading.Thread(target=Life("worker", app, stop).every, args=[0.05, worker.round]),
            threading.Thread(target=notify, args=[Life("notifier", app, stop)]),
        ]
        for thread in threads:
            thread.start()
        yield app
        stop.set()
        schedule.stop()
        for thread in threads:
            thread.join()
        worker.finish()


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(build({"harbour.test": public_half(key())}), ttl=0) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def app(tmp_path: Path, served: Served, receiver: Receiver) -> Iterator[App]:
    config = CONFIG.format(dns=served.port, ip=IP, url=receiver.url, networks=[str(net) for net in NETWORKS])
    with watching(Home(tmp_path / "watching"), config.replace("'", '"')) as running:
        yield running


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def cell(app: App) -> list[Standing]:
    """What the page's cell of this address and this list is drawn from; empty before the first look."""
    with app.store.read() as connection:
        return [
            one for one in standings(connection, family="BL") if (one.code, one.subject) == ("BL-001", LISTED)
        ]


def state(app: App) -> list[State]:
    return [one.state for one in cell(app)]


def told(receiver: Receiver) -> list[tuple[str, str]]:
    """Of listings; this world's ill lists are told of, too."""
    data = [document["data"] for document in receiver.documents]
    return [(each["type"], each["subject"]) for each in data if each["kind"] == "listing"]


FIRED, RECOVERED = ("incident.fired", LISTED), ("incident.recovered", LISTED)


def test_a_listing_is_seen_confirmed_told_and_over(app: App, served: Served, receiver: Receiver) -> None:
    until(lambda: state(app) == [State.PASS])

    served.live.change(truth.listed(IP, ZEN))
    until(lambda: FIRED in told(receiver))

    assert state(app) == [State.FAIL]
    with app.store.read() as connection:
        (incident,) = (each for each in open_incidents(connection) if each.kind == "listing")
    looks = [look for look in incident.detail["looks"] if look["saw"] == "fault"]
    assert (incident.kind, incident.subject) == ("listing", LISTED)
    assert any(look["fresh"] for look in looks[1:]), "confirmed past every cache"
    data = next(document["data"] for document in receiver.documents if document["data"]["subject"] == LISTED)
    assert data["vantage"] == "one vantage"
    assert any(piece["name"] == f"10.2.0.192.{ZEN}" for piece in data["evidence"])

    served.live.change(truth.delisted(IP, ZEN))
    until(lambda: RECOVERED in told(receiver))

    assert state(app) == [State.PASS]
    assert told(receiver) == [FIRED, RECOVERED]


def test_with_the_dns_stopped_nothing_is_told_and_the_page_says_since_when(
    app: App, served: Served, receiver: Receiver
) -> None:
    """Neither listed nor cleared: the listing stays what it was, as old news."""
    served.live.change(truth.listed(IP, ZEN))
    until(lambda: FIRED in told(receiver))

    served.stop()
    until(lambda: state(app) == [State.UNKNOWN])
    served.live.change(truth.delisted(IP, ZEN))
    looks = cell(app)[0].latest.looks
    until(lambda: cell(app)[0].latest.looks >= looks + 3)

    (seen,) = cell(app)
    assert seen.unknown_since is not None
    assert seen.conclusive is not None
    assert seen.unknown_since >= seen.conclusive.last_seen
    assert seen.conclusive.state is State.FAIL
    assert told(receiver) == [FIRED]
    with app.store.read() as connection:
        target = targets.find(connection, "harbour.test")
        assert target is not None
        assert [entry.state for entry in incidents.alive(connection, target.id)] == [IncidentState.OPEN]

    served.start()
    until(lambda: RECOVERED in told(receiver))
    assert told(receiver) == [FIRED, RECOVERED]
