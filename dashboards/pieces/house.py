"""What a page reads from: the home's configuration and its store, opened for reading only."""

from dataclasses import dataclass
from functools import cache

import streamlit as st

from data.migrate import head, revision
from data.store import Store
from monitor.config import Config, load_config
from monitor.home import Home, locate
from monitor.problem import Problem
from monitor.storeplace import reach, store_url


@dataclass(frozen=True)
class House:
    """One instance as the pages see it."""

    home: Home
    config: Config
    store: Store


@st.cache_resource(show_spinner=False, max_entries=4)
def _store(url: str, file: int) -> Store:
    """One engine for all sessions, until another file (`make clean`, a restored backup) has the name."""
    del file
    return reach(url, read_only=True)


@cache
def _expected() -> str:
    """The revision that this code reads; asking Alembic means compiling its scripts anew."""
    return head()


def open_house() -> House:
    """The instance that `$HOMING_HOME` names. Raises Problem, with what to do, when it cannot be read.

    A missing store is not created: a page must never leave an empty one behind for the rest to find.
    """
    home = locate()
    config = load_config(home.config_path)
    elsewhere = bool(config.store.url.get_secret_value())
    if not elsewhere and not home.store_path.exists():
        raise Problem(
            f"There is no store in {home.path} yet. Start Homing there with `homing up`; "
            "`homing up --sandbox` shows the whole product on made-up domains first."
        )
    store = _store(store_url(home, config), 0 if elsewhere else home.store_path.stat().st_ino)
    found = revision(store)
    if found != _expected():
        raise Problem(
            f"The store in {home.path} has schema {found or 'none'}, and these pages read {_expected()}. "
            "Stop `homing up` and start it again: it brings the store up to date."
        )
    return House(home, config, store)
