"""Segments: a stored rule, and the condition that it is in the store."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, false, func, not_, or_, select, true

from data import rules
from data.dialect import as_day, as_number, domain_of, folded, insert, json_text, position
from data.rules import Deed, Match, Order, Rule
from data.tables import campaign, contact, contact_tag, event, mailing_list, membership, recipient, segment

Condition = ColumnElement[bool]

ORDERS: Mapping[Order, Callable[[Any, Any], Condition]] = {
    Order.BELOW: operator.lt,
    Order.AT_MOST: operator.le,
    Order.EQUAL: operator.eq,
    Order.AT_LEAST: operator.ge,
    Order.ABOVE: operator.gt,
}


@dataclass(frozen=True, slots=True)
class Segment:
    """`rule` as it was written (`sender.audience.segments` reads it)."""

    id: int
    name: str
    rule: str
    at: datetime


def save_segment(connection: Connection, name: str, rule: str, now: datetime) -> int:
    """Add a segment or change the rule of the one of that name; returns its id."""
    statement = insert(connection, segment).values(name=name, rule=rule, at=now)
    statement = statement.on_conflict_do_update(index_elements=["name"], set_={"rule": rule, "at": now})
    return int(connection.execute(statement.returning(segment.c.id)).scalar_one())


def find_segment(connection: Connection, name: str) -> Segment | None:
    row = connection.execute(select(segment).where(segment.c.name == name)).one_or_none()
    return None if row is None else _read(row)


def segment_by_id(connection: Connection, segment_id: int) -> Segment | None:
    row = connection.execute(select(segment).where(segment.c.id == segment_id)).one_or_none()
    return None if row is None else _read(row)


def all_segments(connection: Connection) -> Sequence[Segment]:
    return [_read(row) for row in connection.execute(select(segment).order_by(segment.c.name))]


def remove_segment(connection: Connection, name: str) -> bool:
    """Raises IntegrityError while a campaign refers to it; says whether there was one."""
    return connection.execute(delete(segment).where(segment.c.name == name)).rowcount > 0


def matching(connection: Connection, rule: Rule, now: datetime) -> Condition:
    """The rule as a condition on `contact`, which the statement around it must select from."""
    return _Matching(connection, now).of(rule)


def count_matching(connection: Connection, rule: Rule, now: datetime) -> int:
    """How many contacts fit, on whatever list."""
    query = select(func.count()).select_from(contact).where(contact.c.erased_at.is_(None))
    return connection.scalar(query.where(matching(connection, rule, now))) or 0


def addresses_matching(
    connection: Connection, rule: Rule, now: datetime, limit: int | None = None
) -> Sequence[str]:
    """The identities that fit, in the order in which they were added."""
    query = select(contact.c.address).where(contact.c.erased_at.is_(None)).order_by(contact.c.id).limit(limit)
    return list(connection.scalars(query.where(matching(connection, rule, now))))


@dataclass(frozen=True, slots=True)
class _Matching:
    connection: Connection
    now: datetime

    def of(self, rule: Rule) -> Condition:
        match rule:
            case rules.Not(inner):
                return not_(self.of(inner))
            case rules.AllOf(several):
                return and_(true(), *map(self.of, several))
            case rules.AnyOf(several):
                return or_(false(), *map(self.of, several))
            case rules.Text() | rules.Number() | rules.Day() | rules.DayWithin():
                return func.coalesce(self._attribute(rule), false())
            case _:
                return self._other(rule)

    def _attribute(self, rule: rules.Text | rules.Number | rules.Day | rules.DayWithin) -> Condition:
        value = json_text(self.connection, contact.c.attributes, rule.attribute)
        match rule:
            case rules.Text(_, match, text):
                return self._text(value, match, text)
            case rules.Number(_, order, number):
                return ORDERS[order](as_number(self.connection, value, rules.LONGEST_NUMBER), number)
            case rules.Day(_, order, day):
                return ORDERS[order](as_day(self.connection, value), day.isoformat())
            case rules.DayWithin(_, days):
                today = self.now.astimezone(UTC).date()
                first = today - timedelta(days=days)
                return as_day(self.connection, value).between(first.isoformat(), today.isoformat())

    def _text(self, value: ColumnElement[str], match: Match, text: str) -> Condition:
        has, wanted = folded(self.connection, value), rules.fold(text)
        match match:
            case Match.IS:
                return has == wanted
            case Match.CONTAINS:
                return position(self.connection, has, wanted) > 0
            case Match.STARTS_WITH:
                return func.substr(has, 1, len(wanted)) == wanted
            case Match.SET:
                return has != ""

    def _other(self, rule: rules.Leaf) -> Condition:
        match rule:
            case rules.Tagged(tag):
                return self._exists(contact_tag, contact_tag.c.tag == tag)
            case rules.OnList(name, state):
                listed = select(mailing_list.c.id).where(mailing_list.c.name == name).scalar_subquery()
                return self._exists(membership, membership.c.list_id == listed, membership.c.state == state)
            case rules.AtDomain(domain):
                return domain_of(self.connection, contact.c.address).in_((domain,))
            case rules.Added(order, day):
                return ORDERS[order](contact.c.at, datetime.combine(day, time(), UTC))
            case rules.AddedWithin(days):
                return ORDERS[Order.AT_LEAST](contact.c.at, self.now - timedelta(days=days))
            case rules.Behaved():
                return self._behaved(rule)
        raise TypeError(rule)

    def _behaved(self, rule: rules.Behaved) -> Condition:
        if rule.deed is Deed.RECEIVED:
            table, at, did = recipient, recipient.c.settled_at, [recipient.c.state == "sent"]
        else:
            kind = "open" if rule.deed is Deed.OPENED else "click"
            table, at, did = event, event.c.at, [event.c.kind == kind, event.c.machine.is_(False)]
        if rule.campaign:
            named = select(campaign.c.id).where(campaign.c.name == rule.campaign).scalar_subquery()
            did.append(table.c.campaign_id == named)
        if rule.days is not None:
            did.append(at >= self.now - timedelta(days=rule.days))
        return self._exists(table, *did)

    @staticmethod
    def _exists(table: Any, *conditions: Any) -> Condition:
        theirs = table.c.contact_id == contact.c.id
        return select(table.c.contact_id).where(theirs, *conditions).correlate(contact).exists()


def _read(row: Row[Any]) -> Segment:
    return Segment(row.id, row.name, row.rule, row.at)
