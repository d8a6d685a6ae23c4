"""What a transport is: one way out, behind one port."""

from dataclasses import dataclass
from typing import Protocol

from sender.delivery.outcome import Outcome
from sender.delivery.providers import Provider
from sender.delivery.smtp.transaction import Mail, Ready


@dataclass(frozen=True, slots=True)
class Can:
    """What survives the way out. Where a provider replaces something, returns are matched by its metadata."""

    own_dkim: bool = True
    own_return_path: bool = True
    own_message_id: bool = True


class Transport(Protocol):
    """Hands one message over and reports. It may be used by many tasks of one event loop at a time."""

    can: Can

    async def deliver(self, mail: Mail, provider: Provider, ready: Ready) -> Outcome | None:
        """`ready` is awaited once before the message is out of our hands; None if it said no."""
        ...

    async def close(self) -> None:
        """Say goodbye on what is idle; nothing is delivered afterwards."""
        ...
