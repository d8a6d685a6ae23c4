"""A `Web` that serves literal documents and remembers what was fetched."""

from collections.abc import Mapping

from checks.ports import Fetched, FetchFault


class PageWeb:
    """`pages` maps a URL to what it gives; anything else has no address."""

    def __init__(self, pages: Mapping[str, Fetched] | None = None) -> None:
        self.pages = dict(pages or {})
        self.fetched: list[str] = []

    def fetch(self, url: str, *, max_bytes: int = 65_536) -> Fetched:
        self.fetched.append(url)
        page = self.pages.get(url)
        if page is None:
            return Fetched(url, fault=FetchFault.NO_ADDRESS, note="no address")
        if len(page.body) > max_bytes:
            return Fetched(url, fault=FetchFault.TOO_LARGE, note=f"more than {max_bytes} bytes")
        return page


def text_page(url: str, text: str, content_type: str = "text/plain") -> dict[str, Fetched]:
    """One document that is served as it should be."""
    return {url: Fetched(url, status=200, content_type=content_type, body=text.encode())}
