"""One placement test: send to every seed as a campaign would, look again and again, and end at the deadline.

The messages go through the same queue, server, keys and links as any campaign, as a campaign of class "seed":
what is measured is what is sent. Each seed's own row in the queue says when it left.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from data import placement
from data.placement import Landed, Open, Seed, Test, Verdict
from data.slots import Slot
from monitor.app import App
from monitor.placement import maildir
from monitor.placement.accounts import account_of
from monitor.placement.drop import track_drop
from monitor.placement.imap import ImapMailbox
from monitor.placement.mailbox import Mailbox, Wanted
from monitor.placement.signedout import track_seed
from monitor.placement.verdict import landed, unsent

PLACEMENT = "placement"
"""The kind of slot that looks into the seeds; its subject is the test's id."""

MAILBOXES: Mapping[str, Callable[[App, Seed], Mailbox]] = {
    "maildir": lambda _app, seed: maildir.open_mailbox(seed.location),
    "imap": lambda app, seed: ImapMailbox(account_of(app, seed)),
}
"""A seed's adapter -> how its mailbox is opened."""

LOOKS: Sequence[timedelta] = (
    *(timedelta(seconds=seconds) for seconds in (5, 15, 30)),
    *(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 24)),
)
"""When to look after the start: often at first, since most mail arrives within a minute."""


def looks_until(started: datetime, deadline: datetime) -> Sequence[datetime]:
    """The times to look, the last one at the deadline."""
    return [*(started + after for after in LOOKS if started + after < deadline), deadline]


def read(app: App, slot: Slot) -> str:
    """One look into the seeds that are still awaited. Returns a note for the slot's row."""
    now = app.now()
    with app.store.read() as connection:
        test = placement.find_test(connection, int(slot.subject))
        awaited = placement.open_seeds(connection, test) if test else []
    if test is None:
        return "there is no such test"
    found = [(one.seed, look(app, test, one, now)) for one in awaited]
    with app.store.write() as connection:
        for seed, result in found:
            if result.verdict is not Verdict.WAITING:
                placement.settle(connection, test.id, seed.id, result, now)
            track_seed(connection, app.config, seed, result, now)
        ended = placement.finish_test(connection, test.id, now)
        if ended:
            track_drop(connection, app.config, test.id, now)
    left = sum(result.verdict is Verdict.WAITING for _, result in found)
    return "every seed has its verdict" if ended else f"{left} seeds are still awaited"


def look(app: App, test: Test, one: Open, now: datetime) -> Landed:
    """Where one seed's message is now."""
    without = unsent(one.sent, now, test.deadline_at)
    if without is not None or one.sent is None:
        return without or Landed(Verdict.NOT_SENT)
    mailbox = MAILBOXES[one.seed.adapter](app, one.seed)
    found = mailbox.find(Wanted(one.sent.message_id, test.started_at))
    return landed(one.sent, found, _believed(app, one.seed), now, test.deadline_at)


def _believed(app: App, seed: Seed) -> Sequence[str]:
    """Who may speak of this seed's authentication: what was said of it, else its own domain's servers."""
    named = seed.location.get("authserv_id") or seed.address.rpartition("@")[2]
    return (str(named).lower(), *app.config.placement.authserv_ids)
