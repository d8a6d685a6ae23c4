"""The message that everybody sends: a personalised newsletter of 20 KB of HTML with forty links."""

from dataclasses import dataclass

LINKS = 40
_TEXT = (
    "The days grow shorter and the stories longer: what our members built, grew and wrote this month. "
    "Some of it is useful, some is only beautiful, and one thing is both at the same time. Read it with "
    "coffee, with tea, or with whoever sits beside you. "
)
_URL = "https://www.example.com/stories/2026"
_BLOCK = (
    '<tr><td style="padding:16px 24px;font-family:Georgia,serif;font-size:16px">\r\n'
    '  <h2 style="margin:0 0 8px">Story {n}</h2>\r\n'
    f"  <p>{_TEXT}</p>\r\n"
    f'  <p><a href="{_URL}/november/{{n}}?from=newsletter">Read story {{n}}</a></p>\r\n'
    "</td></tr>\r\n"
)


def html(name: str) -> str:
    """`name` is what stands in for the person's name: a merge field, or the name itself."""
    stories = "".join(_BLOCK.replace("{n}", str(n)) for n in range(1, LINKS + 1))
    return (
        '<!doctype html>\r\n<html lang="en"><head><meta charset="utf-8"></head>\r\n<body>'
        f'<table role="presentation" width="600"><tr><td><h1>Good morning, {name}</h1></td></tr>\r\n'
        f"{stories}</table></body></html>\r\n"
    )


def text(name: str) -> str:
    links = "\r\n".join(f"Story {n}: {_URL}/november/{n}" for n in range(LINKS))
    return f"Good morning, {name},\r\n\r\nhere is what our members built this month.\r\n\r\n{links}\r\n"


SUBJECT = "November: what our members built"


@dataclass(frozen=True, slots=True)
class Used:
    """What one process needed for its messages."""

    messages: int
    seconds: float
    cpu_seconds: float
