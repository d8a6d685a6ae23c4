"""A way out that leads nowhere: accepts, or says no in the providers' words as often as it is told to.

For rehearsals and tests: nothing leaves the machine.
"""

import asyncio
from dataclasses import dataclass
from random import Random

from sender.delivery.outcome import Outcome, Phase, deferred, unknown
from sender.delivery.providers import Provider
from sender.delivery.smtp.replies import Reply
from sender.delivery.smtp.transaction import RESULTS, Mail, Ready
from sender.delivery.transports.base import Can, Found

NO_SUCH_USER: dict[str, str] = {
    "gmail": "5.1.1 The email account that you tried to reach does not exist.",
    "yahoo": "5.1.1 This user doesn't have a yahoo.com account (no.such@yahoo.com)",
    "outlook": "5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
    "icloud": "5.1.1 user does not exist",
    "": "5.1.1 Recipient address rejected: User unknown",
}
TRY_LATER: dict[str, str] = {
    "gmail": "4.7.28 Gmail has detected an unusual rate of mail originating from your IP address.",
    "yahoo": "4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume",
    "outlook": "4.7.650 The mail server has been temporarily rate limited due to IP reputation.",
    "": "4.2.0 Greylisted, please try again later",
}


@dataclass(frozen=True, slots=True)
class Chaos:
    """Shares of all messages, from 0 to 1, and the seconds that each takes. The same seed, the same fate."""

    refuse: float = 0.0
    defer: float = 0.0
    lose: float = 0.0
    """Taken, and the answer lost: `unknown`."""
    drop: float = 0.0
    """The connection breaks before the message is handed over."""
    seconds: float = 0.0
    seed: int = 0


class Sink:
    """Remembers nothing."""

    can = Can()

    def __init__(self, chaos: Chaos | None = None) -> None:
        self._chaos = chaos or Chaos()

    async def deliver(self, mail: Mail, provider: Provider, ready: Ready) -> Outcome | None:
        if self._chaos.seconds:
            await asyncio.sleep(self._chaos.seconds)
        if not await ready():
            return None
        draw = Random(f"{self._chaos.seed}/{mail.rcpt}").random()
        if draw >= 1 - self._chaos.drop:
            return deferred(Phase.RCPT, "the sink hung up", host="sink")
        if draw < self._chaos.refuse:
            return _said(550, _in_words(NO_SUCH_USER, provider), Phase.RCPT)
        if draw < self._chaos.refuse + self._chaos.defer:
            return _said(450, _in_words(TRY_LATER, provider), Phase.RCPT)
        if draw < self._chaos.refuse + self._chaos.defer + self._chaos.lose:
            return unknown(Phase.DOT, "the sink lost its answer", host="sink")
        return _said(250, "2.0.0 taken by the sink", Phase.DOT)

    async def probe(self) -> Found:
        return Found(
            _said(250, "2.0.0 nothing leaves the machine", Phase.EHLO), ("nothing leaves the machine",)
        )

    async def close(self) -> None:
        """Nothing is open."""


def _in_words(words: dict[str, str], provider: Provider) -> str:
    return words.get(provider.key, words[""])


def _said(code: int, text: str, phase: Phase) -> Outcome:
    reply = Reply(code, (text,))
    result, again = RESULTS[reply.kind]
    return Outcome(result, phase, again, code, reply.enhanced, text, "sink")
