"""Bring a store's schema up to date. Each run is one transaction: killed half-way, it has not happened.

Alembic costs a process 11 MB and is loaded only when there is something to do: every process of `homing up`
opens the store, and one of them at most finds it old.
"""

from pathlib import Path

from sqlalchemy import inspect, text

from data.store import Store

HERE = Path(__file__).resolve().parent / "migrations"


def migrate(store: Store) -> None:
    """Upgrade to the newest revision; does nothing when the store is current."""
    if revision(store) == head():
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def head() -> str:
    """The revision that this version of Homing works with; a file is named after its revision's number."""
    return max(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def revision(store: Store) -> str:
    """The revision that the store is at; "" for an empty one."""
    with store.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
