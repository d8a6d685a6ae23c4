"""HTML, MJML, Markdown and text become what campaigns send, and merge tags come through untouched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sender.content.apart import apart
from sender.content.formats import Format, Written, format_of, ready
from sender.content.inline import inline_css
from sender.content.markdown import html_of_markdown
from sender.content.mjml import html_of_mjml
from sender.content.problem import ContentError
from sender.content.shield import TAG, shield

MJML = """<mjml><mj-head><mj-title>News for {{name|"you"}}</mj-title><mj-preview>Soon {{x}}</mj-preview>
<mj-style>.wide{width:100%} @media (max-width:480px){.wide{width:50%}}</mj-style>
<mj-style inline="inline">.green{color:green}</mj-style></mj-head>
<mj-body>{{#if plan == "gold"}}<mj-section><mj-column>
<mj-text><p class="green">Hello {{name|friend}} &amp; co</p></mj-text>
{{#if more}}<mj-button href="{{url}}">Go {{#if a}}a{{else}}b{{/if}}</mj-button>{{/if}}
<mj-table>{{#if row}}<tr><td>{{cell}}</td></tr>{{/if}}</mj-table>
<mj-image src="https://a.test/x.png" alt="{{alt}}" />
</mj-column></mj-section>{{else if plan}}<mj-section><mj-column><mj-text>other</mj-text>
</mj-column></mj-section>{{/if}}
</mj-body></mjml>"""


def order(source: str) -> list[str]:
    return TAG.findall(source)


def test_mjml_becomes_html_with_every_tag_in_its_order() -> None:
    html = html_of_mjml(MJML)

    body = html[html.index("<body") :]
    written = order(MJML[MJML.index("<mj-body") :])
    assert [tag for tag in order(body) if tag not in ("{{x}}", '{{name|"you"}}')] == written
    assert '<p style="color: green;" class="green">Hello {{name|friend}} &amp; co</p>' in html
    assert ".wide{width:50%}" in html
    assert "fonts.googleapis" not in html


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("<mjml>\n<mj-body><mj-section>", "MJML cannot be read"),
        ("<mjml><mj-body>\n\n<mj-foo/></mj-body></mjml>", "Line 3: <mj-foo> is no element of MJML."),
        ("<mjml>\n{{x}}<mj-body></mj-body></mjml>", "Line 2: MJML leaves out {{x}} here"),
        (
            '<mjml><mj-body>\n<mj-include path="/etc/passwd"/></mj-body></mjml>',
            "Line 2.*mj-include is not supported",
        ),
        ("no markup", "MJML cannot be read"),
    ],
)
def test_mjml_that_cannot_be_used_gets_a_sentence(source: str, sentence: str) -> None:
    with pytest.raises(ContentError, match=sentence):
        html_of_mjml(source)


WORDS = st.sampled_from(
    ["{{a}}", '{{b|"x"}}', '{{#if c == "d"}}', "{{else}}", "{{/if}}", "{{#each e}}", "<b>", "x "]
)


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=4))
def test_merge_tags_come_through_mjml_wherever_they_may_stand(
    inside: list[str], between: list[str], beside: list[str]
) -> None:
    """In a text, around sections and around elements of a column; closed or not."""
    text = "".join(inside).replace("<b>", "<b>y</b>")
    outer, inner = ("".join(word for word in words if word.startswith("{{")) for words in (between, beside))
    source = (
        f"<mjml><mj-body>{outer}<mj-section><mj-column>{inner}<mj-text>{text}</mj-text>{inner}"
        '<mj-image src="https://a.test/{{a}}" alt="{{b}}" />'
        f"</mj-column></mj-section>{outer}</mj-body></mjml>"
    )
    body = html_of_mjml(source)
    after = order(body[body.index("<body") :])
    assert sorted(after) == sorted(order(source))
    assert [tag for tag in after if tag not in ("{{a}}", "{{b}}")] == [
        tag for tag in order(source) if tag not in ("{{a}}", "{{b}}")
    ]


MARKDOWN = """# Hi {{first_name|friend}}

{{#if plan == "gold"}}
You are *gold*: [see](https://shop.test/?a={{email}}&b=1), {{a_b}} and {{_c_}}
{{else}}
Join us.
{{/if}}

| what | price |
|------|-------|
| {{item|x}} | 2 |
"""


def test_markdown_becomes_a_page_and_conditions_stand_between_its_paragraphs() -> None:
    html = html_of_markdown(MARKDOWN)

    assert order(html) == order(MARKDOWN)
    assert (
        '\n{{#if plan == "gold"}}\n<p>You are <em>gold</em>: <a href="https://shop.test/?a={{email}}&amp;b=1">'
        in html
    )
    assert "\n{{else}}\n<p>Join us.</p>\n{{/if}}\n" in html
    assert "<td>{{item|x}}</td>" in html


MARKS = st.sampled_from(
    [
        "{{a}}",
        '{{#if b == "c"}}',
        "{{else}}",
        "{{/if}}",
        "*",
        "_",
        "[x](",
        ")",
        "\n",
        "- ",
        "> ",
        "|",
        "`",
        "a",
        " ",
    ]
)


@given(st.lists(MARKS, max_size=14).map("".join))
def test_merge_tags_come_through_markdown_or_its_author_is_told(source: str) -> None:
    try:
        html = html_of_markdown(source)
    except ContentError as error:
        assert "Markdown leaves out" in str(error)  # noqa: PT017
        return
    assert order(html) == order(source)


def test_a_tag_that_markdown_leaves_out_is_told_with_its_line() -> None:
    with pytest.raises(ContentError, match=r"Line 3: Markdown leaves out \{\{url\}\} here"):
        html_of_markdown("text\n\n[name]: https://a.test/{{url}}\n")


def test_css_goes_into_style_attributes_and_nothing_else_changes() -> None:
    html = (
        "<style>p{color:red} .b{margin:1px} @media print{p{color:blue}} a:hover{top:0}</style>\n"
        '{{#if a == "x"}}<div class=b>{{else}}<div class="{{c}}">{{/if}}<table>{{#if r}}<tr><td>1{{/if}}'
        "</table><p style='left:0'>x<P STYLE=\"{{#if w}}top:1px;{{/if}}\">y<br/>"
        "<!--[if mso]><p>z<![endif]--></div>"
    )

    inlined = inline_css(html)

    assert '<div style="margin: 1px;" class=b>' in inlined
    assert "<p style='color: red;left: 0'>x" in inlined
    assert '<P STYLE="color: red;{{#if w}}top:1px;{{/if}}">y' in inlined
    again = inlined.replace(' style="margin: 1px;"', "").replace("color: red;left: 0", "left:0")
    assert again.replace("color: red;", "") == html


def test_a_font_with_quotes_stays_one_attribute() -> None:
    inlined = inline_css("<style>p{font-family:\"A B\",'C'}</style><p>x</p><p style='top:0'>y</p>")
    assert (
        '<p style="font-family: &#39;A B&#39;,&#39;C&#39;;">x</p>' in inlined or "&quot;A B&quot;" in inlined
    )
    assert inlined.count("<p ") == 2


def test_css_is_never_fetched(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither from the network (the tripwire would ring) nor from this machine's files."""
    sheet = tmp_path_factory.mktemp("css") / "a.css"
    sheet.write_text("p{color:red}")
    links = f'<link rel=stylesheet href="{sheet}"><link rel=stylesheet href="file://{sheet}">'
    links += '<link rel=stylesheet href="http://127.0.0.1:9/a.css"><style>@import url("http://127.0.0.1:9/b");</style>'
    assert inline_css(f"{links}<p>x</p>") == f"{links}<p>x</p>"


@given(st.text(alphabet="{}#/if else@a|\"'= \n<>p!-", max_size=80))
def test_what_is_shielded_comes_back_as_it_was(source: str) -> None:
    shielded = shield(source)
    assert shielded.restored(shielded.text) == source
    assert not shielded.lost(shielded.text)
    assert not TAG.search(shielded.text)


@given(st.lists(st.sampled_from([
    "{{a}}", '{{#if a == "x"}}', "{{else}}", "{{/if}}", "<p>", "</p>", "<div class=c>", "</div>", "<table>",
    "<tr>",
    "<td>", "<p style='top:0'>", '<a href="{{u}}">', "x", " ", "\n", "<!--", "-->", '"', "<", ">",
]), max_size=25))  # fmt: skip
def test_inlining_adds_style_attributes_and_takes_nothing_away(pieces: list[str]) -> None:
    html = "<style>p,div,td,a{color:red}</style>" + "".join(pieces)
    bare = inline_css(html).replace(' style="color: red;"', "").replace("color: red;top: 0", "top:0")
    assert bare == html


def test_a_template_that_crashes_its_reader_costs_only_a_child() -> None:
    with pytest.raises(ContentError, match="nested too deeply"):
        apart(inline_css, "<style>p{color:red}</style>" + "<div>" * 20_000)


def test_front_matter_gives_subject_and_preheader_and_lines_keep_their_numbers() -> None:
    made = ready(Written("---\nsubject: Hi {{name}}\npreheader: Soon\n---\nHello\n", Format.TEXT))
    assert (made.subject, made.html, made.text) == ("Hi {{name}}", "", "Hello\n")
    with pytest.raises(ContentError, match="Line 2: between the --- lines"):
        ready(Written("---\nfrom: x\n---\nHello", Format.TEXT))
    with pytest.raises(ContentError, match="Line 5, column 7"):
        ready(Written("---\nsubject: a\n---\n\nHello {{/if}}", Format.TEXT))


def test_the_subject_is_the_title_where_no_other_is_given() -> None:
    html = "<title>\nNews &amp; more\n</title><p>x"
    assert ready(Written(html, Format.HTML, inline=False)).subject == "News & more"
    with pytest.raises(ContentError, match="no subject"):
        ready(Written("<p>x", Format.HTML))


@pytest.mark.parametrize(
    ("name", "source", "kind"),
    [
        ("a.mjml", "", Format.MJML), ("a.HTM", "", Format.HTML), ("a.md", "<p>", Format.MARKDOWN),
        ("a.txt", "<p>", Format.TEXT), ("letter", " <!doctype html><p>", Format.HTML),
        ("", "---\nsubject: a\n---\n<mjml>", Format.MJML), ("", "Hello", Format.TEXT),
    ],
)  # fmt: skip
def test_the_format_is_told_by_the_name_or_the_first_words(name: str, source: str, kind: Format) -> None:
    assert format_of(name, source) is kind
