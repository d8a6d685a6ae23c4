"""Mailgun's API as published: messages.mime and domains behind HTTP basic authentication.

https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages
"""

import base64
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from tests.fakes.providers.serving import Answer, Call

KEY, DOMAIN = "key-mailgun", "mg.example.com"


@dataclass
class MailgunAccount:
    state: str = "active"
    taken: list[tuple[EmailMessage, dict[str, str]]] = field(default_factory=list)

    def obey(self, call: Call) -> Answer:
        login = base64.b64encode(f"api:{KEY}".encode()).decode()
        if call.headers.get("authorization") != f"Basic {login}":
            return Answer(401, body=b"Forbidden", headers={"Content-Type": "text/plain"})
        match call.method, call.path:
            case "GET", path if path == f"/v4/domains/{DOMAIN}":
                domain = {"name": DOMAIN, "state": self.state, "is_disabled": self.state == "disabled"}
                return Answer(200, {"domain": domain})
            case "POST", path if path == f"/v3/{DOMAIN}/messages.mime":
                return self._send(call)
        return Answer(404, {"message": "Domain not found"})

    def _send(self, call: Call) -> Answer:
        fields, message = form(call)
        if self.state != "active":
            return Answer(403, {"message": f"Domain {DOMAIN} is not allowed to send: disabled"})
        if "@" not in fields.get("to", "") or not fields["to"].isascii():
            return Answer(400, {"message": "to parameter is not a valid address. please check documentation"})
        assert message is not None
        self.taken.append((message, fields))
        return Answer(200, {"id": f"<2026.{len(self.taken)}@{DOMAIN}>", "message": "Queued. Thank you."})


def form(call: Call) -> tuple[dict[str, str], EmailMessage | None]:
    """The fields of a multipart form, read by the standard library, and the file that is the message."""
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    parts: Any = message_from_bytes(head + call.body, policy=policy.HTTP)
    fields: dict[str, str] = {}
    message: EmailMessage | None = None
    for part in parts.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if part.get_filename():
            inner = part.get_payload(0) if part.is_multipart() else part.get_payload(decode=True)
            octets = inner if isinstance(inner, bytes) else inner.as_bytes()
            read = message_from_bytes(octets, policy=policy.default)
            assert isinstance(read, EmailMessage)
            message = read
        else:
            fields[str(name)] = part.get_payload(decode=True).decode().rstrip("\r\n")
    return fields, message
