"""Attachments and inline images: which template and which campaign has which, and their bytes, once each."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, literal, select

from data import dialect
from data.tables import blob, campaign_file, template_file


@dataclass(frozen=True, slots=True)
class File:
    """`cid` is set for what is shown inside the HTML (`src="cid:…"`), and "" for an attachment."""

    name: str
    kind: str
    content: bytes
    cid: str = ""


def set_template_files(
    connection: Connection, template_id: int, files: Sequence[File], now: datetime
) -> None:
    """These and no others; bytes that nothing uses any more are dropped."""
    connection.execute(delete(template_file).where(template_file.c.template_id == template_id))
    for file in files:
        row = {"name": file.name, "kind": file.kind, "cid": file.cid, "digest": _keep(connection, file, now)}
        connection.execute(insert(template_file).values(template_id=template_id, **row))
    _drop_unused(connection)


def forget_template_files(connection: Connection, template_id: int) -> None:
    connection.execute(delete(template_file).where(template_file.c.template_id == template_id))
    _drop_unused(connection)


def files_of_template(connection: Connection, template_id: int) -> Sequence[File]:
    """By name."""
    return _files(connection, template_file, template_file.c.template_id == template_id)


def freeze_files(connection: Connection, campaign_id: int, template_id: int) -> None:
    """Every message of this campaign carries the template's files as they are now."""
    columns = ("name", "kind", "cid", "digest")
    query = select(literal(campaign_id), *(template_file.c[name] for name in columns))
    found = query.where(template_file.c.template_id == template_id)
    connection.execute(insert(campaign_file).from_select(["campaign_id", *columns], found))


def files_of_campaign(connection: Connection, campaign_id: int) -> Sequence[File]:
    """Those taken at its start, by name."""
    return _files(connection, campaign_file, campaign_file.c.campaign_id == campaign_id)


def changed_files(connection: Connection) -> Sequence[str]:
    """Whose bytes are not those that were stored; one file in memory at a time."""
    query = select(blob.c.digest, blob.c.content).execution_options(yield_per=1)
    rows = connection.execute(query)
    return [f"the file {row.digest}" for row in rows if hashlib.sha256(row.content).hexdigest() != row.digest]


def _keep(connection: Connection, file: File, now: datetime) -> str:
    digest = hashlib.sha256(file.content).hexdigest()
    statement = dialect.insert(connection, blob).values(digest=digest, content=file.content, at=now)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["digest"]))
    return digest


def _drop_unused(connection: Connection) -> None:
    used = select(template_file.c.digest).union(select(campaign_file.c.digest))
    connection.execute(delete(blob).where(blob.c.digest.not_in(used)))


def _files(connection: Connection, table: Table, mine: ColumnElement[bool]) -> Sequence[File]:
    columns: list[ColumnElement[Any]] = [table.c.name, table.c.kind, blob.c.content, table.c.cid]
    joined = table.join(blob, blob.c.digest == table.c.digest)
    rows = connection.execute(select(*columns).select_from(joined).where(mine).order_by(table.c.name))
    return [File(row.name, row.kind, bytes(row.content), row.cid) for row in rows]
