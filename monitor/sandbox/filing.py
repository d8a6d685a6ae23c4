"""Where a provider puts what it has accepted, and the trace headers it leaves on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from mailbox import Maildir
from pathlib import Path

from checks.dmarc.align import DmarcResult
from checks.dmarc.record import Disposition
from monitor.sandbox.chance import draw
from monitor.sandbox.judging import Envelope, Judgement
from monitor.sandbox.providers import Provider

INBOX = "INBOX"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that a provider has accepted. `message` is as it came, CRLF line ends."""

    provider: Provider
    envelope: Envelope
    judgement: Judgement
    message: bytes
    queue_id: str
    at: datetime
    folder: str

    @property
    def junk(self) -> bool:
        return self.folder == self.provider.junk


def folder(provider: Provider, judgement: Judgement, message: bytes, rcpt: str, seed: int) -> str:
    """The folder for one recipient's copy."""
    headers = BytesHeaderParser().parsebytes(message)
    failed = judgement.dmarc is DmarcResult.FAIL and judgement.asked is not Disposition.NONE
    if failed or not judgement.authenticated:
        return provider.junk
    if "List-Unsubscribe" not in headers:
        return INBOX
    return provider.junk if draw(seed, "junk", rcpt) < provider.junk_share else provider.bulk


def mailbox_path(root: Path, address: str) -> Path:
    """Where a seed's Maildir lies: `root/gmail.test/seed1`."""
    local, _, domain = address.lower().rpartition("@")
    return root / domain / local


def open_mailbox(path: Path, provider: Provider) -> None:
    """Create a seed's Maildir with the folders that its provider has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for name in _folders(provider):
        _folder(path, name)


def file(root: Path, delivered: Delivered) -> bool:
    """Put the message, with its trace, into the recipient's Maildir; False when there is none."""
    path = mailbox_path(root, delivered.envelope.rcpt)
    if not path.is_dir():
        return False
    _folder(path, delivered.folder).add(traced(delivered))
    return True


def traced(delivered: Delivered) -> bytes:
    """The message with what its receiver puts on top, newest first (RFC 5321 section 4.4)."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in _trace(delivered))
    return lines.encode("utf-8", "replace") + delivered.message


def _trace(delivered: Delivered) -> Iterator[tuple[str, str]]:
    envelope, provider = delivered.envelope, delivered.provider
    stamp = format_datetime(delivered.at)
    yield "Return-Path", f"<{envelope.mail_from}>"
    yield "Delivered-To", envelope.rcpt
    yield "Authentication-Results", delivered.judgement.header(provider.mx)
    yield from _remarks(delivered)
    by = f"by {provider.mx} with ESMTP id {delivered.queue_id}"
    yield "Received", f"from {envelope.helo} ([{envelope.ip}])\r\n\t{by}\r\n\tfor <{envelope.rcpt}>; {stamp}"


def _remarks(delivered: Delivered) -> Iterator[tuple[str, str]]:
    """What some providers tell about their filter's mind."""
    match delivered.provider.key, delivered.junk:
        case "outlook", junk:
            verdict = "SFV:SPM;SCL:5;CAT:SPM" if junk else "SFV:NSPM;SCL:1;CAT:NONE"
            yield "X-Forefront-Antispam-Report", f"CIP:{delivered.envelope.ip};CTRY:;LANG:en;{verdict};"
        case "yahoo", True:
            yield "X-YahooFilteredBulk", delivered.envelope.ip
        case ("web" | "proton") as key, junk:
            status = "Yes, score=6.4" if junk else "No, score=-0.2"
            yield "X-Spam-Status", f"{status} required=5.0 tests={'BULK' if junk else 'NONE'} host={key}.test"


def _folders(provider: Provider) -> tuple[str, ...]:
    return tuple(dict.fromkeys((INBOX, provider.bulk, provider.junk)))


def _folder(path: Path, name: str) -> Maildir:
    """A Maildir++ folder: the inbox is the mailbox itself, any other a dotted folder in it."""
    inbox = Maildir(path, create=True)
    return inbox if name == INBOX else inbox.add_folder(name.replace("/", "."))
