"""An instance with two channels, and one target whose looks are told to it."""

from dataclasses import replace

import pytest

from checks.model import Target
from data.targets import Origin, save
from monitor.config import Config
from monitor.config.schema import FileChannel
from tests.monitor.conftest import NOON, StillApp

DOMAIN = "example.com"


@pytest.fixture
def config() -> Config:
    return Config(channels=(FileChannel(name="one", kind="file"), FileChannel(name="two", kind="file")))


@pytest.fixture
def target_id(app: StillApp) -> int:
    with app.store.write() as connection:
        return save(connection, Target(DOMAIN), Origin.STORE, NOON)


@pytest.fixture
def one_channel(app: StillApp) -> StillApp:
    """The same with one channel, so that each notice counts once."""
    one = Config(channels=(FileChannel(name="one", kind="file"),))
    return replace(app, config=one)
