"""Mail comes in by real SMTP, is on disk before the 250, and nothing is relayed."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sender.returns.inbound import Receiving, listen
from sender.returns.intake import waiting

pytestmark = pytest.mark.sockets
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MAIL = b"From: mailer-daemon@a.example\r\nSubject: undeliverable\r\n\r\n.. dots\r\n"


@contextmanager
def listening(folder: Path) -> Iterator[int]:
    """The server in a thread of its own; gives its port."""
    loop = asyncio.new_event_loop()
    handler = Receiving(folder, lambda address: address.endswith("@bounce.example"), lambda: NOON)
    server = loop.run_until_complete(listen(handler, "127.0.0.1", 0, "mail.example"))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def talking(folder: Path) -> Iterator[smtplib.SMTP]:
    """A client of the server."""
    with listening(folder) as port, smtplib.SMTP("127.0.0.1", port) as client:
        yield client


def test_a_bounce_is_on_disk_when_its_sender_is_told_so(tmp_path: Path) -> None:
    with talking(tmp_path) as client:
        client.sendmail("", ["b-x@bounce.example"], MAIL)

        (item,) = waiting(tmp_path)

    assert (item.envelope_to, item.read()) == ("b-x@bounce.example", MAIL)


def test_nothing_is_relayed(tmp_path: Path) -> None:
    with talking(tmp_path) as client, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.sendmail("", ["somebody@elsewhere.example"], MAIL)

    assert refused.value.recipients["somebody@elsewhere.example"][0] == 550
    assert list(waiting(tmp_path)) == []


def test_what_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with talking(tmp_path) as client, pytest.raises(smtplib.SMTPSenderRefused) as refused:
        client.sendmail("", ["b-x@bounce.example"], b"x" * 10_000_001)

    assert refused.value.smtp_code == 552


def test_a_disk_that_cannot_take_it_defers_the_mail(tmp_path: Path) -> None:
    """The other side keeps it and tries again: nothing is lost."""
    (tmp_path / "intake").write_text("a file where the folder should be")

    with talking(tmp_path / "intake") as client, pytest.raises(smtplib.SMTPDataError) as deferred:
        client.sendmail("", ["b-x@bounce.example"], MAIL)

    assert deferred.value.smtp_code == 451
