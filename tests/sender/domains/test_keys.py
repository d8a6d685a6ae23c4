"""The life of a key: sealed when made, signing once published, retired, revoked; never two RSA signers."""

import os
from datetime import timedelta

import dkim
import pytest

from checks.dkim.key import parse_key
from data.dkim_keys import Algorithm, KeyState, find_key, keys_of
from data.secrets import Keys, get_secret
from data.sending_domains import find_sending_domain, save_sending_domain, sign_twice
from data.store import Store
from sender.delivery.dkim import Signer
from sender.delivery.keyring import load_signer, secret_name
from sender.domains import keys as life
from sender.domains.keys import NoKey
from tests.fakes.campaign import NOON
from tests.fakes.signing import PLAIN
from tests.sender.world import World

KEYS = Keys((os.urandom(32),))
DOMAIN = "brand.test"


@pytest.fixture
def store(world: World) -> Store:
    """With a domain whose first key signs."""
    with world.store.write() as connection:
        first = life.generate(connection, KEYS, DOMAIN, Algorithm.RSA, NOON)
        parts = {"return_path_domain": "b.brand.test", "tracking_url": "https://t.brand.test"}
        save_sending_domain(connection, DOMAIN, NOON, selector=first.selector, **parts)
        life.begin_signing(connection, first, NOON)
    return world.store


def signer(store: Store) -> Signer:
    with store.read() as connection:
        found = load_signer(connection, KEYS, DOMAIN)
    assert found is not None
    return found


def test_a_new_key_is_strong_sealed_and_signs_nothing(store: Store) -> None:
    with store.write() as connection:
        made = life.generate(connection, KEYS, DOMAIN, Algorithm.RSA, NOON)
        pem = get_secret(connection, KEYS, secret_name(DOMAIN, made.selector))
    assert (made.state, made.selector) == (KeyState.MADE, "h202611b")
    assert parse_key(made.record).bits == 2048
    assert pem is not None
    assert pem.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert [key.selector for key in signer(store).keys] == ["h202611"]


def test_rotation_hands_over_and_keeps_the_old_record_for_a_while(store: Store) -> None:
    with store.write() as connection:
        new = life.generate(connection, KEYS, DOMAIN, Algorithm.RSA, NOON)
        before = life.begin_signing(connection, new, NOON, timedelta(days=3))
        assert before is not None
        old = find_key(connection, DOMAIN, before.selector)
    assert old is not None
    assert (old.state, old.keep_until) == (KeyState.RETIRED, NOON + timedelta(days=3))
    assert [key.selector for key in signer(store).keys] == ["h202611b"]
    with pytest.raises(NoKey, match="may be under way until 2026-11-26"), store.write() as connection:
        life.revoke(connection, DOMAIN, "h202611", NOON + timedelta(days=2))
    with store.write() as connection:
        life.revoke(connection, DOMAIN, "h202611", NOON + timedelta(days=3))
        assert get_secret(connection, KEYS, secret_name(DOMAIN, "h202611")) is None
        assert [key.state for key in keys_of(connection, DOMAIN)] == [KeyState.REVOKED, KeyState.SIGNING]


def test_the_key_that_signs_cannot_be_revoked(store: Store) -> None:
    with (
        pytest.raises(NoKey, match="Rotate first: homing keys rotate"),
        store.write() as connection,
    ):
        life.revoke(connection, DOMAIN, "h202611", NOON, early=True)


def test_a_selector_is_never_used_again(store: Store) -> None:
    with pytest.raises(NoKey, match="was used before"), store.write() as connection:
        life.generate(connection, KEYS, DOMAIN, Algorithm.RSA, NOON, "h202611")


def test_ed25519_signs_beside_rsa_only_where_it_is_switched_on(store: Store) -> None:
    with store.write() as connection:
        second = life.generate(connection, KEYS, DOMAIN, Algorithm.ED25519, NOON)
        assert life.begin_signing(connection, second, NOON) is None, "it takes nobody's place"
        found = find_sending_domain(connection, DOMAIN)
        records = {key.name: key.record for key in keys_of(connection, DOMAIN)}
    assert found is not None
    assert found.selector == "h202611"
    assert [key.algorithm for key in signer(store).keys] == ["rsa-sha256"]
    with store.write() as connection:
        sign_twice(connection, DOMAIN, on=True)
    both = signer(store)
    assert [key.algorithm for key in both.keys] == ["rsa-sha256", "ed25519-sha256"]
    signed = both.sign(PLAIN, NOON)
    for index in range(2):
        verifier = dkim.DKIM(signed)

        def record(name: bytes, timeout: int = 5) -> bytes:
            return records[name.decode().rstrip(".")].encode()

        assert verifier.verify(idx=index, dnsfunc=record)


def test_a_key_from_before_gets_a_life_of_its_own(world: World) -> None:
    """A domain that came into the store with a sealed key only, as the sandbox's."""
    from data.secrets import put_secret

    pair = life.make(Algorithm.RSA)
    with world.store.write() as connection:
        put_secret(connection, KEYS, secret_name(DOMAIN, "s1"), pair.private, NOON)
        known = life.current(connection, KEYS, DOMAIN)
        again = life.current(connection, KEYS, DOMAIN)
    assert known is not None
    assert again is not None
    assert (known.record, known.state, again.selector) == (pair.record, KeyState.SIGNING, "s1")
