"""Freezing an audience: who gets a row, who does not, and that a second freeze changes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import Insert, Update, insert, update

from data import recipients
from data.states import State
from data.store import Store
from data.tables import consent, contact, membership, suppression
from tests.fakes.campaign import NOON, frozen, make_campaign, make_list

BOTH_PEOPLE = ["a@example.net", "b@example.net"]


def freeze(store: Store, *addresses: str, first_is: Insert | Update | None = None) -> list[str]:
    """Who is in the campaign, after that was done to the store."""
    with store.write() as connection:
        list_id = make_list(connection, addresses)
        if first_is is not None:
            connection.execute(first_is)
        campaign_id = make_campaign(connection, list_id)
        made = recipients.freeze(connection, campaign_id, list_id, NOON)
        rows = recipients.some(connection, campaign_id, list(State))
    assert made == len(rows)
    return [row["address"] for row in rows]


def test_every_member_gets_one_row_and_a_second_freeze_adds_none(store: Store) -> None:
    """Restarting a start that was killed must not write to anybody twice."""
    with store.write() as connection:
        list_id = make_list(connection, [f"p{n}@example.net" for n in range(50)])
        campaign_id = make_campaign(connection, list_id)
        assert recipients.freeze(connection, campaign_id, list_id, NOON) == 50
        assert recipients.freeze(connection, campaign_id, list_id, NOON) == 0
        assert recipients.counts(connection, campaign_id) == {State.PENDING: 50}


@pytest.mark.parametrize("state", ["unsubscribed", "unconfirmed"])
def test_who_is_not_subscribed_gets_no_row(store: Store, state: str) -> None:
    left = update(membership).where(membership.c.contact_id == 1).values(state=state)

    assert freeze(store, *BOTH_PEOPLE, first_is=left) == ["b@example.net"]


@pytest.mark.parametrize(
    ("kind", "value", "left"),
    [
        ("address", "a@example.net", ["b@example.org"]),
        ("domain", "example.net", ["b@example.org"]),
        ("domain", "ample.net", ["a@example.net", "b@example.org"]),
    ],
)
def test_who_is_suppressed_gets_no_row(store: Store, kind: str, value: str, left: list[str]) -> None:
    suppressed = insert(suppression).values(kind=kind, value=value, reason="manual", at=NOON)

    assert freeze(store, "a@example.net", "b@example.org", first_is=suppressed) == left


@pytest.mark.parametrize(("hours", "left"), [(1, ["b@example.net"]), (-1, BOTH_PEOPLE)])
def test_consent_counts_until_it_is_withdrawn(store: Store, hours: int, left: list[str]) -> None:
    """What was withdrawn and given again later is given."""
    withdrawn = insert(consent).values(
        contact_id=1, act="withdrawn", source="test", wording="no", at=NOON + timedelta(hours=hours)
    )

    assert freeze(store, *BOTH_PEOPLE, first_is=withdrawn) == left


def test_without_consent_there_is_no_row(store: Store) -> None:
    with store.write() as connection:
        list_id = make_list(connection, [])
        row = {"email": "a@example.net", "address": "a@example.net", "attributes": {}, "at": NOON}
        contact_id = connection.execute(insert(contact).values(row).returning(contact.c.id)).scalar_one()
        member = {"list_id": list_id, "contact_id": contact_id, "state": "subscribed", "at": NOON}
        connection.execute(insert(membership).values(member))
        campaign_id = make_campaign(connection, list_id)

        assert recipients.freeze(connection, campaign_id, list_id, NOON) == 0


def test_a_chosen_few_are_added_whoever_they_are(store: Store) -> None:
    """Seeds and test addresses are no audience; who may be one is decided above."""
    with store.write() as connection:
        make_list(connection, ["a@example.net", "b@example.net"])
        campaign_id = make_campaign(connection, None, message_class="test")

        assert recipients.add(connection, campaign_id, [1, 2, 99], NOON) == 2
        assert recipients.add(connection, campaign_id, [2], NOON) == 0


def test_rows_are_counted_by_provider_and_listed_by_page(store: Store) -> None:
    with store.write() as connection:
        campaign_id = frozen(connection, 5)
        assert recipients.counts_by_provider(connection, campaign_id) == {("gmail", State.PENDING): 5}
        first = recipients.some(connection, campaign_id, [State.PENDING], limit=3)
        rest = recipients.some(connection, campaign_id, [State.PENDING], after=first[-1]["id"])
        assert [len(first), len(rest)] == [3, 2]
        assert recipients.some(connection, campaign_id, [State.SENT]) == []


def test_what_nobody_has_claimed_can_be_skipped_and_taken_back(store: Store) -> None:
    with store.write() as connection:
        campaign_id = frozen(connection, 5)
        assert recipients.skip_waiting(connection, campaign_id, "cancelled", NOON, limit=3) == 3
        assert recipients.skip_waiting(connection, campaign_id, "cancelled", NOON, limit=3) == 2
        assert recipients.skip_waiting(connection, campaign_id, "cancelled", NOON) == 0
        assert recipients.reopen(connection, campaign_id, [State.SKIPPED], NOON) == 5
        assert recipients.counts(connection, campaign_id) == {State.PENDING: 5}
