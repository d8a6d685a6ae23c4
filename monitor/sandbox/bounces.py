"""The delivery status notification of a provider that accepted first and found nobody (RFC 3464)."""

from datetime import datetime
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from monitor.sandbox.filing import Delivered, traced

POSTFIX_TEXT = """This is the mail system at host {mx}.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

                   The mail system

<{rcpt}>: {diagnostic}
"""

EXCHANGE_TEXT = """Delivery has failed to these recipients or groups:

{rcpt}
The email address you entered couldn't be found. Please check the
recipient's email address and try to resend the message.

Diagnostic information for administrators:

Generating server: {mx}

{rcpt}
Remote Server returned '{diagnostic}'
"""

POSTFIX_DIAGNOSTIC = "550 5.1.1 <{rcpt}>: Recipient address rejected: Address does not exist"
EXCHANGE_DIAGNOSTIC = (
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {rcpt} not found by SMTP address lookup"
)


def report(delivered: Delivered, now: datetime) -> bytes:
    """The bounce of `delivered`, CRLF line ends. Its envelope sender is empty, it goes to the return path."""
    exchange = delivered.provider.key == "corp"
    rcpt, mx = delivered.envelope.rcpt, delivered.provider.mx
    diagnostic = (EXCHANGE_DIAGNOSTIC if exchange else POSTFIX_DIAGNOSTIC).format(rcpt=rcpt)
    text = (EXCHANGE_TEXT if exchange else POSTFIX_TEXT).format(mx=mx, rcpt=rcpt, diagnostic=diagnostic)
    bounce = MIMEMultipart("report", boundary=f"{delivered.queue_id}.{int(now.timestamp())}/{mx}")
    bounce.set_param("report-type", "delivery-status")
    bounce["From"] = f"{'Microsoft Outlook' if exchange else 'Mail Delivery System'} <MAILER-DAEMON@{mx}>"
    bounce["To"] = delivered.envelope.mail_from
    bounce["Subject"] = "Undeliverable" if exchange else "Undelivered Mail Returned to Sender"
    bounce["Date"] = format_datetime(now)
    bounce["Message-ID"] = f"<{now:%Y%m%d%H%M%S}.{delivered.queue_id}@{mx}>"
    bounce["Auto-Submitted"] = "auto-replied"
    bounce.attach(MIMEText(text, "plain", "us-ascii" if rcpt.isascii() else "utf-8"))
    bounce.attach(_status(delivered, diagnostic))
    bounce.attach(_returned_headers(delivered))
    return bounce.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _status(delivered: Delivered, diagnostic: str) -> Message:
    """RFC 3464 section 2: one block about the message, one about the recipient."""
    enhanced = diagnostic.split()[1]
    about_message = _block(
        ("Reporting-MTA", f"dns; {delivered.provider.mx}"),
        ("Arrival-Date", format_datetime(delivered.at)),
    )
    about_recipient = _block(
        ("Final-Recipient", f"rfc822; {delivered.envelope.rcpt}"),
        ("Original-Recipient", f"rfc822; {delivered.envelope.rcpt}"),
        ("Action", "failed"),
        ("Status", enhanced),
        ("Diagnostic-Code", f"smtp; {diagnostic}"),
    )
    part = MIMEBase("message", "delivery-status")
    part.set_payload([about_message, about_recipient])
    return part


def _block(*fields: tuple[str, str]) -> Message:
    block = Message()
    for name, value in fields:
        block[name] = value
    return block


def _returned_headers(delivered: Delivered) -> Message:
    head = traced(delivered).partition(b"\r\n\r\n")[0].replace(b"\r\n", b"\n")
    part = MIMENonMultipart("text", "rfc822-headers")
    part.set_payload(head.decode("ascii", "replace") + "\n")
    return part
