"""`python -m tests.browser.readme URL`: the picture of the README, of a running sandbox at URL."""

import sys

from tests.browser.camera import ROOT, browser, look, photograph

PICTURE = ROOT / "docs" / "images" / "now.png"

if __name__ == "__main__":
    with browser() as chromium, look(chromium, sys.argv[1]) as seen:
        photograph(seen, PICTURE)
