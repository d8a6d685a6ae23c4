"""Before anything is delivered: is this the store that this home last delivered from, or an older copy?

A file that was copied back, or a database that was loaded from a dump, does not know of it. But each
beginning is counted, in the store and in the home, and a store that has counted fewer is an older one.
"""

import logging
from collections.abc import Sequence

from data import attendance
from monitor.app import App
from monitor.home import Home
from sender.campaigns.standby import hold_restored

log = logging.getLogger(__name__)


def begin_delivering(app: App) -> Sequence[str]:
    """Count this beginning; if the store is an older copy, hold what it is sending. Returns what was held."""
    known = known_beginnings(app.home)
    with app.store.write() as connection:
        found = attendance.beginnings(connection)
        held = hold_restored(connection, app.now(), None) if found < known else []
        attendance.set_beginnings(connection, max(found, known) + 1)
    note_beginnings(app.home, max(found, known) + 1)
    for name in held:
        log.warning("campaign %r is held: the store is an older copy; a person must resume it", name)
    return held


def known_beginnings(home: Home) -> int:
    """How many this home knows of; 0 for a new home."""
    try:
        return int(home.beginnings_file.read_text())
    except (FileNotFoundError, ValueError):
        return 0


def note_beginnings(home: Home, count: int) -> None:
    fresh = home.beginnings_file.with_suffix(".new")
    fresh.write_text(f"{count}\n")
    fresh.replace(home.beginnings_file)
