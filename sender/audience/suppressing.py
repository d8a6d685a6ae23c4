"""The suppression list by hand and by file: single addresses, whole domains, and what other services keep."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from data.store import Store
from data.suppression import Kind, Reason, Suppressed, lift, suppress, suppressed
from sender.audience.addresses import AddressError, parse_address
from sender.audience.importing.columns import MappingError, simple
from sender.audience.importing.opening import look
from sender.audience.importing.rows import Broken, Row, Rows
from sender.audience.neutral import csv_line, plain

HEADINGS = ("kind", "value", "reason", "detail", "at")
CHUNK = 1_000
MOST_TOLD = 100
HASH = re.compile("[0-9a-f]{64}")
VALUE = ("value", "email", "email_address", "emailaddress", "address", "recipient", "domain")
WHY = ("reason", "suppression_reason", "suppressionreason", "type", "status", "event")
"""Headings of our own export, Amazon SES, SendGrid, Mailgun, Postmark and Mandrill."""
REASONS: Mapping[str, Reason] = {
    **{reason.value: reason for reason in Reason},
    **dict.fromkeys(("bounce", "bounced", "hardbounce", "hard", "invalid", "cleaned"), Reason.HARD_BOUNCE),
    **dict.fromkeys(
        ("complained", "spam", "spamcomplaint", "spam_complaint", "spamreport", "abuse"), Reason.COMPLAINT
    ),
    **dict.fromkeys(("unsubscribe", "unsubscribed", "manualsuppression"), Reason.UNSUBSCRIBED),
    **dict.fromkeys(("soft", "soft_bounce"), Reason.SOFT_BOUNCES),
}


class SuppressionError(ValueError):
    """What was given is neither an address nor a domain; the message says so."""


@dataclass(frozen=True, slots=True)
class Taken:
    """`rejected`: (line, reason) of the first hundred rows that could not be read; `bad`: how many."""

    rows: int
    added: int
    known: int
    bad: int
    rejected: tuple[tuple[int, str], ...]


def what(text: str) -> tuple[Kind, str]:
    """`ada@example.com` is an address, `@example.com` a domain; raises `SuppressionError`."""
    bare = text.strip()
    try:
        if "@" in bare.lstrip("@"):
            return Kind.ADDRESS, parse_address(bare, quoted=True).identity
        return Kind.DOMAIN, parse_address(f"x@{bare.lstrip('@')}").domain
    except AddressError as error:
        raise SuppressionError(f"“{text[:80]}” is neither an address nor a domain. {error}") from None


def add(store: Store, text: str, reason: Reason, now: datetime, *, detail: str = "") -> bool:
    """Says whether anything changed: a weaker reason changes nothing. Raises `SuppressionError`."""
    kind, value = what(text)
    with store.write() as connection:
        return suppress(connection, kind, value, reason, now, detail=detail)


def find(store: Store, text: str, fingerprint: Callable[[str], str]) -> Suppressed | None:
    """What keeps an address or a domain from being written to; raises `SuppressionError`."""
    kind, value = what(text)
    with store.read() as connection:
        if kind is Kind.DOMAIN:
            return suppressed(connection, [f"@{value}"]).get(f"@{value}")
        return suppressed(connection, [value], {value: fingerprint(value)}).get(value)


def remove(store: Store, text: str) -> bool:
    """Only this very entry; says whether there was one. Raises `SuppressionError`."""
    kind, value = what(text)
    with store.write() as connection:
        return lift(connection, kind, value)


def take_in(
    store: Store, path: Path, default: Reason, now: datetime, tell: Callable[[int, int], None]
) -> Taken:
    """A file of ours or of a provider; twice is once. Raises `MappingError`, OSError."""
    _, shape, first = look(path)
    columns = _columns(shape.names, first)
    counts: Counter[str] = Counter()
    rejected: list[tuple[int, str]] = []
    with Rows(path, shape) as rows:
        for chunk in _chunks(rows):
            entries, bad = _read(chunk, columns, default)
            with store.write() as connection:
                added = sum(
                    suppress(connection, *entry, now, detail=f"from {path.name}") for entry in entries
                )
            counts.update(rows=len(chunk), added=added, known=len(entries) - added, bad=len(bad))
            rejected += bad[: MOST_TOLD - len(rejected)]
            tell(rows.done, counts["rows"])
    return Taken(counts["rows"], counts["added"], counts["known"], counts["bad"], tuple(rejected))


@dataclass(frozen=True, slots=True)
class _Columns:
    value: int
    why: int | None
    kind: int | None


def _columns(names: Sequence[str], first: Sequence[str]) -> _Columns:
    keys = [simple(name) for name in names]
    value = next((keys.index(name) for name in VALUE if name in keys), None)
    if value is None and len(first) == 1:
        value = 0
    if value is None:
        raise MappingError(f"There is no column of addresses among {', '.join(names)}. Call it email.")
    why = next((keys.index(name) for name in WHY if name in keys), None)
    return _Columns(value, why, keys.index("kind") if "kind" in keys else None)


def _read(
    chunk: Sequence[Row | Broken], columns: _Columns, default: Reason
) -> tuple[list[tuple[Kind, str, Reason]], list[tuple[int, str]]]:
    """The entries of the rows, and the lines that are none with the reason."""
    entries, bad = [], []
    for row in chunk:
        try:
            entries.append(_entry(row, columns, default))
        except SuppressionError as error:
            bad.append((row.line, str(error)))
    return entries, bad


def _entry(row: Row | Broken, columns: _Columns, default: Reason) -> tuple[Kind, str, Reason]:
    if isinstance(row, Broken):
        raise SuppressionError(row.why)
    text = _cell(row.cells, columns.value)
    reason = REASONS.get(simple(_cell(row.cells, columns.why)), default)
    if _cell(row.cells, columns.kind) != Kind.HASH:
        return *what(text), reason
    if not HASH.fullmatch(text):
        raise SuppressionError("This is no keyed hash.")
    return Kind.HASH, text, reason


def _cell(cells: Sequence[str], number: int | None) -> str:
    return plain(cells[number].strip()) if number is not None and number < len(cells) else ""


def export_lines(entries: Iterable[Suppressed]) -> Iterator[str]:
    """The list as CSV, line by line, such as `take_in` reads again."""
    yield csv_line(HEADINGS)
    for each in entries:
        yield csv_line([each.kind, each.value, each.reason, each.detail, each.at.isoformat()])


def _chunks(rows: Iterable[Row | Broken]) -> Iterator[Sequence[Row | Broken]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
