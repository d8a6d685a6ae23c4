"""One person's message, or a part of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sender.content.compile import Source
from sender.content.sample import ADDRESS, part_of, sample


class Shown(StrEnum):
    """What `homing template preview` shows."""

    HTML = "html"
    TEXT = "text"
    EML = "eml"


def shown(source: Source, which: Shown, fields: Mapping[str, str], now: datetime) -> bytes:
    """Raises ValueError with a sentence where no message can be made."""
    message = sample(source, fields, now, fields.get("email", ADDRESS))
    if which is Shown.EML:
        return message
    return part_of(message, "html" if which is Shown.HTML else "plain").encode()
