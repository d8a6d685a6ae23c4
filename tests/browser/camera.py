"""Looks at pages in Chromium: waits until they stand still, notes what went wrong, takes pictures."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Dialog, Page, Playwright, sync_playwright

from tests.lab.tools import find

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / ".artefacts" / "screenshots"
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
PATIENCE = 180_000
"""Milliseconds for a page to stand still on a machine that does other things too."""
STILL = 400
TALLEST = 4000
PROBES = ("/_stcore/health", "/_stcore/host-config")
"""Streamlit looks for these below the page's own path first, and is told 404."""


@dataclass
class Seen:
    """What a page did beside showing itself."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @property
    def exceptions(self) -> list[str]:
        return self.page.locator('[data-testid="stException"]').all_inner_texts()

    @property
    def sideways(self) -> int:
        """Pixels by which the page as a whole is wider than the window."""
        main = self.page.locator('[data-testid="stMain"]')
        return int(main.evaluate("element => element.scrollWidth - element.clientWidth"))


def start(playwright: Playwright) -> Browser:
    chromium = find("chromium")
    assert chromium is not None
    return playwright.chromium.launch(
        executable_path=chromium.path,
        env={**chromium.environment},
        args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    )


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = start(playwright)
        yield opened
        opened.close()


@contextmanager
def look(browser: Browser, url: str, *, size: str = "wide", mode: str = "light") -> Iterator[Seen]:
    """Open `url` and wait until it stands still."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if mode == "dark" else "light",
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    page = context.new_page()
    seen = Seen(page)
    _listen(page, seen, urlsplit(url).netloc)
    try:
        page.goto(url)
        settle(page)
        yield seen
    finally:
        context.close()


def _listen(page: Page, seen: Seen, home: str) -> None:
    def request(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != home:
            seen.foreign.append(address)

    def complain(text: str, place: str = "") -> None:
        if not place.endswith(PROBES):
            seen.complaints.append(text)

    def dismiss(dialog: Dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda one: request(one.url))
    page.on("pageerror", lambda error: complain(str(error)))
    page.on(
        "console", lambda line: complain(line.text, line.location["url"]) if line.type == "error" else None
    )
    page.on("dialog", dismiss)


def settle(page: Page) -> None:
    """Until the script has run, no part of the page is a placeholder, and the charts are drawn."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=PATIENCE)
    page.locator('[data-testid="stMain"] h1').first.wait_for(timeout=PATIENCE)
    for waiting in page.locator('[data-testid="stSkeleton"]').all():
        waiting.wait_for(state="detached", timeout=PATIENCE)
    for chart in page.locator('[data-testid="stPlotlyChart"]').all():
        chart.locator(".main-svg").first.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(STILL)


def photograph(seen: Seen, path: Path) -> None:
    """The page to its end, as a PNG."""
    _stretch(seen.page)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(seen.page.screenshot())).convert("RGB")
    picture.save(path, optimize=True)


def _stretch(page: Page) -> None:
    main = page.locator('[data-testid="stMain"]')
    tall = int(main.evaluate("element => element.scrollHeight"))
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": min(max(tall, size["height"]), TALLEST)})
    page.wait_for_timeout(STILL)
