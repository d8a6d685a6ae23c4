"""Every promise of the table is kept by a store that works, and found broken when somebody broke it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from data.erasing import erase_person
from data.invariants.database import GUARDS
from data.invariants.table import RULES, check
from data.store import Store, open_store
from tests.fakes.campaign import NOON, frozen, make_campaign
from tests.stores import sqlite_store

LATER = NOON + timedelta(days=2)
AT = 1_795_435_200_000_000
"""NOON as the store keeps it."""
SENT = f"UPDATE recipient SET state = 'sent', fence = 1, code = 250, message_id = 'm', settled_at = {AT}"
EVENT = (
    "INSERT INTO event (kind, at, provider, machine, evidence, detail, key, campaign_id, link_id) VALUES"
    f" ('%s', {AT}, '', %s, '', '%s', 'k', 1, %s)"
)
HARD = '{"effect": "hard", "fault": "sender"}'
TARGET = (
    "INSERT INTO target (id, domain, profile, ips, selectors, helos, origin, paused, at)"
    f" VALUES (1, 'a.example', 'bulk', '[]', '[]', '[]', 'file', false, {AT})"
)
OBSERVED = (
    "INSERT INTO observation (id, target_id, code, subject, state, severity, args, evidence, fingerprint,"
    " first_seen, last_seen, looks)"
    f" VALUES (1, 1, 'SPF-001', 'a', 'unknown', 'high', '{{}}', '[]', 'f', {AT}, {AT}, 1)"
)
STANDING = (
    "INSERT INTO standing (target_id, code, subject, latest_id, conclusive_id, unknown_since)"
    " VALUES (1, 'SPF-001', 'a', 1, %s, %s)"
)
SUPPRESSED = (
    "INSERT INTO suppression (kind, value, reason, detail, at)"
    f" VALUES ('address', 'c1-0@example.net', 'manual', '', {AT - 10**10})"
)
LINK = "INSERT INTO link (id, campaign_id, position, url) VALUES (1, 2, 0, 'https://example.com')"
LEFT = f"UPDATE membership SET state = 'unsubscribed', at = {AT - 10**10}"
BREAKING = {
    "one-row": ["UPDATE recipient SET contact_id = 1"],
    "one-state": ["UPDATE recipient SET state = 'delivered' WHERE id = 1"],
    "claims-held": ["UPDATE recipient SET state = 'claimed' WHERE id = 1"],
    "claims-alive": [f"UPDATE recipient SET state = 'claimed', owner = 'o', lease_until = {AT} WHERE id = 1"],
    "sent-answered": [f"{SENT.replace('250', '550')} WHERE id = 1"],
    "named": ["UPDATE recipient SET state = 'unknown' WHERE id = 1"],
    "finished": ["UPDATE campaign SET state = 'finished' WHERE id = 1"],
    "frozen": ["UPDATE campaign SET content = NULL WHERE id = 1"],
    "consented": ["DELETE FROM consent", f"{SENT} WHERE id = 1"],
    "not-suppressed": [SUPPRESSED, f"{SENT} WHERE id = 1"],
    "not-left": [LEFT, f"{SENT} WHERE id = 1"],
    "confirmations": [
        "UPDATE campaign SET message_class = 'confirmation'",
        f"{SENT}, contact_id = 1, step = id",
    ],
    "faults": [EVENT % ("bounce", "false", HARD, "NULL")],
    "destinations": [LINK, EVENT % ("click", "false", "{}", "1")],
    "machines": [EVENT % ("open", "true", "{}", "NULL")],
    "conclusions": [TARGET, OBSERVED, STANDING % (1, AT)],
    "unknowns": [TARGET, OBSERVED, STANDING % ("NULL", "NULL")],
}
"""What somebody would have to do by hand, past the store's own guards."""


def unguard(connection: Connection) -> None:
    """Take away what would refuse the damage: the tables' own constraints and triggers."""
    for guard in GUARDS if connection.dialect.name == "sqlite" else ():
        connection.execute(text(f"DROP TRIGGER {guard}"))
    for table in ("recipient", "campaign"):
        copy = f"CREATE TABLE bare AS SELECT * FROM {table}"
        kept = "CASCADE" if connection.dialect.name == "postgresql" else ""
        statements = (copy, f"DROP TABLE {table} {kept}", f"ALTER TABLE bare RENAME TO {table}")
        for statement in (*statements, f"CREATE UNIQUE INDEX key_of_{table} ON {table} (id)"):
            connection.execute(text(statement))


def broken(connection: Connection, now: datetime) -> Sequence[str]:
    return [result.key for result in check(connection, now) if result.broken]


def test_every_rule_is_shown_broken() -> None:
    assert set(BREAKING) == {rule.key for rule in RULES}


def test_a_store_at_work_keeps_every_promise(store: Store) -> None:
    with store.write() as connection:
        frozen(connection, 3)

    with store.read() as connection:
        results = list(check(connection, LATER, deep=True))

    assert [result.key for result in results if result.broken] == []
    assert len(results) == len(RULES) + 5


def test_each_broken_promise_is_found_and_no_other(store: Store) -> None:
    with store.write() as connection:
        frozen(connection, 3)
        make_campaign(connection, None, name="c2", egress="other")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        unguard(connection)

    with store.engine.connect().execution_options(homing_write=True) as connection:
        for key, statements in BREAKING.items():
            with connection.begin() as undone:
                for statement in statements:
                    connection.exec_driver_sql(statement)
                assert broken(connection, LATER) == ["guards", key]
                undone.rollback()


def test_what_was_removed_on_purpose_breaks_nothing(store: Store) -> None:
    """Erasing somebody takes their consent and Message-ID away; what was sent to them still counts."""
    with store.write() as connection:
        frozen(connection, 3)
        connection.exec_driver_sql("UPDATE recipient SET state = 'claimed', owner = 'o', lease_until = 1")
        connection.exec_driver_sql("UPDATE recipient SET state = 'sending', message_id = 'm'")
        connection.exec_driver_sql(f"{SENT}, owner = NULL, lease_until = NULL")
        erase_person(connection, 1, "c1-0@example.net", "fingerprint", NOON)
        assert broken(connection, LATER) == []


def test_damage_and_other_schemas_are_told_before_anything_is_asked(store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with store.read() as connection:
        results = list(check(connection, NOON))

    assert [(result.key, result.broken) for result in results] == [("pages", 0), ("schema", 1)]
    assert "it has schema 9999" in results[1].examples[0]


def test_rows_that_refer_to_nothing_are_found_on_sqlite(tmp_path: Path) -> None:
    """Any program can make them there; PostgreSQL does not let them be made."""
    store = open_store(sqlite_store(tmp_path))
    with store.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("INSERT INTO link VALUES (1, 7, 0, 'https://example.com')")
        result = next(each for each in check(connection, NOON) if each.key == "references")

    assert result.examples == ["link 1 refers to a campaign that is not there"]
    store.close()
