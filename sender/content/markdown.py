"""Markdown (CommonMark with tables and strikethrough, by markdown-it-py) to a page of HTML."""

import re

from markdown_it import MarkdownIt

from sender.content.problem import ContentError
from sender.content.shield import shield

PAGE = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ margin: 0 auto; padding: 16px; max-width: 600px; color: #222; background: #fff;
  font-family: Helvetica, Arial, sans-serif; font-size: 16px; line-height: 1.5 }}
h1, h2, h3 {{ line-height: 1.25 }}
img {{ max-width: 100%; height: auto }}
blockquote {{ margin: 16px 0; padding: 0 16px; border-left: 4px solid #ddd }}
pre, code {{ font-family: Menlo, Consolas, monospace; font-size: 14px }}
th, td {{ padding: 4px 8px; text-align: left; border-bottom: 1px solid #ddd }}
</style>
</head>
<body>
{body}</body>
</html>
"""
CONTROL = re.compile(r"\{\{\s*(?:[#/]|else)")


def html_of_markdown(source: str) -> str:
    """Merge tags come through untouched; conditions on lines of their own stay between the paragraphs."""
    shielded = shield(source)
    lines = "\n".join(
        f"<!--{line.strip()}-->" if _only_conditions(shielded.restored(line)) else line
        for line in shielded.text.split("\n")
    )
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    body = reader.render(lines)
    if lost := shielded.lost(body):
        tag = shielded.tags[lost[0]]
        line = source.count("\n", 0, source.index(tag)) + 1
        raise ContentError(f"Line {line}: Markdown leaves out {tag} here. Put it into the text.")
    return shielded.restored(PAGE.format(body=body), "<!--{}-->")


def _only_conditions(line: str) -> bool:
    return CONTROL.match(line.strip()) is not None and not re.sub(r"\{\{[^{}]*\}\}", "", line).strip()
