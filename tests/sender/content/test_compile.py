"""A spliced message reads exactly as the message that the author wrote for this person."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sender.content.compile import Compiled, Letterhead, Person, Source, Tracking, compile_campaign
from sender.content.guard import HeaderInjection, header_names
from sender.content.merge import fields_of
from sender.content.mime import Attachment
from sender.content.relaxed import hash_of, relaxed
from sender.delivery.lines import canonical

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HTML = (
    "<html><head><style>a{color:red}</style></head><body><p>Hällo {{first_name|friend}}</p>\n"
    '<a href="https://shop.test/?a=1&amp;b=2">Shop</a> <a href="mailto:x@shop.test">Mail</a>\n'
    '<!-- <a href="https://no.test/"> --><!--[if mso]><v:rect href="https://mso.test/"/><![endif]-->\n'
    '<a data-no-track href="https://plain.test/">Plain</a> <a href="{{unsubscribe_url}}">Leave</a>\n'
    "</body></html>"
)
SOURCE = Source("News for {{first_name|you}}", HTML)
LETTERHEAD = Letterhead(
    "Größe & Co",
    "news@brand.test",
    "https://t.brand.test",
    list_id="news.brand.test",
    list_title="Brand: News",
)


def person(**fields: str) -> Person:
    url = "https://t.brand.test/u/UNSUB"
    slots = {"@open": "OPEN", "@click": "CLICK", "unsubscribe_url": url}
    return Person("ada@x.test", "id@brand.test", slots | fields, url, "unsub+x@rp.brand.test")


def parsed(compiled: Compiled, who: Person) -> EmailMessage:
    message = email.message_from_bytes(compiled.message(who, NOW), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    assert not part.defects
    content = part.get_content()
    assert isinstance(content, str)
    return content


def test_headers_say_who_to_whom_and_how_to_leave() -> None:
    message = parsed(compile_campaign(SOURCE, LETTERHEAD), person(first_name="Ada"))
    assert dict(message.items()) == {
        "Date": "Mon, 23 Nov 2026 12:00:00 +0000",
        "Subject": "News for Ada",
        "To": "ada@x.test",
        "Message-ID": "<id@brand.test>",
        "List-Unsubscribe": "<https://t.brand.test/u/UNSUB>, <mailto:unsub+x@rp.brand.test>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "From": "Größe & Co <news@brand.test>",
        "List-Id": '"Brand: News" <news.brand.test>',
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }


def test_links_go_through_the_tracking_host_and_only_those_that_should() -> None:
    compiled = compile_campaign(SOURCE, LETTERHEAD)
    assert compiled.urls == ("https://shop.test/?a=1&b=2", "https://mso.test/")
    html = body(parsed(compiled, person()), "html")
    assert 'href="https://t.brand.test/c/CLICK/0"' in html
    assert 'v:rect href="https://t.brand.test/c/CLICK/1"' in html
    assert 'href="https://plain.test/"' in html
    assert 'href="mailto:x@shop.test"' in html
    assert '<!-- <a href="https://no.test/"> -->' in html
    assert 'src="https://t.brand.test/o/OPEN"' in html
    assert "Shop (https://t.brand.test/c/CLICK/0)" in body(parsed(compiled, person()), "plain")


def test_without_tracking_nothing_is_rewritten_and_no_pixel_is_added() -> None:
    letterhead = Letterhead("", "news@brand.test", "https://t.brand.test", Tracking.OFF)
    compiled = compile_campaign(SOURCE, letterhead)
    html = body(parsed(compiled, person()), "html")
    assert compiled.urls == ()
    assert "/c/" not in html
    assert "/o/" not in html
    assert 'href="https://shop.test/?a=1&amp;b=2"' in html


def test_a_link_that_holds_a_field_is_left_alone_and_named() -> None:
    source = Source("s", '<a href="https://a.test/?e={{email}}">x</a>', "see https://b.test/{{email}} now")
    compiled = compile_campaign(source, LETTERHEAD)
    assert compiled.urls == ()
    assert compiled.untracked == ("https://a.test/?e={{email}}", "https://b.test/{{…}}")
    assert "https://b.test/a%40b.c now" in body(parsed(compiled, person(email="a@b.c")), "plain")


def test_a_value_inside_a_link_adds_nothing_to_the_link() -> None:
    html = (
        '<a href="https://a.test/{{path}}?n={{name|x&amp;y}}&amp;z=1">x</a> <a href="{{site}}">y</a> {{name}}'
        '<a href="https://a.test/{{#if name == "x"}}b{{else}}c{{name}}{{/if}}">z</a>'
    )
    compiled = compile_campaign(Source("s", html), LETTERHEAD)
    values = {"path": "b/ü", "name": "Tom & Jerry=1", "site": "https://b.test/?a=1&b=2"}
    filled = parsed(compiled, person(**values))
    page, text = body(filled, "html"), body(filled, "plain")
    assert 'href="https://a.test/b/%C3%BC?n=Tom%20%26%20Jerry%3D1&amp;z=1"' in page
    assert 'href="https://b.test/?a=1&amp;b=2">y</a> Tom &amp; Jerry=1' in page
    assert 'href="https://a.test/cTom%20%26%20Jerry%3D1"' in page
    assert "x (https://a.test/b/%C3%BC?n=Tom%20%26%20Jerry%3D1&z=1)" in text
    assert "y (https://b.test/?a=1&b=2) Tom & Jerry=1" in text
    assert "n=x&amp;y&amp;z=1" in body(parsed(compiled, person()), "html")


def test_a_persons_value_is_escaped_in_html_and_plain_in_text() -> None:
    message = parsed(compile_campaign(SOURCE, LETTERHEAD), person(first_name='<b onload="x">&'))
    assert "Hällo &lt;b onload=&quot;x&quot;&gt;&amp;</p>" in body(message, "html")
    assert 'Hällo <b onload="x">&' in body(message, "plain")


def test_a_template_without_an_unsubscribe_link_gets_one() -> None:
    message = parsed(compile_campaign(Source("s", "<body><p>hi</p></body>"), LETTERHEAD), person())
    assert '<a href="https://t.brand.test/u/UNSUB">Unsubscribe</a>' in body(message, "html")
    assert "Unsubscribe: https://t.brand.test/u/UNSUB" in body(message, "plain")


def test_the_preheader_is_first_in_the_body_and_hidden() -> None:
    message = parsed(compile_campaign(Source("s", HTML, preheader="A & B"), LETTERHEAD), person())
    assert '<body><div style="display:none' in body(message, "html")
    assert ">A &amp; B</div><p>H" in body(message, "html")


def test_a_condition_in_the_preheader_is_one() -> None:
    source = Source("s", HTML, preheader='{{#if first_name == "Ada"}}A&B{{else}}you{{/if}}')
    message = parsed(compile_campaign(source, LETTERHEAD), person(first_name="Ada"))
    assert ">A&amp;B</div><p>H" in body(message, "html")


def test_a_loop_is_encoded_and_escaped_in_every_part() -> None:
    html = '<p>{{#each tags}}<a href="https://a.test/?t={{this}}">{{this}}</a> {{else}}none{{/each}}</p>'
    compiled = compile_campaign(Source("{{#each tags}}{{this}} {{/each}}", html), LETTERHEAD)
    message = parsed(compiled, person(**fields_of({"tags": ["a&b", "ü"]})))
    assert message["Subject"] == "a&b ü "
    assert '<a href="https://a.test/?t=a%26b">a&amp;b</a> <a href="https://a.test/?t=%C3%BC">ü</a>' in body(
        message, "html"
    )
    assert "a&b (https://a.test/?t=a%26b) ü (https://a.test/?t=%C3%BC)" in body(message, "plain")
    assert "none" in body(parsed(compiled, person()), "plain")


def test_attachments_and_inline_images_stand_where_readers_look_for_them() -> None:
    files = (
        Attachment("Preis\u00fcbersicht.pdf", "application/pdf", b"%PDF" * 100),
        Attachment("logo.png", "image/png", b"\x89PNG", cid="logo"),
    )
    message = parsed(compile_campaign(Source("s", HTML, attachments=files), LETTERHEAD), person())
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html",
        "image/png", "application/pdf",
    ]  # fmt: skip
    assert [part.get_filename() for part in message.iter_attachments()] == ["Preis\u00fcbersicht.pdf"]
    assert next(message.iter_attachments()).get_content() == b"%PDF" * 100


@pytest.mark.parametrize("name", ["a\r\nBcc: x", "=?utf-8?q?=0D=0ABcc:x?="])
def test_an_attachments_name_adds_no_header(name: str) -> None:
    with pytest.raises(HeaderInjection):
        compile_campaign(Source("s", "x", attachments=(Attachment(name, "a/b", b""),)), LETTERHEAD)


def test_mostly_foreign_text_goes_out_as_base64_and_reads_the_same() -> None:
    compiled = compile_campaign(Source("s", "", "Здравствуйте, {{first_name}}!\n" * 20), LETTERHEAD)
    message = parsed(compiled, person(first_name="Анна"))
    assert message["Content-Transfer-Encoding"] == "base64"
    assert message.get_content().startswith("Здравствуйте, Анна!\r\n")


VALUES = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@given(VALUES)
def test_no_value_changes_the_headers_or_the_parts(value: str) -> None:
    """S3: whatever stands in a field, the message has the headers and the parts that the author gave it."""
    compiled = compile_campaign(SOURCE, LETTERHEAD)
    plain = compiled.message(person(first_name="Ada"), NOW)
    try:
        raw = compiled.message(person(first_name=value), NOW)
    except HeaderInjection:
        return
    assert header_names(raw) == header_names(plain)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("address", "header"),
    [("grå@bücher.test", "To: grå@xn--bcher-kva.test"), ("gra@bücher.test", "To: gra@xn--bcher-kva.test")],
)
def test_only_a_local_part_beyond_ascii_goes_out_as_utf8(address: str, header: str) -> None:
    """RFC 6532; the transport then asks for SMTPUTF8. A domain has its A-labels."""
    message = compile_campaign(SOURCE, LETTERHEAD).message(Person(address, "id@brand.test", {}), NOW)
    assert f"\r\n{header}\r\n".encode() in message


def test_complaints_are_asked_for_and_say_whose_message_it_was() -> None:
    """RFC 9477: CFBL-Address, and an opaque CFBL-Feedback-ID of each message."""
    letterhead = replace(LETTERHEAD, complaints_to="fbl@rp.brand.test")
    message = parsed(compile_campaign(SOURCE, letterhead), replace(person(), complaint_token="abc123"))
    assert message["CFBL-Address"] == "fbl@rp.brand.test; report=arf"
    assert message["CFBL-Feedback-ID"] == "abc123"
    quiet = parsed(compile_campaign(SOURCE, LETTERHEAD), replace(person(), complaint_token="abc123"))
    assert "CFBL-Feedback-ID" not in quiet


def test_a_long_foreign_file_name_keeps_its_lines_short_and_reads_back() -> None:
    name = "価格表" * 40 + ".pdf"
    files = (Attachment(name, "application/pdf", b"%PDF"),)
    compiled = compile_campaign(Source("s", "x", attachments=files), LETTERHEAD)
    raw = compiled.message(person(), NOW)
    assert max(map(len, raw.split(b"\r\n"))) <= 80
    assert [part.get_filename() for part in parsed(compiled, person()).iter_attachments()] == [name]


@pytest.mark.parametrize("name", ["A" * 900, "word " * 200, 'quote" \\ ' * 90, "é" * 400])
def test_a_long_senders_name_keeps_its_lines_short_and_reads_back(name: str) -> None:
    compiled = compile_campaign(SOURCE, replace(LETTERHEAD, from_name=name, list_title=name))
    raw = compiled.message(person(), NOW)
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
    shown = parsed(compiled, person())["From"].addresses[0].display_name
    assert "".join(shown.split()) == "".join(name.split())


SPACES = st.text(alphabet=" \t\r\n.=äxyz-\u2028\xa0", max_size=200)


@given(SPACES, SPACES, SPACES)
def test_a_message_is_ready_for_the_wire_and_its_hash_is_the_one_that_dkim_finds(
    template: str, value: str, plain: str
) -> None:
    """Pieces are encoded and relaxed apart; put together they are what the whole would be."""
    for source in (
        Source("s", f"<p>{template}{{{{a}}}}{template}{{{{#if a}}}} {{{{b}}}} {{{{/if}}}}</p>"),
        Source("s", "", f"{plain}{{{{a}}}}\n{plain}"),
        Source("s", "", f"Здравствуйте{plain}{{{{a}}}}{{{{#if b}}}} ж {{{{b}}}}{{{{/if}}}}" * 3),
    ):
        compiled = compile_campaign(source, replace(LETTERHEAD, footer=bool(source.html)))
        message, body_hash = compiled.hashed_message(person(a=value, b=plain), NOW)
        assert canonical(message) == message
        body = message.partition(b"\r\n\r\n")[2]
        assert body_hash == hash_of(relaxed(body))
        assert max(map(len, message.split(b"\r\n"))) <= 80
