"""What a new sandbox holds: people who agreed, whose addresses its providers know, and a letter to them."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data import campaigns, placement, recipients
from data.campaigns import find_campaign
from data.consent import Act, consents_of
from data.contacts import count_contacts, find_contact
from data.lists import all_lists
from data.migrate import migrate
from data.secrets import get_secret
from data.sending_domains import find_sending_domain
from data.servers import find_server
from data.states import State
from data.store import open_store, sqlite_url
from data.templates import find_template
from monitor.app import App
from monitor.config import Config
from monitor.home import Home
from monitor.sandbox import CONTACTS
from monitor.sandbox.configuration import configuration
from monitor.sandbox.manners import RETURNED, case_of
from monitor.sandbox.place import Sandbox
from monitor.sandbox.providers import BY_DOMAIN
from monitor.sandbox.registry import SHARES, TROUBLES, subscribers
from monitor.sandbox.stocking import CAMPAIGN, LIST, SEEDS, SERVER, TEMPLATE, Stockroom
from sender.content.compile import Letterhead, Person, Source, compile_campaign
from sender.content.merge import fields_of
from sender.delivery.keyring import secret_name
from sender.delivery.transports import settings_of
from tests.sandbox.correspondence import NOW

PORTS = {"web": 8525, "smtp": 12525, "dns": 15353, "inbound": 12599}
SANDBOX = Sandbox(seed=1, contacts=200, ports={"web": 8525, "smtp": 12525}, keys={})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    store = open_store(sqlite_url(tmp_path / "homing.db"))
    migrate(store)
    yield App(Home(tmp_path), Config(), store)
    store.close()


def fill(app: App, sandbox: Sandbox = SANDBOX) -> None:
    Stockroom(app, sandbox, NOW).fill({"harbour.test": b"PEM"})


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


def test_everybody_on_the_list_agreed_and_the_record_says_to_what(app: App) -> None:
    """Without consent recorded, nothing may be sent to them, not even in a made-up world."""
    fill(app)
    first = next(subscribers(1, 1))
    with app.store.read() as connection:
        (size,) = all_lists(connection)
        contact = find_contact(connection, first.email)
        assert contact is not None
        (consent,) = consents_of(connection, contact.id)

    assert (size.list.name, size.subscribed) == (LIST, 200)
    assert (consent.act, consent.at) == (Act.GIVEN, NOW - first.age)
    assert "open" in consent.wording, "individual tracking is named in what they agreed to"


def test_the_campaign_has_begun_and_everybody_has_a_row(app: App) -> None:
    fill(app)
    with app.store.read() as connection:
        campaign = find_campaign(connection, CAMPAIGN)
        assert campaign is not None
        counts = recipients.counts(connection, campaign.id)
        secret = get_secret(connection, app.keys, secret_name("harbour.test", "s1"))

    assert campaign.state is campaigns.State.SENDING
    assert counts == {State.PENDING: 200}
    assert secret == b"PEM"


def test_each_provider_has_two_seeds_that_are_the_operators_own(app: App) -> None:
    fill(app)
    with app.store.read() as connection:
        seeds = placement.seeds(connection)

        test = placement.find_test(connection, 1)
        assert test is not None
        awaited = placement.open_seeds(connection, test)

    assert Counter(seed.provider for seed in seeds) == dict.fromkeys(SHARES, 2)
    assert len(awaited) == len(seeds), "the first placement test has begun"
    assert seeds[0].location == {
        "path": str(app.home.path / "mail/corp.test/finch"),
        "authserv_id": "mx.corp.test",
    }


def test_a_later_start_changes_the_ports_and_nothing_else(app: App) -> None:
    """A taken port moves; the links of letters already sent keep the old one, as they would anywhere."""
    fill(app)
    fill(app, replace(SANDBOX, ports={"web": 8526, "smtp": 12526}))

    with app.store.read() as connection:
        assert count_contacts(connection) == 200 + len(SEEDS)
        assert [campaign.name for campaign in campaigns.all_campaigns(connection)].count(CAMPAIGN) == 1
        server = find_server(connection, SERVER)
        domain = find_sending_domain(connection, "harbour.test")
    assert server is not None
    assert domain is not None
    assert server.settings["port"] == 12526
    assert domain.tracking_url == "http://127.0.0.1:8526"
    assert settings_of(server).connections == 10


def test_the_letter_compiles_and_greets_each_reader(app: App) -> None:
    fill(app)
    with app.store.read() as connection:
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


def test_a_large_town_is_paced_so_that_it_can_be_watched() -> None:
    """Five thousand letters take some minutes; two hundred need no limit."""
    paced = Config.model_validate(
        tomllib.loads(configuration(replace(SANDBOX, contacts=CONTACTS, ports=PORTS)))
    )
    small = Config.model_validate(tomllib.loads(configuration(replace(SANDBOX, ports=PORTS))))
    rates = {entry.name: entry.rate or 0 for entry in paced.providers}

    assert CONTACTS == 5_000
    assert {entry.rate for entry in small.providers} == {None}
    assert all(2 <= CONTACTS * SHARES[name] / rate / 60 <= 6 for name, rate in rates.items())
