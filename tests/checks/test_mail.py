"""A message in its bytes: nothing is decoded, nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from checks.mail import read_mail


def test_fields_keep_their_folding_and_their_order() -> None:
    mail = read_mail(b"Subject: one\r\n two\r\nFrom: a@b\r\nsubject: three\r\n\r\nBody\r\n")
    assert [field.raw for field in mail.all("subject")] == [
        b"Subject: one\r\n two\r\n",
        b"subject: three\r\n",
    ]
    assert mail.first("subject") == "one two"
    assert mail.body == b"Body\r\n"


def test_bare_line_feeds_are_the_wire_s_line_ends() -> None:
    assert read_mail(b"A: 1\nB: 2\n\nbody\n").body == b"body\r\n"


def test_a_message_without_a_body_or_without_a_header() -> None:
    assert read_mail(b"A: 1\r\n").body == b""
    assert [f.raw for f in read_mail(b"A: 1").fields] == [b"A: 1\r\n"]
    assert read_mail(b"\r\nbody").fields == ()
    assert read_mail(b"").fields == ()


def test_the_separator_of_a_mailbox_file_is_no_field() -> None:
    assert [f.name for f in read_mail(b"From ann Mon Nov 23\nSubject: x\n\n").fields] == ["subject"]


@given(st.binary(max_size=300))
def test_no_octet_of_any_input_is_lost(data: bytes) -> None:
    """Apart from line ends, the separator and the empty line, what comes in is what is kept."""
    mail = read_mail(data)
    kept = b"".join(field.raw for field in mail.fields) + mail.body
    bare = data.replace(b"\r", b"").replace(b"\n", b"")
    if not data.startswith(b"From "):
        assert kept.replace(b"\r", b"").replace(b"\n", b"") == bare
    assert all(field.name == field.name.lower() for field in mail.fields)
