"""A segment means the same on both stores, and the same as plain Python says."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, update

from data import rules
from data.contacts import save_contact
from data.lists import Member, create_list, set_member
from data.rules import Deed, Match, Order, Rule
from data.segments import (
    addresses_matching,
    all_segments,
    count_matching,
    find_segment,
    remove_segment,
    save_segment,
    segment_by_id,
)
from data.store import Store
from data.tables import contact_tag, event, recipient
from tests.sender.audience.evaluate import Known, fits
from tests.sender.world import World

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
VALUES: list[Any] = [
    None, "", "DE", "de", "Zürich", "ZÜRICH", "zürich", "a_b%c", "İstanbul", "ß", "서울", "🙂 ok", "' OR 1",
    'say "hi"', "back\\slash", "34", "-34", "34.50", "034", "1e5", "12345678901234567890", "3.", ".5",
    "1.2.3", "-", "--3", "3-4", 34, -2.5, 1e300, 0.1, True, False, ["DE"], {"a": 1}, "2026-11-23",
    "2026-11-24",
    "2026-11-01T10:00:00Z", "2025-02-30", "26-11-23", "2026-11-2", "within\nlines",
]  # fmt: skip
WORDS = [*(value for value in VALUES if isinstance(value, str)), "z", "Ü", "true", "34.5", "%", "_", "E"]
NUMBERS = [0.0, 34.0, -2.5, -34.0, 34.5, 0.1, 1e15]
DAYS = [date(2026, 11, 23), date(2026, 11, 1), date(2025, 2, 28), date(2027, 1, 1)]


def people() -> list[Known]:
    """One for each awkward value, with lists, tags and deeds in many combinations."""
    numbers = count()
    return [
        Known(
            address=f"p{n}@{'gmail.test' if n % 3 else 'mail.brand.test'}",
            at=NOW - timedelta(days=n * 11, hours=n),
            attributes={"v": value, "w": VALUES[-n]} if n % 7 else {},
            tags=frozenset({"vip", "Ünique"} if n % 4 == 0 else {"vip"} if n % 4 == 1 else ()),
            lists={"news": list(Member)[n % 3]} if n % 5 else {},
            deeds=tuple(_deeds(n)),
        )
        for value in VALUES
        for n in [next(numbers)]
    ]


def _deeds(n: int) -> list[tuple[Deed, str, datetime, bool]]:
    at = NOW - timedelta(days=n * 5)
    deeds = []
    if n % 2:
        deeds.append((Deed.RECEIVED, "spring", at, False))
    if n % 3 == 0:
        deeds.append((Deed.OPENED, "spring" if n % 2 else "autumn", at, n % 4 == 0))
    if n % 4 == 1:
        deeds.append((Deed.CLICKED, "autumn", at + timedelta(days=1), False))
    return deeds


def stock(store: Store) -> list[Known]:
    """The people as rows."""
    world = World(store)
    campaigns = {}
    for name in ("spring", "autumn"):
        campaigns[name] = world.campaign(name=name).id
    known = people()
    with store.write() as connection:
        for person in known:
            _store(connection, person, world.list_id, campaigns)
    return known


def _store(connection: Connection, person: Known, list_id: int, campaigns: dict[str, int]) -> None:
    contact = save_contact(connection, person.address, person.address, person.attributes, person.at)
    for tag in person.tags:
        connection.execute(insert(contact_tag).values(contact_id=contact, tag=tag))
    for state in person.lists.values():
        set_member(connection, list_id, contact, state, NOW)
    for number, (deed, name, at, machine) in enumerate(person.deeds):
        values: dict[str, Any] = {"campaign_id": campaigns[name], "contact_id": contact}
        if deed is Deed.RECEIVED:
            row = {"address": person.address, "provider": "", "state": "pending", "next_at": at}
            adding = insert(recipient).values(**values, **row).returning(recipient.c.id)
            moved = update(recipient).where(recipient.c.id == connection.execute(adding).scalar_one())
            for step in ("claimed", "sending"):
                connection.execute(moved.values(state=step, lease_until=NOW))
            connection.execute(moved.values(state="sent", lease_until=None, settled_at=at))
        else:
            kind = "open" if deed is Deed.OPENED else "click"
            key = f"{contact}:{number}"
            connection.execute(
                insert(event).values(**values, kind=kind, at=at, machine=machine, detail={}, key=key)
            )


names = st.sampled_from(["v", "w", "nobody.has-it"])
leaf: st.SearchStrategy[Rule] = st.one_of(
    st.builds(rules.Text, names, st.sampled_from(Match), st.sampled_from(WORDS)),
    st.builds(rules.Number, names, st.sampled_from(Order), st.sampled_from(NUMBERS)),
    st.builds(rules.Day, names, st.sampled_from(Order), st.sampled_from(DAYS)),
    st.builds(rules.DayWithin, names, st.sampled_from([1, 22, 400])),
    st.builds(rules.Tagged, st.sampled_from(["vip", "Ünique", "none"])),
    st.builds(rules.OnList, st.sampled_from(["news", "none"]), st.sampled_from(Member)),
    st.builds(rules.AtDomain, st.sampled_from(["gmail.test", "brand.test", "mail.brand.test"])),
    st.builds(rules.Added, st.sampled_from(Order), st.sampled_from(DAYS)),
    st.builds(rules.AddedWithin, st.sampled_from([1, 30, 200])),
    st.builds(
        rules.Behaved,
        st.sampled_from(Deed),
        st.sampled_from(["", "spring", "autumn", "none"]),
        st.sampled_from([None, 1, 30, 90]),
    ),
)
rule = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(rules.Not, inner),
        st.builds(rules.AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(rules.AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@pytest.fixture
def stocked(store: Store) -> tuple[Store, list[Known]]:
    return store, stock(store)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=rule)
def test_both_stores_choose_whom_python_chooses(stocked: tuple[Store, list[Known]], rule: Rule) -> None:
    store, known = stocked
    with store.read() as connection:
        chosen = addresses_matching(connection, rule, NOW)
        counted = count_matching(connection, rule, NOW)

    assert chosen == [person.address for person in known if fits(rule, person, NOW)]
    assert counted == len(chosen)


def test_every_comparison_of_every_awkward_value_agrees(stocked: tuple[Store, list[Known]]) -> None:
    """All texts under all comparisons, where the random rules only sample."""
    store, known = stocked
    every: list[Rule] = [rules.Text("v", match, word) for match in Match for word in WORDS]
    every += [rules.Number("v", order, number) for order in Order for number in NUMBERS]
    every += [rules.Day("v", order, day) for order in Order for day in DAYS]
    with store.read() as connection:
        for each in every:
            expected = [person.address for person in known if fits(each, person, NOW)]
            assert addresses_matching(connection, each, NOW) == expected, each


def test_a_segment_is_kept_by_name_and_changed_in_place(store: Store) -> None:
    with store.write() as connection:
        number = save_segment(connection, "vips", "tagged vip", NOW)
        assert save_segment(connection, "vips", "tagged VIP", NOW) == number
        create_list(connection, "news", "News", double_opt_in=False, now=NOW)
    with store.read() as connection:
        found = find_segment(connection, "vips")
        assert found is not None
        assert (found.rule, found.id) == ("tagged VIP", number)
        assert segment_by_id(connection, number) == found
        assert list(all_segments(connection)) == [found]
    with store.write() as connection:
        assert remove_segment(connection, "vips")
        assert not remove_segment(connection, "vips")
