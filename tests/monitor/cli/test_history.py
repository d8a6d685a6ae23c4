"""`homing history` and `homing diff`: a look, a change, another look; and what they say of it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from checks.model import SendingIp, Target
from data import targets
from data.slots import Slot, SlotState
from data.targets import Origin
from monitor.app import App, open_app
from monitor.cli.main import Exit, run
from monitor.config import Config
from monitor.config.schema import Checks
from monitor.look import look
from monitor.schedule import AUDIT
from monitor.senses import Senses
from tests.fakes.zone import ZoneDns

DOMAIN = "example.com"
ZONE: dict[str, Any] = {DOMAIN: {"TXT": [["v=spf1 ip4:192.0.2.0/24 -all"]], "MX": [[10, "mx.example.com"]]}}
DRIFTED = {DOMAIN: {**ZONE[DOMAIN], "TXT": [["v=spf1 ip4:192.0.2.0/25 -all"]]}}
QUIET = Config(checks=Checks(https=False, smtp=False))


def looked_at(instance: App, zone: dict[str, Any]) -> None:
    now = instance.now()
    look(instance, Senses(ZoneDns(zone), QUIET), Slot(1, AUDIT, DOMAIN, now, SlotState.RUNNING))


@pytest.fixture
def drifted() -> None:
    """Two looks with a change in between, and one during an outage."""
    with open_app() as instance:
        with instance.store.write() as connection:
            entry = Target(DOMAIN, (SendingIp("192.0.2.25"),))
            targets.save(connection, entry, Origin.STORE, instance.now())
        looked_at(instance, ZONE)
        looked_at(instance, DRIFTED)
        looked_at(instance, {DOMAIN: {"*": "TIMEOUT"}})


def test_a_drift_of_senders_is_told_and_an_outage_is_none(
    drifted: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["history", DOMAIN, "--json"]) == Exit.CLEAN
    said = json.loads(capsys.readouterr().out)
    (change,) = said["changes"]
    assert change["summary"] == "192.0.2.128/25 no longer authorised (by example.com)"
    by_kind = {record["kind"]: record for record in said["records"]}
    assert by_kind["spf"]["raw"] == ["v=spf1 ip4:192.0.2.0/25 -all"]
    assert run(["history", DOMAIN, "--kind", "mx"]) == Exit.CLEAN
    text = capsys.readouterr().out
    assert "10 mx.example.com" in text
    assert "No change in the last 90 days." in text


def test_two_moments_are_compared(drifted: None, capsys: pytest.CaptureFixture[str]) -> None:
    with open_app() as instance:
        later = (instance.now() + timedelta(seconds=5)).isoformat()
        early = (instance.now() - timedelta(days=1)).isoformat()
    assert run(["diff", DOMAIN, "--from", early, "--to", later]) == Exit.CLEAN
    assert "its history begins later" in capsys.readouterr().out
    assert run(["diff", DOMAIN, "--from", later, "--to", early]) == Exit.USAGE
    assert "--from lies after --to" in capsys.readouterr().err


def test_a_domain_that_nobody_watches_has_no_history(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history", "nowhere.example"]) == Exit.USAGE
    assert "nowhere.example is not watched" in capsys.readouterr().err
