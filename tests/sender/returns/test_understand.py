"""What a mail is, whom it speaks of and why."""

import random

import pytest

from sender.returns.categories import Category
from sender.returns.mail import read_mail
from sender.returns.understand import Kind, understand
from tests.sender.returns import mails

FILL = {
    "path": "b+abc@rp.brand.test", "message_id": "m@brand.test", "own": "1", "kind": "abuse",
    "leave": "https://t.brand.test/u/x", "action": "failed", "status": "5.1.1",
    "said": "550 5.1.1 <ada@x.test>: User unknown",
}  # fmt: skip


def of(template: str, **changes: str) -> tuple[Kind, str, Category | None]:
    returned = understand(template.format(**FILL | changes).encode())
    first = returned.results[0] if returned.results else None
    return returned.kind, first.recipient if first else "", first.verdict.category if first else None


@pytest.mark.parametrize("template", [mails.DSN, mails.QMAIL])
def test_a_notice_of_failure_in_fields_or_in_words(template: str) -> None:
    assert of(template) == (Kind.HARD, "ada@x.test", Category.UNKNOWN_USER)
    full = "552 5.2.2 <ada@x.test>: Mailbox full"
    assert of(template, said=full, status="5.2.2") == (Kind.SOFT, "ada@x.test", Category.MAILBOX_FULL)
    block = "554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org"
    assert of(template, said=block, status="5.7.1") == (Kind.NONE, "ada@x.test", Category.BLOCKED_DNSBL)


def test_a_delay_is_no_failure_and_a_delivery_is_none_either() -> None:
    waiting = {"action": "delayed", "status": "4.4.1", "said": "connect to mx: Connection timed out"}
    assert of(mails.DSN, **waiting)[0] is Kind.DELAY
    assert of(mails.DSN, action="relayed", status="2.0.0", said="250 2.0.0 OK")[0] is Kind.DELIVERED


def test_a_complaint_an_automatic_answer_and_a_letter() -> None:
    assert of(mails.ARF)[0] is Kind.COMPLAINT
    assert understand(mails.ARF.format(**FILL).encode()).results[0].feedback_type == "abuse"
    assert of(mails.VACATION)[0] is Kind.AUTO_REPLY
    assert of(mails.LEAVE)[0] is Kind.NOT_A_BOUNCE


def test_an_answer_that_says_the_mailbox_is_gone_is_a_bounce() -> None:
    text = mails.VACATION.replace("I am out of the office until Monday.", "This mailbox is no longer in use.")
    assert of(text)[0] is Kind.SOFT


KILLERS = [
    b"Message-ID: <[[[[[[[[\r\n\r\n",
    b"To: " + b"(" * 50_000 + b"\r\n\r\n",
    b"To: =?utf-8?q?a=0AB?= <x@y>\r\n\r\n",
    b"To: " + b"a@b.test, " * 20_000 + b"\r\n\r\n",
    b"From: =?utf-8?q?a=40b?=@host\r\n\r\n",
    b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n' + b"--a\r\n" * 50_000,
    b'Content-Type: multipart/mixed; boundary=""\r\n\r\n----\r\n',
    b"Content-Type: text/plain; charset=idna\r\n\r\n" + b"x" * 200_000,
    b"Content-Type: text/html\r\n\r\n" + b"<" * 200_000,
    b"Subject: " + b"=?utf-8?b?" * 20_000 + b"\r\n\r\n",
    b"\r\n" * 100_000,
    b"Subject: failure notice\r\nFrom: mailer-daemon\r\n\r\n" + b"error " * 50_000,
    b"Subject: failure notice\r\nFrom: mailer-daemon\r\n\r\n" + b"<a@b.c>:\n" * 20_000,
    b"Subject: failure notice\r\nFrom: mailer-daemon\r\n\r\n" + b"a@" * 100_000,
    b"Subject: failure notice\r\nFrom: mailer-daemon\r\n\r\n" + b"Received: x\n" * 20_000,
    b"Subject: failure notice\r\nFrom: mailer-daemon\r\n\r\n550 " + b"mailbox " * 50_000,
    b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
]


@pytest.mark.parametrize("raw", KILLERS, ids=lambda raw: repr(raw[:40]))
def test_a_hostile_mail_is_read_to_its_end(raw: bytes) -> None:
    """Forms that kill the standard library's parser, and loops that kill patterns."""
    assert understand(raw).kind in Kind


def mutants(count: int, seed: int) -> list[bytes]:
    chance = random.Random(seed)
    seeds = [getattr(mails, name).format(**FILL).encode() for name in ("DSN", "QMAIL", "ARF", "VACATION")]
    pieces = [line for each in seeds for line in each.split(b"\n")] + [
        b"--BB",
        b"",
        b"=?utf-8?q?=0A?=",
        b"\x00",
    ]
    made = []
    for _ in range(count):
        lines = chance.choice(seeds).split(b"\n")
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(lines))
            match chance.randrange(4):
                case 0:
                    lines[at] = chance.choice(pieces)
                case 1:
                    lines.insert(at, chance.choice(pieces) * chance.randint(1, 50))
                case 2:
                    del lines[at : at + chance.randint(1, 5)]
                    lines = lines or [b""]
                case _:
                    line = bytearray(lines[at] or b" ")
                    line[chance.randrange(len(line))] = chance.randrange(256)
                    lines[at] = bytes(line)
        made.append(b"\n".join(lines))
    return made


def test_five_thousand_mutants_are_read() -> None:
    for raw in mutants(5_000, 1):
        returned = understand(raw)
        assert returned.kind in Kind


@pytest.mark.soak
def test_a_hundred_thousand_mutants_are_read() -> None:
    for raw in mutants(100_000, 2):
        assert understand(raw).kind in Kind


def test_what_is_too_long_is_cut_and_the_rest_is_read() -> None:
    mail = read_mail(b"Subject: x\r\n\r\n" + b"y" * 5_000_000)
    assert mail.header("subject") == "x"
    assert len(mail.text) <= 2_000_000


def test_a_notification_of_amazon_that_comes_by_mail_is_read_like_its_webhook() -> None:
    """Who subscribed a topic of SNS by mail gets JSON, with a note behind it."""
    event = (
        b'{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":'
        b'[{"emailAddress":"gone@example.net","status":"5.1.1",'
        b'"diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},'
        b'"mail":{"destination":["gone@example.net"]}}'
    )
    head = b"From: AWS <no-reply@sns.amazonaws.com>\r\nSubject: AWS Notification Message\r\n\r\n"
    note = b"\r\n\r\n--\r\nIf you wish to stop receiving notifications, visit https://sns.example/\r\n"
    (result,) = understand(head + event + note).results
    assert (result.recipient, result.kind) == ("gone@example.net", Kind.HARD)
    assert understand(head + b'{"notificationType": [' + note).kind is Kind.NOT_A_BOUNCE
