"""Scores from the store itself: what a listing costs, what is not known, and a history of a row a day."""

import json
from datetime import timedelta

import pytest

from checks.model import Finding, SendingIp, Severity, State, Target
from data import reputation, targets
from data.observations import Look, Seen, save_look
from data.slots import Slot, SlotState
from data.store import Store
from data.targets import Origin
from monitor.app import open_app
from monitor.cli.main import Exit, run
from monitor.reputation.compute import REPUTATION, compute, every_score
from monitor.reputation.formula import Score
from tests.monitor.conftest import NOON, StillApp

DOMAIN, IP = "example.com", "192.0.2.25"


def looked(store: Store, *states: tuple[str, str, State, int], now: object = NOON) -> None:
    with store.write() as connection:
        target = targets.save(connection, Target(DOMAIN, (SendingIp(IP),)), Origin.STORE, NOON)
        seen = [
            Seen(Finding(code, state, subject, {"tier": tier}), Severity.CRITICAL)
            for code, subject, state, tier in states
        ]
        families = frozenset(code.rpartition("-")[0] for code, *_ in states)
        save_look(connection, Look(target, DOMAIN, now, seen, families))  # type: ignore[arg-type]


def score_of(app: StillApp, subject: str) -> Score:
    with app.store.read() as connection:
        return next(each.score for each in every_score(connection, app.now()) if each.subject == subject)


@pytest.mark.parametrize(("tier", "cost"), [(1, 50), (2, 20), (3, 5)])
def test_a_listing_costs_by_the_weight_of_its_list(app: StillApp, tier: int, cost: int) -> None:
    looked(app.store, ("RDNS-001", IP, State.PASS, 0), ("BL-001", f"{IP} @ zen", State.FAIL, tier))
    assert score_of(app, IP).score == 100 - cost


def test_an_address_whose_lists_could_not_be_asked_has_no_score(app: StillApp) -> None:
    looked(app.store, ("RDNS-001", IP, State.PASS, 0), ("BL-001", f"{IP} @ zen", State.UNKNOWN, 1))
    found = score_of(app, IP)
    assert found.score is None
    assert {part.input.name: part.why for part in found.parts}["listings"] == "no blocklist could be asked"


def test_a_domain_that_sends_nothing_says_so_instead_of_a_number(app: StillApp) -> None:
    looked(app.store, ("SPF-001", DOMAIN, State.PASS, 0), ("BL-001", f"{IP} @ zen", State.PASS, 1))
    found = score_of(app, DOMAIN)
    assert found.score is None
    whys = {part.input.name: part.why for part in found.parts if part.known is None}
    assert whys["complaints"] == "fewer than 100 messages within a week"
    assert whys["placement"].startswith("0 seeds with a verdict")


def test_a_day_is_one_row_however_often_it_is_computed(app: StillApp) -> None:
    looked(app.store, ("RDNS-001", IP, State.PASS, 0), ("BL-001", f"{IP} @ zen", State.PASS, 1))
    for hours in (0, 1, 1, 23):
        app.wait(timedelta(hours=hours))
        compute(app, Slot(1, REPUTATION, "store", app.now(), SlotState.RUNNING))
    with app.store.read() as connection:
        found = reputation.scores(connection, IP)
    assert [(each.day.day, each.score) for each in found] == [(24, 100.0), (23, 100.0)]
    assert found[1].at == NOON + timedelta(hours=2), "the last of the day stands"


def test_the_command_shows_each_input(capsys: pytest.CaptureFixture[str]) -> None:
    with open_app() as instance:
        states = (("RDNS-001", IP, State.FAIL, 0), ("BL-001", f"{IP} @ zen", State.PASS, 1))
        looked(instance.store, *states, now=instance.now())
    assert run(["reputation", "show", IP, "--json"]) == Exit.CLEAN
    said = json.loads(capsys.readouterr().out)
    assert (said["score"], said["kind"]) == (80.0, "ip")
    assert {each["name"]: each["cost"] for each in said["inputs"]} == {
        "listings": 0.0,
        "authentication": 20.0,
    }
    assert run(["reputation", "show", "nowhere.example"]) == Exit.USAGE
    assert "nowhere.example is not scored. Scored are: example.com, 192.0.2.25." in capsys.readouterr().err
    assert run(["reputation", "formula"]) == Exit.CLEAN
