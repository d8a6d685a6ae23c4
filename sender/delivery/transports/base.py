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
    """VERP: bounces that come by mail come to us."""
    own_message_id: bool = True
    smtputf8: bool = True
    """Addresses with other than ASCII letters before the @."""
    size: int = 0
    """Octets of a message, 0: no limit that is known beforehand."""
    raw: bool = True
    """It takes the message as it is; else it is taken apart, and the provider puts it together again."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at a server showed. `facts` are sentences for a person, the most telling first."""

    outcome: Outcome
    """Accepted if mail could be sent now; else why not."""
    facts: tuple[str, ...] = ()


class Transport(Protocol):
    """Hands one message over and reports. It may be used by many tasks of one event loop at a time."""

    can: Can

    async def deliver(self, mail: Mail, provider: Provider, ready: Ready) -> Outcome | None:
        """`ready` is awaited before the message is out of our hands; None if it said no."""
        ...

    async def probe(self) -> Found:
        """Connect, prove who we are, ask what there is to know, and send nothing."""
        ...

    async def close(self) -> None:
        """Say goodbye on what is idle; nothing is delivered afterwards."""
        ...
