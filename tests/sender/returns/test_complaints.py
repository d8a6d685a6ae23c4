"""Complaints in the forms that feedback loops really send."""

import pytest

from sender.returns.mail import read_mail
from sender.returns.understand import Kind, understand
from tests.sender.returns import mails

FILL = {
    "path": "b+abc@rp.brand.test",
    "message_id": "m@brand.test",
    "own": "1",
    "leave": "https://t.test/u/x",
}
HEAD = "From: fbl@isp.test\nTo: fbl@rp.brand.test\nSubject: {subject}\nMIME-Version: 1.0\n"
ORIGINAL = "From: news@brand.test\nTo: ada@x.test\nSubject: Hi\nMessage-ID: <m@brand.test>\n\nHello\n"


def of(raw: str) -> tuple[Kind, str, list[str]]:
    returned = understand(raw.encode())
    kind = returned.results[0].feedback_type if returned.results else ""
    return returned.kind, kind, [each.recipient for each in returned.results]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("abuse", "abuse"), ("Abuse", "abuse"), ("fraud", "fraud"), ("virus", "virus"), ("other", "other"),
        ("not-spam", "not-spam"), ("opt-out", "opt-out"), ("opt-out-list", "opt-out-list"),
        ("auth-failure", "auth-failure"), ("miscategorized", "other"),
    ],
)  # fmt: skip
def test_each_registered_type_is_kept_and_another_is_other(told: str, kind: str) -> None:
    assert of(mails.ARF.format(**FILL, kind=told)) == (Kind.COMPLAINT, kind, ["ada@x.test"])


def test_the_reports_own_recipient_counts_before_the_originals() -> None:
    raw = mails.ARF.format(**FILL, kind="abuse")
    named = raw.replace("Version: 1\n", "Version: 1\nOriginal-Rcpt-To: <rfc822;Bob@x.test>\n", 1)
    assert "ob@x.test" in of(named)[2][0].lower()


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream; name=report.arf"])
def test_a_report_under_another_type_is_one(kind: str) -> None:
    raw = mails.ARF.format(**FILL, kind="abuse").replace("message/feedback-report", kind)
    assert of(raw) == (Kind.COMPLAINT, "abuse", ["ada@x.test"])


def test_a_report_whose_parts_were_lost_is_one() -> None:
    raw = (
        HEAD.format(subject="FW: Hi")
        + "\nFeedback-Type: abuse\nUser-Agent: x/1\nOriginal-Rcpt-To: ada@x.test\n"
    )
    assert of(raw) == (Kind.COMPLAINT, "abuse", ["ada@x.test"])


def test_headers_alone_are_enough_of_the_original() -> None:
    raw = mails.ARF.format(**FILL, kind="abuse").replace("message/rfc822", "text/rfc822-headers")
    returned = understand(raw.encode())
    assert returned.original is not None
    assert returned.original.header("message-id") == "<m@brand.test>"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Email Feedback Report for IP 192.0.2.1", "See the message."),
        ("FW: Hi", "This is an email abuse report for a message received from 192.0.2.1"),
        ("Report", "One of our users marked the attached message as spam."),
    ],
)
def test_the_loops_before_rfc5965_only_attached_the_message(subject: str, text: str) -> None:
    raw = HEAD.format(subject=subject) + 'Content-Type: multipart/mixed; boundary="b"\n\n'
    raw += f"--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: message/rfc822\n\n{ORIGINAL}--b--\n"
    assert of(raw) == (Kind.COMPLAINT, "abuse", ["ada@x.test"])


def test_a_letter_about_a_report_and_a_forwarded_letter_are_none() -> None:
    letter = HEAD.format(subject="Question") + "\nWhat does Feedback-Type: abuse mean?\n"
    forward = HEAD.format(subject="FW: Hi") + 'Content-Type: multipart/mixed; boundary="b"\n\n'
    forward += (
        f"--b\nContent-Type: text/plain\n\nLook!\n--b\nContent-Type: message/rfc822\n\n{ORIGINAL}--b--\n"
    )
    assert of(letter)[0] is Kind.NOT_A_BOUNCE
    assert of(forward)[0] is Kind.NOT_A_BOUNCE


def test_jmrp_and_apple_have_forms_of_their_own() -> None:
    whole = ORIGINAL.replace("To: ada", "X-HmXmrOriginalRecipient: ada@x.test\nTo: redacted")
    jmrp = HEAD.format(subject="complaint about message from 192.0.2.1").replace("fbl@isp", "staff@hotmail")
    jmrp += f"Content-Type: message/rfc822\n\n{whole}"
    assert of(jmrp)[0] is Kind.COMPLAINT
    apple = "From: ada@x.test\nTo: unsub@rp.brand.test\nX-Apple-Unsubscribe: true\nSubject: unsubscribe\n\n"
    assert of(apple) == (Kind.COMPLAINT, "opt-out", ["ada@x.test"])
    assert read_mail(apple.encode()).header("x-apple-unsubscribe") == "true"
