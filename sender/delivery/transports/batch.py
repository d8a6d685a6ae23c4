"""Several messages in one call, for a provider that takes a list in which each may differ in full.

A message joins a call only after it is on disk that it is being sent, so whatever is lost with the call is
`unknown`: as many messages as were in it, and never more than there are connections of the server's lanes.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sender.delivery.http.channel import Channel
from sender.delivery.http.client import ApiClient
from sender.delivery.http.meaning import outcome_of, outcome_of_lost
from sender.delivery.http.message import Reply, Request
from sender.delivery.outcome import Outcome, Phase, refused
from sender.delivery.providers import Provider
from sender.delivery.smtp.transaction import Mail, Ready
from sender.delivery.transports.api import ApiTransport, Dialect, impossible

LINGER_SECONDS = 0.02
"""A call waits so long for company."""


class BatchDialect(Dialect, Protocol):
    def send_many(self, mails: Sequence[Mail]) -> Request:
        """The call that hands all of these over."""
        ...

    def split(self, reply: Reply, count: int) -> Sequence[Reply]:
        """The answer for each of them, in their order; a refusal of the whole call is everybody's."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message in a call that is being filled, and who waits for its outcome."""

    mail: Mail
    outcome: "asyncio.Future[Outcome]"


class BatchTransport(ApiTransport):
    """One provider's account, with up to `most` messages a call."""

    def __init__(self, dialect: BatchDialect, client: ApiClient, connections: int, most: int) -> None:
        super().__init__(dialect, client, connections)
        self._batches = dialect
        self._most = most
        self._filling: list[Waiting] = []
        self._calls: set[asyncio.Task[None]] = set()

    async def deliver(self, mail: Mail, provider: Provider, ready: Ready) -> Outcome | None:  # noqa: ARG002
        if fault := impossible(self.can, mail, self._host):
            return fault
        try:
            self._batches.send(mail)  # one that cannot be made must not spoil the others' call
        except ValueError as fault:
            return refused(Phase.CALL, str(fault), enhanced="5.6.0", host=self._host)
        channel = await self._client.channel()
        if isinstance(channel, Outcome):
            return channel
        self._client.give_back(channel)
        if not await ready():
            return None
        return await self._joined(mail)

    async def _joined(self, mail: Mail) -> Outcome:
        loop = asyncio.get_running_loop()
        waiting = Waiting(mail, loop.create_future())
        self._filling.append(waiting)
        if len(self._filling) == 1:
            loop.call_later(LINGER_SECONDS, self._leave, waiting)
        if len(self._filling) >= self._most:
            self._leave(waiting)
        return await waiting.outcome

    def _leave(self, waiting: Waiting) -> None:
        """The call goes, unless it has gone already."""
        if waiting not in self._filling:
            return
        batch, self._filling = self._filling, []
        task = asyncio.get_running_loop().create_task(self._call_for(batch))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _call_for(self, batch: Sequence[Waiting]) -> None:
        """Whoever was stopped meanwhile is left out; a fault of ours is told to everybody who waits."""
        batch = [each for each in batch if not each.outcome.done()]
        try:
            outcomes = await self._outcomes(batch) if batch else ()
        except Exception as fault:
            for waiting in batch:
                waiting.outcome.set_exception(fault)
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if not waiting.outcome.done():
                waiting.outcome.set_result(outcome)

    async def _outcomes(self, batch: Sequence[Waiting]) -> Sequence[Outcome]:
        async with self._free:
            channel = await self._client.channel()
            if isinstance(channel, Outcome):
                return [channel] * len(batch)
            return await self._answers(channel, batch)

    async def _answers(self, channel: Channel, batch: Sequence[Waiting]) -> Sequence[Outcome]:
        request = self._batches.send_many([each.mail for each in batch])
        reply = await self._client.call(channel, request)
        if not isinstance(reply, Reply):
            return [outcome_of_lost(reply, self._host)] * len(batch)
        return [
            outcome_of(self._batches.judge(each), each, self._batches.said(each), self._host, channel.tls)
            for each in self._batches.split(reply, len(batch))
        ]

    async def close(self) -> None:
        if self._calls:
            await asyncio.wait(self._calls, timeout=2)
        await super().close()
