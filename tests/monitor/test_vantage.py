"""Two vantages must agree on a listing, and a list that lies is in quarantine for a day."""

from datetime import timedelta
from typing import Any

import pytest

from checks.model import SendingIp, State, Target
from data import alerts, incidents, targets
from data.incidents import IncidentState
from data.slots import Slot, SlotState
from data.standings import standings
from data.targets import Origin
from monitor.config import Config
from monitor.config.schema import BlocklistEntry, Checks, FileChannel
from monitor.incidents.lists import quarantined
from monitor.look import confirm, look
from monitor.schedule import AUDIT
from monitor.senses import Senses
from tests.fakes.zone import ZoneDns
from tests.monitor.conftest import NOON, StillApp

DOMAIN, IP, LIST = "example.com", "192.0.2.25", "bl.example.net"
WELL: dict[str, Any] = {f"2.0.0.127.{LIST}": {"A": ["127.0.0.2"]}, LIST: {"A": ["192.0.2.99"]}}
LISTED = {**WELL, f"25.2.0.192.{LIST}": {"A": ["127.0.0.2"], "TXT": [["spam source"]]}}
WILDCARD = {**LISTED, f"1.0.0.127.{LIST}": {"A": ["127.0.0.2"]}}
OTHERS = ("zen.spamhaus.org", "bl.spamcop.net")


@pytest.fixture
def config() -> Config:
    return Config(
        checks=Checks(https=False, smtp=False),
        channels=(FileChannel(name="one", kind="file"),),
        blocklists=(BlocklistEntry(zone=LIST),),
        alerts={"severity": "low"},  # type: ignore[arg-type]  # pydantic reads it
    )


@pytest.fixture(autouse=True)
def _watched(app: StillApp) -> None:
    with app.store.write() as connection:
        targets.save(connection, Target(DOMAIN, (SendingIp(IP),)), Origin.STORE, NOON)


def senses(app: StillApp, first: dict[str, Any], second: dict[str, Any] | None = None) -> Senses:
    return Senses(ZoneDns(first), app.config, second=ZoneDns(second) if second is not None else None)


def slot(app: StillApp) -> Slot:
    return Slot(1, AUDIT, DOMAIN, app.now(), SlotState.RUNNING)


def listing(app: StillApp) -> tuple[State, IncidentState | None]:
    """Where the list and its incident stand."""
    with app.store.read() as connection:
        states = [one.state for one in standings(connection, family="BL") if one.subject == f"{IP} @ {LIST}"]
        alive = [each for each in incidents.alive_of_kind(connection, "listing") if LIST in each.subject]
    return min(states, key=list(State).index), alive[0].state if alive else None


def told(app: StillApp, kind: str) -> list[dict[str, Any]]:
    with app.store.read() as connection:
        return [dict(a.payload) for a in alerts.recent(connection, 500) if a.payload.get("kind") == kind]


def twice(app: StillApp, world: Senses) -> None:
    look(app, world, slot(app))
    app.wait(timedelta(minutes=2))
    confirm(app, world, slot(app))


def test_a_listing_that_both_vantages_see_is_told_with_both_answers(app: StillApp) -> None:
    twice(app, senses(app, LISTED, LISTED))
    assert listing(app)[1] is IncidentState.OPEN
    (payload,) = [each for each in told(app, "listing") if LIST in each["subject"]]
    assert payload["vantage"] == "two vantages"


def test_a_single_vantage_says_so(app: StillApp) -> None:
    twice(app, senses(app, LISTED))
    (payload,) = [each for each in told(app, "listing") if LIST in each["subject"]]
    assert payload["vantage"] == "one vantage"


@pytest.mark.parametrize("other", [WELL, {LIST: {"*": "TIMEOUT"}, f"2.0.0.127.{LIST}": {"*": "TIMEOUT"}}])
def test_a_listing_that_only_one_vantage_sees_fires_for_nobody(app: StillApp, other: dict[str, Any]) -> None:
    twice(app, senses(app, LISTED, other))
    assert listing(app)[1] is IncidentState.PENDING
    assert not [each for each in told(app, "listing") if LIST in each["subject"]]


def test_a_list_that_lists_everybody_is_told_once_and_not_believed(app: StillApp) -> None:
    for _ in range(5):
        twice(app, senses(app, WILDCARD))
        app.wait(timedelta(hours=1))
    assert listing(app) == (State.UNKNOWN, None)
    notices = [each for each in told(app, "list") if each["subject"] == LIST]
    assert [each["type"] for each in notices] == ["incident.fired"]


def test_it_is_believed_again_after_a_day_in_good_health(app: StillApp) -> None:
    look(app, senses(app, WILDCARD), slot(app))
    for hour in range(26):
        app.wait(timedelta(hours=1))
        look(app, senses(app, LISTED), slot(app))
        with app.store.read() as connection:
            assert (LIST in quarantined(connection)) is (hour < 24), hour
    app.wait(timedelta(hours=1))
    twice(app, senses(app, LISTED))
    assert listing(app)[1] is IncidentState.OPEN, "now its listings count"
