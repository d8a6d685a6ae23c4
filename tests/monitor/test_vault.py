"""The key is made once, and never silently made anew."""

import pytest

from data.migrate import migrate
from data.secrets import put_secret
from data.store import open_store
from monitor.home import Home, prepare
from monitor.problem import Problem
from monitor.vault import open_tokens, open_vault
from sender.tokens import Purpose
from tests.monitor.conftest import NOON, StillApp


def test_tokens_made_before_a_restart_are_read_after_it(app: StillApp) -> None:
    token = open_tokens(app.store, open_vault(app.home, app.store), NOON).url(Purpose.OPEN, 7)

    again = open_tokens(app.store, open_vault(app.home, app.store), NOON)

    assert again.read_url(Purpose.OPEN, token) == (7,)


def test_a_lost_key_file_is_said_and_no_new_one_takes_its_place(app: StillApp) -> None:
    with app.store.write() as connection:
        put_secret(connection, app.keys, "tokens", b"x", NOON)
    app.home.key_file.unlink()

    with pytest.raises(Problem, match=r"The key file .* is missing, and the store holds secrets"):
        open_vault(app.home, app.store)

    assert not app.home.key_file.exists()


def test_a_key_file_that_others_can_read_is_refused(app: StillApp) -> None:
    assert app.keys.raw
    app.home.key_file.chmod(0o644)

    with pytest.raises(Problem, match="Run: chmod 600"):
        open_vault(app.home, app.store)


def test_secrets_of_another_key_are_said(app: StillApp, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert app.keys.raw
    other = prepare(Home(tmp_path_factory.mktemp("other")))
    store = open_store(other.store_url)
    migrate(store)
    with app.store.write() as connection:
        put_secret(connection, open_vault(other, store), "tokens", b"x", NOON)
    store.close()

    with pytest.raises(Problem, match="sealed with a key that is not in the key file"):
        open_tokens(app.store, app.keys, NOON)
