"""Works off the intake: every mail in it is read where that can be killed, then carried out.

One process at a time does so, under a lock of the folder; a mail that was begun three times without an end
is put aside. What is not about a message of ours is put aside too, and never deleted.
"""

import fcntl
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from checks.reports import Report, Unreadable
from data.hook_tally import Tally, tally
from data.store import Store
from sender.returns.intake import QUARANTINE, Waiting, begin, done, quarantine, waiting
from sender.returns.providers import Became, carry_out
from sender.returns.reader import Reader
from sender.returns.receive import NOT_A_NOTICE, TAKEN, Arrival, Handled, keep_report, receive
from sender.tokens import Tokens

log = logging.getLogger(__name__)

AT_ONCE = 500


def process(
    store: Store, tokens: Tokens, folder: Path, reader: Reader, now: Callable[[], datetime]
) -> Mapping[str, int]:
    """Read what is in the intake; how many mails ended how. Empty if another process is at it."""
    ended: Counter[str] = Counter()
    with _alone(folder) as alone:
        if not alone:
            return ended
        for count, item in enumerate(waiting(folder)):
            if count >= AT_ONCE:
                break
            ended[_one(store, tokens, item, reader, now())] += 1
    return ended


def _one(store: Store, tokens: Tokens, item: Waiting, reader: Reader, now: datetime) -> str:
    begun = begin(item)
    if begun is None:
        log.warning("a mail could not be read and lies in %s: %s", QUARANTINE, item.path.name)
        return QUARANTINE
    if begun.hook:
        return _call(store, tokens, begun, reader, now)
    answer = reader.read(begun.read())
    if answer is None:
        return "failed"
    arrival = Arrival(*answer, begun.envelope_to, now, _name(begun.path))
    with store.write() as connection:
        handled = receive(connection, tokens, arrival)
    if handled in NOT_A_NOTICE:
        found = reader.read_report(begun.read())
        with store.write() as connection:
            report = keep_report(connection, begun.read(), found, now)
        handled = handled if report is Handled.NOTHING else report
    if handled not in TAKEN:
        quarantine(begun.path, _why(handled, found if handled is Handled.BAD_REPORT else None))
    else:
        done(begun)
    return handled.value


def _why(handled: Handled, found: Report | Unreadable | None) -> str:
    return f"{handled.value}: {found.why}" if isinstance(found, Unreadable) else handled.value


def _call(store: Store, tokens: Tokens, item: Waiting, reader: Reader, now: datetime) -> str:
    """A webhook's call: all its reports in one transaction, each counted; what is unknown leaves a sample."""
    provider = item.hook.partition("/")[0]
    events = reader.read_call(provider, item.read(), item.kind)
    if events is None:
        return "failed"
    with store.write() as connection:
        for told in events:
            became = carry_out(connection, tokens, provider, told, now)
            sample = told.said if became is Became.UNKNOWN else ""
            tally(connection, Tally(item.hook, became.value, told.word, 1, now, sample))
        if not events:
            sample = item.read()[:1000].decode("utf-8", "replace")
            tally(connection, Tally(item.hook, Became.NOTHING.value, "", 1, now, sample))
    done(item)
    return "call"


def _name(path: Path) -> str:
    """The same over all tries."""
    return path.name.partition(".")[0]


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
