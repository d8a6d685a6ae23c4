"""Postmark's API as published: email, email/batch and message streams behind a server token.

https://postmarkapp.com/developer/api/email-api
"""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.providers.serving import Answer, Call

KEY = "postmark-server-token"
KNOWN = {
    *("From", "To", "Subject", "TextBody", "HtmlBody", "ReplyTo", "Headers", "MessageStream", "TrackOpens"),
    *("TrackLinks", "Metadata", "Attachments", "Tag"),
}


@dataclass
class PostmarkServer:
    """`inactive`: whom it does not write to any more."""

    inactive: set[str] = field(default_factory=set)
    streams: dict[str, str] = field(default_factory=lambda: {"broadcast": "Broadcasts"})
    taken: list[dict[str, Any]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def obey(self, call: Call) -> Answer:
        if call.headers.get("x-postmark-server-token") != KEY:
            return Answer(401, {"ErrorCode": 10, "Message": "No Account or Server API tokens were supplied."})
        if call.method == "GET":
            name = call.path.rpartition("/")[2]
            if name not in self.streams:
                said = "The message stream for the provided 'ID' was not found."
                return Answer(422, {"ErrorCode": 1226, "Message": said})
            return Answer(200, {"ID": name, "MessageStreamType": self.streams[name]})
        if call.path == "/email/batch":
            if len(call.document) > 500:
                return Answer(422, {"ErrorCode": 410, "Message": "Too many batch messages"})
            self.batches.append(len(call.document))
            return Answer(200, [self._take(each) for each in call.document])
        assert call.path == "/email"
        result = self._take(call.document)
        return Answer(200 if result["ErrorCode"] == 0 else 422, result)

    def _take(self, asked: dict[str, Any]) -> dict[str, Any]:
        address = asked["To"].rpartition("<")[2].rstrip(">")
        if unknown := set(asked) - KNOWN:
            return {"ErrorCode": 402, "Message": f"Invalid JSON: {unknown.pop()}"}
        if not asked["From"].rstrip(">").endswith("@example.com"):
            return {"ErrorCode": 400, "Message": "The 'From' address is not a Sender Signature."}
        if not re.fullmatch(r"[a-z0-9.!#$%&'`*+\-/=?^_{|}~]+@[a-zA-Z0-9.-]+", address, re.IGNORECASE):
            return {"ErrorCode": 300, "Message": f"Invalid 'To' address: '{address}'."}
        if asked["MessageStream"] not in self.streams:
            return {"ErrorCode": 1235, "Message": "The 'MessageStream' provided does not exist."}
        if address in self.inactive:
            return {"ErrorCode": 406, "Message": "You tried to send to recipients that are marked inactive."}
        if not (asked.get("TextBody") or asked.get("HtmlBody")):
            return {"ErrorCode": 300, "Message": "Provide either email TextBody or HtmlBody or both."}
        for key, value in asked.get("Metadata", {}).items():
            if len(key) > 20 or not isinstance(value, str) or len(value) > 80:
                return {"ErrorCode": 300, "Message": "Invalid metadata content."}
        self.taken.append(asked)
        message_id = f"pm-{len(self.taken)}"
        return {"ErrorCode": 0, "Message": "OK", "MessageID": message_id, "To": asked["To"]}
