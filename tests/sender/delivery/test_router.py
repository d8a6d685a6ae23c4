"""Finding providers: each domain once a week, and a resolver that fails costs pace, never delivery."""

import asyncio
from pathlib import Path

import pytest

from data import recipients
from data.store import Store, open_store
from sender.delivery.engine import Engine, Shift
from tests.fakes.campaign import NOON, make_campaign, make_list
from tests.fakes.delivery import WoundClock, parts
from tests.fakes.zone import ZoneDns
from tests.stores import sqlite_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(sqlite_store(tmp_path))


def people(store: Store, domains: list[str], name: str = "c1") -> int:
    """A campaign to somebody at each of them, not looked up yet."""
    with store.write() as connection:
        list_id = make_list(connection, [f"{name}@{domain}" for domain in domains], name)
        campaign_id = make_campaign(connection, list_id, name=name, egress=name)
        recipients.freeze(connection, campaign_id, list_id, NOON)
    return campaign_id


def route_twice(store: Store, dns: ZoneDns, clock: WoundClock, first: list[str], second: list[str]) -> None:
    """By one worker, the second campaign a minute and a half after the first."""

    async def story() -> None:
        shift = Shift(parts(store, dns=dns, clock=clock), "me", {})
        shift.start()
        people(store, first)
        await shift.route()
        clock.wind(90)
        people(store, second, "c2")
        await shift.route()
        await shift.end(1)

    asyncio.run(story())


def test_a_domain_whose_look_up_failed_is_not_asked_for_again_at_once(store: Store) -> None:
    dns = ZoneDns({"slow.example": {"MX": "TIMEOUT"}})
    route_twice(store, dns, WoundClock(), ["slow.example"], ["slow.example", "other.example"])

    assert [asked.name for asked in dns.asked] == ["slow.example", "other.example"]
    with store.read() as connection:
        assert recipients.counts_by_provider(connection, 2) == {("other", "pending"): 2}


def test_a_resolver_that_is_down_is_left_alone_and_a_relay_sends_on(store: Store) -> None:
    """500 domains, and not one look-up of the second two hundred."""
    domains = [f"d{number}.example" for number in range(500)]
    dns = ZoneDns({domain: {"MX": "TIMEOUT"} for domain in domains})
    people(store, domains)
    sent = Engine(parts(store, dns=dns)).work_once()

    assert sent == 500
    assert len(dns.asked) == 200


def test_after_a_rest_the_resolver_is_tried_again(store: Store) -> None:
    silent = [f"s{number}.example" for number in range(40)]
    zone = {domain: {"MX": "TIMEOUT"} for domain in silent}
    dns = ZoneDns({**zone, "gmail.com": {"MX": [[5, "gmail-smtp-in.l.google.com"]]}})
    route_twice(store, dns, WoundClock(), silent, ["gmail.com"])

    with store.read() as connection:
        assert recipients.counts_by_provider(connection, 2) == {("gmail", "pending"): 1}
