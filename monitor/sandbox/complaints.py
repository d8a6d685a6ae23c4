"""The feedback report of a provider whose reader pressed "this is spam" (RFC 5965)."""

from datetime import datetime
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesParser
from email.utils import format_datetime

from monitor.sandbox.filing import Delivered

TEXT = "This is an email abuse report for an email message from {domain} on {date}.\n"


def report(delivered: Delivered, now: datetime) -> bytes:
    """The report on `delivered`, CRLF line ends; who complained is not said, as with most providers."""
    provider, envelope = delivered.provider, delivered.envelope
    date = format_datetime(delivered.at)
    complaint = MIMEMultipart("report", boundary=f"fbl-{delivered.queue_id}-{int(now.timestamp())}")
    complaint.set_param("report-type", "feedback-report")
    complaint["From"] = f"{provider.key.title()} Mail AntiSpam Feedback <feedback@arf.{provider.domain}>"
    complaint["To"] = envelope.mail_from
    complaint["Subject"] = "FW: complaint"
    complaint["Date"] = format_datetime(now)
    complaint["Message-ID"] = f"<{now:%Y%m%d%H%M%S}.{delivered.queue_id}@arf.{provider.domain}>"
    complaint.attach(MIMEText(TEXT.format(domain=delivered.judgement.from_domain, date=date), "plain"))
    complaint.attach(_feedback(delivered, date))
    complaint.attach(MIMEMessage(_redacted(delivered)))
    return complaint.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _feedback(delivered: Delivered, date: str) -> Message:
    """RFC 5965 section 3."""
    facts = (
        ("Feedback-Type", "abuse"),
        ("User-Agent", f"{delivered.provider.key.title()}-Mail-Feedback/2.0"),
        ("Version", "1"),
        ("Original-Mail-From", f"<{delivered.envelope.mail_from}>"),
        ("Arrival-Date", date),
        ("Reported-Domain", delivered.judgement.from_domain),
        ("Source-IP", delivered.envelope.ip),
    )
    part = MIMEBase("message", "feedback-report")
    part.set_payload("".join(f"{name}: {value}\n" for name, value in facts))
    return part


def _redacted(delivered: Delivered) -> Message:
    """The message as it came, without the reader's address."""
    original = BytesParser().parsebytes(delivered.message.replace(b"\r\n", b"\n"))
    original.replace_header("To", "redacted")
    return original
