"""One message over an open session: MAIL, RCPT, DATA, the body and its final dot.

Every answer becomes an `Outcome`; what is lost after the final dot is `unknown`, never guessed.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from checks.model import Again
from sender.delivery.lines import dot_stuffed
from sender.delivery.outcome import Outcome, Phase, Result, deferred, refused, unknown
from sender.delivery.smtp.capabilities import Capabilities
from sender.delivery.smtp.line import Answers, Line
from sender.delivery.smtp.replies import CLOSING, Reply
from sender.delivery.smtp.session import Session

UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")


@dataclass(frozen=True, slots=True)
class Mail:
    """One message with its envelope; `message` is canonical (`lines.canonical`), dots not yet doubled."""

    sender: str
    rcpt: str
    message: bytes
    token: str = ""
    """Stands for the recipient in what a provider reports of the message; SMTP has the return path for it."""


Ready = Callable[[], Awaitable[bool]]
"""Awaited before MAIL FROM, on an open session: True once it is on disk that the message is being sent."""


class NothingSent(asyncio.CancelledError):
    """Cancelled before the body began to leave: the receiver has nothing."""


async def deliver(session: Session, mail: Mail, ready: Ready) -> Outcome | None:
    """Send one message. None: `ready` said no, and nothing was said to the server.

    `ready` is asked before MAIL FROM and not after 354, so that no receiver waits for our disk.
    """
    if fault := _impossible(session, mail):
        return fault
    if not await ready():
        return None
    try:
        answers = await _envelope(session, mail)
        if fault := _envelope_fault(session, answers):
            return await _abandoned(session, answers, fault)
    except asyncio.CancelledError:
        raise NothingSent from None
    final = await session.line.ask(dot_stuffed(mail.message), 1, Phase.DOT)
    session.unfinished = False
    session.messages += 1
    return _verdict(session, final)


def _impossible(session: Session, mail: Mail) -> Outcome | None:
    """What this server cannot take, known before asking it."""
    for address in (mail.sender, mail.rcpt):
        if UNSAFE.search(address):
            return refused(Phase.MAIL, f"not an address: {address!r}", enhanced="5.1.3")
    if not (mail.sender + mail.rcpt).isascii() and not session.can.smtputf8:
        why = "the address needs SMTPUTF8 and the server does not offer it"
        return refused(Phase.MAIL, why, enhanced="5.6.7", host=session.host)
    if not mail.message.isascii() and not session.can.eight_bit:
        why = "the message has eight-bit text and the server does not offer 8BITMIME"
        return refused(Phase.MAIL, why, enhanced="5.6.3", host=session.host)
    if 0 < session.can.size < len(mail.message):
        why = f"the message has {len(mail.message)} octets and the server takes {session.can.size}"
        return refused(Phase.MAIL, why, enhanced="5.3.4", host=session.host)
    return None


def mail_command(can: Capabilities, mail: Mail) -> str:
    """MAIL FROM with the parameters that this server and this message call for."""
    parameters = [f"<{mail.sender}>"]
    if can.announces_size:
        parameters.append(f"SIZE={len(mail.message)}")
    utf8 = not (mail.sender + mail.rcpt).isascii()
    if can.eight_bit and (utf8 or not mail.message.isascii()):
        parameters.append("BODY=8BITMIME")
    if utf8:
        parameters.append("SMTPUTF8")
    return "MAIL FROM:" + " ".join(parameters)


async def _envelope(session: Session, mail: Mail) -> list[tuple[Phase, Reply | str]]:
    """MAIL, RCPT, DATA with their replies; a str is why there is none. In one go where RFC 2920 allows."""
    commands = [(Phase.MAIL, mail_command(session.can, mail)), (Phase.RCPT, f"RCPT TO:<{mail.rcpt}>")]
    commands.append((Phase.DATA, "DATA"))
    if session.unfinished:
        commands.insert(0, (Phase.MAIL, "RSET"))
    session.unfinished = True
    if not session.can.pipelining:
        return await _one_by_one(session.line, commands)
    send = "".join(f"{command}\r\n" for _, command in commands).encode()
    answers = await session.line.ask(send, len(commands), Phase.MAIL)
    padded: list[Reply | str] = [*answers.replies, *[answers.lost] * len(commands)]
    return [(phase, reply) for (phase, _), reply in zip(commands, padded, strict=False)]


async def _one_by_one(line: Line, commands: list[tuple[Phase, str]]) -> list[tuple[Phase, Reply | str]]:
    done: list[tuple[Phase, Reply | str]] = []
    for phase, command in commands:
        answers = await line.ask(f"{command}\r\n".encode(), 1, phase)
        done.append((phase, answers.replies[0] if answers.replies else answers.lost))
        if answers.lost or answers.replies[0].kind not in (2, 3):
            break
    return done


def _envelope_fault(session: Session, answers: list[tuple[Phase, Reply | str]]) -> Outcome | None:
    """The first reply that was not the hoped-for one; those after it only echo it."""
    for phase, reply in answers:
        if isinstance(reply, str):
            session.open = False
            return deferred(phase, reply, host=session.host)
        if reply.kind != (3 if phase is Phase.DATA else 2):
            return _said(session, reply, phase)
    return None


async def _abandoned(session: Session, answers: list[tuple[Phase, Reply | str]], fault: Outcome) -> Outcome:
    """A server that took DATA although it took no recipient waits for a dot (RFC 2920 section 3.1)."""
    last = answers[-1][1]
    if session.open and isinstance(last, Reply) and answers[-1][0] is Phase.DATA and last.kind == 3:
        rest = await session.line.ask(b".\r\n", 1, Phase.DATA)
        session.open = not rest.lost
    return fault


def _verdict(session: Session, answers: Answers) -> Outcome:
    """What the answer to the final dot means; only a whole 2xx is acceptance."""
    if not answers.replies:
        session.open = False
        return unknown(Phase.DOT, answers.lost, host=session.host)
    reply = answers.replies[0]
    if reply.kind == 3:
        session.open = False
        return unknown(Phase.DOT, f"{reply.code} in answer to the final dot", host=session.host)
    return _said(session, reply, Phase.DOT)


RESULTS = {
    2: (Result.ACCEPTED, Again.NEVER),
    4: (Result.DEFERRED, Again.LATER),
    5: (Result.REFUSED, Again.NEVER),
}


def _said(session: Session, reply: Reply, phase: Phase) -> Outcome:
    if reply.code == CLOSING or reply.kind == 3:
        session.open = False
    result, again = RESULTS.get(reply.kind, (Result.DEFERRED, Again.LATER))
    if result is Result.ACCEPTED and phase is not Phase.DOT:  # DATA answered with 250: nonsense
        session.open = False
        result, again = Result.DEFERRED, Again.LATER
    return Outcome(
        result, phase, again, reply.code, reply.enhanced, reply.text, session.host, session.line.tls
    )
