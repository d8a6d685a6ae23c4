"""`homing prune`, and the slot that does the same every day."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data import heartbeats, slots
from data.keeping import KEEPING
from data.slots import SlotState
from data.store import Store
from monitor.app import open_app
from monitor.cli.main import Exit, run
from monitor.config.schema import Config
from monitor.processes.worker import kinds
from monitor.pruning import PRUNE, STORE
from monitor.schedule import Schedule
from monitor.worker import Worker
from tests.monitor.conftest import NOON, StillApp

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def forget_me(store: Store) -> None:
    with store.write() as connection:
        heartbeats.beat(connection, "long gone", 1, LONG_AGO, {})


def heard_of(store: Store) -> list[str]:
    with store.read() as connection:
        return [each.process for each in heartbeats.heartbeats(connection)]


def test_it_counts_first_and_deletes_then(capsys: pytest.CaptureFixture[str]) -> None:
    with open_app() as app:
        forget_me(app.store)

    assert run(["prune", "--dry-run"]) == Exit.CLEAN
    assert "1 rows would go." in capsys.readouterr().out
    with open_app() as app:
        assert heard_of(app.store) == ["long gone"]

    assert run(["prune", "--json"]) == Exit.CLEAN
    rows = {row["table"]: row for row in json.loads(capsys.readouterr().out)["pruned"]}
    assert rows["heartbeat"]["rows"] == 1
    with open_app() as app:
        assert heard_of(app.store) == []


def test_the_worker_does_it_once_a_day(app: StillApp) -> None:
    forget_me(app.store)
    schedule = Schedule(app)
    schedule.start()
    schedule.stop()
    worker = Worker(app, {PRUNE: kinds(app, None)[PRUNE]})  # type: ignore[arg-type]  # no look is due
    worker.round()
    worker.finish()

    with app.store.read() as connection:
        (slot,) = (each for each in slots.recent(connection, STORE) if each.kind == PRUNE)
    assert (slot.kind, slot.due_at, slot.state) == (PRUNE, NOON, SlotState.RAN)
    assert slot.note == "1 of heartbeat"


def test_what_is_kept_is_configured_and_never_too_short(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(Config().retention.spans) == set(KEEPING)
    monkeypatch.setenv("HOMING__RETENTION__CLICKS", "forever")
    monkeypatch.setenv("HOMING__RETENTION__SLOTS", "3d")
    with open_app() as app:
        spans = app.config.retention.spans
    assert (spans["clicks"], spans["slots"]) == (None, timedelta(days=3))

    monkeypatch.setenv("HOMING__RETENTION__BOUNCES", "30d")
    assert run(["prune"]) == Exit.USAGE
    assert '"retention.bounces": what is younger than 90d is still needed.' in capsys.readouterr().err


def test_every_span_is_documented() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "configuration.md").read_text()
    for key, keep in KEEPING.items():
        kept = f"{keep.default.days}d" if keep.default else "forever"
        assert f"| `{key}` | {keep.what} | {kept} |" in page
