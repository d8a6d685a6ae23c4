"""Amazon SES, API v2: SendEmail with the raw message, signed with SigV4.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
SES writes a Message-ID and a Date of its own, and returns bounces to its own return path.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from sender.delivery.http.meaning import Means, Row, meaning
from sender.delivery.http.message import Reply, Request, json_request
from sender.delivery.http.sigv4 import Credentials, Scope, signed
from sender.delivery.smtp.transaction import Mail
from sender.delivery.transports.api import TOKEN_FIELD, ApiTransport, Seen
from sender.delivery.transports.base import Can, Transport
from sender.delivery.transports.settings import ApiSettings, World, client_of, key_of

SERVICE = "ses"
MOST_OCTETS = 40_000_000

ROWS = (
    Row(400, "AccountSuspended", Means.ACCOUNT),
    Row(400, "SendingPaused", Means.ACCOUNT),
    Row(400, "MailFromDomainNotVerified", Means.SENDER),
    Row(400, "MessageRejected: .*not verified", Means.SENDER),
    Row(400, "LimitExceeded|Daily (message|sending) quota", Means.QUOTA),
    Row(429, "daily (message|sending) quota", Means.QUOTA),
    Row(400, "TooManyRequests|Throttling|Maximum sending rate", Means.THROTTLED),
    Row(400, "MessageRejected", Means.CONTENT),
    Row(400, "BadRequest.*(address|domain|local part|missing final)", Means.BAD_ADDRESS),
    Row(400, "BadRequest.*(size|length|too (long|large))", Means.TOO_LARGE),
    Row(400, "BadRequest", Means.CONTENT),
    Row(404, "NotFound", Means.SETTING),  # the configuration set
    Row(403, "Expired|Signature|Token|Incomplete|AccessDenied", Means.KEY),
)
"""https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors"""


CAN = Can(own_dkim=False, own_return_path=False, own_message_id=False, smtputf8=False, size=MOST_OCTETS)


class SesSettings(ApiSettings):
    """`access_key` is the key's id; its secret is sealed in the store under `secret`."""

    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    access_key: str
    configuration_set: str = ""
    """Its event destinations decide what SES reports; without one, the identity's notifications do."""
    feedback_address: str = ""
    """Where SES forwards bounces by mail; "" leaves them to notifications."""


def ses(settings: SesSettings, world: World) -> Transport:
    """The way out through SES. Raises `BadServer`."""
    client = client_of(settings, world, f"https://email.{settings.region}.amazonaws.com")
    credentials = Credentials(settings.access_key, key_of(settings, world))
    return ApiTransport(
        Ses(settings, credentials, client.endpoint.authority, world.clock.now), client, settings.connections
    )


@dataclass(frozen=True)
class Ses:
    """One account in one region. `host` is what is signed; `now` is UTC."""

    settings: SesSettings
    credentials: Credentials
    host: str
    now: Callable[[], datetime]

    can = CAN

    def send(self, mail: Mail) -> Request:
        document: dict[str, Any] = {
            "Content": {"Raw": {"Data": base64.b64encode(mail.message).decode()}},
            "Destination": {"ToAddresses": [mail.rcpt]},
        }
        if mail.token:
            document["EmailTags"] = [{"Name": TOKEN_FIELD, "Value": mail.token}]
        if self.settings.configuration_set:
            document["ConfigurationSetName"] = self.settings.configuration_set
        if self.settings.feedback_address:
            document["FeedbackForwardingEmailAddress"] = self.settings.feedback_address
        return self._signed(json_request("/v2/email/outbound-emails", document, {}))

    def said(self, reply: Reply) -> str:
        """ "MessageRejected: Email address is not verified"; the type stands in a header, or in the body."""
        if message_id := reply.field("MessageId"):
            return f"accepted as {message_id}"
        kind = reply.headers.get("x-amzn-errortype") or reply.field("__type")
        words = reply.field("message") or reply.field("Message")
        return ": ".join(each for each in (kind.partition(":")[0].rpartition("#")[2], words) if each)

    def judge(self, reply: Reply) -> Means:
        if reply.status == 200 and not reply.field("MessageId"):
            return Means.UNSURE
        return meaning(ROWS, reply.status, self.said(reply))

    def look(self) -> Request:
        """GetAccount: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html"""
        return self._signed(Request("GET", "/v2/email/account"))

    def seen(self, reply: Reply) -> Seen:
        account = reply.document
        if reply.status != 200 or not isinstance(account, dict):
            return Seen(meaning(ROWS, reply.status, self.said(reply)))
        quota = account.get("SendQuota") or {}
        facts = [
            f"it may send {quota.get('Max24HourSend', 0):g} messages in 24 hours",
            f"it has sent {quota.get('SentLast24Hours', 0):g} of them",
            f"it may send {quota.get('MaxSendRate', 0):g} a second",
            f"the account's standing is {account.get('EnforcementStatus', 'not told')}",
        ]
        if not account.get("ProductionAccessEnabled", True):
            facts.append("the account is in SES's sandbox: it may write to verified addresses only")
        enabled = account.get("SendingEnabled", True)
        if not enabled:
            facts.append("sending is switched off for this account")
        return Seen(Means.ACCEPTED if enabled else Means.ACCOUNT, facts)

    def _signed(self, request: Request) -> Request:
        return signed(request, self.host, self.credentials, Scope(self.settings.region, SERVICE), self.now())
