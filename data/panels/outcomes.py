"""What became of a campaign's messages, as counts of recipients.

Counts are of recipients, never of events: two opens by one person are one opener. A recipient whom only
machines opened for is counted apart and in no rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, case, distinct, func, select

from data.tables import event, recipient


@dataclass(frozen=True, slots=True)
class Counts:
    """Recipients of one campaign (at one provider, or of all) by what became of them.

    `delivered` were accepted and not bounced afterwards. `opened`, `clicked` are people; `machine_opened`,
    `machine_clicked` are recipients for whom only machines did.
    """

    provider: str = ""
    audience: int = 0
    waiting: int = 0
    skipped: int = 0
    accepted: int = 0
    deferred: int = 0
    failed: int = 0
    unknown: int = 0
    attempts: int = 0
    bounced_later: int = 0
    opened: int = 0
    machine_opened: int = 0
    clicked: int = 0
    machine_clicked: int = 0
    unsubscribed: int = 0
    complained: int = 0

    @property
    def attempted(self) -> int:
        return self.accepted + self.deferred + self.failed + self.unknown

    @property
    def delivered(self) -> int:
        return self.accepted - self.bounced_later

    @property
    def bounced(self) -> int:
        return self.failed + self.bounced_later


def added(rows: Sequence[Counts]) -> Counts:
    """The sum over providers; every recipient has exactly one."""
    names = [field.name for field in fields(Counts) if field.name != "provider"]
    sums: Any = {name: sum(getattr(row, name) for row in rows) for name in names}
    return Counts(**sums)


def campaign_by_provider(connection: Connection, campaign_id: int) -> Sequence[Counts]:
    """One row a mailbox provider, the largest first."""
    mine = recipient.c.campaign_id == campaign_id
    states = select(recipient.c.provider, *_state_counts()).where(mine).group_by(recipient.c.provider)
    back = {row.provider: row for row in connection.execute(_came_back(campaign_id))}
    rows = [_counts(row, back.get(row["provider"])) for row in connection.execute(states).mappings()]
    return sorted(rows, key=lambda row: (-row.audience, row.provider))


def _state_counts() -> Sequence[Any]:
    def of(*states: str) -> Any:
        return func.sum(case((recipient.c.state.in_(states), 1), else_=0))

    return (
        func.count().label("audience"),
        of("pending", "claimed", "sending").label("waiting"),
        of("skipped").label("skipped"),
        of("sent").label("accepted"),
        of("deferred").label("deferred"),
        of("failed").label("failed"),
        of("unknown").label("unknown"),
        func.sum(recipient.c.attempts).label("attempts"),
    )


def _came_back(campaign_id: int) -> Any:
    """provider, and how many recipients each kind of event came back from."""

    def people(kind: str, *, machine: bool = False) -> Any:
        matches = (event.c.kind == kind) & (event.c.machine.is_(machine))
        return func.count(distinct(case((matches, event.c.recipient_id))))

    def anyone(kind: str) -> Any:
        return func.count(distinct(case((event.c.kind == kind, event.c.recipient_id))))

    return (
        select(
            recipient.c.provider,
            people("open").label("opened"),
            anyone("open").label("any_opened"),
            people("click").label("clicked"),
            anyone("click").label("any_clicked"),
            anyone("unsubscribe").label("unsubscribed"),
            anyone("complaint").label("complained"),
            _bounced_after_acceptance().label("bounced_later"),
        )
        .join(recipient, recipient.c.id == event.c.recipient_id)
        .where(event.c.campaign_id == campaign_id)
        .group_by(recipient.c.provider)
    )


def _bounced_after_acceptance() -> Any:
    late = (event.c.kind == "bounce") & (recipient.c.state == "sent")
    return func.count(distinct(case((late, event.c.recipient_id))))


def _counts(states: Any, back: Any) -> Counts:
    if back is None:
        return Counts(**states)
    return Counts(
        **states,
        bounced_later=back.bounced_later,
        opened=back.opened,
        machine_opened=back.any_opened - back.opened,
        clicked=back.clicked,
        machine_clicked=back.any_clicked - back.clicked,
        unsubscribed=back.unsubscribed,
        complained=back.complained,
    )
