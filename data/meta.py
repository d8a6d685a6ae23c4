"""What the instance knows of itself."""

import uuid

from sqlalchemy import Connection, select

from data.dialect import insert
from data.tables import meta


def instance_id(connection: Connection) -> str:
    """This store's own name among all instances, made at first use. Needs a write transaction."""
    values = {"key": "instance", "value": uuid.uuid4().hex}
    connection.execute(insert(connection, meta).values(values).on_conflict_do_nothing())
    return str(connection.execute(select(meta.c.value).where(meta.c.key == "instance")).scalar_one())
