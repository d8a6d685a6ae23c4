"""Where each question stands, for pages and for incidents: the latest look and the latest that could tell."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, or_, select

from checks.model import Severity, State
from data.tables import observation, standing, target


@dataclass(frozen=True, slots=True)
class Observed:
    """One run of equal answers. `evidence` as `data.observations.as_json` writes it."""

    id: int
    state: State
    severity: Severity
    args: Mapping[str, Any]
    evidence: Sequence[Mapping[str, Any]]
    first_seen: datetime
    last_seen: datetime
    looks: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where (target, code, subject) stands.

    While `unknown_since` is set the latest look could not tell: show `conclusive` as old news, never as now.
    """

    target_id: int
    domain: str
    code: str
    subject: str
    latest: Observed
    conclusive: Observed | None
    unknown_since: datetime | None

    @property
    def state(self) -> State:
        """What may be said now."""
        return State.UNKNOWN if self.unknown_since is not None else self.latest.state


def dark_targets(connection: Connection, families: Collection[str], before: datetime) -> tuple[int, int]:
    """(how many watched targets have had a question of these families without an answer since `before` or
    longer, how many are watched).
    """
    asked = or_(*(standing.c.code.startswith(f"{family}-") for family in sorted(families)))
    query = select(func.count(standing.c.target_id.distinct())).join(
        target, target.c.id == standing.c.target_id
    )
    dark = connection.scalar(query.where(asked, standing.c.unknown_since <= before, ~target.c.paused))
    watched = connection.scalar(select(func.count()).select_from(target).where(~target.c.paused))
    return dark or 0, watched or 0


def standings(
    connection: Connection, target_id: int | None = None, family: str | None = None
) -> Sequence[Standing]:
    """The standings of a target (or of all) and of a code family ("BL") (or of all)."""
    latest, conclusive = observation.alias("latest"), observation.alias("conclusive")
    query = (
        select(
            *(standing.c.target_id, target.c.domain, standing.c.code, standing.c.subject),
            standing.c.unknown_since,
            *(column.label(f"latest_{column.name}") for column in latest.c),
            *(column.label(f"conclusive_{column.name}") for column in conclusive.c),
        )
        .join(target, target.c.id == standing.c.target_id)
        .join(latest, latest.c.id == standing.c.latest_id)
        .outerjoin(conclusive, conclusive.c.id == standing.c.conclusive_id)
        .select_from(standing)
        .order_by(target.c.domain, standing.c.code, standing.c.subject)
    )
    if target_id is not None:
        query = query.where(standing.c.target_id == target_id)
    if family is not None:
        query = query.where(standing.c.code.startswith(f"{family}-", autoescape=True))
    return [_read(row) for row in connection.execute(query).mappings()]


def history(
    connection: Connection, target_id: int, code: str, subject: str, since: datetime
) -> Sequence[Observed]:
    """The runs of one question that were still being seen after `since`, oldest first."""
    query = (
        select(observation)
        .where(observation.c.target_id == target_id)
        .where(observation.c.code == code, observation.c.subject == subject)
        .where(observation.c.last_seen >= since)
        .order_by(observation.c.first_seen, observation.c.id)
    )
    return [_observed(row, "") for row in connection.execute(query).mappings()]


def _read(row: RowMapping) -> Standing:
    return Standing(
        row["target_id"],
        row["domain"],
        row["code"],
        row["subject"],
        _observed(row, "latest_"),
        None if row["conclusive_id"] is None else _observed(row, "conclusive_"),
        row["unknown_since"],
    )


def _observed(row: RowMapping, prefix: str) -> Observed:
    return Observed(
        row[f"{prefix}id"],
        State(row[f"{prefix}state"]),
        Severity(row[f"{prefix}severity"]),
        row[f"{prefix}args"],
        row[f"{prefix}evidence"],
        row[f"{prefix}first_seen"],
        row[f"{prefix}last_seen"],
        row[f"{prefix}looks"],
    )
