"""Where a notice ends and the original message that it quotes begins."""

import re

LONGEST = 60_000

HEADER = r"Received|Return-Path|DKIM-Signature|Message-I[dD]|X-[A-Za-z-]{2,40}|MIME-Version"

SEPARATOR = re.compile(
    r"^[^\w\n]{0,80}(?:"
    r"(?:this is|below (?:this line )?is|included is|enclosed is|the following is|attached is|here is)\s?"
    r"(?:a |the )?(?:copy|header|body|text)s? (?:of|from)"
    r"|(?:a |the )?(?:copy|headers?|beginning|first \d+ lines?) (?:of|from) (?:the |your |this )?(?:\w+ )?"
    r"(?:message|mail|e-?mail)"
    r"|original (?:message|mail)(?: (?:headers?|text|body|information))?(?: follows?)?\b\W*$"
    r"|message (?:headers?|text) follows?"
    r"|(?:returned|unsent) message"
    r"|the header of the original"
    r"|begin forwarded message"
    r"|original mail as follows"
    r"|-{3,} ?forwarded"
    r"|text of your )"
    r".{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
QUOTED_HEADERS = re.compile(
    rf"^[> \t]{{0,4}}(?:{HEADER}|Delivered-To): ?\S.*\n"
    r"(?:[> \t]+.*\n){0,12}?"
    rf"[> \t]{{0,4}}(?:{HEADER}|From|To|Subject|Date|Content-Type|Cc|Reply-To|by|for)\b",
    re.MULTILINE,
)
REPORT_FIELDS = re.compile(r"^Reporting-MTA ?:.*$", re.MULTILINE | re.IGNORECASE)


def report_of(text: str) -> tuple[str, str]:
    """What the server says, and the original message or its headers that it quotes ("" if none)."""
    text = text[:LONGEST]
    marks = (SEPARATOR, QUOTED_HEADERS, REPORT_FIELDS)
    ends = [match.start() for pattern in marks if (match := pattern.search(text, 1))]
    end = min(ends, default=len(text))
    return text[:end], text[end:]
