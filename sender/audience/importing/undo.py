"""Take an import back: what was before is again, and what people did since stays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from data.imports import State, changes_of, count_changes, import_by_id, move_import
from data.store import Store
from data.suppression import lift_import
from data.undoing import take_back
from sender.audience.importing.job import CHUNK, Refused


@dataclass(frozen=True, slots=True)
class Undone:
    """`removed`: contacts that are gone again. `lifted`: suppressions taken back."""

    import_id: int
    people: int
    removed: int
    lifted: int


def undo(
    store: Store,
    import_id: int,
    now: Callable[[], datetime],
    tell: Callable[[int], None] = lambda _people: None,
) -> Undone:
    """Chunk after chunk, each one transaction; a killed run is taken up again. Raises `Refused`."""
    people = removed = lifted = 0
    with store.write() as connection:
        found = import_by_id(connection, import_id)
        if found is None:
            raise Refused(f"There is no import {import_id}.")
        if found.state is State.UNDONE:
            raise Refused(f"Import {import_id} was taken back before.")
        begun = [State.RUNNING, State.DONE, State.UNDOING]
        move_import(connection, import_id, begun, State.UNDOING, now())
    while True:
        with store.write() as connection:
            changes = changes_of(connection, import_id, CHUNK)
            removed += take_back(connection, import_id, found.list_id, changes, now())
            entries = lift_import(connection, import_id, CHUNK)
        if not changes and not entries:
            break
        people += len(changes)
        lifted += entries
        tell(people)
    with store.write() as connection:
        move_import(connection, import_id, [State.UNDOING], State.UNDONE, now())
    return Undone(import_id, people, removed, lifted)


def touched(store: Store, import_id: int) -> int:
    """How many people an import has touched: what `undo` will go through."""
    with store.read() as connection:
        return count_changes(connection, import_id)
