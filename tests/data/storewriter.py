"""A process for tests of the store's guard: writes, so that checkpoints happen, and closes, again and again.

`python -m tests.data.storewriter DATABASE GUARDED ROUNDS`; GUARDED is "yes" or "no".
"""

import sys
from pathlib import Path

import data.store
from data.store import open_store, sqlite_url


def main(database: Path, guarded: bool, rounds: int) -> None:
    data.store.CHECKPOINT_BYTES = 50_000
    for _ in range(rounds):
        store = open_store(sqlite_url(database), guarded=guarded)
        for _ in range(20):
            with store.write() as connection:
                if not guarded:
                    connection.exec_driver_sql("PRAGMA wal_autocheckpoint=10")
                connection.exec_driver_sql("INSERT INTO ballast (text) VALUES (hex(randomblob(4000)))")
        store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "yes", int(sys.argv[3]))
