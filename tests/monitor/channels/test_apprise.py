"""Apprise: what people read, and which failures are worth another try."""

from datetime import UTC, datetime

import pytest

from checks.model import Again
from monitor.channels.apprise import AppriseOutput, body, kind, title
from monitor.channels.contract import ARRIVED, Notice
from monitor.config import Config
from monitor.config.schema import AppriseChannel
from tests.fakes.receiver import receiving

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAYLOAD = {
    "type": "incident.fired",
    "title": "192.0.2.25 is listed",
    "text": "zen.dnsbl.example lists 192.0.2.25.",
    "since": "2026-11-23T11:58:00+00:00",
    "severity": "critical",
    "fix": "Ask for delisting at https://dnsbl.example/.",
}
NOTICE = Notice("msg-1", NOON, PAYLOAD)


@pytest.mark.sockets
def test_a_service_gets_what_happened_since_when_and_what_to_do() -> None:
    with receiving() as receiver:
        told = AppriseOutput(receiver.url.replace("http:", "json:")).tell(NOTICE, NOON)

    assert told == ARRIVED
    (document,) = receiver.documents
    assert (document["title"], document["type"]) == ("192.0.2.25 is listed", "failure")
    assert document["message"].splitlines() == [
        "zen.dnsbl.example lists 192.0.2.25.",
        "Since 2026-11-23T11:58:00+00:00.",
        "Ask for delisting at https://dnsbl.example/.",
    ]


@pytest.mark.sockets
def test_what_a_service_refuses_is_tried_again_and_its_token_stays_out_of_the_reason() -> None:
    with receiving() as receiver:
        receiver.answers = [503]
        told = AppriseOutput(f"json://127.0.0.1:{receiver.port}/secret-token-1234").tell(NOTICE, NOON)

    assert told.again is Again.LATER
    assert "503" in told.why
    assert "secret-token-1234" not in told.why


def test_an_address_that_no_service_has_is_never_tried_again() -> None:
    assert AppriseOutput("nothing-like-it://x").tell(NOTICE, NOON).again is Again.NEVER


def test_an_end_is_good_news_and_a_test_is_no_news() -> None:
    assert kind(Notice("1", NOON, {**PAYLOAD, "type": "incident.recovered"})) == "success"
    test = Notice(
        "1", NOON, {"type": "incident.test", "text": "Nothing is wrong.", "severity": "info", "fix": ""}
    )
    assert (kind(test), title(test), body(test)) == ("info", "Homing: test", "Nothing is wrong.")


def test_the_address_is_a_secret_of_the_right_form() -> None:
    made = Config.model_validate(
        {"channels": [{"name": "chat", "kind": "apprise", "url": "slack://a-token/b/c"}]}
    )
    (channel,) = made.channels
    assert isinstance(channel, AppriseChannel)
    assert "a-token" not in repr(made)
    with pytest.raises(ValueError, match="write slack://"):
        Config.model_validate({"channels": [{"name": "chat", "kind": "apprise", "url": "my chat"}]})
