"""Small stand-ins at the delivery engine's ports: a renderer, a consent that knows, a clock that is wound."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from checks.ports import Dns
from data.recipients import Recipient, Refusal
from data.store import Store
from sender.delivery.engine import Parts
from sender.delivery.envelope import Rendered, RenderFailed
from tests.fakes.campaign import NOON
from tests.fakes.zone import ZoneDns


@dataclass(frozen=True)
class PlainRenderer:
    """A short message whose Message-ID is made of campaign, contact and step."""

    body: str = "Hello.\r\n"
    signing_domain: str = ""

    def render(self, recipient: Recipient) -> Rendered | RenderFailed:
        message_id = f"{recipient.campaign_id}.{recipient.contact_id}.{recipient.step}@example.com"
        head = f"From: ann@example.com\r\nTo: {recipient.email}\r\nMessage-ID: <{message_id}>\r\n\r\n"
        sender = f"b+{recipient.id}@r.example.com"
        message = (head + self.body).encode()
        return Rendered(message, sender, recipient.email, message_id, self.signing_domain)


@dataclass
class Asked:
    """Refuses whom it is told to; remembers every question."""

    refused: dict[str, Refusal] = field(default_factory=dict)
    questions: list[list[str]] = field(default_factory=list)

    def __call__(self, connection: Connection, recipients: Sequence[Recipient]) -> Mapping[int, Refusal]:
        self.questions.append([row.address for row in recipients])
        return {row.id: self.refused[row.address] for row in recipients if row.address in self.refused}


@dataclass
class WoundClock:
    """Stands still until it is wound."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.wind(seconds)

    def wind(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class RunningClock(WoundClock):
    """Goes on by itself, from noon."""

    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=time.monotonic() - self.began)


def parts(store: Store, **options: Any) -> Parts:
    """An engine's parts, with stand-ins where nothing else is said."""
    dns: Dns = ZoneDns({})
    defaults: dict[str, Any] = {
        "dns": dns,
        "clock": WoundClock(),
        "renderer": PlainRenderer(),
        "consent": Asked(),
        "signer": lambda _domain: None,
    }
    return Parts(store, **(defaults | options))
