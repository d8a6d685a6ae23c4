"""The text part says what the HTML says."""

import pytest

from sender.content.text import text_from_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>News</h1><p>Hello  {{name|friend}},</p><p>bye</p>", "News\n\nHello {{name|friend}},\n\nbye\n"),
        ('<a href="https://a.test/x">Read</a>', "Read (https://a.test/x)\n"),
        ('<a href="https://a.test/">https://a.test</a>', "https://a.test\n"),
        ('<a href="{{unsubscribe_url}}">Leave</a>', "Leave ({{unsubscribe_url}})\n"),
        ('<a href="#top">Up</a><a href="javascript:x()">X</a>', "UpX\n"),
        ("<ul><li>a</li><li>b</li></ul><ol><li>c<li>d</ol>", "- a\n- b\n\n1. c\n2. d\n"),
        ('<p>a<br>b</p><img src="x" alt="A cat"><hr>', "a\nb\n\nA cat\n--------------------\n"),
        ('<style>p{}</style><div style="display:none">secret</div>seen', "seen\n"),
        ("<title>t</title><script>if (a<b) x</script><p>seen", "seen\n"),
        ("<table><tr><td>a</td><td>b &amp; c</td></tr></table>", "a | b & c\n"),
        ("<table><tr><th>Book<th>Price<tr><td>Sea<td>3 €</table>x", "Book | Price\nSea | 3 €\n\nx\n"),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a\n\nb\nc\n"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c<p>d</p></li></ul>", "- a\n  - b\n- c\n  d\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote>c", "> a\n>\n> b\n\nc\n"),
        ("<pre>a\n  b</pre>", "a\n  b\n"),
        ('<a href="https://a.test/"><img alt="Shop"></a>', "Shop (https://a.test/)\n"),
        (
            '<a href="{{#if a == "b"}}https://a.test{{/if}}">Go</a>',
            'Go ({{#if a == "b"}}https://a.test{{/if}})\n',
        ),
        (
            "<!doctype html>\n<?xml x?><!-- no --><![if !mso]>a<![endif]><!---->b<!--[if mso]>no<![endif]-->",
            "ab\n",
        ),
        ("a < b & c > d <3", "a < b & c > d <3\n"),
        (
            '<a href="https://a.test/1">A</a><a href="https://a.test/2">B</a>',
            "A (https://a.test/1) B (https://a.test/2)\n",
        ),
        ("<p>a <b>b</p></div></a></ul> c", "a b\n\nc\n"),
    ],
)
def test_markup_becomes_readable_text(html: str, text: str) -> None:
    assert text_from_html(html) == text


def test_long_lines_are_cut_between_words_but_addresses_are_not() -> None:
    address = "https://a.test/" + "x" * 100
    text = text_from_html(f"<p>{'word ' * 30}{address}</p>")
    assert address in text
    assert all(len(line) <= 76 or line == address for line in text.splitlines())


def test_deep_and_broken_markup_ends() -> None:
    assert text_from_html("<div>" * 20_000 + "x") == "x\n"
    assert text_from_html("<ul><li>" * 20_000 + "x").endswith("x\n")
    assert text_from_html("<table><tr><td>" * 20_000 + "x") == "x\n"
    assert text_from_html("<" * 20_000).count("<") in range(20_001)
