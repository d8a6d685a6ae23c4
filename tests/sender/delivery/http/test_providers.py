"""SendGrid, Mailgun, Postmark and Mandrill against servers that check and answer as published."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from checks.model import Again
from data import recipients
from data.states import State
from data.store import Store
from sender.delivery.http.unpack import unpack
from sender.delivery.outcome import Phase, Result
from sender.delivery.smtp.transaction import Mail
from sender.delivery.transports import TRANSPORTS
from sender.delivery.transports.base import Transport
from sender.returns.hooks import mailgun as mailgun_hook
from sender.returns.hooks import mandrill as mandrill_hook
from sender.returns.hooks import postmark as postmark_hook
from sender.returns.hooks import sendgrid as sendgrid_hook
from sender.returns.hooks.model import Call as HookCall
from tests.fakes.providers import mailgun, mandrill, postmark, sendgrid
from tests.fakes.providers.serving import Answer, Fault, Served, serving
from tests.sender.delivery.http.sending import MAIL, campaign, deliver, probe, transport

pytestmark = pytest.mark.sockets


@dataclass
class Esp:
    """A provider that is up: what it took is in `taken`, in its own form."""

    kind: str
    account: Any
    key: str
    settings: Mapping[str, Any]
    served: Served

    def way(self, key: str = "", **settings: Any) -> Transport:
        return transport(self.kind, key or self.key, {**self.settings, "url": self.served.url, **settings})

    def token(self) -> str:
        """The recipient's token as the provider has it of the last message."""
        last = self.account.taken[-1]
        match self.kind:
            case "sendgrid":
                return str(last["personalizations"][0]["custom_args"]["homing"])
            case "mailgun":
                return str(last[1]["v:homing"])
            case "postmark":
                return str(last["Metadata"]["homing"])
        return str(last["metadata"]["homing"])


ACCOUNTS: Mapping[str, tuple[Callable[[], Any], str, Mapping[str, Any]]] = {
    "sendgrid": (sendgrid.SendGridAccount, sendgrid.KEY, {}),
    "mailgun": (mailgun.MailgunAccount, mailgun.KEY, {"domain": mailgun.DOMAIN}),
    "postmark": (postmark.PostmarkServer, postmark.KEY, {}),
    "mandrill": (mandrill.MandrillAccount, mandrill.KEY, {}),
}


def up(kind: str) -> Iterator[Esp]:
    make, key, settings = ACCOUNTS[kind]
    account = make()
    with serving(account.obey) as served:
        yield Esp(kind, account, key, settings, served)


@pytest.fixture(params=ACCOUNTS)
def esp(request: pytest.FixtureRequest) -> Iterator[Esp]:
    yield from up(request.param)


def letter(to: str = "bob@example.net", sender: str = "ann@example.com") -> Mail:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Ann Ü. <{sender}>"
    message["To"] = to
    message["Subject"] = "Grüße, und noch ein langer Betreff, der gefaltet werden muß, weil er so lang ist"
    message["Message-ID"] = "<m1@example.com>"
    message["List-Unsubscribe"] = "<https://t.example.com/u/abc>, <mailto:unsub+abc@r.example.com>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("Hallo, Wörld.\n")
    message.add_alternative("<p>Hallo, <b>Wörld</b>.</p>\n", subtype="html")
    message.add_attachment(b"\x00\x01", maintype="application", subtype="pdf", filename="plan.pdf")
    return Mail("b+token@r.example.com", to, message.as_bytes(), "tokentoken")


def test_a_message_is_taken_with_the_recipients_token(esp: Esp) -> None:
    (outcome,) = deliver(esp.way(), letter())

    assert outcome is not None
    assert (outcome.result, outcome.phase) == (Result.ACCEPTED, Phase.CALL), outcome.text
    assert outcome.text.startswith("accepted as ")
    assert esp.token() == "tokentoken"
    assert len(esp.account.taken) == 1


def test_a_message_that_is_taken_apart_keeps_what_matters() -> None:
    found = unpack(letter().message)

    assert (found.sender.addr_spec, found.sender.display_name) == ("ann@example.com", "Ann Ü.")
    assert found.subject.startswith("Grüße, und noch")
    assert "muß, weil er so lang ist" in found.subject
    assert (found.text, found.html) == ("Hallo, Wörld.\n", "<p>Hallo, <b>Wörld</b>.</p>\n")
    assert found.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert set(found.headers) == {"List-Unsubscribe", "List-Unsubscribe-Post"}
    assert [(each.name, each.kind, each.content) for each in found.attached] == [
        ("plan.pdf", "application/pdf", "AAE=")
    ]


