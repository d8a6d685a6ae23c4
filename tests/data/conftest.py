"""An empty store of the newest schema, of either kind: what holds on one holds on the other."""

from tests.stores import postgresql_server, store, store_url

__all__ = ["postgresql_server", "store", "store_url"]
