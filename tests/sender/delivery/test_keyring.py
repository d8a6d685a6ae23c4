"""Which key signs for a domain: that of its current selector, and none for a domain without one."""

import os

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from data.secrets import Keys, put_secret
from data.sending_domains import save_sending_domain
from data.store import Store
from sender.delivery.keyring import KEEP_SECONDS, Keyring, secret_name
from tests.fakes.campaign import NOON
from tests.fakes.delivery import WoundClock

KEYS = Keys((os.urandom(32),))


def add_key(store: Store, selector: str) -> None:
    pem = ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with store.write() as connection:
        put_secret(connection, KEYS, secret_name("brand.test", selector), pem, NOON)
        save_sending_domain(
            connection,
            "brand.test",
            NOON,
            selector=selector,
            return_path_domain="rp.brand.test",
            tracking_url="https://t.brand.test",
        )


def test_a_domain_signs_with_its_current_selector(store: Store) -> None:
    """After a rotation the running worker follows, without a restart."""
    clock = WoundClock()
    keyring = Keyring(store, KEYS, clock)
    assert keyring("brand.test") is None

    add_key(store, "s1")
    clock.wind(KEEP_SECONDS + 1)
    first = keyring("brand.test")
    assert first is not None
    assert [key.selector for key in first.keys] == ["s1"]
    assert keyring("brand.test") is first, "looked up once a minute, not once a message"

    add_key(store, "s2")
    clock.wind(KEEP_SECONDS + 1)
    second = keyring("brand.test")
    assert second is not None
    assert [key.selector for key in second.keys] == ["s2"]


def test_a_private_key_is_never_shown(store: Store) -> None:
    add_key(store, "s1")
    keyring = Keyring(store, KEYS, WoundClock())
    keyring("brand.test")

    assert "Key" not in repr(keyring).replace("Keyring", "")
