"""What was kept for long enough goes; what is open, waits, or shows consent never does."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

import data.retention
from data.keeping import DEFAULTS, KEEPING, LEAST
from data.retention import RULES, prune
from data.store import Store
from data.tables import (
    alert,
    attempt,
    campaign,
    consent,
    contact,
    contact_import,
    domain_route,
    event,
    heartbeat,
    import_change,
    incident,
    lane,
    lane_hour,
    metadata,
    observation,
    placement,
    placement_test,
    recipient,
    report,
    report_row,
    seed,
    slot,
    standing,
    suppression,
    target,
    tls_row,
)  # fmt: skip
from tests.fakes.campaign import NOON, frozen

OLD, NEW = NOON - timedelta(days=1000), NOON - timedelta(hours=1)
Filled = tuple[Store, Mapping[str, int], dict[str, int]]
"""A store, what is to stay in it, and what is in it."""
NEVER = {"consent", "suppression", "recipient", "contact", "membership", "campaign"}


def add(connection: Connection, table: Any, **values: Any) -> int:
    """A row, with something harmless in every column that needs something; its id."""
    fill: dict[str, Any] = {}
    for column in table.c:
        if column.name in values or column.nullable or column.primary_key or column.default is not None:
            continue
        kind = column.type.python_type if column.name not in ("at", "due_at") else datetime
        fill[column.name] = {str: "x", int: 1, bool: False, dict: {}, bytes: b""}.get(kind, NOON)
    made = connection.execute(insert(table).values(**fill | values))
    return int((made.inserted_primary_key or [0])[0] or 0) if "id" in table.c else 0


def fill(connection: Connection) -> Mapping[str, int]:
    """Old and new rows of every table; returns how many of each are to stay."""
    frozen(connection, 3)
    add(connection, target, domain="a.example", ips=[], selectors=[], helos=[])
    for at in (OLD, NEW):
        _watching(connection, at)
        _sending(connection, at)
    return {
        "slot": 7, "observation": 2, "standing": 1, "incident": 3, "alert": 5, "attempt": 5, "event": 9,
        "lane_hour": 1, "domain_route": 1, "heartbeat": 1, "import_change": 1, "placement": 1,
        "placement_test": 1, "report": 1, "report_row": 1, "tls_row": 1,
    }  # fmt: skip


def _watching(connection: Connection, at: datetime) -> None:
    for state, subject in (("ran", "a"), ("due", "b"), ("running", "c"), ("missed", "only " + str(at))):
        add(connection, slot, kind="audit", subject=subject, due_at=at, state=state, args={})
    seen = {"target_id": 1, "code": "SPF-001", "args": {}, "evidence": [], "last_seen": at, "first_seen": at}
    if at == OLD:
        stands = add(connection, observation, **seen)
        add(connection, standing, target_id=1, latest_id=stands, code="SPF-001")
    add(connection, observation, **seen)
    for state in ("open", "closed"):
        closed = at if state == "closed" else None
        problem = add(connection, incident, state=state, detail={}, first_seen=at, closed_at=closed)
        for told in ("sent", "waiting") if state == "open" else ("sent",):
            key = f"{at} {state} {told}"
            add(connection, alert, incident_id=problem, state=told, at=at, key=key, payload={})
    add(connection, heartbeat, process=str(at), at=at, detail={})


def _sending(connection: Connection, at: datetime) -> None:
    name = f"c{at:%Y}"
    done = frozen(connection, 2, name=name, egress=name)
    connection.execute(campaign.update().where(campaign.c.id == done).values(state="cancelled"))
    rows = range(1, 3)  # of the first campaign, which are open
    for row in rows:
        add(connection, attempt, recipient_id=row, at=at)
    settled = connection.scalar(
        insert(recipient)
        .values(campaign_id=done, contact_id=1, step=9, address="a", provider="", state="failed", next_at=at)
        .returning(recipient.c.id)
    )
    add(connection, attempt, recipient_id=settled, at=at)
    for kind in ("open", "click", "bounce", "complaint", "unsubscribe", "confirm"):
        add(connection, event, kind=kind, at=at, key=f"{at} {kind}", campaign_id=done, detail={})
    add(connection, consent, contact_id=1, act="given", at=at)
    add(connection, suppression, value=str(at), at=at)
    way = add(connection, lane, egress=str(at))
    add(connection, lane_hour, lane_id=way, hour=at)
    add(connection, domain_route, domain=str(at), at=at, hosts=[])
    made = add(connection, contact_import, list_id=1, at=at, options={}, counts={}, state="done")
    add(connection, import_change, import_id=made, contact_id=1, before={})
    told = add(connection, report, begin_at=at, end_at=at, at=at, policy={})
    add(connection, report_row, report_id=told, results={})
    add(connection, tls_row, report_id=told, failures={})
    test = add(connection, placement_test, marker=str(at), state="done", started_at=at, ended_at=at)
    box = add(connection, seed, name=str(at), address=str(at), location={})
    add(connection, placement, test_id=test, seed_id=box, authentication={})


def sizes(connection: Connection) -> dict[str, int]:
    return {
        name: connection.scalar(select(func.count()).select_from(table)) or 0
        for name, table in metadata.tables.items()
    }


@pytest.fixture
def filled(store: Store) -> Filled:
    with store.write() as connection:
        stay = fill(connection)
        return store, stay, sizes(connection)


def test_old_rows_go_and_whatever_is_open_or_shows_consent_stays(
    filled: Filled,
) -> None:
    store, stay, before = filled
    counted = {(each.key, each.table): each.rows for each in prune(store, DEFAULTS, NOON, dry=True)}
    done = {(each.key, each.table): each.rows for each in prune(store, DEFAULTS, NOON)}

    with store.read() as connection:
        after = sizes(connection)
    assert {name: after[name] for name in stay} == stay
    assert {name for name in before if before[name] != after[name]} <= set(stay)
    assert {name: after[name] for name in NEVER} == {name: before[name] for name in NEVER}
    late = {("incidents", "incident"), ("placements", "placement_test"), ("reports", "report")}
    assert {key: rows for key, rows in counted.items() if key not in late} == {
        key: rows for key, rows in done.items() if key not in late
    }
    assert all(each.rows == 0 for each in prune(store, DEFAULTS, NOON)), "the second time nothing is left"


def test_for_ever_means_for_ever(filled: Filled) -> None:
    store, _, before = filled
    prune(store, dict.fromkeys(DEFAULTS), NOON)

    with store.read() as connection:
        assert sizes(connection) == before


def test_many_rows_go_in_several_transactions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data.retention, "AT_ONCE", 2)
    with store.write() as connection:
        for number in range(5):
            add(connection, heartbeat, process=str(number), at=OLD, detail={})

    assert {each.table: each.rows for each in prune(store, DEFAULTS, NOON)}["heartbeat"] == 5


def test_every_rule_has_its_span_and_no_span_is_below_what_is_needed() -> None:
    assert {rule.key for rule in RULES} == set(KEEPING)
    assert all(span is None or span >= LEAST[key] for key, span in DEFAULTS.items())
    assert not NEVER & {rule.table.name for rule in RULES}
    assert contact.name not in {rule.table.name for rule in RULES}
