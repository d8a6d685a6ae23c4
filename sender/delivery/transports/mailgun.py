"""Mailgun: POST /v3/DOMAIN/messages.mime with the message as it is.

https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages
Mailgun signs for the domain itself, and keeps the return path.
"""

import base64
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from pydantic import Field

from sender.delivery.http.meaning import Means, Row, meaning
from sender.delivery.http.message import Reply, Request
from sender.delivery.http.unpack import ascii_address
from sender.delivery.smtp.transaction import Mail
from sender.delivery.transports.api import TOKEN_FIELD, ApiTransport, Seen
from sender.delivery.transports.base import Can, Transport
from sender.delivery.transports.settings import ApiSettings, World, client_of, key_of

URLS = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}
CAN = Can(own_dkim=False, own_return_path=False, own_message_id=False, smtputf8=False, size=25_000_000)

ROWS = (
    Row(400, "'to' parameter|not a valid address|to parameter", Means.BAD_ADDRESS),
    Row(400, "'from' parameter", Means.SENDER),
    Row(400, "too large|size", Means.TOO_LARGE),
    Row(400, "disabled|not allowed|not active|unverified", Means.ACCOUNT),
    Row(400, "mime|message", Means.CONTENT),
    Row(402, "", Means.ACCOUNT),
    Row(403, "not allowed to send|sandbox|disabled|activate|suspended|probation", Means.ACCOUNT),
    Row(429, "quota|monthly|daily|limit for the (month|day)", Means.QUOTA),
)
"""https://documentation.mailgun.com/docs/mailgun/quickstart-guide/responses: one text under `message`."""


class MailgunSettings(ApiSettings):
    """`domain` is the one at Mailgun that the mail leaves from."""

    domain: str = Field(pattern=r"^[A-Za-z0-9.-]+$")
    region: Literal["us", "eu"] = "us"
    tag: str = ""


def mailgun(settings: MailgunSettings, world: World) -> Transport:
    """The way out through Mailgun. Raises `BadServer`."""
    client = client_of(settings, world, URLS[settings.region])
    return ApiTransport(Mailgun(settings, key_of(settings, world)), client, settings.connections)


@dataclass(frozen=True)
class Mailgun:
    """One domain of an account. Its own tracking is switched off: Homing counts by itself, and only once."""

    settings: MailgunSettings
    key: str

    can = CAN

    def send(self, mail: Mail) -> Request:
        fields = {"to": ascii_address(mail.rcpt), "o:tracking": "no"}
        if mail.token:
            fields[f"v:{TOKEN_FIELD}"] = mail.token
        if self.settings.tag:
            fields["o:tag"] = self.settings.tag
        boundary = f"homing-{uuid4().hex}"
        headers = self._headers | {"content-type": f"multipart/form-data; boundary={boundary}"}
        body = _form(fields, mail.message, boundary)
        return Request("POST", f"/v3/{self.settings.domain}/messages.mime", headers, body)

    @property
    def _headers(self) -> dict[str, str]:
        login = base64.b64encode(f"api:{self.key}".encode()).decode()
        return {"authorization": f"Basic {login}"}

    def said(self, reply: Reply) -> str:
        if reply.status == 200 and reply.field("id"):
            return f"accepted as {reply.field('id')}"
        return reply.field("message") or reply.body[:200].decode("utf-8", "replace").strip()

    def judge(self, reply: Reply) -> Means:
        if reply.status == 200 and not reply.field("id"):
            return Means.UNSURE
        return meaning(ROWS, reply.status, self.said(reply))

    def look(self) -> Request:
        """https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/domains"""
        return Request("GET", f"/v4/domains/{self.settings.domain}", self._headers)

    def seen(self, reply: Reply) -> Seen:
        domain = reply.document.get("domain") if isinstance(reply.document, dict) else None
        if reply.status != 200 or not isinstance(domain, dict):
            return Seen(meaning(ROWS, reply.status, self.said(reply)))
        state = str(domain.get("state", "not told"))
        facts = (f"the domain {self.settings.domain} is {state}",)
        ready = state == "active" and not domain.get("is_disabled")
        return Seen(Means.ACCEPTED if ready else Means.ACCOUNT, facts)


def _form(fields: dict[str, str], message: bytes, boundary: str) -> bytes:
    """multipart/form-data (RFC 7578). The boundary is random, so that no message holds it."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="message"; filename="message.mime"\r\n'
        "Content-Type: message/rfc822\r\n\r\n"
    )
    return "".join([*parts, head]).encode() + message + f"\r\n--{boundary}--\r\n".encode()
