"""A campaign to 10,000, to 100,000 and to 1,000,000 people: the freeze, and what a message costs then.

The freeze has a process of its own, whose memory is told; so has the sending. What a message costs must not
depend on how many others there are.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.sending.many import Needed

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10_000, 100_000, 1_000_000)
SECONDS, MEGABYTES = 60, 300


class Report:
    """What `python -m bench` prints."""

    def __init__(self, needed: list[Needed]) -> None:
        self._needed = needed

    def __str__(self) -> str:
        smallest, largest = self._needed[0], self._needed[-1]
        reached = largest.freeze_seconds <= SECONDS and largest.freeze_mb <= MEGABYTES
        lines = [
            "Freezing a campaign, and what a message costs then (SQLite; 20 KB, forty links, RSA-2048)",
            f"{'people':>10} {'freeze s':>9} {'MB':>5} {'look-up us':>11} {'message us':>11} {'MB':>5}",
            *map(_line, self._needed),
            f"a message of the largest costs {largest.message_us / smallest.message_us:.2f} of that",
            f"goal: {SECONDS} s and {MEGABYTES} MB for the freeze: {'reached' if reached else 'MISSED'}",
        ]
        return "\n".join(lines)


def _line(needed: Needed) -> str:
    return (
        f"{needed.people:>10,} {needed.freeze_seconds:>9.2f} {needed.freeze_mb:>5.0f}"
        f" {needed.route_us:>11.1f} {needed.message_us:>11.0f} {needed.send_mb:>5.0f}"
    )


def measure() -> Report:
    return Report([_needed(people) for people in SIZES])


def _needed(people: int) -> Needed:
    with tempfile.TemporaryDirectory(prefix="homing-bench-") as folder:
        command = [sys.executable, "-m", "bench.sending.many", folder, str(people)]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return Needed(**json.loads(done.stdout))
