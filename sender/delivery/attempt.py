"""One attempt: render, sign, may it go, hand over, write down. Whatever happens, the row is settled."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from data.claims import Settlement
from data.recipients import Recipient, Refusal
from sender.delivery.dkim import Signer
from sender.delivery.envelope import Rendered, Renderer, RenderFailed
from sender.delivery.ledger import Ledger, Settled, Stop
from sender.delivery.lines import NotOnTheWire, canonical
from sender.delivery.outcome import Outcome, Phase, Result, deferred, unknown
from sender.delivery.providers import Provider
from sender.delivery.settlement import Classify, Rules, failed, put_back, settled, skipped
from sender.delivery.smtp.transaction import Mail, NothingSent
from sender.delivery.transports.base import Transport

CONTENT = "content"


class Unsigned(Exception):
    """The message's domain has no key here: a fault of the installation, not of the message."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every attempt needs. `signer` gives a domain's signer, None if it has no keys."""

    ledger: Ledger
    renderer: Renderer
    signer: Callable[[str], Signer | None]
    classify: Classify
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Way:
    """Where a lane's messages go."""

    lane_id: int
    provider: Provider
    transport: Transport
    server_id: int
    relay: bool
    """All of the lane's mail goes to one server: if that cannot be reached, no recipient is to blame."""
    since: datetime | None = None
    """Since when the lane is as it was when we claimed; one that slowed down later is not sent to."""


@dataclass(slots=True)
class Attempt:
    """One try for one row; `run` is called once."""

    tools: Tools
    way: Way
    row: Recipient
    rules: Rules
    asked: bool = False
    marked: bool = False
    """On disk as `sending`: from here on a crash leaves an unknown."""
    verdict: Refusal | Stop | None = None
    message_id: str = ""

    async def run(self) -> Outcome | None:
        """None if nothing was tried. Raises `Unsigned` with the row given back."""
        try:
            return await self._run()
        except asyncio.CancelledError as stop:
            self._stopped(nothing_sent=isinstance(stop, NothingSent) or not self.marked)
            raise
        except Unsigned:
            self.tools.ledger.release(self.row)
            raise
        except Exception as fault:  # ours, and of this message only: it waits, the loop lives
            why = f"internal error: {type(fault).__name__}: {fault}"
            outcome = unknown(Phase.DOT, why) if self.marked else deferred(Phase.DATA, why)
            self._settle(outcome)
            return outcome

    async def _run(self) -> Outcome | None:
        mail = self._mail()
        if isinstance(mail, str):
            self._enter(failed(self.row, CONTENT, mail, self.tools.now()))
            return None
        outcome = await self.way.transport.deliver(mail, self.way.provider, self._ready)
        if isinstance(self.verdict, Refusal):
            self._enter(skipped(self.row, self.verdict, self.tools.now()))
            return None
        if self.verdict is Stop.LOST:
            self._enter(put_back(self.row, self.tools.now()))
            return None
        to_blame = outcome is not None and self.way.relay and outcome.phase.before_mail
        if outcome is None or (to_blame and not self.marked):
            self.tools.ledger.release(self.row)
            return outcome
        self._settle(outcome)
        return outcome

    async def _ready(self) -> bool:
        """Asked again after a connection turned out dead, or for the next server: the answer holds."""
        if not self.marked:
            self.asked = True
            self.verdict = await self.tools.ledger.sending(
                self.row, self.message_id, self.way.lane_id, self.way.since
            )
            self.marked = self.verdict is None
        return self.marked

    def _stopped(self, *, nothing_sent: bool) -> None:
        if not self.asked:
            self.tools.ledger.release(self.row)
        elif nothing_sent:
            self._enter(put_back(self.row, self.tools.now()))
        else:
            self._settle(unknown(Phase.DOT, "stopped while waiting for the answer"))

    def _mail(self) -> Mail | str:
        """The signed message, or why there is none."""
        try:
            rendered = self.tools.renderer.render(self.row)
            if isinstance(rendered, RenderFailed):
                return rendered.reason
            self.message_id = rendered.message_id
            return Mail(rendered.envelope_from, rendered.rcpt, self._signed(rendered), rendered.token)
        except NotOnTheWire as fault:
            return f"the message cannot be sent as it is: {fault}"

    def _signed(self, rendered: Rendered) -> bytes:
        if not rendered.signing_domain or not self.way.transport.can.own_dkim:
            return canonical(rendered.message)
        signer = self.tools.signer(rendered.signing_domain)
        if signer is None:
            raise Unsigned(rendered.signing_domain)
        return signer.sign(rendered.message, self.tools.now(), rendered.body_hash)

    def _settle(self, outcome: Outcome) -> None:
        accepted = outcome.result is Result.ACCEPTED
        category = "" if accepted else self.tools.classify(outcome, self.way.provider.key)
        settlement = settled(self.row, outcome, category, self.rules, self.tools.now())
        told = None if accepted else outcome
        self.tools.ledger.settle(Settled(self.row, settlement, self.way.lane_id, told))

    def _enter(self, settlement: Settlement) -> None:
        """Settled without a try."""
        self.tools.ledger.settle(Settled(self.row, settlement, self.way.lane_id))
