"""A provider that accepts first and finds nobody sends a real report (RFC 3464) to the return path."""

import asyncio
import email
import email.policy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.smtp import SMTP

from data.store import open_store, sqlite_url
from monitor.sandbox import complaints
from monitor.sandbox.bounces import report
from monitor.sandbox.filing import Delivered
from monitor.sandbox.returning import Returning, Way
from sender.returns.intake import waiting
from sender.tokens import Tokens
from sender.web.app import create_app
from sender.web.settings import Settings
from tests.fakes.asgi import served_app
from tests.fakes.background import Background, background
from tests.sandbox.correspondence import NOW, RETURN_PATH
from tests.sandbox.test_people import delivered


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


@pytest.mark.parametrize(("key", "status"), [("proton", "5.1.1"), ("corp", "5.1.10")])
def test_a_report_says_who_and_why(key: str, status: str) -> None:
    bounce = parsed(report(delivered(f"returned.lee@{key}.test"), NOW))
    text, machine, headers = bounce.iter_parts()

    assert bounce.get_content_type() == "multipart/report"
    assert bounce.get_param("report-type") == "delivery-status"
    assert bounce["To"] == RETURN_PATH
    assert f"returned.lee@{key}.test" in text.get_content()
    about_message, about_recipient = cast("list[Message]", machine.get_payload())
    assert about_message["Reporting-MTA"] == f"dns; mx.{key}.test"
    assert about_recipient["Action"] == "failed"
    assert about_recipient["Status"] == status
    assert about_recipient["Final-Recipient"] == f"rfc822; returned.lee@{key}.test"
    assert "Message-ID: <1@harbour.test>" in headers.get_content()


def test_a_complaint_tells_of_the_message_and_not_of_the_reader() -> None:
    """RFC 5965 with the address redacted, as large providers do: only tokens lead back."""
    raw = complaints.report(delivered("ann@yahoo.test"), NOW)
    complaint = parsed(raw)
    _, feedback, original = complaint.iter_parts()

    assert complaint.get_param("report-type") == "feedback-report"
    assert feedback.get_content_type() == "message/feedback-report"
    assert "Feedback-Type: abuse" in feedback.as_string()
    assert original.get_content()["Message-ID"] == "<1@harbour.test>"
    assert b"ann@yahoo.test" not in raw


@pytest.mark.parametrize("make", [report, complaints.report])
def test_a_report_is_clean_on_the_wire(make: Callable[[Delivered, datetime], bytes]) -> None:
    raw = make(delivered("returned.lee@proton.test"), NOW)

    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) < 998


class Letterbox:
    """Takes mail in; refuses the first so many attempts, as a server that is being restarted."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.took: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusals:
            self.refusals -= 1
            return "451 4.3.2 not now"
        self.took.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"


@contextmanager
def letterbox(behind: Background, refusals: int = 0) -> Iterator[tuple[Letterbox, tuple[str, int]]]:
    box = Letterbox(refusals)

    async def listen() -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(lambda: SMTP(box), "127.0.0.1", 0)

    server = behind.do(listen())
    yield box, ("127.0.0.1", server.sockets[0].getsockname()[1])
    behind.loop.call_soon_threadsafe(server.close)


@pytest.mark.sockets
def test_it_comes_by_smtp_with_an_empty_sender_and_again_if_refused() -> None:
    """RFC 5321 section 4.5.5: a bounce must never bounce."""
    with background() as behind, letterbox(behind, refusals=2) as (box, place):
        returning = Returning(Way(place, ("127.0.0.1", 1)), now=lambda: NOW, speed=1e6)
        assert behind.do(returning.bounce(delivered("returned.lee@proton.test"), after=20))

    ((mail_from, rcpts, content),) = box.took
    assert (mail_from, rcpts) == ("<>", [RETURN_PATH])
    assert parsed(content).get_content_type() == "multipart/report"


@pytest.mark.sockets
def test_it_comes_by_the_hook_from_the_one_provider_that_posts(tmp_path: Path) -> None:
    """To the product's own web application, which asks for the token and keeps it with its envelope."""
    intake = tmp_path / "intake"
    settings = Settings(tmp_path / "spool", intake, hook_token="t0ken")
    store = open_store(sqlite_url(tmp_path / "homing.db"))
    app = create_app(store, Tokens([b"k" * 32]), settings, lambda: NOW)
    with served_app(app) as port, background() as behind:
        for token, taken in (("another", False), ("t0ken", True)):
            way = Way(("127.0.0.1", 1), ("127.0.0.1", port), token)
            returning = Returning(way, now=lambda: NOW, speed=1e6)
            assert behind.do(returning.bounce(delivered("returned.lee@corp.test"), after=20)) is taken
    store.close()

    (item,) = waiting(intake)
    assert item.envelope_to == RETURN_PATH
    assert b"Status: 5.1.10" in item.read()


@pytest.mark.sockets
def test_when_nobody_takes_it_the_provider_gives_up() -> None:
    with background() as behind:
        returning = Returning(Way(("127.0.0.1", 1), ("127.0.0.1", 1)), now=lambda: NOW, speed=1e6)

        assert not behind.do(returning.bounce(delivered("returned.lee@proton.test"), after=1))
