"""Postmark: POST /email, one message a call, or /email/batch with messages that differ in full.

https://postmarkapp.com/developer/api/email-api
Postmark puts the message together from its parts, signs it, and keeps the return path. Campaigns must go
through a message stream of the broadcast kind.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Any

from pydantic import Field

from sender.delivery.http.meaning import Means, Row, meaning
from sender.delivery.http.message import Reply, Request, json_request
from sender.delivery.http.unpack import Letter, ascii_address, unpack
from sender.delivery.smtp.transaction import Mail
from sender.delivery.transports.api import TOKEN_FIELD, ApiTransport, Seen
from sender.delivery.transports.base import Can, Transport
from sender.delivery.transports.batch import BatchTransport
from sender.delivery.transports.settings import ApiSettings, World, client_of, key_of

URL = "https://api.postmarkapp.com"
CAN = Can(
    own_dkim=False,
    own_return_path=False,
    own_message_id=False,
    smtputf8=False,
    size=10_000_000,
    raw=False,
)

ROWS = (
    Row(0, "^10: ", Means.KEY),
    Row(0, "^100: ", Means.BUSY),  # maintenance
    Row(0, "^300: .*'from'", Means.SENDER),
    Row(0, "^300: .*('to'|recipient|mailbox|address)", Means.BAD_ADDRESS),
    Row(0, "^300: ", Means.CONTENT),
    Row(0, "^40[01]: ", Means.SENDER),  # the signature is not there, or not confirmed
    Row(0, "^40[239]: ", Means.NOT_UNDERSTOOD),
    Row(0, "^405: ", Means.ACCOUNT),  # out of credits
    Row(0, "^406: ", Means.SUPPRESSED),
    Row(0, "^411: ", Means.CONTENT),  # a forbidden kind of attachment
    Row(0, "^41[23]: ", Means.ACCOUNT),  # pending, or may not send
    Row(0, "^429: ", Means.THROTTLED),
    Row(0, "^12[0-9][0-9]: .*stream", Means.SETTING),
)
"""https://postmarkapp.com/developer/api/overview#error-codes"""


class PostmarkSettings(ApiSettings):
    stream: str = "broadcast"
    """The message stream; Postmark wants campaigns apart from transactional mail."""
    batch: int = Field(1, ge=1, le=500)
    """Messages a call; a lost answer leaves as many `unknown` as were in it."""


def postmark(settings: PostmarkSettings, world: World) -> Transport:
    """The way out through Postmark. Raises `BadServer`."""
    client = client_of(settings, world, URL)
    dialect = Postmark(settings, key_of(settings, world))
    if settings.batch > 1:
        return BatchTransport(dialect, client, settings.connections, settings.batch)
    return ApiTransport(dialect, client, settings.connections)


@dataclass(frozen=True)
class Postmark:
    """One server of an account. Its own tracking is switched off: Homing counts by itself, and only once."""

    settings: PostmarkSettings
    key: str

    can = CAN

    def send(self, mail: Mail) -> Request:
        return json_request("/email", self._document(unpack(mail.message), mail), self._headers)

    def send_many(self, mails: Sequence[Mail]) -> Request:
        documents = [self._document(unpack(mail.message), mail) for mail in mails]
        return json_request("/email/batch", documents, self._headers)

    def split(self, reply: Reply, count: int) -> Sequence[Reply]:
        answers = reply.document
        if reply.status != 200:
            return [reply] * count
        if not isinstance(answers, list) or len(answers) != count:
            return [Reply(200, reply.headers, b"")] * count  # taken or not: nobody can tell
        return [Reply(200, reply.headers, json.dumps(each).encode()) for each in answers]

    @property
    def _headers(self) -> dict[str, str]:
        return {"x-postmark-server-token": self.key}

    def _document(self, letter: Letter, mail: Mail) -> dict[str, Any]:
        to = Address(letter.to.display_name, addr_spec=ascii_address(mail.rcpt))
        document: dict[str, Any] = {
            "From": str(letter.sender),
            "To": str(to),
            "Subject": letter.subject,
            "Headers": [{"Name": name, "Value": value} for name, value in letter.headers.items()],
            "MessageStream": self.settings.stream,
            "TrackOpens": False,
            "TrackLinks": "None",
        }
        optional = {"TextBody": letter.text, "HtmlBody": letter.html, "ReplyTo": str(letter.reply_to or "")}
        document |= {name: value for name, value in optional.items() if value}
        if mail.token:
            document["Metadata"] = {TOKEN_FIELD: mail.token}
        if letter.attached:
            document["Attachments"] = [
                {"Name": each.name, "Content": each.content, "ContentType": each.kind}
                | ({"ContentID": f"cid:{each.content_id}"} if each.content_id else {})
                for each in letter.attached
            ]
        return document

    def said(self, reply: Reply) -> str:
        code, words = reply.field("ErrorCode"), reply.field("Message")
        if reply.status == 200 and code == "0":
            return f"accepted as {reply.field('MessageID')}"
        return f"{code}: {words}" if code else reply.body[:200].decode("utf-8", "replace").strip()

    def judge(self, reply: Reply) -> Means:
        if reply.status == 200 and not reply.field("ErrorCode"):
            return Means.UNSURE
        if reply.status == 403 and not reply.field("ErrorCode"):
            return Means.BUSY  # of a firewall before the API, as Postmark says
        return meaning(ROWS, reply.status, self.said(reply))

    def look(self) -> Request:
        """https://postmarkapp.com/developer/api/message-streams-api"""
        return Request("GET", f"/message-streams/{self.settings.stream}", self._headers)

    def seen(self, reply: Reply) -> Seen:
        if reply.status != 200:
            return Seen(meaning(ROWS, reply.status, self.said(reply)))
        kind = reply.field("MessageStreamType")
        facts = [f"the message stream {self.settings.stream} is of the kind {kind or 'not told'}"]
        if kind == "Transactional":
            facts.append("campaigns must not go through a transactional stream")
        return Seen(Means.ACCEPTED, facts)
