"""Bring a store's schema up to date. Each run is one transaction: killed half-way, it has not happened."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from data.store import Store

HERE = Path(__file__).resolve().parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config


def migrate(store: Store) -> None:
    """Upgrade to the newest revision; does nothing when the store is current."""
    if revision(store) == head():
        return
    config = _config()
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def head() -> str:
    """The revision that this version of Homing works with."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revision(store: Store) -> str:
    """The revision that the store is at; "" for an empty one."""
    with store.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""
