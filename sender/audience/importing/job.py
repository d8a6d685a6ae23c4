"""One import from beginning to end, chunk after chunk; killed at any point, it is taken up again.

A dry run does all of it but store.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from data.consent import Act
from data.imports import (
    Import,
    Known,
    NewImport,
    State,
    advance,
    begin_import,
    import_by_id,
    import_by_key,
    known_people,
    move_import,
    put_people,
)
from data.lists import Member
from data.scratch import Seen
from data.store import Store
from data.suppression import Kind, Suppressed, suppress, suppressed
from sender.audience.hygiene.judge import meant_domain
from sender.audience.importing.columns import JOINING, Mapped
from sender.audience.importing.encoding import Looked
from sender.audience.importing.judging import Judge, Judged, Screen
from sender.audience.importing.people import Unfit
from sender.audience.importing.plan import Decision, Fate, Terms, decide
from sender.audience.importing.rejects import Rejects
from sender.audience.importing.risk import Risk, judge_risk
from sender.audience.importing.rows import Broken, Row, Rows
from sender.audience.importing.shape import Shape

CHUNK = 1_000
TOLD = frozenset({Fate.REJECTED, Fate.DUPLICATE, Fate.SUPPRESSED, Fate.LEFT})
"""What is written to the file of rejected rows."""
Chunk = Sequence[Row | Broken]


class Refused(ValueError):
    """The import cannot run; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that was looked at, and how it is to be read."""

    path: Path
    looked: Looked
    shape: Shape
    mapped: Mapped


@dataclass(frozen=True, slots=True)
class Outcome:
    """`counts` by the names of `Fate` and of `risk.CLASSES`; `resumed` rows were stored by an earlier run."""

    import_id: int | None
    counts: Mapping[str, int]
    risk: Risk
    resumed: int = 0
    already: bool = False
    """This very import was done before; nothing was done now."""
    mistyped: tuple[tuple[str, str], ...] = ()
    """Domains that look mistyped with what was meant, the most frequent first."""


@dataclass
class Job:
    """`tell` is called with the bytes read and the rows done after each chunk."""

    store: Store
    file: File
    terms: Terms
    screen: Screen
    now: Callable[[], datetime]
    rejected: Path | None = None
    tell: Callable[[int, int], None] = lambda _bytes, _rows: None
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._judge = Judge(self.file.mapped, self.terms, self.screen)

    def dry(self) -> Outcome:
        """What the import would do; nothing is stored, and no file is written."""
        with Rows(self.file.path, self.file.shape) as rows, Seen() as seen:
            for chunk in _chunks(rows):
                judged = self._judge.judge(chunk, self.now())
                with self.store.read() as connection:
                    known = self._imagined(connection, seen, judged)
                    decisions = self._decided(connection, judged, known)
                self._count(judged, decisions)
                self.tell(rows.done, self.counts["rows"])
        return self._outcome(None)

    def run(self) -> Outcome:
        """Import, or go on where an earlier run of the same import was stopped. Raises `Refused`, OSError."""
        started = self._begin()
        if started.state is not State.RUNNING:
            return Outcome(started.id, _shown(started.counts), judge_risk(started.counts), already=True)
        self.counts.update(started.counts)
        done = started.rows_done
        with ExitStack() as stack:
            rows = stack.enter_context(Rows(self.file.path, self.file.shape))
            rejects = stack.enter_context(self._rejects(started)) if self.rejected else None
            for chunk in _chunks(islice(rows, done, None)):
                self._store(started.id, done, chunk, rejects)
                done += len(chunk)
                self.tell(rows.done, done)
        with self.store.write() as connection:
            move_import(connection, started.id, [State.RUNNING], State.DONE, self.now())
        return self._outcome(started.id, started.rows_done)

    def _begin(self) -> Import:
        """The earlier import of the same file on the same terms, else a new one."""
        options = _plain({"terms": self.terms, "shape": self.file.shape, "columns": self.file.mapped})
        options |= {"roles": self.screen.roles, "disposable": self.screen.disposable}
        sha256 = self.file.looked.sha256
        key = hashlib.sha256(f"{sha256}{json.dumps(options, sort_keys=True)}".encode()).hexdigest()
        terms = self.terms
        with self.store.write() as connection:
            started = import_by_key(connection, key)
            if started is None:
                new = NewImport(
                    key, self.file.path.name, sha256, terms.list_id, terms.source, terms.wording, options
                )
                started = import_by_id(connection, begin_import(connection, new, self.now()))
        assert started is not None
        if started.state is State.UNDOING:
            raise Refused(
                f"Import {started.id} is being taken back. First run: homing contact undo {started.id}"
            )
        return started

    def _rejects(self, started: Import) -> Rejects:
        assert self.rejected is not None
        kept = started.counts.get("rejected_bytes", 0)
        return Rejects(self.rejected, self.file.mapped.headings, kept)

    def _store(self, import_id: int, done: int, chunk: Chunk, rejects: Rejects | None) -> None:
        judged = self._judge.judge(chunk, self.now())
        with self.store.write() as connection:
            decisions: dict[int, Decision] = {}
            for part in _parts(judged):
                addresses = [each.identity for each in part]
                known = known_people(connection, import_id, self.terms.list_id, addresses)
                decided = self._decided(connection, part, known)
                self._put(connection, import_id, part, decided)
                decisions |= decided
            self._count(judged, decisions)
            if rejects:
                self._tell(rejects, chunk, judged, decisions)
            if not advance(connection, import_id, done, done + len(chunk), self.counts):
                raise Refused(f"Import {import_id} is run by another process, or was taken back meanwhile.")

    def _decided(
        self, connection: Connection, judged: Sequence[Judged], known: Mapping[str, Known]
    ) -> dict[int, Decision]:
        """By line, for the rows that are about somebody."""
        people = [each for each in judged if each.person]
        hashes = {each.identity: self.screen.fingerprint(each.identity) for each in people}
        barred = suppressed(connection, list(hashes), hashes)
        met: dict[str, Known] = {}
        decisions: dict[int, Decision] = {}
        for each in people:
            who = met.get(each.identity) or known.get(each.identity)
            decision = self._decide(each, who, barred.get(each.identity))
            decisions[each.line] = decision
            if put := decision.put:
                met[each.identity] = Known(
                    put.known.id if put.known else 0, {}, put.member, None, None, each.line
                )
        return decisions

    def _decide(self, each: Judged, known: Known | None, barred: Suppressed | None) -> Decision:
        assert each.person is not None
        try:
            decision = decide(each.line, each.person, known, barred, self.terms, self.now())
        except Unfit as error:
            return Decision(Fate.REJECTED, str(error))
        if each.why and decision.put:
            return Decision(Fate.REJECTED, each.why)
        return decision

    def _put(
        self, connection: Connection, import_id: int, part: Sequence[Judged], decided: Mapping[int, Decision]
    ) -> None:
        now = self.now()
        puts = [decision.put for decision in decided.values() if decision.put]
        put_people(connection, import_id, self.terms.list_id, puts, now)
        for each in part:
            if why := decided[each.line].suppress:
                said = f"{self.terms.source} (import {import_id})"
                suppress(connection, Kind.ADDRESS, each.identity, why, now, detail=said, import_id=import_id)

    def _count(self, judged: Sequence[Judged], decisions: Mapping[int, Decision]) -> None:
        self.counts["rows"] += len(judged)
        for each in judged:
            decision = decisions.get(each.line)
            self.counts[decision.fate if decision else Fate.REJECTED] += 1
            self.counts["unconfirmed"] += bool(decision and decision.unconfirmed)
            self.counts.update(each.flags)

    def _tell(
        self,
        rejects: Rejects,
        chunk: Chunk,
        judged: Sequence[Judged],
        decisions: Mapping[int, Decision],
    ) -> None:
        for row, each in zip(chunk, judged, strict=True):
            decision = decisions.get(each.line)
            if decision is None or decision.fate in TOLD:
                rejects.add(each.line, decision.why if decision else each.why, row)
        self.counts["rejected_bytes"] = rejects.size()

    def _imagined(self, connection: Connection, seen: Seen, judged: Sequence[Judged]) -> Mapping[str, Known]:
        """What a dry run knows: the store's people, and those of earlier rows as if they were stored."""
        people = [each for each in judged if each.person]
        known = known_people(connection, 0, self.terms.list_id, [each.identity for each in people])
        earlier = seen.lines(each.identity for each in people)
        seen.add((each.identity, each.line) for each in people if not each.why)
        here = {at: Known(0, {}, Member.SUBSCRIBED, None, Act.GIVEN, line) for at, line in earlier.items()}
        return {**known, **here}

    def _outcome(self, import_id: int | None, resumed: int = 0) -> Outcome:
        common = self._judge.typos.most_common(10)
        mistyped = tuple((domain, meant_domain(domain)) for domain, _ in common)
        counts = _shown(self.counts)
        return Outcome(import_id, counts, judge_risk(counts), resumed, mistyped=mistyped)


def _shown(counts: Mapping[str, int]) -> dict[str, int]:
    return {str(name): number for name, number in counts.items() if name != "rejected_bytes"}


def _plain(parts: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON has it, to be kept and to be compared."""
    plain: dict[str, Any] = json.loads(
        json.dumps({name: asdict(part) for name, part in parts.items()}, default=str)
    )
    return plain


def _chunks(rows: Iterable[Row | Broken]) -> Iterator[Chunk]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _parts(judged: Iterable[Judged]) -> Iterator[Sequence[Judged]]:
    """The rows about somebody, cut where one says of a person of the same part that they left."""
    part: list[Judged] = []
    met: set[str] = set()
    for each in judged:
        if each.person is None:
            continue
        if each.identity in met and each.person.status not in JOINING:
            yield part
            part, met = [], set()
        part.append(each)
        met.add(each.identity)
    if part:
        yield part
