"""Whether the database itself is whole: its pages, its references, its schema and its guards."""

from collections.abc import Sequence

from sqlalchemy import Connection, inspect, text

from data.migrate import head

GUARDS = frozenset({"recipient_move", "recipient_new", "recipient_again", "campaign_finish", "campaign_move"})
"""The triggers by which the store refuses wrong moves whoever asks (migrations 0001 and 0007)."""
MOST = 20


def damage(connection: Connection, *, deep: bool = False) -> Sequence[str]:
    """What the database says of its own files. `deep` compares every index, which takes longer.

    PostgreSQL tells damage when it reads a page; every table is read.
    """
    if connection.dialect.name != "sqlite":
        return _unreadable(connection)
    check = "integrity_check" if deep else "quick_check"
    said = connection.exec_driver_sql(f"PRAGMA {check}({MOST})").scalars().all()
    return [line for line in said if line != "ok"]


def _unreadable(connection: Connection) -> Sequence[str]:
    faults = []
    for table in inspect(connection).get_table_names():
        try:
            with connection.begin_nested():
                connection.execute(text(f'SELECT count(*) FROM "{table}"'))  # noqa: S608 - the catalogue's name
        except Exception as fault:
            faults.append(f"{table}: {str(fault).splitlines()[0]}")
    return faults


def orphans(connection: Connection) -> Sequence[str]:
    """Rows that refer to rows that are not there; PostgreSQL does not let them be made."""
    if connection.dialect.name != "sqlite":
        return []
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(MOST)
    return [f"{row[0]} {row[1]} refers to a {row[2]} that is not there" for row in found]


def schema(connection: Connection) -> Sequence[str]:
    """Whether the schema is the one that this version works with."""
    if not inspect(connection).has_table("alembic_version"):
        return ["there are no tables of Homing in it"]
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return [] if found == head() else [f"it has schema {found}; this version of Homing works with {head()}"]


def missing_guards(connection: Connection) -> Sequence[str]:
    """Triggers that are not there (any more)."""
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    present = set(connection.execute(text(asked[connection.dialect.name])).scalars())
    return [f"the trigger {name} is not there" for name in sorted(GUARDS - present)]
