"""The port under the dialogues: a connection to one server that returns what happened and never raises."""

from dataclasses import dataclass
from typing import Protocol

from sender.delivery.outcome import Phase
from sender.delivery.smtp.replies import Reply


@dataclass(frozen=True, slots=True)
class Answers:
    """The replies that came, and why no more will come ("" if the line is still good)."""

    replies: tuple[Reply, ...]
    lost: str = ""


class Line(Protocol):
    """A connection to one server. It returns what happened and never raises."""

    async def ask(self, send: bytes, replies: int, phase: Phase) -> Answers:
        """Send these bytes and wait for so many replies, within the phase's time."""
        ...

    async def upgrade(self, server: str, *, verify: bool) -> str:
        """Turn to TLS, forgetting whatever was received in clear; "" or why that failed."""
        ...

    @property
    def tls(self) -> str:
        """The TLS version ("TLSv1.3"), "" in clear."""
        ...

    @property
    def verified(self) -> bool:
        """The certificate was checked against the server's name."""
        ...

    @property
    def usable(self) -> bool:
        """Nothing was said and nothing happened since the last answer."""
        ...

    def close(self) -> None:
        """Hang up at once; what was not yet sent is not sent."""
        ...
