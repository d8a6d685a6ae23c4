"""What was seen, append-only and run-length: an unchanged answer moves `last_seen` and `looks`, nothing else.

`standing` says where each (target, code, subject) stands: its latest look, and the latest that could tell.
An answer that could not be had sets `unknown_since` and never replaces the last good one.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from checks.model import Evidence, Finding, Severity, State, Value
from data.tables import observation, standing

WITHDRAWN: Mapping[str, Value] = {"withdrawn": True}
"""The arguments of an observation that a rule, raised before, has nothing to say any more."""

GRAVITY = (State.FAIL, State.WARN, State.UNKNOWN, State.PASS, State.NOT_APPLICABLE)
"""Which of several findings of one code about one subject speaks for them all: the first of these."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding, and how much it matters to this target."""

    finding: Finding
    severity: Severity

    @property
    def key(self) -> tuple[str, str]:
        return self.finding.code, self.finding.subject


@dataclass(frozen=True, slots=True)
class Look:
    """One audit of one target: all that it found, and the code families that its checks cover ("SPF", "BL").

    `blind` are families that it was to cover and could not at all (a check of ours raised).
    """

    target_id: int
    domain: str
    now: datetime
    seen: Sequence[Seen]
    covered: frozenset[str]
    blind: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of one (code, subject) before the look."""

    code: str
    subject: str
    latest_id: int
    fingerprint: str
    state: State
    withdrawn: bool
    unknown_since: datetime | None


def save_look(connection: Connection, look: Look) -> None:
    """Write one look. Needs a write transaction, since what is known decides what is written."""
    known = {(entry.code, entry.subject): entry for entry in _known(connection, look.target_id)}
    spoken = merge(look.seen)
    silent = [
        entry for key, entry in known.items() if key not in spoken and _family(entry.code) in look.covered
    ]
    blinded = {(entry.code, entry.subject) for entry in silent if is_blinded(entry, look)}
    withdrawn = [
        _withdrawal(entry)
        for entry in silent
        if (entry.code, entry.subject) not in blinded and not entry.withdrawn
    ]
    _write(connection, look, known, [*spoken.values(), *withdrawn])
    _mark_unknown(connection, look, [known[key] for key in blinded if known[key].unknown_since is None])


def merge(seen: Iterable[Seen]) -> Mapping[tuple[str, str], Seen]:
    """One finding a key: the gravest, with the arguments of the others under "more"."""
    groups: dict[tuple[str, str], list[Seen]] = {}
    for one in seen:
        groups.setdefault(one.key, []).append(one)
    return {key: _speaker(group) for key, group in groups.items()}


def _speaker(group: Sequence[Seen]) -> Seen:
    first, *others = sorted(group, key=lambda one: GRAVITY.index(one.finding.state))
    if not others:
        return first
    more = tuple(one.finding.args for one in others if one.finding.state is first.finding.state)
    args = {**first.finding.args, "more": more} if more else first.finding.args
    evidence = tuple(piece for one in (first, *others) for piece in one.finding.evidence)
    return replace(first, finding=replace(first.finding, args=args, evidence=evidence))


def is_blinded(entry: Known, look: Look) -> bool:
    """Whether this look, which did not mention `entry`, failed to look where it would have been found."""
    family = _family(entry.code)
    if family in look.blind:
        return True
    unknown = (one.finding for one in look.seen if one.finding.state is State.UNKNOWN)
    return any(
        finding.family == family and _related(finding.subject, entry.subject, look.domain)
        for finding in unknown
    )


def _related(blind: str, subject: str, domain: str) -> bool:
    """ "192.0.2.1 @ zone" is blinded by trouble with the zone, with the address, or with the whole domain."""
    return blind == domain or bool(set(blind.split(" @ ")) & set(subject.split(" @ ")))


def _family(code: str) -> str:
    return code.rpartition("-")[0]


def _withdrawal(entry: Known) -> Seen:
    return Seen(Finding(entry.code, State.NOT_APPLICABLE, entry.subject, WITHDRAWN), Severity.INFO)


def _known(connection: Connection, target_id: int) -> Iterator[Known]:
    query = (
        select(
            standing.c.code,
            standing.c.subject,
            standing.c.latest_id,
            standing.c.unknown_since,
            observation.c.fingerprint,
            observation.c.state,
            observation.c.args,
        )
        .join(observation, observation.c.id == standing.c.latest_id)
        .where(standing.c.target_id == target_id)
    )
    for row in connection.execute(query):
        withdrawn = row.args == WITHDRAWN
        state = State(row.state)
        yield Known(
            row.code, row.subject, row.latest_id, row.fingerprint, state, withdrawn, row.unknown_since
        )


def _write(
    connection: Connection, look: Look, known: Mapping[tuple[str, str], Known], spoken: Sequence[Seen]
) -> None:
    unchanged: list[dict[str, Any]] = []
    for seen in spoken:
        before = known.get(seen.key)
        if before is None or before.fingerprint != fingerprint(seen.finding):
            _append(connection, look, seen, before)
        else:
            unchanged.append({"which": before.latest_id})
            _settle_unknown(connection, look, seen, before)
    if unchanged:
        again = {"last_seen": look.now, "looks": observation.c.looks + 1}
        connection.execute(
            update(observation).where(observation.c.id == bindparam("which")).values(again), unchanged
        )


def _append(connection: Connection, look: Look, seen: Seen, before: Known | None) -> None:
    finding = seen.finding
    new = insert(observation).values(
        target_id=look.target_id,
        code=finding.code,
        subject=finding.subject,
        state=finding.state.value,
        severity=seen.severity.value,
        args=plain(finding.args),
        evidence=[as_json(piece) for piece in finding.evidence],
        fingerprint=fingerprint(finding),
        first_seen=look.now,
        last_seen=look.now,
        looks=1,
    )
    latest_id = connection.execute(new.returning(observation.c.id)).scalar_one()
    values: dict[str, Any] = {"latest_id": latest_id}
    if finding.state.conclusive:
        values |= {"conclusive_id": latest_id, "unknown_since": None}
    elif before is None or before.unknown_since is None:
        values |= {"unknown_since": look.now}
    if before is None:
        place = {"target_id": look.target_id, "code": finding.code, "subject": finding.subject}
        connection.execute(insert(standing).values(**place, **values))
    else:
        connection.execute(_standing_of(look.target_id, before).values(values))


def _settle_unknown(connection: Connection, look: Look, seen: Seen, before: Known) -> None:
    """The same answer as before an outage ends the outage, though no row is appended."""
    if seen.finding.state.conclusive and before.unknown_since is not None:
        connection.execute(_standing_of(look.target_id, before).values(unknown_since=None))


def _mark_unknown(connection: Connection, look: Look, entries: Iterable[Known]) -> None:
    for entry in entries:
        if not entry.withdrawn:
            connection.execute(_standing_of(look.target_id, entry).values(unknown_since=look.now))


def _standing_of(target_id: int, entry: Known) -> Any:
    return (
        update(standing)
        .where(standing.c.target_id == target_id)
        .where(standing.c.code == entry.code, standing.c.subject == entry.subject)
    )


def fingerprint(finding: Finding) -> str:
    """Of state and arguments: equal means that nothing changed."""
    text = json.dumps([finding.state.value, plain(finding.args)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def plain(value: Value) -> Any:
    """A finding's argument as JSON says it."""
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value


def as_json(piece: Evidence) -> dict[str, Any]:
    return {
        "name": piece.name,
        "type": piece.type,
        "answer": piece.answer,
        "resolver": piece.resolver,
        "at": piece.at.isoformat() if piece.at else None,
        "ttl": piece.ttl,
        "path": list(piece.path),
    }
