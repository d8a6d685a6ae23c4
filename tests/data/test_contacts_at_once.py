"""Thousands of people in one transaction: each once, with those who were known before kept as they are."""

from datetime import timedelta

from data.contacts import NewContact, find_contact, save_contact, save_contacts
from data.lists import Member, add_members, create_list, member_state, set_member
from data.store import Store
from tests.fakes.campaign import NOON

PEOPLE = [NewContact(f"P{n}@Example.net", f"p{n}@example.net", {"n": n}, NOON) for n in range(1_200)]


def test_everybody_is_there_once_and_the_known_keep_what_is_theirs(store: Store) -> None:
    with store.write() as connection:
        known = save_contact(connection, "p7@example.net", "p7@example.net", {"n": "mine"}, NOON)
        ids = save_contacts(connection, PEOPLE)
        assert save_contacts(connection, PEOPLE) == ids
        seven = find_contact(connection, "p7@example.net")

    assert len(set(ids.values())) == len(ids) == 1_200
    assert ids["p7@example.net"] == known
    assert seven is not None
    assert seven.attributes == {"n": "mine"}


def test_who_left_a_list_is_not_put_back_on_it(store: Store) -> None:
    with store.write() as connection:
        ids = save_contacts(connection, PEOPLE[:10])
        list_id = create_list(connection, "news", "News", double_opt_in=False, now=NOON)
        set_member(connection, list_id, ids["p3@example.net"], Member.UNSUBSCRIBED, NOON)
        add_members(connection, list_id, {who: NOON - timedelta(days=1) for who in ids.values()})
        states = {address: member_state(connection, list_id, who) for address, who in ids.items()}

    assert states.pop("p3@example.net") is Member.UNSUBSCRIBED
    assert set(states.values()) == {Member.SUBSCRIBED}


def test_nobody_is_no_trouble(store: Store) -> None:
    with store.write() as connection:
        assert save_contacts(connection, []) == {}
        add_members(connection, 1, {})
