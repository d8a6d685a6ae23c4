"""Mandrill's API as published: messages/send and users/info, with the key in the document.

https://mailchimp.com/developer/transactional/api/messages/send-new-message/
"""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.providers.serving import Answer, Call

KEY = "md-key"
KNOWN = {
    *("from_email", "from_name", "to", "subject", "text", "html", "headers", "track_opens", "track_clicks"),
    *("auto_text", "auto_html", "inline_css", "merge", "metadata", "attachments", "images", "subaccount"),
    "return_path_domain",
}


@dataclass
class MandrillAccount:
    """`rejected`: addresses on the denylist, and why."""

    rejected: dict[str, str] = field(default_factory=dict)
    taken: list[dict[str, Any]] = field(default_factory=list)

    def obey(self, call: Call) -> Answer:
        asked = call.document
        if asked.get("key") != KEY:
            return error(-1, "Invalid_Key", "Invalid API key")
        if call.path == "/api/1.0/users/info":
            info = {"username": "ann", "reputation": 90, "hourly_quota": 250, "backlog": 0}
            return Answer(200, info)
        assert call.path == "/api/1.0/messages/send"
        message = asked["message"]
        if unknown := set(message) - KNOWN:
            return error(-2, "ValidationError", f"Validation error: {unknown.pop()}")
        (to,) = message["to"]
        reason = self.rejected.get(to["email"])
        if reason is None and not message["from_email"].endswith("@example.com"):
            reason = "unsigned"
        result: dict[str, Any] = {"email": to["email"], "_id": f"md-{len(self.taken) + 1}"}
        if reason:
            return Answer(200, [result | {"status": "rejected", "reject_reason": reason}])
        if "@" not in to["email"]:
            return Answer(200, [result | {"status": "invalid", "reject_reason": None}])
        self.taken.append(message)
        return Answer(200, [result | {"status": "queued", "reject_reason": None}])


def error(code: int, name: str, message: str) -> Answer:
    """Mandrill answers with 500, whatever is wrong."""
    return Answer(500, {"status": "error", "code": code, "name": name, "message": message})