@pytest.mark.parametrize("kind", ["sendgrid", "postmark", "mandrill"])
def test_the_provider_gets_the_headers_the_bodies_and_no_tracking_of_its_own(kind: str) -> None:
    for esp in up(kind):
        deliver(esp.way(), letter())
        told = json.dumps(esp.account.taken[0], ensure_ascii=False)
        for part in ("https://t.example.com/u/abc", "One-Click", "Hallo, Wörld.", "<b>Wörld</b>", "AAE="):
            assert part in told
        off = {
            "sendgrid": '"click_tracking": {"enable": false',
            "postmark": '"TrackOpens": false, "TrackLinks": "None"',
            "mandrill": '"track_opens": false, "track_clicks": false',
        }
        assert off[kind] in told


def test_mailgun_gets_the_message_as_it_is() -> None:
    for esp in up("mailgun"):
        mail = letter()
        deliver(esp.way(), mail)
        message, fields = esp.account.taken[0]
        assert message["Message-ID"] == "<m1@example.com>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert (fields["to"], fields["o:tracking"]) == ("bob@example.net", "no")
        assert mail.message in esp.served.calls[0].body


def test_a_domain_beyond_ascii_goes_as_its_a_labels(esp: Esp) -> None:
    (outcome,) = deliver(esp.way(), letter(to="bob@bücher.example"))

    assert outcome is not None
    assert outcome.result is Result.ACCEPTED, outcome.text
    assert b"xn--bcher-kva.example" in esp.served.calls[-1].body


def test_a_wrong_key_stops_the_server_and_blames_nobody(esp: Esp) -> None:
    (outcome,) = deliver(esp.way(key="wrong"), MAIL)

    assert outcome is not None
    assert (outcome.result, outcome.phase, outcome.again) == (Result.DEFERRED, Phase.AUTH, Again.NEVER)
    assert probe(esp.way(key="wrong")).outcome.again is Again.NEVER
    assert esp.account.taken == []


@pytest.mark.parametrize("fault", [Fault.HANG_UP, Fault.GIBBERISH])
def test_a_lost_answer_is_unknown(esp: Esp, fault: Fault) -> None:
    esp.served.next.append(fault)
    (outcome,) = deliver(esp.way(), MAIL)

    assert outcome is not None
    assert outcome.result is Result.UNKNOWN
    assert len(esp.account.taken) == 1


@pytest.mark.parametrize("answer", [Answer(500), Answer(502, body=b"<html>"), Answer(200, body=b"?")])
def test_an_answer_that_tells_nothing_is_unknown(esp: Esp, answer: Answer) -> None:
    esp.served.next.append(answer)
    (outcome,) = deliver(esp.way(), MAIL)

    assert outcome is not None
    assert outcome.result is Result.UNKNOWN


def test_too_many_calls_are_a_wait_and_not_a_fault_of_the_message(esp: Esp) -> None:
    esp.served.next += [Answer(429, headers={"Retry-After": "12"}), Answer(429)]
    first, second = deliver(esp.way(), MAIL, MAIL)

    assert first is not None
    assert second is not None
    assert (first.result, first.category, first.wait) == (Result.DEFERRED, "throttled", 12)
    assert second.wait > 0


def test_an_account_is_looked_at_without_sending(esp: Esp) -> None:
    found = probe(esp.way())

    assert found.outcome.result is Result.ACCEPTED, found.outcome.text
    assert len(found.facts) >= 2
    assert esp.account.taken == []


def test_what_a_transport_declares_is_what_the_table_says(esp: Esp) -> None:
    assert esp.way().can == TRANSPORTS[esp.kind].can
    assert not TRANSPORTS[esp.kind].can.own_dkim


