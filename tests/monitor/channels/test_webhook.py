"""The webhook: what is sent, how it is signed, and which failures are worth another try."""

import base64
from datetime import UTC, datetime

import pytest

from checks.model import Again
from checks.ports import Fetched, FetchFault
from monitor.channels.contract import ARRIVED, Notice, Told
from monitor.channels.webhook import headers, judged, open_channel, signature
from monitor.config import Config
from monitor.config.schema import WebhookChannel
from monitor.senses import Senses
from tests.fakes.receiver import receiving
from tests.fakes.zone import ZoneDns
from tests.monitor.conftest import StillApp

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOTICE = Notice("msg-1", NOON, {"type": "incident.fired", "text": "192.0.2.25 is listed."})


def settings(url: str, *, private: bool = True) -> WebhookChannel:
    given = {"name": "hook", "kind": "webhook", "url": url, "secret": "whsec_c2VjcmV0"}
    return WebhookChannel.model_validate({**given, "allow_private": private})


def tell(app: StillApp, url: str, *, private: bool = True) -> Told:
    dns = ZoneDns({"inside.example": {"A": ["10.0.0.7"]}})
    return open_channel(settings(url, private=private), app.home, Senses(dns, Config())).tell(NOTICE, NOON)


def test_the_signature_is_the_one_of_the_specification() -> None:
    """The example that the reference libraries of Standard Webhooks carry in their tests."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    signed = signature("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}', secret)

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_without_a_secret_nothing_is_signed() -> None:
    assert "webhook-signature" not in headers("msg-1", NOON, b"{}", b"")


@pytest.mark.sockets
def test_a_receiver_gets_the_document_and_the_three_headers(app: StillApp) -> None:
    with receiving() as receiver:
        told = tell(app, receiver.url)

    ((given, body),) = receiver.got
    assert told == ARRIVED
    assert given["webhook-id"] == "msg-1"
    assert given["webhook-signature"] == signature("msg-1", given["webhook-timestamp"], body, b"secret")
    assert receiver.documents == [
        {"type": "incident.fired", "timestamp": NOON.isoformat(), "data": dict(NOTICE.payload)}
    ]


@pytest.mark.parametrize(
    ("got", "again"),
    [
        (Fetched("u", 200), None),
        (Fetched("u", 204), None),
        (Fetched("u", 200, fault=FetchFault.TOO_LARGE), None),  # it has arrived, however much it says
        (Fetched("u", 302), Again.LATER),
        (Fetched("u", 401), Again.LATER),
        (Fetched("u", 410), Again.NEVER),
        (Fetched("u", 500), Again.LATER),
        (Fetched("u", fault=FetchFault.TIMEOUT), Again.LATER),
        (Fetched("u", fault=FetchFault.DNS_FAILED), Again.LATER),
        (Fetched("u", fault=FetchFault.CERTIFICATE), Again.LATER),
        (Fetched("u", fault=FetchFault.BAD_URL), Again.NEVER),
        (Fetched("u", fault=FetchFault.FORBIDDEN_ADDRESS), Again.NEVER),
    ],
)
def test_what_is_worth_another_try(got: Fetched, again: Again | None) -> None:
    assert judged(got).again is again


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://localhost/", "https://inside.example/"])
def test_an_address_of_the_own_network_is_not_called_unless_that_is_allowed(app: StillApp, url: str) -> None:
    told = tell(app, url, private=False)

    assert told.again is Again.NEVER
    assert "which is not public" in told.why


def test_http_without_tls_is_not_used_for_a_public_receiver(app: StillApp) -> None:
    assert tell(app, "http://hooks.example/", private=False).again is Again.NEVER
