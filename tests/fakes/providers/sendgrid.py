"""Twilio SendGrid's Web API v3 as published: mail/send and scopes behind a bearer key.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
"""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.providers.serving import Answer, Call

KEY = "SG.key"
KNOWN = {
    *("personalizations", "from", "reply_to", "subject", "content", "headers", "attachments"),
    *("tracking_settings", "categories", "ip_pool_name", "mail_settings", "custom_args"),
}
RESERVED = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"),
    *("to", "from", "subject", "reply-to", "cc", "bcc"),
}


@dataclass
class SendGridAccount:
    scopes: tuple[str, ...] = ("mail.send", "user.profile.read")
    taken: list[dict[str, Any]] = field(default_factory=list)

    def obey(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {KEY}":
            return error(401, "The provided authorization grant is invalid, expired, or revoked")
        if (call.method, call.path) == ("GET", "/v3/scopes"):
            return Answer(200, {"scopes": list(self.scopes)})
        assert (call.method, call.path) == ("POST", "/v3/mail/send")
        return self._send(call.document)

    def _send(self, asked: dict[str, Any]) -> Answer:
        (person,) = asked["personalizations"]
        (to,) = person["to"]
        if unknown := set(asked) - KNOWN:
            return error(400, "Unknown field", unknown.pop())
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", to["email"]) or not to["email"].isascii():
            return error(400, "Does not contain a valid address.", "personalizations.0.to.0.email")
        if asked["from"]["email"].partition("@")[2] != "example.com":
            said = "The from address does not match a verified Sender Identity."
            return error(403, said, "from")
        if forbidden := {name.lower() for name in asked.get("headers", {})} & RESERVED:
            return error(400, f"{forbidden.pop()} is a reserved header", "headers")
        kinds = [each["type"] for each in asked["content"]]
        if kinds != sorted(kinds, key=["text/plain", "text/html"].index) or not asked["subject"]:
            return error(400, "If present, text/plain must be first", "content")
        if not all(isinstance(value, str) for value in person.get("custom_args", {}).values()):
            return error(400, "Invalid type. Expected: string", "custom_args")
        self.taken.append(asked)
        return Answer(202, headers={"X-Message-Id": f"sg-{len(self.taken)}"})


def error(status: int, message: str, place: str | None = None) -> Answer:
    return Answer(status, {"errors": [{"message": message, "field": place, "help": None}]})
