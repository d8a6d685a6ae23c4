"""Opening and closing a session: greeting, EHLO, STARTTLS, AUTH. All of it speaks of the server only."""

import base64
from dataclasses import dataclass, field

from checks.model import Again
from sender.delivery.outcome import Outcome, Phase, Result, deferred
from sender.delivery.smtp.capabilities import Capabilities, capabilities
from sender.delivery.smtp.line import Answers, Line

_NO_EHLO = (500, 502, 504, 550)


@dataclass(frozen=True, slots=True)
class Login:
    """The credentials of a submission server; sent only over verified TLS."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Security:
    """What to do with STARTTLS: `use` it if offered, `require` it, `verify` the certificate."""

    use: bool = True
    require: bool = False
    verify: bool = False


@dataclass(slots=True)
class Session:
    """An open, greeted connection; `open` is False once it can take no further message."""

    line: Line
    host: str
    can: Capabilities
    open: bool = True
    unfinished: bool = False
    """A transaction was begun and not ended: RSET goes before the next one."""
    messages: int = 0


async def greet(
    line: Line, host: str, helo: str, security: Security, login: Login | None = None
) -> Session | Outcome:
    """From the greeting to the point where mail can be sent; the outcome says what was in the way."""
    answers = await line.ask(b"", 1, Phase.GREETING)
    if fault := _fault(answers, Phase.GREETING, host, {220}):
        return fault
    session = await _ehlo(line, host, helo)
    if isinstance(session, Outcome):
        return session
    if not line.tls and security.use and (session.can.starttls or security.require):
        if fault := await _starttls(session, security):
            return fault
        session = await _ehlo(line, host, helo)
    if login and isinstance(session, Session) and (fault := await _log_in(session, login)):
        return fault
    return session


async def _ehlo(line: Line, host: str, helo: str) -> Session | Outcome:
    answers = await line.ask(f"EHLO {helo}\r\n".encode(), 1, Phase.EHLO)
    if not answers.lost and answers.replies[0].code in _NO_EHLO:
        answers = await line.ask(f"HELO {helo}\r\n".encode(), 1, Phase.EHLO)
        can = Capabilities()
    else:
        can = capabilities(answers.replies[0]) if answers.replies else Capabilities()
    return _fault(answers, Phase.EHLO, host, {250}) or Session(line, host, can)


async def _starttls(session: Session, security: Security) -> Outcome | None:
    if not session.can.starttls:
        return deferred(Phase.STARTTLS, "TLS is required and the server does not offer it", host=session.host)
    answers = await session.line.ask(b"STARTTLS\r\n", 1, Phase.STARTTLS)
    if fault := _fault(answers, Phase.STARTTLS, session.host, {220}):
        return fault
    if why := await session.line.upgrade(session.host, verify=security.verify):
        return deferred(Phase.STARTTLS, f"TLS could not be agreed: {why}", host=session.host)
    return None


async def _log_in(session: Session, login: Login) -> Outcome | None:
    if not session.line.verified:
        return deferred(
            Phase.AUTH, "the password is only sent over TLS with a verified certificate", host=session.host
        )
    if "PLAIN" in session.can.auth:
        token = base64.b64encode(f"\0{login.user}\0{login.password}".encode())
        answers = await session.line.ask(b"AUTH PLAIN " + token + b"\r\n", 1, Phase.AUTH)
    elif "LOGIN" in session.can.auth:
        answers = await _auth_login(session.line, login)
    else:
        return deferred(Phase.AUTH, "the server takes neither AUTH PLAIN nor AUTH LOGIN", host=session.host)
    return _fault(answers, Phase.AUTH, session.host, {235})


async def _auth_login(line: Line, login: Login) -> Answers:
    answers = await line.ask(b"AUTH LOGIN\r\n", 1, Phase.AUTH)
    for word in (login.user, login.password):
        if answers.lost or answers.replies[0].code != 334:
            return answers
        answers = await line.ask(base64.b64encode(word.encode()) + b"\r\n", 1, Phase.AUTH)
    return answers


async def farewell(session: Session) -> None:
    """QUIT, whatever is answered, and hang up."""
    if session.open:
        session.open = False
        await session.line.ask(b"QUIT\r\n", 1, Phase.QUIT)
    session.line.close()


def _fault(answers: Answers, phase: Phase, host: str, wanted: set[int]) -> Outcome | None:
    """Before MAIL a 5xx speaks of the connection, not of the message: it is worth a later try."""
    if not answers.replies:
        return deferred(phase, answers.lost, host=host)
    reply = answers.replies[0]
    if reply.code in wanted:
        return None
    return Outcome(Result.DEFERRED, phase, Again.LATER, reply.code, reply.enhanced, reply.text, host)
