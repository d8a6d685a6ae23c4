"""An incident that opens is told with what happened before it: asked of the store, ranked by the table."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from data.incidents import alive_kinds
from monitor.causes.happenings import timeline
from monitor.causes.rules import LONGEST, RULES, Effect, Explained, explain


def causes_of(connection: Connection, effect: Effect) -> Mapping[str, Any]:
    """As the incident keeps it; {} where no rule speaks of such incidents."""
    if effect.kind not in RULES:
        return {}
    end = effect.at + timedelta(seconds=1)
    happened = timeline(connection, effect.at - LONGEST, end, effect.domain or None)
    return as_json(explain(effect, happened))


def effect_of(
    connection: Connection, kind: str, at: datetime, code: str, domain: str, subject: str
) -> Effect:
    """What is to be explained, and whether we were able to look."""
    blind = bool({"blind", "resolver", "scheduler", "worker"} & alive_kinds(connection))
    provider = "" if domain else subject
    return Effect(kind, at, code, domain, provider, subject.partition(" @ ")[0], blind=blind)


def as_json(found: Explained) -> Mapping[str, Any]:
    return {
        "causes": [
            {
                "weight": each.weight,
                "kind": each.happening.kind.value,
                "at": each.happening.at.isoformat(),
                "subject": each.happening.subject,
                "sentence": each.happening.sentence,
                "why": each.why,
            }
            for each in found.suspects
        ],
        "ruled_out": list(found.ruled_out),
        "not_ruled_out": list(found.open),
    }
