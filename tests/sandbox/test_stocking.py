"""What a new sandbox holds: people who agreed, whose addresses its providers know, and a letter to them."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.consent import Act, consents_of
from data.contacts import count_contacts, find_contact
from data.lists import all_lists
from data.migrate import migrate
from data.store import Store, open_store, sqlite_url
from data.templates import find_template
from monitor.sandbox.manners import RETURNED, case_of
from monitor.sandbox.place import Sandbox
from monitor.sandbox.providers import BY_DOMAIN
from monitor.sandbox.registry import SHARES, TROUBLES, subscribers
from monitor.sandbox.stocking import LIST, TEMPLATE, stock
from sender.content.compile import Letterhead, Person, Source, compile_campaign
from sender.content.merge import fields_of
from tests.sandbox.correspondence import NOW

SANDBOX = Sandbox(seed=1, contacts=200, ports={}, keys={})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(sqlite_url(tmp_path / "homing.db"))
    migrate(store)
    yield store
    store.close()


def test_the_same_people_in_every_run_and_more_only_add_to_them() -> None:
    few, many = list(subscribers(1, 200)), list(subscribers(1, 1000))

    assert many[:200] == few
    assert len({person.email for person in many}) == 1000
    assert few != list(subscribers(2, 200))


def test_every_provider_has_readers_and_every_trouble_occurs() -> None:
    people = [person.email for person in subscribers(1, 5000)]
    at = Counter(email.rpartition("@")[2].removesuffix(".test") for email in people)
    words = Counter(email.partition(".")[0] for email in people)

    assert set(at) == set(SHARES)
    assert set(BY_DOMAIN) == {f"{key}.test" for key in SHARES}
    assert all(abs(at[key] / 5000 - share) < 0.02 for key, share in SHARES.items())
    assert all(words[word] for word in (*TROUBLES, RETURNED))
    assert {case_of(email) is None for email in people if email.partition(".")[0] in TROUBLES} == {False}


def test_everybody_on_the_list_agreed_and_the_record_says_to_what(store: Store) -> None:
    """Without consent recorded, nothing may be sent to them, not even in a made-up world."""
    stock(store, SANDBOX, NOW)
    first = next(subscribers(1, 1))
    with store.read() as connection:
        (size,) = all_lists(connection)
        contact = find_contact(connection, first.email)
        assert contact is not None
        (consent,) = consents_of(connection, contact.id)

    assert (size.list.name, size.subscribed) == (LIST, 200)
    assert (consent.act, consent.at) == (Act.GIVEN, NOW - first.age)
    assert "open" in consent.wording, "individual tracking is named in what they agreed to"


def test_stocking_twice_changes_nothing(store: Store) -> None:
    stock(store, SANDBOX, NOW)
    stock(store, SANDBOX, NOW)

    with store.read() as connection:
        assert count_contacts(connection) == 200


def test_the_letter_compiles_and_greets_each_reader(store: Store) -> None:
    stock(store, SANDBOX, NOW)
    with store.read() as connection:
        template = find_template(connection, TEMPLATE)
    assert template is not None
    source = Source(template.subject, template.html, template.text, template.preheader)
    letterhead = Letterhead("Harbour Books", "friday@harbour.test", "http://127.0.0.1:8525")
    compiled = compile_campaign(source, letterhead)
    reader = next(subscribers(1, 1))
    url = "http://127.0.0.1:8525/u/t"
    fields = fields_of(reader.attributes) | {
        "email": reader.email,
        "unsubscribe_url": url,
        "@open": "o",
        "@click": "c",
    }
    message = compiled.message(Person(reader.email, "<1@harbour.test>", fields, url), NOW)

    assert f"Subject: {reader.attributes['first_name']}, three books".encode() in message
    assert len(compiled.urls) >= 6
    assert len(message) < 102_000, "Gmail clips what is longer"
