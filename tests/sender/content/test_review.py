"""What a template's author is told before anything is sent."""

from datetime import UTC, datetime

import pytest

from sender.content.compile import Source
from sender.content.files import MOST_BYTES, attachments_of
from sender.content.mime import Attachment
from sender.content.problem import ContentError
from sender.content.review import Level, review

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = "<p>" + "word " * 30 + "</p>"


def codes(html: str, **more: object) -> set[str]:
    source = Source("Hi", html, preheader="Soon", **more)  # type: ignore[arg-type]
    return {remark.code for remark in review(source, {}, NOW)} - {"no-unsubscribe-link"}


@pytest.mark.parametrize(
    ("html", "code"),
    [
        (WORDS + "x" * 110_000, "html-too-large"),
        (WORDS + '<a href="https://a.test/">x</a>' * 1_300, "html-too-large"),
        (WORDS + '<a href="www.a.test">x</a>', "broken-link"),
        (WORDS + '<a href="https://a.test/a b">x</a>', "broken-link"),
        (WORDS + '<a href="https://nodots/">x</a>', "broken-link"),
        (WORDS + '<a href="https://a.test:99999/">x</a>', "broken-link"),
        (WORDS + '<a href="javascript:x()">x</a>', "broken-link"),
        (WORDS + '<a href="">x</a>', "broken-link"),
        (WORDS + '<a href="https://bit.ly/x">x</a>', "shortened-link"),
        (WORDS + '<a href="https://evil.test/">https://bank.test/</a>', "link-text-differs"),
        (WORDS + '<a href="https://a.test/?e={{email}}">x</a>', "untracked-link"),
        (WORDS + '<img src="https://a.test/x.png">', "image-without-alt"),
        (WORDS + '<img alt="" src="x.png">', "image-source"),
        (WORDS + '<img alt="" src="cid:x.png">', "image-source"),
        (WORDS + '<img alt="" src="data:image/png;base64,xx">', "image-source"),
        ('<img alt="Sale" src="https://a.test/x.png">', "only-images"),
        (WORDS + "<script>x</script>", "not-shown"),
        (WORDS + '<link rel="stylesheet" href="https://a.test/x.css">', "not-shown"),
        (WORDS + "{{name}}", "no-default"),
    ],
)  # fmt: skip
def test_a_fault_is_told(html: str, code: str) -> None:
    assert codes(html) == {code}


@pytest.mark.parametrize(
    "html",
    [
        WORDS,
        WORDS + '<a href="https://www.a.test/x">a.test</a> <a href="https://shop.a.test">www.shop.a.test/x</a>',
        WORDS + '<a href="#top">x</a><a href="mailto:a@b.test">x</a><a href="tel:+1">x</a>',
        WORDS + '<a href="{{unsubscribe_url}}">x</a>{{name|you}}{{email}}',
        WORDS + '<a href="https://bücher.test:8443/ä?x=%20#y">x</a><a href="http://192.0.2.1/">x</a>',
        WORDS + '<img alt="" src="https://a.test/x.png"><!-- <img> --><style>a{}</style>',
    ],
)  # fmt: skip
def test_what_is_well_is_not_remarked_on(html: str) -> None:
    assert codes(html) == set()


def test_files_that_providers_refuse_stop_a_template() -> None:
    files = (
        Attachment("a.exe", "application/octet-stream", b"MZ"),
        Attachment("b.pdf", "application/pdf", b""),
    )
    remarks = review(Source("Hi", WORDS, preheader="x", attachments=files), {}, NOW)
    assert remarks[0].level is Level.BLOCK
    assert remarks[0].code == "refused-file"


def test_a_file_that_the_html_shows_is_inline_and_others_are_attached() -> None:
    made = attachments_of({"b.png": b"1", "a.pdf": b"2"}, '<img src="cid:b.png">')
    assert [(each.name, each.kind, each.cid) for each in made] == [
        ("a.pdf", "application/pdf", ""), ("b.png", "image/png", "b.png"),
    ]  # fmt: skip
    with pytest.raises(ContentError, match="cannot be shown inside"):
        attachments_of({"a b.png": b""}, '<img src="cid:a b.png">')
    with pytest.raises(ContentError, match="too many"):
        attachments_of({str(number): b"" for number in range(21)}, "")
    with pytest.raises(ContentError, match="10,000,000 is the most"):
        attachments_of({"a": b"x" * (MOST_BYTES + 1)}, "")
