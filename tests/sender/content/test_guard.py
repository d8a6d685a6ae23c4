"""No value that a person can set becomes a header, whatever Python's email package would make of it."""

import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sender.content.guard import HeaderInjection, check_message, check_value, header_names
from sender.content.headers import address_header, text_header

ATTACKS = [
    "hi\r\nBcc: evil@x.org",
    "hi\nBcc: evil@x.org",
    "hi\rBcc: evil@x.org",
    "hi\x00there",
    "=?utf-8?q?hi=0D=0ABcc:_evil=40x.org?=",
    "=?utf-8?Q?hi=0ABcc:_evil=40x.org?=",
    "=?utf-8?b?aGkNCkJjYzogZXZpbEB4Lm9yZw==?=",
    "=?iso-8859-1?B?aGkNCkJjYzogZXZpbEB4Lm9yZw?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3Fhi=3D0D=3D0ABcc:=3F=3D?=",
    "a\u2028Bcc: evil@x.org",
    "a\x85Bcc: evil@x.org",
    "a\x0bBcc: evil@x.org",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_on_the_subject_is_refused(attack: str) -> None:
    """The CVE-2024-6923 forms among them; Python 3.11.7 itself lets those through."""
    with pytest.raises(HeaderInjection, match="Subject"):
        text_header("Subject", attack)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_on_a_display_name_or_an_address_is_refused(attack: str) -> None:
    with pytest.raises(HeaderInjection):
        address_header("From", attack, "a@b.test")
    with pytest.raises((HeaderInjection, ValueError)):
        address_header("To", "", f"{attack}@b.test")


def test_a_harmless_encoded_word_is_sent_as_the_text_that_it_is() -> None:
    value = "=?utf-8?q?caf=C3=A9?="
    assert check_value("Subject", value) == value
    message = email.message_from_bytes(text_header("Subject", value) + b"\r\n", policy=email.policy.default)
    assert b"=?utf-8?B?" in text_header("Subject", value)
    assert message["Subject"].encode().count(b"caf")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=300))
def test_any_subject_is_one_header_and_reads_back(subject: str) -> None:
    try:
        raw = text_header("Subject", subject)
    except HeaderInjection:
        return
    assert header_names(raw + b"\r\n") == ["Subject"]
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    if "=?" not in subject:
        parsed = email.message_from_bytes(raw + b"\r\n", policy=email.policy.default)
        assert "".join(parsed["Subject"].split()) == "".join(subject.split())


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_name_and_address_is_one_header_or_refused(display: str, address: str) -> None:
    try:
        raw = address_header("To", display, address)
    except ValueError:
        return
    assert header_names(raw + b"\r\n") == ["To"]


@pytest.mark.parametrize(
    "message",
    [
        b"Subject: a\nBcc: b\r\n\r\n",
        b"Subject: a\rBcc: b\r\n\r\n",
        b"Subject: a\x00\r\n\r\n",
        b"Subject: a\r\nnot a header\r\n\r\n",
        b"Subject: a\r\n \r\n\r\n",
        b" folded before the first\r\nSubject: a\r\n\r\n",
    ],
)
def test_a_header_block_that_two_readers_could_read_differently_is_refused(message: bytes) -> None:
    with pytest.raises(HeaderInjection):
        header_names(message)


def test_a_message_must_have_exactly_the_headers_it_was_given() -> None:
    check_message(b"A: 1\r\nB: 2\r\n\r\nC: body", ["A", "B"])
    with pytest.raises(HeaderInjection, match="other headers"):
        check_message(b"A: 1\r\nB: 2\r\n\r\n", ["A"])
