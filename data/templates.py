"""Templates as their authors wrote them. A campaign takes a copy when it starts (`data.campaigns`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from data.dialect import insert
from data.tables import template


@dataclass(frozen=True, slots=True)
class Template:
    id: int
    name: str
    subject: str
    html: str
    text: str
    preheader: str = ""


def save_template(
    connection: Connection,
    name: str,
    now: datetime,
    *,
    subject: str,
    html: str,
    text: str = "",
    preheader: str = "",
) -> int:
    """Add a template or replace the one of that name; returns its id."""
    values = {"subject": subject, "html": html, "text": text, "preheader": preheader, "at": now}
    statement = insert(connection, template).values(name=name, **values)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_=values)
    return int(connection.execute(statement.returning(template.c.id)).scalar_one())


def find_template(connection: Connection, name: str) -> Template | None:
    row = connection.execute(select(template).where(template.c.name == name)).one_or_none()
    return None if row is None else _read(row)


def template_by_id(connection: Connection, template_id: int) -> Template | None:
    row = connection.execute(select(template).where(template.c.id == template_id)).one_or_none()
    return None if row is None else _read(row)


def all_templates(connection: Connection) -> Sequence[Template]:
    return [_read(row) for row in connection.execute(select(template).order_by(template.c.name))]


def remove_template(connection: Connection, name: str) -> bool:
    """Raises IntegrityError while a campaign is made from it; says whether there was one."""
    return connection.execute(delete(template).where(template.c.name == name)).rowcount > 0


def _read(row: Row[Any]) -> Template:
    return Template(row.id, row.name, row.subject, row.html, row.text, row.preheader)
