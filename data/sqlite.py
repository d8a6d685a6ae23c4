"""Which SQLite the store runs on."""

import sqlite3


def library_version() -> tuple[int, ...]:
    """The version of the library that Python was linked with, as numbers."""
    return sqlite3.sqlite_version_info
