"""Adapters of the webhook suites, for the providers that Homing sends through."""

import base64
from types import ModuleType
from typing import Any

from sender.returns.hooks import mailgun, mandrill, postmark, sendgrid, ses
from sender.returns.hooks.model import Call, Secrets, Trust
from tests.corpus.cases import Case
from tests.corpus.suites import Output

PROVIDERS: dict[str, ModuleType] = {
    "amazon_ses": ses,
    "mailgun": mailgun,
    "mandrill": mandrill,
    "postmark": postmark,
    "sendgrid": sendgrid,
}
KEYS = {"mailgun": "TEST_WEBHOOK_SIGNING_KEY", "mandrill": "TEST_WEBHOOK_KEY"}
"""The reference's test settings, which the cases take for granted."""


def events(case: Case) -> Output:
    provider = PROVIDERS.get(case.input["esp"])
    if provider is None:
        return {"events": []}
    return {"events": [_event(each) for each in provider.told(_call(case))]}


def authentic(case: Case) -> Output:
    """Where nothing is configured the reference lets a call in and warns; we would not open the door."""
    provider = PROVIDERS.get(case.input["esp"])
    if provider is None:
        return {"accept": None}
    return {"accept": provider.trust(_call(case), _secrets(case)) is not Trust.REFUSED}


def _event(told: Any) -> Output:
    return {
        "event_type": told.deed.value,
        "recipient": told.recipient,
        "event_id": told.event_id,
        "message_id": told.message_id,
        "reject_reason": told.reason,
        "click_url": told.url or None,
        "user_agent": told.agent or None,
    }


def _call(case: Case) -> Call:
    given = case.input
    body = base64.b64decode(given["body_b64"]) if "body_b64" in given else given["body"].encode()
    headers = {name.lower(): _value(value) for name, value in given["headers"].items()}
    return Call({**headers, "content-type": given["content_type"]}, body, given["path"])


def _value(value: str) -> str:
    """Some signatures were recorded as Python writes bytes."""
    return value[2:-1] if value.startswith("b'") else value


def _secrets(case: Case) -> Secrets:
    settings = case.input.get("settings") or {}
    secret = settings.get("WEBHOOK_SECRET") or []
    return Secrets(
        logins=[secret] if isinstance(secret, str) else secret,
        key=settings.get("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY") or KEYS.get(case.input["esp"], ""),
    )
