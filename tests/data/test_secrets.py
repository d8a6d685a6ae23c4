"""Secrets stay readable for us and for nobody else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from data.migrate import migrate
from data.secrets import (
    KeyFileError,
    Keys,
    UnsealError,
    create_keys,
    forget_secret,
    get_or_make_secret,
    get_secret,
    open_keys,
    put_secret,
    reseal_all,
    secret_names,
)
from data.store import Store, open_store, sqlite_url
from data.tables import secret

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(sqlite_url(tmp_path / "homing.db"))
    migrate(opened)
    yield opened
    opened.close()


def test_a_secret_comes_back_and_its_bytes_are_not_in_the_store(store: Store, tmp_path: Path) -> None:
    keys = create_keys(tmp_path / "key")
    with store.write() as connection:
        put_secret(connection, keys, "smtp/relay", b"first", NOW)
        put_secret(connection, keys, "smtp/relay", b"correct horse battery", NOW)
    with store.read() as connection:
        assert get_secret(connection, keys, "smtp/relay") == b"correct horse battery"
        assert secret_names(connection) == ["smtp/relay"]
    store.close()
    assert all(b"correct horse" not in file.read_bytes() for file in tmp_path.glob("homing.db*"))


def test_a_secret_that_was_moved_to_another_name_is_refused(store: Store, tmp_path: Path) -> None:
    """Whoever can write to the store must not be able to swap two secrets."""
    keys = create_keys(tmp_path / "key")
    with store.write() as connection:
        put_secret(connection, keys, "a", b"of a", NOW)
        put_secret(connection, keys, "b", b"of b", NOW)
        sealed = connection.scalar(select(secret.c.sealed).where(secret.c.name == "a"))
        connection.execute(update(secret).where(secret.c.name == "b").values(sealed=sealed))
        with pytest.raises(UnsealError, match="'b' in the store was changed"):
            get_secret(connection, keys, "b")


def test_an_old_key_still_opens_until_everything_is_sealed_anew(store: Store, tmp_path: Path) -> None:
    old = create_keys(tmp_path / "old")
    new = create_keys(tmp_path / "new")
    both = Keys((*new.raw, *old.raw))
    with store.write() as connection:
        put_secret(connection, old, "a", b"value", NOW)
        with pytest.raises(UnsealError, match="not in the key file"):
            get_secret(connection, new, "a")
        assert get_secret(connection, both, "a") == b"value"
        assert reseal_all(connection, both) == 1
        assert get_secret(connection, new, "a") == b"value"


def test_a_secret_is_made_once(store: Store, tmp_path: Path) -> None:
    keys = create_keys(tmp_path / "key")
    with store.write() as connection:
        assert get_or_make_secret(connection, keys, "t", lambda: b"one", NOW) == b"one"
        assert get_or_make_secret(connection, keys, "t", lambda: b"two", NOW) == b"one"
        assert forget_secret(connection, "t")
        assert get_secret(connection, keys, "t") is None


def test_the_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keys = create_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert open_keys(path).raw == keys.raw
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match=r"mode 0640\). Run: chmod 600"):
        open_keys(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"c2hvcnQ=\n", "not a base64 key of 32 bytes"),
        (b"***\n", "not a base64 key of 32 bytes"),
    ],
)
def test_a_file_that_is_no_key_gets_its_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=sentence):
        open_keys(path)


def test_a_missing_key_file_gets_its_sentence(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="cannot be read: No such file"):
        open_keys(tmp_path / "none")


def test_keys_are_not_printed(tmp_path: Path) -> None:
    keys = create_keys(tmp_path / "key")
    assert repr(keys) == "Keys()"
