"""Working the queue of recipients: claim under a lease, mark durably, settle under the fence, take back.

Whoever claims a row gets its fence's next number and must hold that number to mark or settle it; a worker
that slept through its lease finds that it no longer does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, update

from data.lanes import EVERYTHING, PARTS, SPREAD
from data.recipients import Recipient, is_waiting
from data.states import State
from data.tables import attempt, campaign, contact, recipient

_UNLEASED = {"owner": None, "lease_until": None}


@dataclass(frozen=True, slots=True)
class Claim:
    """For whom and until when rows are claimed."""

    campaign_id: int
    provider: str
    lane_id: int
    owner: str
    now: datetime
    lease_until: datetime
    share: tuple[int, int] = EVERYTHING
    """From which to which of the `PARTS` that the rows' numbers are divided into."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed row; `next_at` is for `deferred` only."""

    id: int
    fence: int
    state: State
    at: datetime
    next_at: datetime | None = None
    code: int | None = None
    enhanced: str = ""
    response: str = ""
    category: str = ""


_CLAIMED = (
    *("id", "campaign_id", "contact_id", "step", "address", "provider", "attempts", "fence"),
    *("first_at", "message_id"),
)


def _taking(state: State) -> Any:
    """The statement that takes rows in this state; made once, since making it costs more than running it."""
    picked = (
        select(recipient.c.id)
        .where(recipient.c.campaign_id == bindparam("campaign"), recipient.c.provider == bindparam("of"))
        .where(recipient.c.state == bindparam("taken", state.value, literal_execute=True), is_waiting())
        .where(recipient.c.next_at <= bindparam("now"))
        .where((recipient.c.id * SPREAD % PARTS).between(bindparam("first"), bindparam("last")))
        .order_by(recipient.c.next_at, recipient.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("picked")
        .prefix_with("MATERIALIZED")  # else PostgreSQL may pick again for every row
    )
    return (
        update(recipient)
        .where(recipient.c.id.in_(select(picked.c.id)))
        .values(
            state=State.CLAIMED.value,
            owner=bindparam("claimed_by"),
            lease_until=bindparam("until"),
            lane_id=bindparam("lane"),
            fence=recipient.c.fence + 1,
            attempts=recipient.c.attempts + 1,
        )
        .returning(*(recipient.c[name] for name in _CLAIMED))
    )


_TAKE = {state: _taking(state) for state in (State.DEFERRED, State.PENDING)}
_CONTACTS = select(contact.c.id, contact.c.email, contact.c.attributes).where(
    contact.c.id.in_(bindparam("contacts", expanding=True))
)


def claim(connection: Connection, wanted: Claim, limit: int) -> list[Recipient]:
    """Take up to `limit` rows that are due: retries for at most half of it, then new ones."""
    retries = _claim(connection, wanted, State.DEFERRED, (limit + 1) // 2)
    fresh = _claim(connection, wanted, State.PENDING, limit - len(retries)) if len(retries) < limit else []
    return _with_contacts(connection, [*retries, *fresh])


def _claim(connection: Connection, wanted: Claim, state: State, limit: int) -> Sequence[Any]:
    values = {
        "campaign": wanted.campaign_id,
        "of": wanted.provider,
        "now": wanted.now,
        "most": limit,
        "claimed_by": wanted.owner,
        "until": wanted.lease_until,
        "lane": wanted.lane_id,
        "first": wanted.share[0],
        "last": wanted.share[1] - 1,
    }
    return connection.execute(_TAKE[state], values).all()


def _with_contacts(connection: Connection, rows: Sequence[Any]) -> list[Recipient]:
    ids = [row.contact_id for row in rows]
    if not ids:
        return []
    contacts = {row.id: row for row in connection.execute(_CONTACTS, {"contacts": ids})}
    return [
        Recipient(
            **{name: getattr(row, name) for name in _CLAIMED},
            email=contacts[row.contact_id].email,
            attributes=contacts[row.contact_id].attributes,
        )
        for row in rows
    ]


_MARK = (
    update(recipient)
    .where(recipient.c.id == bindparam("row"), recipient.c.fence == bindparam("held"))
    .where(recipient.c.state == State.CLAIMED.value)
    .values(state=State.SENDING.value, message_id=bindparam("written"), lease_until=bindparam("until"))
)
_HOLDING = select(recipient.c.id, recipient.c.fence).where(
    recipient.c.id.in_(bindparam("rows", expanding=True)), recipient.c.state == State.SENDING.value
)


def mark_sending(
    connection: Connection, message_ids: Mapping[tuple[int, int], str], lease_until: datetime
) -> set[int]:
    """Write down that these {(id, fence): Message-ID} are about to be handed over; returns whose claim holds.

    Must be committed before the final dot. Whose claim does not hold any more must not be sent.
    """
    rows = [{"row": key[0], "held": key[1], "written": text} for key, text in message_ids.items()]
    connection.execute(_MARK, [each | {"until": lease_until} for each in rows])
    held = connection.execute(_HOLDING, {"rows": [key[0] for key in message_ids]})
    return {row.id for row in held if (row.id, row.fence) in message_ids}


SETTLEABLE = (State.CLAIMED, State.SENDING, State.UNKNOWN)

_SETTLE = (
    update(recipient)
    .where(recipient.c.id == bindparam("row"), recipient.c.fence == bindparam("held"))
    .where(or_(*(recipient.c.state == state.value for state in SETTLEABLE)))
    .values(
        state=bindparam("becomes"),
        next_at=bindparam("due"),
        code=bindparam("said_code"),
        enhanced=bindparam("said_enhanced"),
        response=bindparam("said"),
        category=bindparam("judged"),
        settled_at=bindparam("at"),
        first_at=func.coalesce(recipient.c.first_at, bindparam("at")),
        **_UNLEASED,
    )
)


def settle(connection: Connection, settlements: Sequence[Settlement]) -> int:
    """Store what became of claimed rows; returns how many claims still held.

    A row that was given up as `unknown` still takes the answer of the claim that it was given up from.
    """
    rows = [
        {
            "row": settled.id,
            "held": settled.fence,
            "becomes": settled.state.value,
            "due": settled.next_at or settled.at,
            "said_code": settled.code,
            "said_enhanced": settled.enhanced,
            "said": settled.response,
            "judged": settled.category,
            "at": settled.at,
        }
        for settled in settlements
    ]
    return int(connection.execute(_SETTLE, rows).rowcount) if rows else 0


_RELEASE = (
    update(recipient)
    .where(recipient.c.id == bindparam("row"), recipient.c.fence == bindparam("held"))
    .where(recipient.c.state == State.CLAIMED.value)
    .values(state=State.PENDING.value, attempts=recipient.c.attempts - 1, **_UNLEASED)
)


def release(connection: Connection, claims: Iterable[tuple[int, int]]) -> int:
    """Give rows {(id, fence)} back that were claimed and not begun; the try does not count."""
    rows = [{"row": row, "held": fence} for row, fence in claims]
    return int(connection.execute(_RELEASE, rows).rowcount) if rows else 0


def renew(connection: Connection, owner: str, lease_until: datetime, in_hand: Collection[int]) -> int:
    """Keep what this owner holds and works on; returns how many rows it holds that are not in its hand.

    Those were claimed in a transaction whose answer was lost. Their leases end, and then they are taken back.
    """
    mine = and_(recipient.c.owner == owner, recipient.c.lease_until.is_not(None))
    lost = set(connection.scalars(select(recipient.c.id).where(mine))) - set(in_hand)
    kept = and_(mine, recipient.c.id.not_in(lost)) if lost else mine
    connection.execute(update(recipient).where(kept).values(lease_until=lease_until))
    return len(lost)


def owners(connection: Connection) -> set[str]:
    """Who holds rows."""
    found = select(recipient.c.owner).where(recipient.c.lease_until.is_not(None)).distinct()
    return set(connection.execute(found).scalars())


@dataclass(frozen=True, slots=True)
class Expired:
    """What was taken back from workers that are gone."""

    returned: int
    """Claimed, nothing handed over: waiting again."""
    resent: int
    """Handed over without an answer, in campaigns that send again."""
    unknown: int
    """Handed over without an answer, for a person to decide."""


def expire_leases(
    connection: Connection, now: datetime, resend_at: datetime, dead: Collection[str] = ()
) -> Expired:
    """Take rows back whose lease ran out, or whose owner is known to be dead."""
    over = and_(
        recipient.c.lease_until.is_not(None),
        or_(recipient.c.lease_until <= now, recipient.c.owner.in_(list(dead))),
    )
    resending = select(campaign.c.id).where(campaign.c.on_unknown == "resend")
    handed_over = and_(over, recipient.c.state == State.SENDING.value)
    _note_lost(connection, handed_over, now)
    lost = {"category": "unknown", "response": LOST, "code": None, "enhanced": "", "settled_at": now}
    resent = connection.execute(
        update(recipient)
        .where(handed_over, recipient.c.campaign_id.in_(resending))
        .values(state=State.DEFERRED.value, next_at=resend_at, **lost, **_UNLEASED)
    ).rowcount
    unknown = connection.execute(
        update(recipient).where(handed_over).values(state=State.UNKNOWN.value, **lost, **_UNLEASED)
    ).rowcount
    returned = connection.execute(
        update(recipient)
        .where(over, recipient.c.state == State.CLAIMED.value)
        .values(state=State.PENDING.value, attempts=recipient.c.attempts - 1, **_UNLEASED)
    ).rowcount
    return Expired(returned, resent, unknown)


LOST = "the worker stopped after handing the message over and before the answer"


def _note_lost(connection: Connection, rows: Any, now: datetime) -> None:
    lost = connection.execute(select(recipient.c.id, recipient.c.lane_id).where(rows)).all()
    said = {"result": "unknown", "phase": "dot", "host": "", "enhanced": "", "category": "unknown"}
    entries = [
        {"recipient_id": row.id, "lane_id": row.lane_id, "at": now, "response": LOST, **said} for row in lost
    ]
    if entries:
        connection.execute(insert(attempt), entries)


def give_up(connection: Connection, campaign_id: int, first_before: datetime, now: datetime) -> int:
    """Fail deferred rows whose first try is that long ago; returns how many."""
    late = and_(
        recipient.c.campaign_id == campaign_id,
        recipient.c.state == bindparam("waiting", State.DEFERRED.value, literal_execute=True),
        recipient.c.first_at < first_before,
    )
    values = {"state": State.FAILED.value, "category": "expired", "settled_at": now}
    return int(connection.execute(update(recipient).where(late).values(values)).rowcount)
