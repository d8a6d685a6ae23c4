"""SMTP dialogues as text: `S:` is what the server says, `C:` what the client must say in one go.

`S: -` is a server that hangs up. The line under the dialogue remembers everything and has no socket.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from sender.delivery.outcome import Outcome, Phase, Result
from sender.delivery.smtp.line import Answers
from sender.delivery.smtp.replies import ReplyParser
from sender.delivery.smtp.session import Login, Security, Session, farewell, greet
from sender.delivery.smtp.transaction import Mail, deliver

MAIL = Mail("b+1@r.example.com", "ann@example.net", b"Subject: x\r\n\r\n.hidden\r\nend\r\n")
PIPELINED = """
S: 220 mx.example.net ESMTP
C: EHLO out.example.com
S: 250-mx.example.net
S: 250-PIPELINING
S: 250 SIZE 1000
"""
PLAIN = """
S: 220 mx.example.net ESMTP
C: EHLO out.example.com
S: 250 mx.example.net
"""
BODY = "C: Subject: x||..hidden|end|."


class Script:
    """A `Line` that says what a dialogue says and fails when the client says something else."""

    tls = ""
    verified = False

    def __init__(self, dialogue: str, *, certificate: str = "", sends_in_clear: bool = True) -> None:
        self._turns = [turn.strip() for turn in dialogue.splitlines() if turn.strip()]
        self._certificate = certificate
        self.closed = False

    @property
    def usable(self) -> bool:
        return not self.closed

    def close(self) -> None:
        self.closed = True

    async def ask(self, send: bytes, replies: int, phase: Phase) -> Answers:
        if send:
            said = send.decode().removesuffix("\r\n").replace("\r\n", "|")
            assert self._turns.pop(0) == f"C: {said}"
        parser, taken = ReplyParser(), list(ReplyParser().feed(b""))
        while len(taken) < replies:
            turn = self._turns.pop(0)
            if turn == "S: -":
                return Answers(tuple(taken), "the server closed the connection")
            taken += parser.feed(turn.removeprefix("S: ").encode() + b"\r\n")
        return Answers(tuple(taken))

    async def upgrade(self, server: str, *, verify: bool) -> str:
        if verify and self._certificate:
            return self._certificate
        self.tls, self.verified = "TLSv1.3", verify
        return ""

    @property
    def finished(self) -> bool:
        return not self._turns


def run(
    dialogue: str,
    *messages: Mail,
    ready: bool = True,
    security: Security | None = None,
    login: Login | None = None,
    line: Script | None = None,
) -> list[Outcome | None]:
    script = line or Script(dialogue)

    async def talk() -> list[Outcome | None]:
        session = await greet(script, "mx.example.net", "out.example.com", security or Security(), login)
        if isinstance(session, Outcome):
            return [session]
        return [await deliver(session, mail, _answer(ready)) for mail in messages]

    outcomes = asyncio.run(talk())
    assert script.finished, "the client did not follow the dialogue to its end"
    return outcomes


def _answer(value: bool) -> Callable[[], Awaitable[bool]]:
    async def ready() -> bool:
        return value

    return ready


def test_a_message_goes_out_with_its_envelope_in_one_go_and_its_dots_doubled() -> None:
    """RFC 2920: MAIL, RCPT and DATA may travel together; RFC 5321 section 4.5.2: dots."""
    [outcome] = run(
        PIPELINED
        + f"""
        C: MAIL FROM:<b+1@r.example.com> SIZE={len(MAIL.message)}|RCPT TO:<ann@example.net>|DATA
        S: 250 2.1.0 ok
        S: 250 2.1.5 ok
        S: 354 go on
        {BODY}
        S: 250 2.0.0 queued as 4F1
        """,
        MAIL,
    )

    assert outcome
    assert (outcome.result, outcome.phase, outcome.code) == (Result.ACCEPTED, Phase.DOT, 250)
    assert (outcome.enhanced, outcome.text) == ("2.0.0", "2.0.0 queued as 4F1")
    assert outcome.host == "mx.example.net"


def test_a_server_without_pipelining_is_asked_one_thing_at_a_time() -> None:
    [outcome] = run(
        PLAIN
        + f"""
        C: MAIL FROM:<b+1@r.example.com>
        S: 250 ok
        C: RCPT TO:<ann@example.net>
        S: 250 ok
        C: DATA
        S: 354 go on
        {BODY}
        S: 250 ok
        """,
        MAIL,
    )

    assert outcome
    assert outcome.result is Result.ACCEPTED


def test_a_server_from_before_ehlo_is_greeted_with_helo() -> None:
    [outcome] = run(
        f"""
        S: 220 old.example.net
        C: EHLO out.example.com
        S: 502 command not implemented
        C: HELO out.example.com
        S: 250 hello
        C: MAIL FROM:<b+1@r.example.com>
        S: 250 ok
        C: RCPT TO:<ann@example.net>
        S: 250 ok
        C: DATA
        S: 354 go on
        {BODY}
        S: 250 ok
        """,
        MAIL,
    )

    assert outcome
    assert outcome.result is Result.ACCEPTED


def test_a_refused_recipient_does_not_spoil_the_next_message() -> None:
    """The server refuses DATA as well; RSET opens the next transaction."""
    first, second = run(
        PIPELINED
        + f"""
        C: MAIL FROM:<b+1@r.example.com> SIZE={len(MAIL.message)}|RCPT TO:<ann@example.net>|DATA
        S: 250 ok
        S: 550-5.1.1 The email account that you tried to reach
        S: 550 5.1.1 does not exist
        S: 503 5.5.1 RCPT first
        C: RSET|MAIL FROM:<b+1@r.example.com> SIZE={len(MAIL.message)}|RCPT TO:<ann@example.net>|DATA
        S: 250 ok
        S: 250 ok
        S: 250 ok
        S: 354 go on
        {BODY}
        S: 250 ok
        """,
        MAIL,
        MAIL,
    )

    assert first
    assert (first.result, first.phase, first.code, first.enhanced) == (
        Result.REFUSED,
        Phase.RCPT,
        550,
        "5.1.1",
    )
    assert first.text == "5.1.1 The email account that you tried to reach\n5.1.1 does not exist"
    assert second
    assert second.result is Result.ACCEPTED


def test_a_server_that_takes_data_without_a_recipient_gets_a_lone_dot() -> None:
    """RFC 2920 section 3.1: it waits for a message, and must not get ours."""
    [outcome] = run(
        PIPELINED
        + f"""
        C: MAIL FROM:<b+1@r.example.com> SIZE={len(MAIL.message)}|RCPT TO:<ann@example.net>|DATA
        S: 250 ok
        S: 450 4.2.1 try later
        S: 354 go on
        C: .
        S: 554 no valid recipients
        """,
        MAIL,
    )

    assert outcome
    assert (outcome.result, outcome.phase, outcome.code) == (Result.DEFERRED, Phase.RCPT, 450)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("250 ok", Result.ACCEPTED),
        ("451 4.3.0 not now", Result.DEFERRED),
        ("421 4.7.28 unusual rate", Result.DEFERRED),
        ("554 5.7.1 spam", Result.REFUSED),
        ("354 go on", Result.UNKNOWN),
        ("-", Result.UNKNOWN),
    ],
)
def test_only_a_whole_positive_answer_to_the_dot_is_acceptance(answer: str, result: Result) -> None:
    """RFC 1047: between the final dot and its answer both sides hold the message. We say so."""
    [outcome] = run(
        PIPELINED
        + f"""
        C: MAIL FROM:<b+1@r.example.com> SIZE={len(MAIL.message)}|RCPT TO:<ann@example.net>|DATA
        S: 250 ok
        S: 250 ok
        S: 354 go on
        {BODY}
        S: {answer}
        """,
        MAIL,
    )

    assert outcome
    assert (outcome.result, outcome.phase) == (result, Phase.DOT)


def test_a_connection_lost_before_the_dot_is_only_a_delay() -> None:
    [outcome] = run(
        PIPELINED
        + f"""
        C: MAIL FROM:<b+1@r.example.com> SIZE={len(MAIL.message)}|RCPT TO:<ann@example.net>|DATA
        S: 250 ok
        S: -
        """,
        MAIL,
    )

    assert outcome
    assert (outcome.result, outcome.phase, outcome.code) == (Result.DEFERRED, Phase.RCPT, None)
    assert "closed the connection" in outcome.text


def test_nothing_is_handed_over_when_the_ledger_says_no() -> None:
    """Asked before MAIL FROM, so that the connection is as good for the next message as it was."""
    assert run(PIPELINED, MAIL, ready=False) == [None]


@pytest.mark.parametrize("greeting", ["554 5.7.1 blocked using a list", "421 too busy", "-"])
def test_a_refusal_at_the_greeting_is_about_the_connection_and_never_final(greeting: str) -> None:
    """Nobody has spoken of the message yet, so it must not fail for it."""
    [outcome] = run(f"S: {greeting}", MAIL)

    assert outcome
    assert (outcome.result, outcome.phase) == (Result.DEFERRED, Phase.GREETING)
    assert outcome.phase.before_mail


@pytest.mark.parametrize(
    ("mail", "enhanced"),
    [
        (Mail("a@example.com", "jörg@example.net", b"x\r\n"), "5.6.7"),
        (Mail("a@example.com", "b@example.net", "Grüße\r\n".encode()), "5.6.3"),
        (Mail("a@example.com", "b@example.net", b"x" * 1001), "5.3.4"),
        (Mail("a@example.com", "b@example.net>\r\nRCPT TO:<c@example.org", b"x\r\n"), "5.1.3"),
        (Mail("a@example.com> SIZE=1", "b@example.net", b"x\r\n"), "5.1.3"),
    ],
)
def test_what_the_server_cannot_take_is_not_offered_to_it(mail: Mail, enhanced: str) -> None:
    """The last two would smuggle a second command into the envelope (GHSA-v3q9-hj7j-63hq)."""
    [outcome] = run(PIPELINED, mail)

    assert outcome
    assert (outcome.result, outcome.enhanced) == (Result.REFUSED, enhanced)


def test_an_address_beyond_ascii_is_announced() -> None:
    """RFC 6531 section 3.4."""
    mail = Mail("a@example.com", "jörg@example.net", b"x\r\n")
    [outcome] = run(
        """
        S: 220 mx
        C: EHLO out.example.com
        S: 250-mx
        S: 250-8BITMIME
        S: 250 SMTPUTF8
        C: MAIL FROM:<a@example.com> BODY=8BITMIME SMTPUTF8
        S: 250 ok
        C: RCPT TO:<jörg@example.net>
        S: 550 no
        """,
        mail,
    )

    assert outcome
    assert outcome.result is Result.REFUSED


STARTTLS = """
S: 220 mx
C: EHLO out.example.com
S: 250-mx
S: 250-AUTH PLAIN
S: 250 STARTTLS
C: STARTTLS
S: 220 go
"""


def test_after_starttls_the_server_is_asked_again_and_then_trusted_with_the_password() -> None:
    """RFC 3207 section 4.2: what was said in clear is forgotten."""
    outcomes = run(
        STARTTLS
        + """
        C: EHLO out.example.com
        S: 250-mx
        S: 250 AUTH PLAIN LOGIN
        C: AUTH PLAIN AGFubgBzZXNhbWU=
        S: 235 welcome
        """,
        security=Security(require=True, verify=True),
        login=Login("ann", "sesame"),
    )

    assert outcomes == []


def test_auth_login_is_spoken_where_plain_is_not() -> None:
    outcomes = run(
        STARTTLS.replace("AUTH PLAIN", "AUTH LOGIN")
        + """
        C: EHLO out.example.com
        S: 250 AUTH LOGIN
        """.replace("S: 250 AUTH LOGIN", "S: 250-mx\nS: 250 AUTH LOGIN")
        + """
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: YW5u
        S: 334 UGFzc3dvcmQ6
        C: c2VzYW1l
        S: 535 5.7.8 wrong
        """,
        security=Security(require=True, verify=True),
        login=Login("ann", "sesame"),
    )

    assert [(o.phase, o.code) for o in outcomes if o] == [(Phase.AUTH, 535)]


@pytest.mark.parametrize("security", [Security(use=False), Security(verify=False)])
def test_a_password_never_goes_to_a_server_that_was_not_verified(security: Security) -> None:
    """A stripped STARTTLS must not cost the password (parsedmarc's GHSA-3588-2mr7-vrcm)."""
    tail = "" if not security.use else "C: EHLO out.example.com\nS: 250-mx\nS: 250 AUTH PLAIN"
    head = STARTTLS if security.use else STARTTLS.split("C: STARTTLS", maxsplit=1)[0]
    [outcome] = run(head + tail, security=security, login=Login("ann", "sesame"))

    assert outcome
    assert outcome.phase is Phase.AUTH
    assert "verified certificate" in outcome.text


def test_required_tls_that_is_not_offered_ends_the_session() -> None:
    [outcome] = run(PLAIN, MAIL, security=Security(require=True))

    assert outcome
    assert (outcome.result, outcome.phase) == (Result.DEFERRED, Phase.STARTTLS)


def test_a_certificate_that_does_not_hold_ends_the_session() -> None:
    script = Script(STARTTLS, certificate="the certificate does not hold: expired")
    [outcome] = run("", MAIL, security=Security(require=True, verify=True), line=script)

    assert outcome
    assert outcome.text == "TLS could not be agreed: the certificate does not hold: expired"


def test_farewell_says_quit_once_and_hangs_up() -> None:
    script = Script("C: QUIT\nS: -")

    async def talk() -> None:
        from sender.delivery.smtp.capabilities import Capabilities

        session = Session(script, "mx", Capabilities())
        await farewell(session)
        await farewell(session)

    asyncio.run(talk())

    assert script.finished
    assert script.closed
