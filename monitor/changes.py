"""Record changes in words: what the history of a domain says to people and to programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checks.records.diff import diff
from checks.records.model import Difference, Kind, Record
from data.history import Span, Turn


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that changed between `until` and `at`, and what of it."""

    domain: str
    kind: Kind
    subject: str
    until: datetime
    at: datetime
    differences: Sequence[Difference]

    @property
    def summary(self) -> str:
        return "; ".join(each.sentence for each in self.differences)


def changed(turns: Sequence[Turn]) -> Iterator[Changed]:
    """Those turns that mean something."""
    for turn in turns:
        found = diff(turn.before, turn.after)
        if found:
            kind, subject = turn.after.kind, turn.after.subject
            yield Changed(turn.domain, kind, subject, turn.until, turn.at, found)


def between(before: Sequence[Span], after: Sequence[Span]) -> Iterator[Changed]:
    """What two moments differ in: records of one domain as they stood at each."""
    was = {(span.record.kind, span.record.subject): span for span in before}
    for span in after:
        record = span.record
        earlier = was.get((record.kind, record.subject))
        if earlier is None:
            continue  # nobody had looked at it before: that it is there says nothing of a change
        if found := diff(earlier.record, record):
            until = earlier.last_seen
            yield Changed(span.domain, record.kind, record.subject, until, span.first_seen, found)


def as_json(change: Changed) -> dict[str, Any]:
    return {
        "domain": change.domain,
        "kind": change.kind.value,
        "subject": change.subject,
        "last_seen_before": change.until.isoformat(),
        "first_seen_after": change.at.isoformat(),
        "summary": change.summary,
        "differences": [
            {
                "change": each.change.value, "part": each.part, "before": each.before,
                "after": each.after, "sentence": each.sentence,
            }
            for each in change.differences
        ],
    }  # fmt: skip


def text_of(record: Record) -> str:
    """A record as it was answered, on one line."""
    return " | ".join(record.raw) if record.raw else "(none)"
