"""Reads a bounce mailbox: what is ours is carried out and then filed away; everything else stays as it is.

The store says how each message stands, so that a kill or a dropped connection at any moment loses nothing
and does nothing twice: a try is counted before the message is read, its events and its stand are one
transaction, and it is moved only afterwards. A message that was begun three times is left alone for good.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data import mailboxes
from data.mailboxes import Known, Place, Stand
from data.store import Store
from sender.returns.mail import LONGEST_MAIL
from sender.returns.reader import Reader
from sender.returns.receive import NOT_A_NOTICE, TAKEN, Arrival, Handled, keep_report, receive
from sender.tokens import Tokens

TRIES = 3
AT_ONCE = 500

log = logging.getLogger(__name__)


class Mailbox(Protocol):
    """An open folder (`checks.net.imap.Session`). A UID means something only beside its `validity`."""

    @property
    def validity(self) -> int: ...
    def uids(self, after: int) -> list[int]: ...
    def fetch(self, uid: int, longest: int) -> bytes | None: ...
    def file_away(self, uid: int, folder: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What reading needs. `processed` is the folder where a message goes once the store has it."""

    name: str
    processed: str
    store: Store
    tokens: Tokens
    reader: Reader
    now: Callable[[], datetime]


def read_mailbox(desk: Desk, box: Mailbox) -> Mapping[str, int]:
    """One round over an open folder; how many messages ended how."""
    ended: Counter[str] = Counter()
    with desk.store.write() as connection:
        mailboxes.begin_visit(connection, desk.name, box.validity)
        below = mailboxes.floor(connection, desk.name)
        known = dict(mailboxes.known(connection, desk.name, below))
    for each in known.values():
        if each.stand is Stand.HANDLED:
            _file_away(desk, box, each.uid)
    for uid in _waiting(box, below, known):
        ended[_one(desk, box, uid)] += 1
    with desk.store.write() as connection:
        mailboxes.tidy(connection, desk.name)
    return ended


def _waiting(box: Mailbox, below: int, known: Mapping[int, Known]) -> list[int]:
    """What is to be read, the oldest first: new messages, and those whose reading did not end."""
    found: list[int] = []
    while len(found) < AT_ONCE and (uids := box.uids(below)):
        found += [uid for uid in uids if uid not in known or known[uid].stand is Stand.BEGUN]
        below = uids[-1]
    return found[:AT_ONCE]


def _one(desk: Desk, box: Mailbox, uid: int) -> str:
    place = Place(desk.name, box.validity, uid)
    with desk.store.write() as connection:
        tries = mailboxes.begin(connection, place, desk.now())
    if tries > TRIES:
        log.warning("%s: the message with UID %d could not be read and stays there", desk.name, uid)
        return _stands(desk, place, Stand.QUARANTINED, f"reading it failed {TRIES} times")
    raw = box.fetch(uid, LONGEST_MAIL)
    if raw is None:
        return _stands(desk, place, Stand.FILED, "gone")
    answer = desk.reader.read(raw)
    if answer is None:
        return "failed"
    with desk.store.write() as connection:
        handled = receive(connection, desk.tokens, Arrival(*answer, "", desk.now(), _name(place)))
        if handled not in NOT_A_NOTICE:
            mailboxes.stand(connection, place, Stand.HANDLED, handled.value, desk.now())
    if handled in NOT_A_NOTICE:
        handled = _report(desk, place, raw, handled)
    if handled in TAKEN:
        _file_away(desk, box, uid)
    return handled.value


def _report(desk: Desk, place: Place, raw: bytes, otherwise: Handled) -> Handled:
    """What is no notice may be a receiver's report; what is neither is left where it is."""
    found = desk.reader.read_report(raw)
    with desk.store.write() as connection:
        kept = keep_report(connection, raw, found, desk.now())
        handled = otherwise if kept is Handled.NOTHING else kept
        stand = Stand.HANDLED if handled in TAKEN else Stand.LEFT
        mailboxes.stand(connection, place, stand, handled.value, desk.now())
    return handled


def _file_away(desk: Desk, box: Mailbox, uid: int) -> None:
    box.file_away(uid, desk.processed)
    _stands(desk, Place(desk.name, box.validity, uid), Stand.FILED, "")


def _stands(desk: Desk, place: Place, stand: Stand, note: str) -> str:
    with desk.store.write() as connection:
        mailboxes.stand(connection, place, stand, note, desk.now())
    return note or stand.value


def _name(place: Place) -> str:
    """The same over all tries, for a message without a Message-ID."""
    return f"{place.mailbox}:{place.validity}:{place.uid}"
