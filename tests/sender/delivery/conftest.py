"""Stores of both kinds for what works on one."""

from tests.stores import postgresql_server, store, store_url

__all__ = ["postgresql_server", "store", "store_url"]
