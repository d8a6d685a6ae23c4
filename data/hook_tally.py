"""How often each webhook was called and what it said: counts, and the last words of each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from data.dialect import insert
from data.tables import hook_tally

LONGEST_SAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class Tally:
    """`hook` is "ses" or "ses/server"; `what` is what became of it, `word` the provider's own name for it."""

    hook: str
    what: str
    word: str
    count: int
    last_at: datetime
    sample: str = ""


def tally(connection: Connection, told: Tally) -> None:
    """Add to a count, and keep the newest sample."""
    values = {name: getattr(told, name) for name in told.__dataclass_fields__}
    values |= {"word": told.word[:100], "sample": told.sample[:LONGEST_SAMPLE]}
    statement = insert(connection, hook_tally).values(**values)
    newer = {"count": hook_tally.c.count + told.count, "last_at": told.last_at, "sample": values["sample"]}
    connection.execute(statement.on_conflict_do_update(index_elements=["hook", "what", "word"], set_=newer))


def tallies(connection: Connection) -> Sequence[Tally]:
    """Every count, by hook."""
    query = select(hook_tally).order_by(hook_tally.c.hook, hook_tally.c.what, hook_tally.c.word)
    return [Tally(**row) for row in connection.execute(query).mappings()]
