"""The five pages against the running sandbox: a listing that appears, is told, and goes."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.camera import ROOT, SCREENSHOTS, look, photograph
from tests.browser.serving import answering

pytestmark = pytest.mark.browser

DOMAIN, ADDRESS = "harbour.test", "192.0.2.10"
"""The sandbox's sender with whom everything is as it should be."""
PATIENCE = 120_000


def _pages(home: Path) -> str:
    until = time.monotonic() + 60
    while not (home / "run" / "ports.json").exists() and time.monotonic() < until:
        time.sleep(0.2)
    port = json.loads((home / "run" / "ports.json").read_text())["dashboard"]
    return answering(f"http://127.0.0.1:{port}", home.parent / "up.log")


def _meddle(home: Path, *words: str) -> None:
    command = [sys.executable, str(ROOT / "homing.py"), "sandbox", *words]
    subprocess.run(command, cwd=home.parent, check=True, capture_output=True)


def test_a_listing_appears_on_the_page_and_goes_again(chromium: Browser, sandbox: Path) -> None:
    """Two looks and a confirmation later it is an incident too, and leads to its domain."""
    url = _pages(sandbox)
    _meddle(sandbox, "list", ADDRESS)
    with look(chromium, f"{url}/blocklists") as seen:
        card = seen.page.locator('[class*="st-key-listed-listed"]').filter(has_text=ADDRESS)
        card.first.wait_for(timeout=PATIENCE)
        photograph(seen, SCREENSHOTS / "sandbox-listed.png")
        _meddle(sandbox, "delist", ADDRESS)
        card.first.wait_for(state="detached", timeout=PATIENCE)


@pytest.mark.parametrize("name", ["now", "domains", "blocklists", "campaign", "placement"])
def test_every_page_shows_the_living_world(chromium: Browser, sandbox: Path, name: str) -> None:
    """In a banner that says that it is made up."""
    with look(chromium, f"{_pages(sandbox)}/{'' if name == 'now' else name}") as seen:
        photograph(seen, SCREENSHOTS / f"sandbox-{name}.png")

        assert "Sandbox" in seen.page.locator(".st-key-sandbox-banner").inner_text()
        assert seen.exceptions == []
        assert seen.foreign == []
        assert seen.complaints == []


def test_without_dns_the_pages_say_since_when_they_cannot_tell(chromium: Browser, sandbox: Path) -> None:
    """Nothing turns green, nothing turns red, and the last answer is shown as old news."""
    url = _pages(sandbox)
    _meddle(sandbox, "silence")
    try:
        with look(chromium, f"{url}/domains?domain={DOMAIN}") as seen:
            cards = seen.page.locator('[class*="st-key-finding-"]')
            cards.filter(has_text="could not tell").first.wait_for(timeout=PATIENCE)
            photograph(seen, SCREENSHOTS / "sandbox-silent.png")

            assert cards.filter(has_text="since").count() > 0
            assert cards.filter(has_text="Last known").count() > 0
            assert seen.page.locator('[class*="st-key-finding-"]').filter(has_text="broken").count() == 0
    finally:
        _meddle(sandbox, "answer")
