"""A store that tells a story to look at: what the pages are developed and tested on.

Everything hangs on `now`; the same `now` gives the same store. `python -m tests.dashboards.story FOLDER`
makes a home of it.
"""

from datetime import datetime

from data.migrate import migrate
from data.store import Store
from tests.dashboards.story import campaigns, domains, incidents, instrument, placement


def tell(store: Store, now: datetime) -> None:
    """Fill an empty store: eight domains, ninety days of looks, three campaigns, fourteen placement tests."""
    migrate(store)
    with store.write() as connection:
        domains.tell(connection, now)
        incidents.tell(connection, now)
        campaigns.tell(connection, now)
        placement.tell(connection, now)
        instrument.tell(connection, now)
