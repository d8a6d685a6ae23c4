"""What a mail program finds in a message: the pictures it loads, the links it shows, the way out."""

import email.message
import re
from dataclasses import dataclass
from email import policy
from html.parser import HTMLParser

ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True, slots=True)
class Contents:
    """URLs in the order of the message. `one_click` is "" where RFC 8058 is not offered."""

    pictures: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    one_click: str = ""


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "img" and named.get("src"):
            self.pictures.append(str(named["src"]))
        if tag == "a" and named.get("href"):
            self.links.append(str(named["href"]))


def read(message: bytes) -> Contents:
    """Find the URLs of a message's HTML part and its one-click address."""
    parsed = email.message_from_bytes(message, policy=policy.default)
    assert isinstance(parsed, email.message.EmailMessage)
    html = parsed.get_body(("html",))
    finder = _Finder()
    finder.feed(html.get_content() if html is not None else "")
    return Contents(
        tuple(finder.pictures),
        tuple(link for link in finder.links if link.startswith("http")),
        _one_click(parsed),
    )


def _one_click(message: email.message.EmailMessage) -> str:
    """The URL to POST to, if the sender offers it (RFC 8058 section 3.1)."""
    if str(message.get("List-Unsubscribe-Post", "")).strip() != ONE_CLICK:
        return ""
    offered = re.findall(r"<(https?://[^>]+)>", str(message.get("List-Unsubscribe", "")))
    return offered[0] if offered else ""
