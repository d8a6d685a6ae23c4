"""The ways to be told. To add one: its file, its settings in the configuration's schema, one line here."""

from collections.abc import Callable, Mapping
from typing import Any

from monitor.channels import apprise, file, webhook
from monitor.channels.contract import ARRIVED, Channel, Notice, Told
from monitor.config import Config
from monitor.home import Home
from monitor.senses import Senses

__all__ = ["ARRIVED", "CHANNELS", "Channel", "Notice", "Told", "open_channels"]

CHANNELS: Mapping[str, Callable[[Any, Home, Senses], Channel]] = {
    "apprise": apprise.open_channel,
    "file": file.open_channel,
    "webhook": webhook.open_channel,
}
"""kind -> makes the channel from its settings"""


def open_channels(config: Config, home: Home, senses: Senses) -> Mapping[str, Channel]:
    """The configured channels by name."""
    return {settings.name: CHANNELS[settings.kind](settings, home, senses) for settings in config.channels}
