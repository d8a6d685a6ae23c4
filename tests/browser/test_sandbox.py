"""The five pages against the running sandbox: a listing that appears, is told, and goes."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.camera import ROOT, SCREENSHOTS, look, photograph, settle
from tests.browser.serving import answering

pytestmark = pytest.mark.browser

ADDRESS = "192.0.2.10"
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
    """And each of the five pages shows the living world without a complaint."""
    url = _pages(sandbox)
    _meddle(sandbox, "list", ADDRESS)
    with look(chromium, f"{url}/blocklists") as seen:
        card = seen.page.locator('[class*="st-key-listed-listed"]').filter(has_text=ADDRESS)
        card.first.wait_for(timeout=PATIENCE)
        photograph(seen, SCREENSHOTS / "sandbox-blocklists.png")
        _meddle(sandbox, "delist", ADDRESS)
        card.first.wait_for(state="detached", timeout=PATIENCE)
    for name in ("", "domains", "blocklists", "campaign", "placement"):
        with look(chromium, f"{url}/{name}") as seen:
            settle(seen.page)
            photograph(seen, SCREENSHOTS / f"sandbox-{name or 'now'}.png")

            assert "Sandbox" in seen.page.locator(".st-key-sandbox-banner").inner_text()
            assert seen.exceptions == []
            assert seen.foreign == []
            assert seen.complaints == []
