"""Deletes what has been kept for long enough: by hand, and once a day."""

from collections.abc import Sequence

from data.retention import Pruned, prune
from data.slots import Slot
from monitor.app import App

PRUNE, STORE = "prune", "store"
"""The kind and the subject of the daily slot."""


def prune_store(app: App, *, dry: bool = False) -> Sequence[Pruned]:
    """By the configuration's section `[retention]`; `dry` only counts."""
    return prune(app.store, app.config.retention.spans, app.now(), dry=dry)


def daily(app: App, _slot: Slot) -> str:
    """The worker's part: does it, and says how much went."""
    gone = {each.table: each.rows for each in prune_store(app) if each.rows}
    return ", ".join(f"{rows} of {table}" for table, rows in gone.items()) or "nothing was old enough"
