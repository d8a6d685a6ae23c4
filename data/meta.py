"""What the instance knows of itself."""

import uuid
from datetime import datetime

from sqlalchemy import Connection, select

from data.dialect import insert
from data.tables import meta


def instance_id(connection: Connection) -> str:
    """This store's own name among all instances, made at first use. Needs a write transaction."""
    values = {"key": "instance", "value": uuid.uuid4().hex}
    connection.execute(insert(connection, meta).values(values).on_conflict_do_nothing())
    return str(connection.execute(select(meta.c.value).where(meta.c.key == "instance")).scalar_one())


def remember(connection: Connection, key: str, value: str) -> None:
    """Keep one value under a key, in place of the one that was there."""
    statement = insert(connection, meta).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def recall(connection: Connection, key: str) -> str | None:
    """The value under a key; None if there is none."""
    return connection.scalar(select(meta.c.value).where(meta.c.key == key))


def moment(connection: Connection, key: str) -> datetime | None:
    """A time that was remembered in ISO 8601; None if there is none."""
    found = recall(connection, key)
    return None if found is None else datetime.fromisoformat(found)
