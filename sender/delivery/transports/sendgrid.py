"""Twilio SendGrid, Web API v3: POST /v3/mail/send, one message a call.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
SendGrid puts the message together from its parts, signs it, and keeps the return path.
"""

from dataclasses import dataclass
from typing import Any, Literal

from sender.delivery.http.meaning import Means, Row, meaning
from sender.delivery.http.message import Reply, Request, json_request
from sender.delivery.http.unpack import Letter, ascii_address, unpack
from sender.delivery.smtp.transaction import Mail
from sender.delivery.transports.api import TOKEN_FIELD, ApiTransport, Seen
from sender.delivery.transports.base import Can, Transport
from sender.delivery.transports.settings import ApiSettings, World, client_of, key_of

URLS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
CAN = Can(
    own_dkim=False,
    own_return_path=False,
    own_message_id=False,
    smtputf8=False,
    size=30_000_000,
    raw=False,
)
RESERVED = frozenset({"x-sg-id", "x-sg-eid"})

ROWS = (
    Row(401, "maximum credits exceeded", Means.QUOTA),
    Row(403, "sender identity|verified sender", Means.SENDER),
    Row(
        400,
        r"personalizations\.0\.to|does not contain a valid address",
        Means.BAD_ADDRESS,
    ),
    Row(400, r"\bfrom\b.*(verified|valid)", Means.SENDER),
    Row(400, "attachment|header|content|subject|size", Means.CONTENT),
)
"""https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors: texts, there are no codes."""


class SendGridSettings(ApiSettings):
    region: Literal["global", "eu"] = "global"
    categories: str = ""
    """For SendGrid's own statistics, with commas between them."""
    ip_pool: str = ""


def sendgrid(settings: SendGridSettings, world: World) -> Transport:
    """The way out through SendGrid. Raises `BadServer`."""
    client = client_of(settings, world, URLS[settings.region])
    return ApiTransport(SendGrid(settings, key_of(settings, world)), client, settings.connections)


@dataclass(frozen=True)
class SendGrid:
    """One account. Its own tracking is switched off: Homing counts by itself, and only once."""

    settings: SendGridSettings
    key: str

    can = CAN

    def send(self, mail: Mail) -> Request:
        return json_request("/v3/mail/send", self._document(unpack(mail.message), mail), self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}

    def _document(self, letter: Letter, mail: Mail) -> dict[str, Any]:
        person: dict[str, Any] = {"to": [_named(ascii_address(mail.rcpt), letter.to.display_name)]}
        if mail.token:
            person["custom_args"] = {TOKEN_FIELD: mail.token}
        bodies = (("text/plain", letter.text), ("text/html", letter.html))
        document: dict[str, Any] = {
            "personalizations": [person],
            "from": _named(letter.sender.addr_spec, letter.sender.display_name),
            "subject": letter.subject,
            "content": [{"type": kind, "value": body} for kind, body in bodies if body],
            "headers": {
                name: value for name, value in letter.headers.items() if name.lower() not in RESERVED
            },
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": {"enable": False},
                "subscription_tracking": {"enable": False},
            },
        }
        if letter.reply_to:
            document["reply_to"] = _named(letter.reply_to.addr_spec, letter.reply_to.display_name)
        if letter.attached:
            document["attachments"] = [_attachment(*each) for each in _attached(letter)]
        if self.settings.categories:
            document["categories"] = [each.strip() for each in self.settings.categories.split(",")]
        if self.settings.ip_pool:
            document["ip_pool_name"] = self.settings.ip_pool
        return document

    def said(self, reply: Reply) -> str:
        if reply.status == 202:
            return f"accepted as {reply.headers.get('x-message-id', 'a message without a name')}"
        errors = reply.document.get("errors") if isinstance(reply.document, dict) else None
        told = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
        return "; ".join(
            ": ".join(str(each[name]) for name in ("field", "message") if each.get(name)) for each in told
        )

    def judge(self, reply: Reply) -> Means:
        if reply.status in (200, 201, 204):
            return Means.UNSURE  # 202 is what it says when it has taken a message
        return meaning(ROWS, reply.status, self.said(reply))

    def look(self) -> Request:
        """https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions"""
        return Request("GET", "/v3/scopes", self._headers)

    def seen(self, reply: Reply) -> Seen:
        scopes = reply.document.get("scopes") if isinstance(reply.document, dict) else None
        if reply.status != 200 or not isinstance(scopes, list):
            return Seen(meaning(ROWS, reply.status, self.said(reply)))
        if "mail.send" not in scopes:
            return Seen(Means.KEY, ("the key may not send mail (scope mail.send)",))
        return Seen(Means.ACCEPTED, (f"the key may send mail; it has {len(scopes)} scopes",))


def _free(header: str) -> bool:
    return header.lower() not in RESERVED


def _named(address: str, name: str) -> dict[str, str]:
    return {"email": address, "name": name} if name else {"email": address}


def _attached(letter: Letter) -> list[tuple[str, str, str, str]]:
    return [(each.name, each.kind, each.content, each.content_id) for each in letter.attached]


def _attachment(name: str, kind: str, content: str, content_id: str) -> dict[str, str]:
    document = {"filename": name, "type": kind, "content": content}
    inline = {"disposition": "inline", "content_id": content_id}
    return document | (inline if content_id else {"disposition": "attachment"})
