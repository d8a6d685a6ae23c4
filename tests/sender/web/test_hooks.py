"""What a provider reports reaches the recipient's row once; a forged call leaves a count only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from data.events import events_of
from data.hook_tally import tallies
from data.recipients import Recipient
from data.secrets import Keys
from data.suppression import Reason, suppressed
from data.tables import secret
from sender.returns.hooks.book import Book, save_secrets
from sender.returns.hooks.model import LONGEST_BODY, Secrets
from sender.returns.processing import process
from sender.returns.reader import Reader
from sender.tokens import Purpose, Tokens
from sender.web.app import create_app
from sender.web.hookdesk import HookDesk
from sender.web.settings import Settings
from tests.fakes.esps import SUBSCRIBE, TOPIC, Called, Mailgun, Mandrill, Postmark, SendGrid, Ses
from tests.fakes.web import PageWeb
from tests.sender.world import NOW, World

TOKENS = Tokens((b"k" * 32,))
KEYS = Keys((b"s" * 32,))
URL = "https://t.brand.test"
SAID = "550 5.1.1 <ada@x.test>: User unknown"


@dataclass
class Hooked:
    world: World
    client: TestClient
    folder: Path
    row: Recipient
    ses: Ses
    web: PageWeb

    @property
    def token(self) -> str:
        return TOKENS.mail(Purpose.BOUNCE, self.row.id)

    def open(self, hook: str, secrets: Secrets) -> None:
        with self.world.store.write() as connection:
            save_secrets(connection, KEYS, hook, secrets, NOW)

    def post(self, hook: str, called: Called, **headers: str) -> Any:
        return self.client.post(f"/hooks/{hook}", content=called.body, headers={**called.headers, **headers})

    def work(self) -> None:
        with Reader() as reader:
            process(self.world.store, TOKENS, self.folder / "intake", reader, lambda: NOW)

    @property
    def waiting(self) -> int:
        return len(list((self.folder / "intake").glob("*.mail")))

    def events(self) -> list[tuple[str, str]]:
        with self.world.store.read() as connection:
            rows = events_of(connection, self.row.id)
        return [(row.kind, row.detail.get("effect", "")) for row in rows]

    def counts(self) -> dict[tuple[str, str, str], int]:
        with self.world.store.read() as connection:
            return {(each.hook, each.what, each.word): each.count for each in tallies(connection)}


@pytest.fixture
def hooked(world: World, tmp_path: Path) -> Iterator[Hooked]:
    contact = world.subscriber("ada@x.test")
    row = world.recipient(world.campaign(), contact, state="sent", lease_until=None, settled_at=NOW)
    ses = Ses()
    web = PageWeb(ses.pages)
    desk = HookDesk(Book(world.store, KEYS), web)
    settings = Settings(tmp_path / "spool", tmp_path / "intake", hooks=desk, public_url=URL)
    with TestClient(create_app(world.store, TOKENS, settings, lambda: NOW)) as client:
        yield Hooked(world, client, tmp_path, row, ses, web)


def sendgrid_bounce(token: str) -> dict[str, Any]:
    return {"event": "bounce", "sg_event_id": "1", "email": "ada@x.test", "homing": token, "reason": SAID}


def ses_bounce(token: str) -> dict[str, Any]:
    who = {"emailAddress": "ada@x.test", "diagnosticCode": f"smtp; {SAID}"}
    bounce = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [who]}
    return {"eventType": "Bounce", "bounce": bounce, "mail": {"messageId": "x", "tags": {"homing": [token]}}}


def the_call(hooked: Hooked, provider: str, token: str) -> tuple[Secrets, Called]:
    """The same bounce, as each provider tells it."""
    match provider:
        case "sendgrid":
            grid = SendGrid()
            return grid.secrets, grid.call([sendgrid_bounce(token)], NOW)
        case "mailgun":
            told: dict[str, Any] = {"event": "failed", "severity": "permanent", "recipient": "ada@x.test"}
            told |= {"user-variables": {"homing": token}, "delivery-status": {"message": SAID}}
            return Mailgun().secrets, Mailgun().call(told, NOW)
        case "mandrill":
            msg = {"email": "ada@x.test", "metadata": {"homing": token}, "diag": SAID}
            event = {"event": "hard_bounce", "_id": "1", "ts": NOW.timestamp(), "msg": msg}
            return Mandrill().secrets, Mandrill().call([event], f"{URL}/hooks/mandrill")
        case "postmark":
            event = {"RecordType": "Bounce", "Type": "HardBounce", "ID": 7, "Email": "ada@x.test"}
            return Postmark().secrets, Postmark().call(
                event | {"Metadata": {"homing": token}, "Details": SAID}
            )
        case _:
            return hooked.ses.secrets, hooked.ses.call(ses_bounce(token), NOW)


PROVIDERS = ["mailgun", "mandrill", "postmark", "sendgrid", "ses"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_genuine_call_reaches_the_recipient_once(hooked: Hooked, provider: str) -> None:
    secrets, called = the_call(hooked, provider, hooked.token)
    hooked.open(provider, secrets)
    for _ in range(2):  # providers repeat themselves
        assert hooked.post(provider, called).status_code == 200
    assert hooked.waiting == 2, "on disk before the answer"
    hooked.work()
    assert hooked.events() == [("bounce", "hard")]
    with hooked.world.store.read() as connection:
        assert suppressed(connection, ["ada@x.test"])["ada@x.test"].reason is Reason.HARD_BOUNCE
    counted = {(what, count) for (_, what, _), count in hooked.counts().items()}
    assert counted == {("recorded", 1), ("recorded before", 1)}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_call_of_somebody_else_is_refused_and_leaves_a_count_only(hooked: Hooked, provider: str) -> None:
    secrets, called = the_call(hooked, provider, hooked.token)
    assert hooked.post(provider, called).status_code == 403, "nothing is stored to check it by"
    others = {
        "sendgrid": SendGrid().secrets,
        "ses": Secrets(topics=[TOPIC + "x"]),
        "postmark": Secrets(logins=["homing:other"]),
    }
    hooked.open(provider, others.get(provider, Secrets(key="another")))
    assert hooked.post(provider, called).status_code == 403
    assert hooked.waiting == 0
    hooked.client.__exit__()
    counts = hooked.counts()
    assert counts == {
        (provider, "refused", "no secret is stored"): 1,
        (provider, "refused", "signature or login wrong"): 1,
    }
    assert secrets != others.get(provider)


@pytest.mark.parametrize("provider", ["mailgun", "sendgrid", "ses"])
def test_a_call_that_was_signed_long_ago_is_refused(hooked: Hooked, provider: str) -> None:
    grid, old = SendGrid(), NOW - timedelta(hours=30)
    called = {
        "mailgun": lambda: Mailgun().call({"event": "delivered"}, old),
        "sendgrid": lambda: grid.call([sendgrid_bounce(hooked.token)], old),
        "ses": lambda: hooked.ses.call(ses_bounce(hooked.token), old),
    }[provider]()
    secrets = {"mailgun": Mailgun().secrets, "sendgrid": grid.secrets, "ses": hooked.ses.secrets}
    hooked.open(provider, secrets[provider])
    answer = hooked.post(provider, called)
    assert (answer.status_code, answer.text) == (403, "this was signed too long ago\n")


def test_each_server_of_a_provider_has_its_own_secret(hooked: Hooked) -> None:
    first, second = SendGrid(), SendGrid()
    hooked.open("sendgrid/eu", first.secrets)
    hooked.open("sendgrid/us", second.secrets)
    called = first.call([sendgrid_bounce(hooked.token)], NOW)
    assert hooked.post("sendgrid/eu", called).status_code == 200
    assert hooked.post("sendgrid/us", called).status_code == 403
    assert hooked.post("sendgrid", called).status_code == 403


def test_a_login_that_is_missing_is_asked_for(hooked: Hooked) -> None:
    """SNS shows its login only after a 401 (RFC 9110 section 11.6.1)."""
    hooked.open("postmark", Postmark().secrets)
    answer = hooked.client.post("/hooks/postmark", content=b"{}")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Basic realm="homing"')


def test_postmark_may_show_a_header_instead(hooked: Hooked) -> None:
    hooked.open("postmark", Secrets(header="X-Homing: s3cret"))
    called = Called(json.dumps({"RecordType": "Delivery"}).encode(), {"content-type": "application/json"})
    assert hooked.post("postmark", called).status_code == 403
    assert hooked.post("postmark", called, **{"X-Homing": "s3cret"}).status_code == 200


FORGED = {
    "another host": {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.test/"
                                       "SimpleNotificationService-0123456789abcdef.pem"},
    "another bucket": {"SigningCertURL": "https://evil.s3.eu-west-1.amazonaws.com/x.pem"},
    "login in front": {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com@evil.test/"
                                         "SimpleNotificationService-0123456789abcdef.pem"},
    "plain http": {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/"
                                     "SimpleNotificationService-0123456789abcdef.pem"},
    "a version of its own": {"SignatureVersion": "3"},
    "another topic": {"TopicArn": "arn:aws:sns:eu-west-1:999999999999:evil"},
    "a signature of nobody": {"Signature": "AAAA"},
}  # fmt: skip


@pytest.mark.parametrize("changes", FORGED.values(), ids=FORGED)
def test_what_sns_did_not_sign_is_refused_and_nothing_is_fetched_for_it(
    hooked: Hooked, changes: dict[str, str]
) -> None:
    """CVE-2026-42193 (certificate of the caller's choice), Novu (any bucket), PostHog (any topic)."""
    hooked.open("ses", hooked.ses.secrets)
    assert hooked.post("ses", hooked.ses.call(ses_bounce(hooked.token), NOW, **changes)).status_code == 403
    assert hooked.waiting == 0
    assert all("evil" not in url for url in hooked.web.fetched)


def test_a_certificate_that_cannot_be_had_means_later(hooked: Hooked) -> None:
    hooked.open("ses", hooked.ses.secrets)
    hooked.web.pages.clear()
    called = hooked.ses.call(ses_bounce(hooked.token), NOW)
    assert {hooked.post("ses", called).status_code for _ in range(20)} == {503}
    assert len(hooked.web.fetched) == 6, "nobody makes us knock without end"
    assert hooked.waiting == 0


def confirmation(ses: Ses, **changes: str) -> Called:
    told = {"Type": "SubscriptionConfirmation", "Token": "b", "SubscribeURL": SUBSCRIBE} | changes
    return ses.call({}, NOW, **told)


def test_a_subscription_is_confirmed_for_a_listed_topic_only(hooked: Hooked) -> None:
    """CVE-2026-32096: the link of a confirmation led wherever its sender wanted."""
    hooked.open("ses", hooked.ses.secrets)
    inside = confirmation(hooked.ses, SubscribeURL="https://169.254.169.254/?Action=ConfirmSubscription&x=y")
    assert hooked.post("ses", inside).status_code == 503
    assert hooked.post("ses", confirmation(hooked.ses, TopicArn=TOPIC + "x")).status_code == 403
    hooked.open("ses/login", Secrets(logins=["a:b"]))
    login = {"Authorization": "Basic YTpi"}
    assert hooked.post("ses/login", confirmation(hooked.ses), **login).status_code == 403
    assert SUBSCRIBE not in hooked.web.fetched
    assert hooked.post("ses", confirmation(hooked.ses)).status_code == 200
    assert hooked.web.fetched.count(SUBSCRIBE) == 1
    assert hooked.waiting == 0


def test_a_batch_is_worked_off_and_what_is_unknown_is_kept_and_counted(hooked: Hooked) -> None:
    grid = SendGrid()
    hooked.open("sendgrid", grid.secrets)
    common = {"email": "ada@x.test", "homing": hooked.token}
    batch: list[dict[str, Any]] = [
        common | {"event": "delivered", "sg_event_id": "1"},
        common | {"event": "levitated", "sg_event_id": "2", "reason": "?"},
        common | {"event": "open", "sg_event_id": "3"},
        {"event": "delivered", "email": "eve@x.test", "homing": "forged"},
    ]
    assert hooked.post("sendgrid", grid.call(batch, NOW)).status_code == 200
    hooked.work()
    assert hooked.events() == [("delivered", ""), ("other", "")]
    assert hooked.counts() == {
        ("sendgrid", "not about a message of ours", "delivered"): 1,
        ("sendgrid", "not known", "levitated"): 1,
        ("sendgrid", "recorded", "delivered"): 1,
        ("sendgrid", "says nothing new", "open"): 1,
    }


def test_a_filter_is_no_complaint_whatever_the_provider_calls_it(hooked: Hooked) -> None:
    hooked.open("postmark", Postmark().secrets)
    told = {"RecordType": "Bounce", "Type": "SpamNotification", "Email": "ada@x.test", "ID": 9}
    hooked.post("postmark", Postmark().call(told | {"Metadata": {"homing": hooked.token}}))
    hooked.work()
    assert hooked.events() == [("bounce", "none")]
    with hooked.world.store.read() as connection:
        assert suppressed(connection, ["ada@x.test"]) == {}


def test_a_call_is_bounded_and_a_strange_hook_is_not_there(hooked: Hooked) -> None:
    hooked.open("mailgun", Mailgun().secrets)
    assert hooked.client.post("/hooks/mailgun", content=b"x" * (LONGEST_BODY + 1)).status_code == 413
    assert hooked.client.post("/hooks/nobody", content=b"x").status_code == 404
    assert hooked.client.get("/hooks/mailgun").status_code == 405


def test_mandrill_may_look_and_try_before_it_has_a_key(hooked: Hooked) -> None:
    assert hooked.client.head("/hooks/mandrill").status_code == 200
    trial = Called(b"mandrill_events=%5B%5D", {"content-type": "application/x-www-form-urlencoded"})
    assert hooked.post("mandrill", trial).status_code == 200
    assert hooked.waiting == 0


def test_the_hook_stays_open_while_the_store_is_away(hooked: Hooked, monkeypatch: pytest.MonkeyPatch) -> None:
    hooked.open("mailgun", Mailgun().secrets)
    called = Mailgun().call({"event": "delivered"}, NOW)
    assert hooked.post("mailgun", called).status_code == 200
    monkeypatch.setattr("sender.returns.hooks.book.KEPT_SECONDS", 0.0)
    with hooked.world.store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE secret RENAME TO away")
    assert hooked.post("mailgun", called).status_code == 200, "known secrets go on being known"
    assert hooked.post("sendgrid", called).status_code == 503, "and what is not known is tried again"
    with hooked.world.store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO secret")


def test_secrets_lie_sealed(hooked: Hooked) -> None:
    hooked.open("mailgun", Mailgun().secrets)
    with hooked.world.store.read() as connection:
        sealed = connection.scalar(select(secret.c.sealed).where(secret.c.name == "hook:mailgun"))
    assert sealed is not None
    assert b"mailgun-key" not in sealed
