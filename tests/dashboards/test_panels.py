"""The numbers of the pages equal a recount of the rows that they stand for."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from data.panels.blocklists import listing_timeline
from data.panels.campaigns import campaigns
from data.panels.incidents import incidents_between, open_incidents
from data.panels.instrument import rhythm, signs_of_life
from data.panels.lanes import lanes_of
from data.panels.outcomes import added, campaign_by_provider
from data.panels.placement import placement_matrix
from data.panels.rates import sending_rates
from data.panels.replies import bounces_by_class, recipients_log
from data.panels.scope import domains, providers
from data.panels.traffic import MOST_STEPS, opens_and_clicks_over_time, step_for, throughput
from data.store import open_store
from data.tables import event, recipient
from monitor.home import Home

FINISHED = 1


@pytest.fixture
def connection(homes: Callable[[str], Path]) -> Iterator[Connection]:
    store = open_store(Home(homes("story")).store_url, read_only=True)
    with store.read() as connection:
        yield connection
    store.close()


def _recipients(connection: Connection) -> list[Mapping[str, Any]]:
    query = select(recipient).where(recipient.c.campaign_id == FINISHED)
    return [dict(row) for row in connection.execute(query).mappings()]


def _events(connection: Connection) -> list[Mapping[str, Any]]:
    query = select(event).where(event.c.campaign_id == FINISHED)
    return [dict(row) for row in connection.execute(query).mappings()]


def test_every_recipient_is_in_exactly_one_count(connection: Connection) -> None:
    counts = added(campaign_by_provider(connection, FINISHED))

    assert counts.audience == len(_recipients(connection))
    assert counts.audience == counts.waiting + counts.skipped + counts.attempted


def test_provider_rows_equal_a_recount(connection: Connection) -> None:
    states = Counter((row["provider"], row["state"]) for row in _recipients(connection))
    for counts in campaign_by_provider(connection, FINISHED):
        assert counts.accepted == states[counts.provider, "sent"]
        assert counts.failed == states[counts.provider, "failed"]
        assert counts.unknown == states[counts.provider, "unknown"]


def test_people_and_machines_are_counted_apart_and_once(connection: Connection) -> None:
    """A recipient for whom a machine and a person opened is a person; two opens are one opener."""
    counts = added(campaign_by_provider(connection, FINISHED))
    opens = [one for one in _events(connection) if one["kind"] == "open"]
    people = {one["recipient_id"] for one in opens if not one["machine"]}
    machines = {one["recipient_id"] for one in opens if one["machine"]} - people

    assert (counts.opened, counts.machine_opened) == (len(people), len(machines))
    assert counts.opened > 0
    assert counts.machine_opened > 0


def test_a_later_bounce_takes_a_message_out_of_the_delivered(connection: Connection) -> None:
    counts = added(campaign_by_provider(connection, FINISHED))
    late = {one["recipient_id"] for one in _events(connection) if one["kind"] == "bounce"}

    assert counts.delivered == counts.accepted - len(late)


def test_refusals_by_class_add_up(connection: Connection) -> None:
    failed = sum(row["state"] == "failed" for row in _recipients(connection))

    assert sum(bounce.count for bounce in bounces_by_class(connection, FINISHED)) == failed


def test_steps_of_time_lose_nothing(connection: Connection) -> None:
    rows, step = _recipients(connection), timedelta(minutes=1)
    settled = throughput(connection, FINISHED, step)
    tried = [row for row in rows if row["state"] in ("sent", "failed", "deferred", "unknown")]
    acts = opens_and_clicks_over_time(connection, FINISHED, step)

    assert sum(bucket.count for bucket in settled) == len(tried)
    assert sum(bucket.count for bucket in acts) == sum(
        one["kind"] in ("open", "click") for one in _events(connection)
    )
    first = min(row["settled_at"] for row in tried)
    assert settled[0].at <= first < settled[0].at + step


@pytest.mark.parametrize("days", [0.001, 1, 7, 90, 3650])
def test_a_chart_never_holds_more_steps_than_it_can_show(days: float) -> None:
    assert timedelta(days=days) / step_for(timedelta(days=days), 10**9) <= MOST_STEPS


def test_rates_equal_a_recount_of_the_range(connection: Connection) -> None:
    now = datetime.now(UTC)
    since = now - timedelta(days=7)
    rates = sending_rates(connection, since, now)
    query = select(recipient).where(recipient.c.settled_at >= since)
    rows = list(connection.execute(query).mappings())
    one = sending_rates(connection, since, now, provider="gmail")

    assert rates.accepted == sum(row["state"] == "sent" for row in rows)
    assert rates.refused == sum(row["state"] == "failed" for row in rows)
    assert one.accepted == sum(row["state"] == "sent" and row["provider"] == "gmail" for row in rows)
    assert sending_rates(connection, since, now, domain="bank.test").answered == 0


def test_the_log_is_paged_and_searched(connection: Connection) -> None:
    log = recipients_log(connection, FINISHED, address="READER00", offset=10, limit=20)

    assert log.total == 99
    assert len(log.rows) == 20
    assert recipients_log(connection, FINISHED, address="%").total == 0


def test_a_page_of_the_log_is_never_larger_than_its_bound(connection: Connection) -> None:
    assert len(recipients_log(connection, FINISHED, limit=10**6).rows) == 500


def test_open_incidents_are_told_worst_first(connection: Connection) -> None:
    ranks = [one.severity.rank for one in open_incidents(connection)]

    assert ranks == sorted(ranks)
    assert len(ranks) == 5
    assert [one.domain for one in open_incidents(connection, "club.test")] == ["club.test"]


def test_incidents_of_a_range_include_those_that_ended_in_it(connection: Connection) -> None:
    now = datetime.now(UTC)

    assert len(incidents_between(connection, now - timedelta(days=30), now)) == 7
    assert len(incidents_between(connection, now - timedelta(days=20), now - timedelta(days=10))) == 0


def test_the_timeline_holds_every_run_that_touches_the_range(connection: Connection) -> None:
    now = datetime.now(UTC)
    subject = "198.51.100.24 @ zen.spamhaus.org"
    week = [
        span.state
        for span in listing_timeline(connection, now - timedelta(days=7), now)
        if span.subject == subject
    ]
    month = [
        span.state
        for span in listing_timeline(connection, now - timedelta(days=30), now)
        if span.subject == subject
    ]

    assert week == ["pass", "fail"]
    assert month == ["pass", "fail", "pass", "fail"]


def test_the_matrix_has_a_cell_for_every_seed_and_test(connection: Connection) -> None:
    now = datetime.now(UTC)
    found = placement_matrix(connection, now - timedelta(days=30), now)
    one = placement_matrix(connection, now - timedelta(days=30), now, provider="gmail")

    assert len(found.cells) == len(found.tests) * 24
    assert [test.started_at for test in found.tests] == sorted(test.started_at for test in found.tests)
    assert {cell.provider for cell in one.cells} == {"gmail"}


def test_the_instrument_tells_when_it_looked_and_will_look(connection: Connection) -> None:
    now = datetime.now(UTC)
    looks = rhythm(connection, "audit", now)

    assert looks.last is not None
    assert looks.last < now
    assert looks.next is not None
    assert looks.next > now
    assert "scheduler" in signs_of_life(connection)


def test_what_can_be_chosen_is_what_there_is(connection: Connection) -> None:
    assert "shop.test" in domains(connection)
    assert "gmail" in providers(connection)
    assert [one.name for one in campaigns(connection)] == [
        "Weekly letter 47",
        "Autumn sale",
        "Winter preview",
    ]
    assert campaigns(connection, "bank.test") == []


def test_a_lane_that_is_held_back_says_why(connection: Connection) -> None:
    held = lanes_of(connection, FINISHED)

    assert held["outlook"].state == "backing-off"
    assert "421" in held["outlook"].reason
    assert held["gmail"].reason == ""
