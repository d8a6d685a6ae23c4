"""Messages made a second, in one process: Homing compiles once and splices; EmailMessage builds each.

The message is the newsletter of the bench `send`: 20 KB of HTML, forty links that say whose they are, a name
in both parts. With Homing every value is guarded and every header block read again.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import rsa

from bench.sending import letter, obvious
from bench.table import Row, Table
from sender.content.compile import CLICK_SLOT, OPEN_SLOT, Letterhead, Person, Source, compile_campaign
from sender.delivery.dkim import Key, Signer

RUNS = 5
MESSAGES = 1_000
SLOW_MESSAGES = 100
GOAL = 10
"""Times as many as EmailMessage."""
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LETTERHEAD = Letterhead("Ann", "ann@example.com", "https://t.example.com", list_id="news.example.com")
SOURCE = Source(letter.SUBJECT, letter.html("{{name}}"), letter.text("{{name}}"))


def measure() -> Table:
    compiled = compile_campaign(SOURCE, LETTERHEAD)
    signer = Signer((Key("example.com", "bench", rsa.generate_private_key(65537, 2048)),))

    def made(n: int) -> None:
        compiled.hashed_message(_person(n), NOW)

    def signed(n: int) -> None:
        message, body_hash = compiled.hashed_message(_person(n), NOW)
        signer.sign(message, NOW, body_hash)

    rows = [
        _row("homing", made, MESSAGES),
        _row("EmailMessage", obvious.unsigned, SLOW_MESSAGES),
        _row("homing, signed", signed, MESSAGES),
        _row("EmailMessage+dkimpy", obvious.made, SLOW_MESSAGES),
    ]
    ratio = rows[2].rate / rows[3].rate
    title = f"Content: personalised messages made a second; with a DKIM signature {ratio:.0f} times as many"
    return Table(title, "messages/s", rows, goal=GOAL * rows[1].rate)


def _person(n: int) -> Person:
    leave = f"https://t.example.com/u/{n:040}"
    slots = {OPEN_SLOT: f"o{n:030}", CLICK_SLOT: f"c{n:030}", "unsubscribe_url": leave}
    fields = {"name": f"Person {n}", **slots}
    return Person(f"p{n}@example.net", f"{n:026}@example.com", fields, leave, f"u+{n}@r.example.com", f"{n}")


def _row(name: str, make: Callable[[int], object], messages: int) -> Row:
    rates, spent = [], time.process_time()
    for _ in range(RUNS):
        began = time.perf_counter()
        for n in range(messages):
            make(n)
        rates.append(messages / (time.perf_counter() - began))
    return Row(name, rates, (time.process_time() - spent) / (RUNS * messages) * 1e6)
