"""Seeds at any provider, over IMAP with implicit TLS: every folder is examined, nothing is opened or
marked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.net.imap import Account, Folder, Session, visit
from checks.net.imap import Fault as Trouble
from monitor.placement.folders import verdict_of
from monitor.placement.mailbox import LONGEST_HEAD, Fault, Letter, Wanted

PASSED_OVER = frozenset({"all", "flagged", "important", "drafts", "sent"})
"""Views of what lies elsewhere as well, and what we did not receive."""
MOST_FOLDERS = 60
INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    """One account."""

    account: Account

    def find(self, wanted: Wanted) -> tuple[Letter, ...] | Fault:
        found = visit(self.account, lambda session: _letters(session, wanted))
        return Fault(found.why, found.again) if isinstance(found, Trouble) else found


def look_in(account: Account) -> Sequence[Folder] | Fault:
    """The folders of an account: whether it can be read at all, and what its spam folder is called."""
    found = visit(account, lambda session: session.folders())
    return Fault(found.why, found.again) if isinstance(found, Trouble) else found


def _letters(session: Session, wanted: Wanted) -> tuple[Letter, ...]:
    found: list[Letter] = []
    views: list[Letter] = []
    for folder in session.folders()[:MOST_FOLDERS]:
        session.examine(folder.name)
        for uid in session.with_message_id(wanted.message_id):
            head = session.head(uid, LONGEST_HEAD)
            if head is None:
                continue
            name = _place(session, folder, wanted)
            letter = Letter(name, head.fields, head.arrived, verdict_of(name, folder.uses))
            (views if folder.uses & PASSED_OVER else found).append(letter)
    return tuple(found or views[:1])


def _place(session: Session, folder: Folder, wanted: Wanted) -> str:
    """The folder's name; in Gmail's inbox with the tab."""
    if folder.name.lower() != INBOX:
        return folder.name
    tab = session.gmail_category(wanted.message_id)
    return f"{folder.name}/{tab}" if tab else folder.name
