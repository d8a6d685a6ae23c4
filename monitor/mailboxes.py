"""The bounce mailboxes that the configuration names: when each is visited, and what came of it."""

import logging
import time
from collections.abc import Mapping

from checks.net.imap import Account, Fault, Session, visit
from data.mailboxes import end_visit
from monitor.app import App
from monitor.config.schema import MailboxEntry
from monitor.processes.life import Life
from sender.returns.mailbox import Desk, read_mailbox
from sender.returns.reader import Reader

ROUND_SECONDS = 1.0

log = logging.getLogger(__name__)


def visit_mailbox(app: App, entry: MailboxEntry, reader: Reader) -> Mapping[str, int] | Fault:
    """One visit; how many messages ended how, or why there was none. The store keeps the trouble."""

    def work(session: Session) -> Mapping[str, int]:
        session.select(entry.folder)
        return read_mailbox(desk, session)

    desk = Desk(entry.name, entry.processed, app.store, app.tokens, reader, app.now)
    done = visit(account_of(entry), work)
    trouble = done.why if isinstance(done, Fault) else ""
    with app.store.write() as connection:
        end_visit(connection, entry.name, trouble, app.now())
    return done


def account_of(entry: MailboxEntry) -> Account:
    return Account(entry.host, entry.port, entry.user, entry.password.get_secret_value(), entry.ca_file)


def read_mailboxes(life: Life) -> None:
    """Visit each mailbox when it is due, until asked to end. One that fails is visited again like any."""
    app = life.app
    due = dict.fromkeys((entry.name for entry in app.config.mailboxes), 0.0)
    if not due:
        return
    with Reader() as reader:

        def once() -> None:
            for entry in app.config.mailboxes:
                if time.monotonic() >= due[entry.name] and not life.stop.is_set():
                    due[entry.name] = time.monotonic() + entry.every.total_seconds()
                    done = visit_mailbox(app, entry, reader)
                    if isinstance(done, Fault):
                        log.warning("the mailbox %s was not read: %s", entry.name, done.why)

        life.every(ROUND_SECONDS, once)