BUSY = "remote_temporary"
SAYS: list[tuple[str, Answer, Result, Phase, str]] = [
    ("sendgrid", sendgrid.error(401, "Maximum credits exceeded"), Result.DEFERRED, Phase.AUTH, "throttled"),
    ("sendgrid", sendgrid.error(413, "Payload too large"), Result.REFUSED, Phase.CALL, "too_large"),
    (
        *(
            "sendgrid",
            sendgrid.error(400, "Does not contain a valid address.", "personalizations.0.to.0.email"),
        ),
        *(Result.REFUSED, Phase.CALL, "bad_address"),
    ),
    (
        *("sendgrid", sendgrid.error(403, "The from address does not match a verified Sender Identity.")),
        *(Result.DEFERRED, Phase.AUTH, "sender_config"),
    ),
    (
        *("mailgun", Answer(400, {"message": "'to' parameter is not a valid address."})),
        *(Result.REFUSED, Phase.CALL, "bad_address"),
    ),
    (
        *("mailgun", Answer(403, {"message": "Domain x is not allowed to send: The domain is unverified"})),
        *(Result.DEFERRED, Phase.AUTH, "relay"),
    ),
    ("mailgun", Answer(404, {"message": "Domain not found"}), Result.DEFERRED, Phase.AUTH, "sender_config"),
    ("mailgun", Answer(402, {"message": "Payment required"}), Result.DEFERRED, Phase.AUTH, "relay"),
    *(
        ("postmark", Answer(422, {"ErrorCode": code, "Message": said}), result, phase, category)
        for code, said, result, phase, category in (
            (300, "Invalid 'To' address: 'x'.", Result.REFUSED, Phase.CALL, "bad_address"),
            (300, "Invalid 'From' address: 'x'.", Result.DEFERRED, Phase.AUTH, "sender_config"),
            (406, "inactive", Result.REFUSED, Phase.CALL, "provider_suppressed"),
            (405, "Not allowed to send", Result.DEFERRED, Phase.AUTH, "relay"),
            (413, "Account may not send", Result.DEFERRED, Phase.AUTH, "relay"),
            (411, "Forbidden attachment type", Result.REFUSED, Phase.CALL, "content"),
            (
                1235,
                "The 'MessageStream' provided does not exist",
                Result.DEFERRED,
                Phase.AUTH,
                "sender_config",
            ),
        )
    ),
    ("postmark", Answer(403, body=b"<html>Forbidden"), Result.DEFERRED, Phase.CALL, "remote_temporary"),
    ("mandrill", mandrill.error(9, "PaymentRequired", "x"), Result.DEFERRED, Phase.AUTH, "relay"),
    ("mandrill", mandrill.error(-3, "GeneralError", "x"), Result.UNKNOWN, Phase.CALL, ""),
    (
        "mandrill",
        mandrill.error(-4, "ServiceUnavailable", "x"),
        Result.DEFERRED,
        Phase.CALL,
        "remote_temporary",
    ),
    *(
        ("mandrill", Answer(200, [{"status": "rejected", "reject_reason": reason}]), result, phase, category)
        for reason, result, phase, category in (
            ("hard-bounce", Result.REFUSED, Phase.CALL, "provider_suppressed"),
            ("soft-bounce", Result.REFUSED, Phase.CALL, "policy"),
            ("unsigned", Result.DEFERRED, Phase.AUTH, "sender_config"),
            ("rule", Result.REFUSED, Phase.CALL, "policy"),
        )
    ),
]


@pytest.mark.parametrize(("kind", "answer", "result", "phase", "category"), SAYS)
def test_published_errors_are_told_apart(
    kind: str, answer: Answer, result: Result, phase: Phase, category: str
) -> None:
    for esp in up(kind):
        esp.served.next.append(answer)
        (outcome,) = deliver(esp.way(), MAIL)
        assert outcome is not None
        assert (outcome.result, outcome.phase, outcome.category) == (result, phase, category), outcome.text


def hook(body: Any, kind: str = "application/json") -> HookCall:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HookCall({"content-type": kind}, octets)


def test_what_a_provider_reports_is_matched_by_the_token_that_it_was_given(esp: Esp) -> None:
    """The metadata of the message that it took, put into its own webhook, comes back as our token."""
    deliver(esp.way(), letter())
    token = esp.token()
    match esp.kind:
        case "sendgrid":
            args = esp.account.taken[0]["personalizations"][0]["custom_args"]
            (told,) = sendgrid_hook.told(hook([{"event": "bounce", "email": "bob@example.net", **args}]))
        case "mailgun":
            variables = {"homing": esp.account.taken[0][1]["v:homing"]}
            event = {"event": "failed", "recipient": "bob@example.net", "user-variables": variables}
            (told,) = mailgun_hook.told(hook({"event-data": event, "signature": {}}))
        case "postmark":
            metadata = esp.account.taken[0]["Metadata"]
            bounce = {"RecordType": "Bounce", "Type": "HardBounce", "Email": "b@example.net"}
            (told,) = postmark_hook.told(hook({**bounce, "Metadata": metadata}))
        case _:
            message = {"email": "bob@example.net", "metadata": esp.account.taken[0]["metadata"]}
            events = json.dumps([{"event": "hard_bounce", "msg": message}])
            (told,) = mandrill_hook.told(_form(events))
    assert told.token == token


def _form(events: str) -> HookCall:
    from urllib.parse import urlencode

    body = urlencode({"mandrill_events": events}).encode()
    return hook(body, "application/x-www-form-urlencoded")


def test_a_campaign_goes_out_through_each_of_them(esp: Esp, store: Store) -> None:
    settings = {**esp.settings, "url": esp.served.url, "connections": 3}
    campaign(store, 12, esp.kind, esp.key, settings)

    with store.read() as connection:
        assert dict(recipients.counts(connection, 1)) == {State.SENT: 12}
    assert len(esp.account.taken) == 12
    assert esp.served.connections <= 3
