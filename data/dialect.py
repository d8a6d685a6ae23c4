"""The one place where the two stores speak differently."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    String,
    Table,
    and_,
    case,
    cast,
    collate,
    func,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> Any:
    """An insert with `on_conflict_do_nothing` and `on_conflict_do_update`, for the store at hand."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def domain_of(connection: Connection, address: ColumnElement[str]) -> ColumnElement[str]:
    """What follows the @ of a normalised address."""
    place = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return func.substr(address, place(address, "@") + 1)


def json_text(connection: Connection, document: ColumnElement[Any], key: str) -> ColumnElement[str]:
    """What stands under a key, as JSON writes it, a string without its quotes; NULL for what is no scalar.

    `key` is a name of letters, digits, `_`, `.` and `-`.
    """
    if connection.dialect.name == "postgresql":
        kind = func.json_typeof(_under(document, "->", key))
        return case((kind.in_(("string", "number", "boolean")), _under(document, "->>", key)))
    path = f'$."{key}"'
    kind = func.json_type(document, path)
    return case(
        (kind == "text", func.json_extract(document, path)),
        (kind.in_(("integer", "real", "true", "false")), _under(document, "->", path)),
    )


def _under(document: ColumnElement[Any], operator: str, key: str) -> ColumnElement[str]:
    """The key goes as a text: beside a JSON column SQLAlchemy would make it JSON."""
    return document.op(operator, return_type=String())(literal(key, String()))


def folded(connection: Connection, text: ColumnElement[str]) -> ColumnElement[str]:
    """A to Z in lower case, all else as it is, on either store."""
    return func.lower(in_code_order(connection, text))


def in_code_order(connection: Connection, text: ColumnElement[str]) -> ColumnElement[str]:
    """A text that compares by code points, whatever language the database was made for."""
    return collate(text, "C") if connection.dialect.name == "postgresql" else text


def position(connection: Connection, text: ColumnElement[str], part: str) -> ColumnElement[int]:
    """Where `part` begins in the text, from 1; 0 where it does not occur."""
    find = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return find(text, part)


def as_number(connection: Connection, text: ColumnElement[str], longest: int) -> ColumnElement[float]:
    """The number that a text is (`data.rules.NUMBER`, at most `longest` signs), else NULL."""
    looks: ColumnElement[bool]
    if connection.dialect.name == "postgresql":
        looks = text.op("~")(r"^-?[0-9]+(\.[0-9]+)?$")
    else:
        digits = func.substr(text, case((text.op("GLOB")("-*"), 2), else_=1))
        looks = and_(
            digits.op("GLOB")("[0-9]*[0-9]") | digits.op("GLOB")("[0-9]"),
            ~digits.op("GLOB")("*[^0-9.]*"),
            ~digits.op("GLOB")("*.*.*"),
        )
    return case((and_(looks, func.length(text) <= longest), cast(text, Double)))


def as_day(connection: Connection, text: ColumnElement[str]) -> ColumnElement[str]:
    """The ISO date at the beginning of a text, else NULL; compares in the order of time."""
    if connection.dialect.name == "postgresql":
        looks = text.op("~")("^[0-9]{4}-[0-9]{2}-[0-9]{2}")
    else:
        digit = "[0-9]"
        looks = text.op("GLOB")(f"{digit * 4}-{digit * 2}-{digit * 2}*")
    return in_code_order(connection, case((looks, func.substr(text, 1, 10))))
