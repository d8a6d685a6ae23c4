"""Amazon SES, API v2, as published: SendEmail and GetAccount behind Signature Version 4.

The signature is verified here by the steps of AWS's page, with nothing of the code under test.
https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.fakes.providers.serving import Answer, Call

KEY, SECRET, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-west-1"
TAG = re.compile(r"[A-Za-z0-9_\-.@]{1,256}")


@dataclass
class SesAccount:
    """One account. `verified`: the domains it may send from; `taken`: the messages, with their tags."""

    verified: Sequence[str] = ("example.com",)
    now: datetime | None = None
    enabled: bool = True
    status: str = "HEALTHY"
    sets: Sequence[str] = ("campaigns",)
    taken: list[tuple[EmailMessage, dict[str, str]]] = field(default_factory=list)

    def obey(self, call: Call) -> Answer:
        if fault := self._unsigned(call):
            return _error(403, *fault)
        match call.method, call.path:
            case "GET", "/v2/email/account":
                return Answer(200, self._account())
            case "POST", "/v2/email/outbound-emails":
                return self._send(call)
        return _error(404, "NotFoundException", "no such resource")

    def _account(self) -> dict[str, object]:
        quota = {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": float(len(self.taken))}
        return {
            "DedicatedIpAutoWarmupEnabled": False,
            "EnforcementStatus": self.status,
            "ProductionAccessEnabled": True,
            "SendQuota": quota,
            "SendingEnabled": self.enabled,
        }

    def _send(self, call: Call) -> Answer:
        asked = call.document
        if self.status == "SHUTDOWN":
            return _error(400, "AccountSuspendedException", "Account is suspended.")
        if not self.enabled:
            return _error(400, "SendingPausedException", "Email sending is disabled for this account.")
        if asked.get("ConfigurationSetName", self.sets[0]) not in self.sets:
            return _error(404, "NotFoundException", "Configuration set does not exist.")
        tags = {each["Name"]: each["Value"] for each in asked.get("EmailTags", [])}
        if not all(TAG.fullmatch(part) for pair in tags.items() for part in pair):
            return _error(400, "BadRequestException", "Invalid tag.")
        (recipient,) = asked["Destination"]["ToAddresses"]
        if not recipient.isascii() or not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", recipient):
            return _error(400, "BadRequestException", "Local address contains control or whitespace")
        message = message_from_bytes(
            base64.b64decode(asked["Content"]["Raw"]["Data"], validate=True), policy=policy.default
        )
        assert isinstance(message, EmailMessage)
        sender = message["From"].addresses[0].domain
        if sender not in self.verified:
            said = f"Email address is not verified. The following identities failed the check: {sender}"
            return _error(400, "MessageRejected", said)
        self.taken.append((message, tags))
        return Answer(200, {"MessageId": f"0102018c-{len(self.taken):06d}-000000"})

    def _unsigned(self, call: Call) -> tuple[str, str] | None:
        found = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/ses/aws4_request, ?"
            r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})",
            call.headers.get("authorization", ""),
        )
        if found is None:
            return "IncompleteSignatureException", "Authorization header requires existence of a signature."
        key, day, region, names, signature = found.groups()
        if key != KEY:
            return "UnrecognizedClientException", "The security token included in the request is invalid."
        stamp = call.headers["x-amz-date"]
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if abs((self.now or datetime.now(UTC)) - at) > timedelta(minutes=5):
            return "InvalidSignatureException", f"Signature expired: {stamp}"
        if not {"host", "x-amz-date"} <= set(names.split(";")):
            return "InvalidSignatureException", "host and x-amz-date must be signed"
        canonical = f"{call.method}\n{call.path}\n\n"
        canonical += "".join(f"{name}:{call.headers[name].strip()}\n" for name in names.split(";"))
        canonical += f"\n{names}\n{hashlib.sha256(call.body).hexdigest()}"
        scope = f"{day}/{region}/ses/aws4_request"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        secret = b"AWS4" + SECRET.encode()
        for part in (day, region, "ses", "aws4_request", f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"):
            secret = hmac.digest(secret, part.encode(), "sha256")
        if region != REGION or not hmac.compare_digest(secret.hex(), signature):
            said = "The request signature we calculated does not match the signature you provided."
            return "InvalidSignatureException", said
        return None


def _error(status: int, kind: str, said: str) -> Answer:
    return Answer(status, {"message": said}, {"x-amzn-ErrorType": f"{kind}:http://internal.example.com/"})
