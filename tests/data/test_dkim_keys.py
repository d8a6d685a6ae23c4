"""DKIM keys in the store: one row a selector, and the switch of the second signature."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from data.dkim_keys import Algorithm, DkimKey, KeyState, add_key, all_keys, change_key, find_key, keys_of
from data.sending_domains import (
    all_sending_domains,
    find_sending_domain,
    keep_verification,
    save_sending_domain,
    select_key,
    sending_domain_by_id,
    sign_twice,
)
from data.store import Store
from tests.fakes.campaign import NOON

KEY = DkimKey("brand.test", "h1", Algorithm.RSA, "v=DKIM1; p=A", KeyState.MADE, NOON)
PARTS = {"selector": "h1", "return_path_domain": "b.brand.test", "tracking_url": "https://t.brand.test"}


def test_a_key_is_read_back_as_it_was_stored(store: Store) -> None:
    with store.write() as connection:
        add_key(connection, KEY)
        add_key(connection, replace(KEY, selector="h2", algorithm=Algorithm.ED25519))
        change_key(connection, "brand.test", "h2", state="signing", signing_at=NOON)
        assert find_key(connection, "brand.test", "h1") == KEY
        assert [key.selector for key in keys_of(connection, "brand.test", [KeyState.SIGNING])] == ["h2"]
        assert [key.name for key in all_keys(connection)] == [
            "h1._domainkey.brand.test",
            "h2._domainkey.brand.test",
        ]


def test_a_selector_is_used_once(store: Store) -> None:
    with store.write() as connection:
        add_key(connection, KEY)
    with pytest.raises(IntegrityError), store.write() as connection:
        add_key(connection, KEY)


def test_a_sending_domain_keeps_everything_that_belongs_to_it(store: Store) -> None:
    with store.write() as connection:
        number = save_sending_domain(
            connection, "brand.test", NOON, **PARTS, ips=("192.0.2.25",), servers=("relay",)
        )
        select_key(connection, "brand.test", "h2")
        sign_twice(connection, "brand.test", on=True)
        keep_verification(connection, "brand.test", {"records": []}, NOON)
        found = find_sending_domain(connection, "brand.test")
        assert found == sending_domain_by_id(connection, number) == all_sending_domains(connection)[0]
    assert found is not None
    assert (found.ips, found.servers, found.selector) == (("192.0.2.25",), ("relay",), "h2")
    assert (found.ready_at, found.verification, found.second_signature) == (NOON, {"records": []}, True)
    assert (found.allows("relay"), found.allows("other")) == (True, False)
