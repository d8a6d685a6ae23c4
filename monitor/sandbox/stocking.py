"""Puts something into a new sandbox's store: readers who agreed, a list of them, and a letter to send."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from data.consent import Act, ConsentEvent, record_consent
from data.contacts import save_contact
from data.lists import Member, create_list, find_list, set_member
from data.store import Store
from data.templates import save_template
from monitor.sandbox.place import Sandbox
from monitor.sandbox.registry import Subscriber, subscribers
from sender.audience.addresses import parse_address

LIST = "friday"
TEMPLATE = "friday-letter"
SUBJECT = "{{first_name|Reader}}, three books for a long evening"
PREHEADER = "A winter coast, a night ferry, and forty lighthouses."
WORDING = "Send me the Friday letter. You count which letters I open; I can leave with one click."
LETTER = Path(__file__).with_name("letter.html")


def stock(store: Store, sandbox: Sandbox, now: datetime) -> None:
    """Fill the store in one transaction; a store that has been filled is left as it is."""
    with store.write() as connection:
        if find_list(connection, LIST) is None:
            _audience(connection, sandbox, now)
            html = LETTER.read_text(encoding="utf-8")
            save_template(connection, TEMPLATE, now, subject=SUBJECT, html=html, preheader=PREHEADER)


def _audience(connection: Connection, sandbox: Sandbox, now: datetime) -> None:
    list_id = create_list(connection, LIST, "The Friday letter", double_opt_in=False, now=now)
    consents = [
        _subscribe(connection, list_id, subscriber, now)
        for subscriber in subscribers(sandbox.seed, sandbox.contacts)
    ]
    record_consent(connection, consents)


def _subscribe(connection: Connection, list_id: int, subscriber: Subscriber, now: datetime) -> ConsentEvent:
    since = now - subscriber.age
    identity = parse_address(subscriber.email).identity
    contact_id = save_contact(connection, subscriber.email, identity, subscriber.attributes, since)
    set_member(connection, list_id, contact_id, Member.SUBSCRIBED, since)
    return ConsentEvent(contact_id, list_id, Act.GIVEN, "form on harbour.test", WORDING, since, subscriber.ip)
