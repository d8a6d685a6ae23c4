"""What must not go on by itself: after nobody delivered for long, and after a store was put back.

A campaign that is late by days says the wrong thing, and a store that is older than what was sent from it
would send it again. Both wait for a person, who sees the reason and resumes or cancels.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from data import attendance, campaigns, claims, lanes

LATE = "late: nobody delivered from {since} to {now} UTC; resume it if it may still go out"
PUT_BACK = (
    "restored{when}: what was sent after that is not in this store and would be sent again; "
    "let it go only if you are sure"
)


def hold_late(connection: Connection, now: datetime, lateness: timedelta) -> Sequence[str]:
    """Note that somebody delivers; hold mail to lists if nobody did for longer than `lateness`.

    What a person has let go since then is not late. Returns the names of the campaigns that were held.
    """
    last = attendance.last_delivering(connection)
    held: Sequence[str] = []
    if last is None or now - last > lateness:
        since = f"{last:%Y-%m-%d %H:%M}" if last else "the beginning"
        reason = LATE.format(since=since, now=f"{now:%Y-%m-%d %H:%M}")
        held = campaigns.hold(connection, reason, released_before=now - lateness)
    attendance.attend(connection, now)
    return held


def hold_restored(connection: Connection, now: datetime, taken_at: datetime | None) -> Sequence[str]:
    """Hold what is sending or would start, and take back what nobody can be working on; returns the names."""
    reason = PUT_BACK.format(when=f" from a backup of {taken_at:%Y-%m-%d %H:%M} UTC" if taken_at else "")
    held = [*campaigns.hold(connection, reason), *campaigns.hold_scheduled(connection, reason)]
    claims.expire_leases(connection, now, now, claims.owners(connection))
    lanes.leave_all(connection)
    attendance.attend(connection, now)
    return held
