"""Text that strangers wrote (DNS, subjects, banners), made inert for the places that interpret text.

Streamlit reads Markdown in labels, headings and captions; Plotly reads a few HTML tags in every text.
`st.text`, `st.code` and cells of `st.dataframe` interpret nothing and need none of this.
"""

import html
import re

MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/=^\"'])")
"""Everything that CommonMark, GFM, KaTeX or Streamlit's `:colour[…]` and `:material/…:` give a meaning."""

WORD_JOINER = "\u2060"
AUTOLINKS = re.compile(r"(https?|www|ftp|mailto)(?=\\?[:.])|(?<=\S)(?=\\@\S)", re.IGNORECASE)
"""Where GFM finds a link in plain text, even in escaped text (it looks again after unescaping)."""


def plain(text: object) -> str:
    """`text` for a place that reads Markdown: it shows as written, on one line, and links nowhere."""
    escaped = MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))
    return AUTOLINKS.sub(lambda match: match[0] + WORD_JOINER, escaped)


def chart_text(text: object) -> str:
    """`text` for a Plotly label, tick or hover: its tags and entities show as written."""
    return html.escape(" ".join(str(text).split()), quote=False)
