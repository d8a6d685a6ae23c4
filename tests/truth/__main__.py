"""`python -m tests.truth`: fill the table with Homing and with checkdmarc, and write the page."""

from importlib.metadata import version
from pathlib import Path

from tests.truth import ours, peer
from tests.truth.page import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "truth-table.md"

if __name__ == "__main__":
    PAGE.write_text(page(ours.conclusions(), peer.conclusions(), version("checkdmarc")), encoding="utf-8")
    print(f"written: {PAGE}")
