"""Shorthand for writing rows in tests: looks, and the standings that follow from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert

from checks.model import Severity, State
from data.tables import observation, standing


def add(connection: Connection, table: Table, **values: Any) -> int:
    """One row; returns its id."""
    return int(connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())


@dataclass(frozen=True)
class Run:
    """A run of equal answers, from its first look to its last."""

    state: State
    since: datetime
    until: datetime
    severity: Severity = Severity.INFO
    args: Mapping[str, Any] = field(default_factory=dict)
    answer: str = ""


def question(connection: Connection, target_id: int, code: str, subject: str, runs: Sequence[Run]) -> None:
    """The history of one (target, code, subject), oldest first, and where it stands after the last run."""
    ids = [_observe(connection, target_id, code, subject, run) for run in runs]
    told = [id_ for id_, run in zip(ids, runs, strict=True) if run.state.conclusive]
    blind = [run.since for run in runs[-1:] if not run.state.conclusive]
    connection.execute(
        insert(standing).values(
            target_id=target_id,
            code=code,
            subject=subject,
            latest_id=ids[-1],
            conclusive_id=told[-1] if told else None,
            unknown_since=blind[0] if blind else None,
        )
    )


def _observe(connection: Connection, target_id: int, code: str, subject: str, run: Run) -> int:
    evidence = {
        "name": subject.rpartition(" @ ")[2],
        "type": "A" if " @ " in subject else "TXT",
        "answer": run.answer or ("failed: timeout" if run.state is State.UNKNOWN else "nodata"),
        "resolver": "127.0.0.1:5353",
        "at": run.until.isoformat(),
        "ttl": 300,
        "path": [subject],
    }
    return add(
        connection,
        observation,
        target_id=target_id,
        code=code,
        subject=subject,
        state=run.state.value,
        severity=run.severity.value,
        args=dict(run.args),
        evidence=[evidence],
        fingerprint=f"{run.state}-{run.since.timestamp():.0f}",
        first_seen=run.since,
        last_seen=run.until,
        looks=max(1, int((run.until - run.since).total_seconds() // 3600)),
    )
