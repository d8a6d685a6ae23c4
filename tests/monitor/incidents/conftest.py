"""An instance with two channels, and one target whose looks are told to it."""

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
