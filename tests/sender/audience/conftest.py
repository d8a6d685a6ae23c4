"""Stores of both kinds for what the audience keeps."""

from tests.stores import postgresql_server, store, store_url

__all__ = ["postgresql_server", "store", "store_url"]
