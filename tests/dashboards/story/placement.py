"""Twenty-four seed mailboxes at eight providers, and fourteen daily tests of where mail lands."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from data.tables import placement, placement_test, seed
from tests.dashboards.story.rows import add

PROVIDERS = ("gmail", "outlook", "yahoo", "icloud", "gmx", "proton", "web", "corp")
SEEDS_EACH = 3
TESTS = 14
SPAMMED_SINCE = 3
"""Outlook files us under spam since the third test from the end."""


def tell(connection: Connection, now: datetime) -> None:
    chance = random.Random(7)
    seeds = {_seed(connection, name, number, now): name for name in PROVIDERS for number in range(SEEDS_EACH)}
    for back in reversed(range(TESTS)):
        started = now - timedelta(days=back, hours=2)
        test = _test(connection, back, started)
        rows = [_landed(test, id_, provider, back, started, chance) for id_, provider in seeds.items()]
        connection.execute(insert(placement), rows)


def _seed(connection: Connection, provider: str, number: int, now: datetime) -> int:
    return add(
        connection,
        seed,
        name=f"{provider}-{number + 1}",
        address=f"seed{number + 1}@{provider}.test",
        provider=provider,
        adapter="maildir",
        location={},
        at=now - timedelta(days=90),
    )


def _test(connection: Connection, back: int, started: datetime) -> int:
    waiting = back == 0
    return add(
        connection,
        placement_test,
        marker=f"marker{back:02d}",
        state="waiting" if waiting else "done",
        started_at=started,
        deadline_at=started + timedelta(hours=8),
        ended_at=None if waiting else started + timedelta(hours=8),
    )


def _landed(
    test: int, seed_id: int, provider: str, back: int, started: datetime, chance: random.Random
) -> Mapping[str, Any]:
    verdict = _verdict(provider, back, chance)
    arrived = verdict in ("inbox", "tab", "spam")
    passed = "fail" if provider == "corp" and back < 2 else "pass"
    return {
        "test_id": test,
        "seed_id": seed_id,
        "verdict": verdict,
        "folder": {"inbox": "INBOX", "tab": "Promotions", "spam": "Junk"}.get(verdict, ""),
        "delay_seconds": round(chance.lognormvariate(1.6, 0.9), 1) if arrived else None,
        "authentication": {"spf": "pass", "dkim": passed, "dmarc": passed} if arrived else {},
        "note": "the mailbox refused our password" if verdict == "account_error" else "",
        "at": started + timedelta(minutes=20),
    }


def _verdict(provider: str, back: int, chance: random.Random) -> str:
    if provider == "outlook" and back < SPAMMED_SINCE:
        return chance.choices(("spam", "inbox"), (0.85, 0.15))[0]
    if provider == "gmail":
        return chance.choices(("inbox", "tab", "spam"), (0.55, 0.42, 0.03))[0]
    if provider == "proton" and back == 4:
        return "account_error"
    if back == 0 and provider in ("gmx", "web"):
        return "waiting"
    return chance.choices(("inbox", "spam", "missing"), (0.93, 0.04, 0.03))[0]
