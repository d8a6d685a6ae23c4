"""A row read into a person: address, attributes, tags, what it says of their consent. Nothing is guessed."""

import csv
import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sender.audience.addresses import Address, AddressError, parse_address
from sender.audience.importing.columns import (
    META_PREFIX,
    STATUSES,
    Column,
    Kind,
    Mapped,
    Means,
    Origin,
    Status,
    simple,
)
from sender.audience.neutral import plain

LONGEST_VALUE = 4_000
LONGEST_TAG = 100
MOST_TAGS = 100
NUMBER = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,6})?")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Unfit(ValueError):
    """The row cannot be taken; the message says why, for the file of rejected rows.

    `address`: because there is no address in it that can be mailed.
    """

    def __init__(self, why: str, *, address: bool = False) -> None:
        super().__init__(why)
        self.address = address


@dataclass(frozen=True, slots=True)
class Person:
    """`consent_at` None: the row does not say when."""

    address: Address
    status: Status
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    consent_at: datetime | None = None
    consent_ip: str = ""
    confirmed_at: datetime | None = None
    confirmed_ip: str = ""
    form: str = ""


def read_person(cells: Sequence[str], mapped: Mapped, now: datetime) -> Person:
    """Raises `Unfit`."""
    columns = mapped.columns
    if len(cells) > len(columns) and any(map(str.strip, cells[len(columns) :])):
        raise Unfit(f"{len(cells)} cells where the header has {len(columns)}")
    values: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column.means is Means.NOTHING:
            continue
        text = plain(cell.strip())
        if not text:
            continue
        if mapped.origin is Origin.META:
            text = META_PREFIX.sub("", text, count=1) if META_PREFIX.match(text) else text
        if column.means is Means.ATTRIBUTE:
            attributes[column.name] = _attribute(column, text)
        else:
            values[column.means] = text
    return Person(
        address=_address(values.get(Means.EMAIL, "")),
        status=_status(values.get(Means.STATUS, ""), mapped.status),
        attributes=attributes,
        tags=_tags(values[Means.TAGS]) if Means.TAGS in values else (),
        consent_at=_moment(values, Means.CONSENT_AT, now),
        consent_ip=_ip(values.get(Means.CONSENT_IP, "")),
        confirmed_at=_moment(values, Means.CONFIRMED_AT, now),
        confirmed_ip=_ip(values.get(Means.CONFIRMED_IP, "")),
        form=values.get(Means.FORM, "")[:200],
    )


def _address(text: str) -> Address:
    """Trimmed of what copying leaves around an address; never mended inside."""
    bare = text.translate(INVISIBLE).strip().removeprefix("mailto:")
    if not bare:
        raise Unfit("there is no address", address=True)
    try:
        return parse_address(bare)
    except AddressError as error:
        raise Unfit(f"bad address: {error}", address=True) from None


def _attribute(column: Column, text: str) -> Any:
    if len(text) > LONGEST_VALUE:
        raise Unfit(f"{column.name} is longer than {LONGEST_VALUE} signs")
    if not text.isprintable() and CONTROL.search(text):
        raise Unfit(f"{column.name} has a control character in it")
    match column.kind:
        case Kind.TEXT:
            return text
        case Kind.NUMBER:
            if not NUMBER.fullmatch(text):
                raise Unfit(f"{column.name} is no number: {text[:40]}")
            number = float(text.replace(",", "."))
            return int(number) if number.is_integer() else number
        case Kind.DATE:
            return read_day(text, column.name).isoformat()


def read_day(text: str, what: str) -> date:
    """2026-11-23, 2026/11/23 or 23.11.2026; raises `Unfit`. 11/12/2026 is two days, and so none."""
    for pattern in ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text[:10], pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Unfit(f"{what} is no date such as 2026-11-23: {text[:40]}")


def read_moment(text: str, what: str) -> datetime:
    """An ISO 8601 time, UTC unless it says otherwise, or a day; raises `Unfit`."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = datetime.combine(read_day(text, what), datetime.min.time())
    try:
        return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        raise Unfit(f"{what} is no time: {text[:40]}") from None


def _moment(values: Mapping[str, str], means: Means, now: datetime) -> datetime | None:
    text = values.get(means, "")
    if not text:
        return None
    moment = read_moment(text, means.value)
    if moment > now or moment.year < 1990:
        raise Unfit(f"{means.value} cannot be: {text[:40]}")
    return moment


def _status(text: str, of_file: Status) -> Status:
    if not text:
        return of_file
    found = STATUSES.get(simple(text))
    if found is None:
        raise Unfit(f"the status “{text[:40]}” is not known")
    return found


def _tags(text: str) -> tuple[str, ...]:
    """`vip, "two words"`: as Mailchimp writes them; a semicolon separates too."""
    cells = next(csv.reader([text.replace("\r", " ").replace("\n", " ").replace(";", ",")]), [])
    found = dict.fromkeys(cell.strip().strip('"')[:LONGEST_TAG] for cell in cells)
    return tuple(islice((tag for tag in found if tag and not CONTROL.search(tag)), MOST_TAGS))


def _ip(text: str) -> str:
    """ "" for what is no address: it is a detail of the evidence, not the evidence."""
    try:
        return str(ipaddress.ip_address(text)) if text else ""
    except ValueError:
        return ""
