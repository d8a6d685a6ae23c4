"""The addresses of a From, To or Cc field (RFC 5322 section 3.4), as the world's programs write them."""

import re
from collections.abc import Iterator

LONGEST = 20_000
MOST = 1_000
BARE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^\s"]+)@\S+')


def addresses(value: str) -> list[str]:
    """The addresses of a field's value, folded or not, at most 1,000. It never raises.

    Display names, comments and names of groups are left out; an empty group has no address.
    """
    found = []
    for mailbox in _mailboxes(re.split(r"\r?\n(?![ \t])", value[:LONGEST], maxsplit=1)[0]):
        if address := _address(mailbox):
            found.append(address)
        if len(found) == MOST:
            break
    return found


def _mailboxes(text: str) -> Iterator[str]:
    """Cut at commas and semicolons, and after a group's name; comments and quoted names are dropped.

    A local part may be quoted too: a quoted string that `@` follows stays.
    """
    piece: list[str] = []
    at, angle = 0, False
    while at < len(text):
        char = text[at]
        if char == "(" and not angle:
            at = _comment_end(text, at)
            piece.append(" ")
            continue
        if char == '"':
            end = _quote_end(text, at)
            if angle or text[end : end + 1] == "@":
                piece.append(text[at:end])
            at = end
            continue
        angle = (angle or char == "<") and char != ">"
        if char in ",;" and not angle:
            yield "".join(piece)
            piece = []
        elif char == ":" and not angle and "@" not in piece:
            piece = []
        else:
            piece.append(char)
        at += 1
    yield "".join(piece)


def _quote_end(text: str, at: int) -> int:
    """Behind the closing quote; an open one ends with the text."""
    at += 1
    while at < len(text) and text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return min(at + 1, len(text))


def _comment_end(text: str, at: int) -> int:
    depth = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return at


def _address(mailbox: str) -> str:
    _, opened, inside = mailbox.rpartition("<")
    if opened:
        address = "".join(inside.partition(">")[0].split())
        return address.rpartition(":")[2] if address.startswith("@") else address  # RFC 5322 4.4: a route
    if named := BARE.search(mailbox):
        return named[0]
    words = mailbox.split()
    return words[0] if len(words) == 1 else ""
