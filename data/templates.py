"""Templates as their authors wrote them. A campaign takes a copy when it starts (`data.campaigns`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from data.dialect import insert
from data.files import forget_template_files
from data.tables import template


@dataclass(frozen=True, slots=True)
class Template:
    id: int
    name: str
    subject: str
    html: str
    text: str
    preheader: str = ""
    format: str = "html"
    source: str = ""
    """As the author wrote it; "" where that is the HTML."""


def save_template(
    connection: Connection,
    name: str,
    now: datetime,
    *,
    subject: str,
    html: str,
    text: str = "",
    preheader: str = "",
    format: str = "html",  # noqa: A002
    source: str = "",
) -> int:
    """Add a template or replace the one of that name, which keeps its files; returns its id."""
    values = {
        "subject": subject, "html": html, "text": text, "preheader": preheader, "format": format,
        "source": source, "at": now,
    }  # fmt: skip
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
    found = find_template(connection, name)
    if found is not None:
        forget_template_files(connection, found.id)
    return connection.execute(delete(template).where(template.c.name == name)).rowcount > 0


def _read(row: Row[Any]) -> Template:
    return Template(**{name: getattr(row, name) for name in Template.__dataclass_fields__})
