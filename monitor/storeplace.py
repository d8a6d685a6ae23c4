"""Where an instance's store is: the file in its home, or the database that `[store] url` names."""

from sqlalchemy.exc import DBAPIError

from data.store import Store, open_store
from monitor.config import Config
from monitor.home import Home
from monitor.problem import Problem


def store_url(home: Home, config: Config) -> str:
    """The store's URL, password included: never to be shown."""
    return config.store.url.get_secret_value() or home.store_url


def reach(url: str, *, read_only: bool = False) -> Store:
    """Open the store and see that it answers. Raises Problem when it does not; the caller closes it."""
    try:
        store = open_store(url, read_only=read_only)
    except ImportError:
        raise Problem(
            "[store] url names a PostgreSQL database, and its driver is not installed. "
            "Run: pip install 'homing[postgres]'"
        ) from None
    try:
        with store.read():
            return store
    except DBAPIError as fault:
        store.close()
        raise Problem(_no_answer(store, fault)) from fault


def _no_answer(store: Store, fault: DBAPIError) -> str:
    why = str(fault.orig).strip().splitlines()[0]
    return f"The store {store.name} cannot be opened: {why}. Mend that, or name another one in [store] url."
