"""Mailchimp Transactional (Mandrill): POST /api/1.0/messages/send with metadata, one message a call.

https://mailchimp.com/developer/transactional/api/messages/send-new-message/
Mandrill would take a raw message as well, but cannot be told there to leave its links alone.
"""

from dataclasses import dataclass
from typing import Any

from sender.delivery.http.meaning import Means, Row, meaning
from sender.delivery.http.message import Reply, Request, json_request
from sender.delivery.http.unpack import Attached, Letter, ascii_address, unpack
from sender.delivery.smtp.transaction import Mail
from sender.delivery.transports.api import TOKEN_FIELD, ApiTransport, Seen
from sender.delivery.transports.base import Can, Transport
from sender.delivery.transports.settings import ApiSettings, World, client_of, key_of

URL = "https://mandrillapp.com"
CAN = Can(
    own_dkim=False,
    own_return_path=False,
    own_message_id=False,
    smtputf8=False,
    size=25_000_000,
    raw=False,
)

ROWS = (
    Row(0, "^Invalid_Key", Means.KEY),
    Row(0, "^(PaymentRequired|PoorReputation)", Means.ACCOUNT),
    Row(0, "^(Unknown_Pool|Unknown_Subaccount)", Means.SETTING),
    Row(0, "^ServiceUnavailable", Means.BUSY),
    Row(0, "^ValidationError", Means.NOT_UNDERSTOOD),
    Row(0, "^(rejected|invalid): (invalid-sender|unsigned)", Means.SENDER),
    Row(0, "^rejected: test-mode-limit", Means.ACCOUNT),
    Row(0, "^rejected: (hard-bounce|spam|unsub|custom)", Means.SUPPRESSED),
    Row(0, "^rejected: rule", Means.POLICY),
    Row(0, "^(rejected: invalid|invalid)", Means.BAD_ADDRESS),
    Row(0, "^rejected", Means.POLICY),
)
"""Errors come with the status 500, whatever they are: their names tell them apart."""
TAKEN = ("sent", "queued", "scheduled")


class MandrillSettings(ApiSettings):
    subaccount: str = ""
    ip_pool: str = ""
    return_path_domain: str = ""


def mandrill(settings: MandrillSettings, world: World) -> Transport:
    """The way out through Mandrill. Raises `BadServer`."""
    client = client_of(settings, world, URL)
    return ApiTransport(Mandrill(settings, key_of(settings, world)), client, settings.connections)


@dataclass(frozen=True)
class Mandrill:
    """One account. Its own tracking is switched off: Homing counts by itself, and only once."""

    settings: MandrillSettings
    key: str

    can = CAN

    def send(self, mail: Mail) -> Request:
        document: dict[str, Any] = {"key": self.key, "message": self._message(unpack(mail.message), mail)}
        if self.settings.ip_pool:
            document["ip_pool"] = self.settings.ip_pool
        return json_request("/api/1.0/messages/send", document, {})

    def _message(self, letter: Letter, mail: Mail) -> dict[str, Any]:
        headers = dict(letter.headers)
        if letter.reply_to:
            headers["Reply-To"] = str(letter.reply_to)
        message: dict[str, Any] = {
            "from_email": letter.sender.addr_spec,
            "from_name": letter.sender.display_name,
            "to": [{"email": ascii_address(mail.rcpt), "name": letter.to.display_name, "type": "to"}],
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "headers": headers,
            **dict.fromkeys(("track_opens", "track_clicks", "auto_text", "auto_html", "inline_css"), False),
            "merge": False,
        }
        if mail.token:
            message["metadata"] = {TOKEN_FIELD: mail.token}
        for name, shown in (("attachments", False), ("images", True)):
            if parts := [_part(each) for each in letter.attached if bool(each.content_id) is shown]:
                message[name] = parts
        named = {
            "subaccount": self.settings.subaccount,
            "return_path_domain": self.settings.return_path_domain,
        }
        return message | {name: value for name, value in named.items() if value}

    def said(self, reply: Reply) -> str:
        """ "rejected: hard-bounce" of a message, "Invalid_Key: Invalid API key" of a call."""
        if isinstance(reply.document, list) and reply.document and isinstance(reply.document[0], dict):
            first = reply.document[0]
            if first.get("status") in TAKEN:
                return f"accepted as {first.get('_id', 'a message without a name')}"
            return ": ".join(str(each) for each in (first.get("status"), first.get("reject_reason")) if each)
        return ": ".join(each for each in (reply.field("name"), reply.field("message")) if each)

    def judge(self, reply: Reply) -> Means:
        if reply.status == 200 and not self.said(reply):
            return Means.UNSURE
        return meaning(ROWS, reply.status, self.said(reply))

    def look(self) -> Request:
        """https://mailchimp.com/developer/transactional/api/users/get-user-info/"""
        return json_request("/api/1.0/users/info", {"key": self.key}, {})

    def seen(self, reply: Reply) -> Seen:
        if reply.status != 200:
            return Seen(meaning(ROWS, reply.status, self.said(reply)))
        facts = (
            f"the account's reputation is {reply.field('reputation')} of 100",
            f"it may send {reply.field('hourly_quota')} messages an hour",
            f"{reply.field('backlog')} messages wait there",
        )
        return Seen(Means.ACCEPTED, facts)


def _part(attached: Attached) -> dict[str, str]:
    """An image that is shown has its Content-ID for a name."""
    return {
        "type": attached.kind,
        "name": attached.content_id or attached.name,
        "content": attached.content,
    }
