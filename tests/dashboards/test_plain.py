"""Text that strangers wrote shows as written and does nothing."""

import pytest

from dashboards.pieces.plain import chart_text, plain

HOSTILE = (
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![x](https://evil.test/pixel.png)",
    ":red[all clear] :material/check_circle:",
    "$\\href{https://evil.test}{x}$",
    "# heading\n\n- list\n\n    code",
    "`code` **bold** ~~gone~~ | a | b |",
    "https://evil.test www.evil.test someone@evil.test",
    '=HYPERLINK("https://evil.test")',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_character_that_markdown_reads_is_left_bare(text: str) -> None:
    escaped = plain(text)

    assert "\n" not in escaped
    for position, char in enumerate(escaped):
        if char in "`*_[]()<>#!|~$:&@/=":
            assert escaped[position - 1] == "\\", escaped


@pytest.mark.parametrize("text", HOSTILE)
def test_escaping_loses_nothing_but_white_space(text: str) -> None:
    shown = plain(text).replace("\u2060", "")

    assert "".join(shown.split()) != ""
    assert shown.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == " ".join(text.split())


def test_links_that_gfm_finds_in_plain_text_are_broken() -> None:
    """It looks for them again after unescaping, so escaping alone is not enough."""
    assert "https\u2060" in plain("https://evil.test")
    assert "www\u2060" in plain("www.evil.test")
    assert "someone\u2060" in plain("someone@evil.test")


def test_chart_text_has_no_tags() -> None:
    """Plotly renders <b>, <br> and <a href> in labels and hovers."""
    assert chart_text('<a href="https://evil.test">x</a>') == (
        '&lt;a href="https://evil.test"&gt;x&lt;/a&gt;'
    )
