"""A segment's rule judged in plain Python, person by person: the second opinion on what the stores answer."""

import json
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from data import rules
from data.lists import Member
from data.rules import Deed, Match, Order, Rule

ORDERS = {
    Order.BELOW: operator.lt,
    Order.AT_MOST: operator.le,
    Order.EQUAL: operator.eq,
    Order.AT_LEAST: operator.ge,
    Order.ABOVE: operator.gt,
}


@dataclass(frozen=True)
class Known:
    """Everything about a person that a rule may ask for. `deeds` are (deed, campaign, when, machine)."""

    address: str
    at: datetime
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    lists: Mapping[str, Member] = field(default_factory=dict)
    deeds: tuple[tuple[Deed, str, datetime, bool], ...] = ()


def fits(rule: Rule, person: Known, now: datetime) -> bool:
    match rule:
        case rules.Not(inner):
            return not fits(inner, person, now)
        case rules.AllOf(several):
            return all(fits(each, person, now) for each in several)
        case rules.AnyOf(several):
            return any(fits(each, person, now) for each in several)
        case rules.Tagged(tag):
            return tag in person.tags
        case rules.OnList(name, state):
            return person.lists.get(name) is state
        case rules.AtDomain(domain):
            return person.address.rpartition("@")[2] == domain
        case rules.Added(order, day):
            return bool(ORDERS[order](person.at, datetime.combine(day, time(), UTC)))
        case rules.AddedWithin(days):
            return person.at >= now - timedelta(days=days)
        case rules.Behaved(deed, campaign, days):
            return any(
                did is deed and not machine and campaign in ("", which)
                and (days is None or at >= now - timedelta(days=days))
                for did, which, at, machine in person.deeds
            )  # fmt: skip
        case _:
            value = _text(person.attributes.get(rule.attribute))
            return value is not None and _compares(rule, value, now)


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool | int | float) else None


def _compares(rule: Any, value: str, now: datetime) -> bool:
    day = match[0] if (match := re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)) else None
    match rule:
        case rules.Text(_, Match.IS, text):
            return _lower(value) == _lower(text)
        case rules.Text(_, Match.CONTAINS, text):
            return _lower(text) in _lower(value)
        case rules.Text(_, Match.STARTS_WITH, text):
            return _lower(value).startswith(_lower(text))
        case rules.Text(_, Match.SET):
            return value != ""
        case rules.Number(_, order, number):
            looks = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) and len(value) <= 15
            return bool(looks) and ORDERS[order](float(value), number)
        case rules.Day(_, order, wanted):
            return day is not None and ORDERS[order](day, wanted.isoformat())
        case rules.DayWithin(_, days):
            today: date = now.date()
            return day is not None and (today - timedelta(days=days)).isoformat() <= day <= today.isoformat()
    raise TypeError(rule)


def _lower(text: str) -> str:
    return "".join(sign.lower() if sign.isascii() else sign for sign in text)
