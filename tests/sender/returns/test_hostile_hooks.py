"""Webhook bodies that were bent in every way are read to their end, and charge nobody who is not named."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Connection, select

from data.tables import event, suppression
from sender.returns.hooks.door import Entry, judge
from sender.returns.hooks.model import LONGEST_BODY, MOST_EVENTS, Call, Deed, Secrets
from sender.returns.hooks.sns import Certificates
from sender.returns.hooks.telling import READERS, told
from sender.returns.providers import carry_out
from sender.tokens import Purpose
from tests.fakes.web import PageWeb
from tests.sender.returns.test_receive import TOKENS, Back
from tests.sender.world import NOW, World

_BOUNCE = Purpose.BOUNCE

SAID = "550 5.1.1 <ada@x.test>: User unknown"
SES_MAIL = {"messageId": "m", "destination": ["ada@x.test"], "tags": {"homing": ["TOKEN"]}}
WHO = [{"emailAddress": "ada@x.test", "status": "5.1.1", "diagnosticCode": SAID}]
SES = {
    "eventType": "Bounce", "mail": SES_MAIL,
    "bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": WHO},
}  # fmt: skip
SAMPLES: dict[str, Any] = {
    "sendgrid": [{"event": "bounce", "email": "ada@x.test", "homing": "TOKEN", "reason": SAID,
                  "status": "5.1.1", "sg_event_id": "1", "smtp-id": "<m@x.test>", "timestamp": 1700000000,
                  "type": "bounce"}],
    "mailgun": {"signature": {"timestamp": "1", "token": "t", "signature": "s"},
                "event-data": {"event": "failed", "severity": "permanent", "recipient": "ada@x.test",
                               "timestamp": 1700000000.5, "user-variables": {"homing": "TOKEN"},
                               "message": {"headers": {"to": "Ada <ada@x.test>", "message-id": "m@x.test"}},
                               "delivery-status": {"code": 605, "message": SAID}}},
    "postmark": {"RecordType": "Bounce", "Type": "HardBounce", "ID": 7, "Email": "ada@x.test",
                 "Metadata": {"homing": "TOKEN"}, "Details": SAID,
                 "BouncedAt": "2026-11-23T12:00:00.1234567Z"},
    "mandrill": [{"event": "hard_bounce", "_id": "1", "ts": 1700000000,
                  "msg": {"email": "ada@x.test", "metadata": {"homing": "TOKEN"}, "diag": SAID,
                          "bounce_description": "bad_mailbox"}}],
    "ses": {"Type": "Notification", "MessageId": "1", "TopicArn": "t", "Message": json.dumps(SES),
            "Timestamp": "2026-11-23T12:00:00.000Z", "Signature": "AAAA", "SignatureVersion": "1",
            "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789ab.pem"},
}  # fmt: skip
STRANGE: list[Any] = [
    None,
    True,
    -1,
    10**30,
    1e308,
    "",
    "\x00",
    "\ud800",
    "a" * 5_000,
    [],
    {},
    [[]],
    {"homing": {}},
    [None],
    "NaN",
]


def bend(value: Any, chance: random.Random) -> Any:
    """The same document with one value, one name or one branch replaced."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(list(value))
        if chance.random() < 0.1:
            return {key: each for key, each in value.items() if key != name}
        return {**value, name: bend(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        return [bend(value[0], chance), *value[1:]]
    if isinstance(value, str) and value.startswith("{"):
        return json.dumps(bend(json.loads(value), chance))
    return chance.choice(STRANGE)


def body_of(name: str, document: Any) -> tuple[bytes, str]:
    text = json.dumps(document)
    if name == "mandrill":
        return f"mandrill_events={quote(text)}".encode(), "application/x-www-form-urlencoded"
    return text.encode(), "application/json"


def damage(raw: bytes, chance: random.Random) -> bytes:
    """Octets changed, cut out or repeated."""
    at = chance.randrange(len(raw) + 1)
    return chance.choice(
        [
            raw[:at],
            raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :],
            raw[:at] + raw[at + chance.randrange(1, 30) :],
            raw[:at] + raw[: chance.randrange(200)] + raw[at:],
        ]
    )


def mutants(seed: int, count: int, token: str) -> list[tuple[str, Call]]:
    chance = random.Random(seed)
    made = []
    for number in range(count):
        name = list(SAMPLES)[number % len(SAMPLES)]
        document = json.loads(json.dumps(SAMPLES[name]).replace("TOKEN", token))
        for _ in range(chance.randrange(1, 4)):
            document = bend(document, chance)
        body, kind = body_of(name, document)
        if chance.random() < 0.3:
            body = damage(body, chance)
        made.append((name, Call({"content-type": kind}, body, "https://t.test/hooks/x")))
    return made


def hammer(world: World, seed: int, count: int) -> int:
    """Judge, read and carry out; returns how many told something of our recipient."""
    with world.store.read() as connection:
        before, barred = charged_so_far(connection), suppressed_so_far(connection)
    back = Back(world)
    recorded = 0
    certificates = Certificates(PageWeb(), clock=lambda: 0.0)
    every = Secrets(logins=["a:b"], key="k", topics=["t"])
    for name, call in mutants(seed, count, TOKENS.mail(_BOUNCE, back.row.id)):
        assert judge(name, call, every, certificates, NOW) is not Entry.ADMITTED
        with world.store.write() as connection:
            for each in told(name, call):
                assert isinstance(each.deed, Deed)
                recorded += carry_out(connection, TOKENS, name, each, NOW).value.startswith("recorded")
    with world.store.read() as connection:
        assert charged_so_far(connection) - before <= {back.row.id}
        assert suppressed_so_far(connection) - barred <= {back.address}
    return recorded


def charged_so_far(connection: Connection) -> set[int | None]:
    return set(connection.scalars(select(event.c.recipient_id).distinct()))


def suppressed_so_far(connection: Connection) -> set[str]:
    return set(connection.scalars(select(suppression.c.value)))


def test_two_thousand_mutants_are_read(world: World) -> None:
    assert hammer(world, 1, 2_000) > 200, "some of them must still say something"


@pytest.mark.soak
def test_many_more_mutants_are_read(world: World) -> None:
    for seed in range(20):
        hammer(world, 100 + seed, 1_700)


def deep(opening: str, closing: str) -> Callable[[], bytes]:
    return (opening * 100_000 + closing * 100_000).encode


KILLERS: dict[str, Callable[[], bytes]] = {
    "deep lists": deep("[", "]"),
    "deep records": deep('{"event-data":', "}"),
    "many events": lambda: b"[" + b'{"event":"open"},' * 100_000 + b"{}]",
    "a huge number": lambda: b'[{"event":"open","timestamp":' + b"9" * 1_000_000 + b"}]",
    "a huge text": lambda: b'{"RecordType":"Bounce","Details":"' + b"5.1.1 " * 300_000 + b'"}',
    "many fields": lambda: b"&".join(b"a%d=b" % n for n in range(200_000)),
    "many parts": lambda: b"--b\r\n\r\n" * 200_000,
    "no JSON": lambda: b"\xff\xfe" * 500_000,
}


@pytest.mark.parametrize("make", KILLERS.values(), ids=KILLERS)
@pytest.mark.parametrize("name", list(READERS))
def test_a_killer_is_read_to_its_end(name: str, make: Callable[[], bytes]) -> None:
    body = make()[:LONGEST_BODY]
    for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"):
        assert len(told(name, Call({"content-type": kind}, body))) <= MOST_EVENTS


def test_a_time_that_nobody_can_mean_is_not_believed(world: World) -> None:
    back = Back(world)
    document = json.loads(json.dumps(SAMPLES["sendgrid"]).replace("TOKEN", TOKENS.mail(_BOUNCE, back.row.id)))
    document[0]["timestamp"] = (NOW + timedelta(days=400)).timestamp()
    body, kind = body_of("sendgrid", document)
    with world.store.write() as connection:
        for each in told("sendgrid", Call({"content-type": kind}, body)):
            carry_out(connection, TOKENS, "sendgrid", each, NOW)
        assert connection.scalar(select(event.c.at)) == NOW
