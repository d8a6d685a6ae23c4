"""Three campaigns: one that is finished, one that is being sent, and a draft; what came back of each."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from data.tables import (
    campaign,
    contact,
    event,
    lane,
    link,
    mailing_list,
    recipient,
    sending_domain,
    server,
    template,
)
from tests.dashboards.story.rows import add

SHARES = {
    "gmail": 0.38,
    "outlook": 0.2,
    "yahoo": 0.1,
    "icloud": 0.12,
    "gmx": 0.06,
    "proton": 0.03,
    "web": 0.05,
    "corp": 0.06,
}
AUDIENCE = 2000
FATES = {
    ("sent", ""): 0.955,
    ("failed", "unknown_user"): 0.018,
    ("failed", "mailbox_full"): 0.008,
    ("unknown", "lost"): 0.0015,
    ("skipped", "suppressed"): 0.0175,
}
REPLIES: dict[str, tuple[int, str, str]] = {
    "sent": (250, "2.0.0", "250 2.0.0 OK: queued as 4XqB7d2vXz"),
    "unknown_user": (550, "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist."),
    "mailbox_full": (552, "5.2.2", "552 5.2.2 The recipient's mailbox is over quota"),
    "blocked_ip": (550, "5.7.1", "550 5.7.1 Service unavailable, Client host [198.51.100.24] blocked"),
    "throttled": (421, "4.7.28", "421-4.7.28 Gmail has detected an unusual rate of mail from your IP"),
    "lost": (0, "", "connection closed after the final dot"),
}


def tell(connection: Connection, now: datetime) -> None:
    people = _people(connection, now)
    lanes = {name: _lane(connection, name) for name in SHARES}
    ground = _ground(connection, now)
    finished = _campaign(connection, ground, "Autumn sale", "finished", now - timedelta(hours=26))
    _send(connection, finished, people, lanes, now - timedelta(hours=26), now, 1.0, random.Random(1))
    sending = _campaign(connection, ground, "Weekly letter 47", "sending", now - timedelta(minutes=9))
    _send(connection, sending, people, lanes, now - timedelta(minutes=9), now, 0.55, random.Random(2))
    _campaign(connection, ground, "Winter preview", "draft", None)


def _people(connection: Connection, now: datetime) -> Sequence[tuple[int, str, str]]:
    chance = random.Random(3)
    names, weights = list(SHARES), list(SHARES.values())
    people = []
    rows = []
    for number in range(1, AUDIENCE + 1):
        provider = chance.choices(names, weights)[0]
        address = f"reader{number:04d}@{provider}.test"
        rows.append({"email": address, "address": address, "attributes": {}, "at": now - timedelta(days=90)})
        people.append((number, address, provider))
    connection.execute(insert(contact), rows)
    return people


def _lane(connection: Connection, provider: str) -> int:
    slow = provider == "outlook"
    return add(
        connection,
        lane,
        egress="mx",
        provider=provider,
        state="backing-off" if slow else "open",
        reason="421 4.7.0 too many messages" if slow else "",
        connections=4,
    )


def _ground(connection: Connection, now: datetime) -> dict[str, int]:
    at = now - timedelta(days=30)
    return {
        "list_id": add(connection, mailing_list, name="readers", title="Readers", double_opt_in=True, at=at),
        "template_id": add(
            connection, template, name="letter", subject="Autumn sale", html="<p>…</p>", text="…", at=at
        ),
        "sending_domain_id": add(
            connection,
            sending_domain,
            domain="news.test",
            selector="s1",
            return_path_domain="bounce.news.test",
            tracking_url="http://127.0.0.1:8525",
            at=at,
        ),
        "server_id": add(connection, server, name="direct", kind="mx", settings={}, at=at),
    }


def _campaign(
    connection: Connection, ground: dict[str, int], name: str, state: str, started: datetime | None
) -> int:
    finished = started + timedelta(minutes=41) if started and state == "finished" else None
    id_ = add(
        connection,
        campaign,
        name=name,
        message_class="campaign",
        state=state,
        from_name="News",
        from_address="letter@news.test",
        tracking="individual",
        on_unknown="hold",
        at=started or datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
        started_at=started,
        finished_at=finished,
        **ground,
    )
    urls = ["https://news.test/sale", "https://news.test/story", "https://news.test/imprint"]
    connection.execute(
        insert(link),
        [{"campaign_id": id_, "position": number, "url": url} for number, url in enumerate(urls)],
    )
    return id_


def _send(
    connection: Connection,
    campaign_id: int,
    people: Sequence[tuple[int, str, str]],
    lanes: dict[str, int],
    started: datetime,
    now: datetime,
    share: float,
    chance: random.Random,
) -> None:
    rows = [_recipient(campaign_id, person, lanes, started, share * AUDIENCE, chance) for person in people]
    rows = [_not_yet(row) if row["settled_at"] and row["settled_at"] > now else row for row in rows]
    connection.execute(insert(recipient), rows)
    first = connection.exec_driver_sql(
        f"select min(id) from recipient where campaign_id = {campaign_id}"
    ).scalar_one()
    events = [one for number, row in enumerate(rows) for one in _came_back(row, first + number, chance)]
    connection.execute(insert(event), [one for one in events if one["at"] <= now])


def _recipient(
    campaign_id: int,
    person: tuple[int, str, str],
    lanes: dict[str, int],
    started: datetime,
    reached: float,
    chance: random.Random,
) -> dict[str, Any]:
    number, address, provider = person
    state, category = _fate(provider, chance) if number <= reached else ("pending", "")
    if reached >= AUDIENCE and state == "deferred":
        state, category = "sent", ""  # a finished campaign has nobody left to try
    code, enhanced, response = REPLIES.get(category or state, (None, "", ""))
    seconds = number * 0.45 + chance.expovariate(1 / 20) + (600 if provider == "outlook" else 0)
    return {
        "campaign_id": campaign_id,
        "contact_id": number,
        "address": address,
        "provider": provider,
        "lane_id": lanes[provider],
        "state": state,
        "attempts": 0 if state in ("pending", "skipped") else (2 if provider == "outlook" else 1),
        "next_at": started,
        "message_id": f"<{campaign_id}.{number}@news.test>",
        "code": code or None,
        "enhanced": enhanced,
        "response": response,
        "category": category,
        "settled_at": started + timedelta(seconds=seconds) if state not in ("pending", "claimed") else None,
    }


def _not_yet(row: dict[str, Any]) -> dict[str, Any]:
    nothing = {"code": None, "enhanced": "", "response": "", "category": "", "settled_at": None}
    return {**row, "state": "pending", "attempts": 0, **nothing}


def _fate(provider: str, chance: random.Random) -> tuple[str, str]:
    if provider == "outlook" and chance.random() < 0.09:
        return "failed", "blocked_ip"
    if provider == "gmail" and chance.random() < 0.03:
        return "deferred", "throttled"
    return chance.choices(list(FATES), list(FATES.values()))[0]


def _came_back(row: dict[str, Any], recipient_id: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    if row["state"] != "sent":
        return
    settled = row["settled_at"]

    def happened(kind: str, after: timedelta, **more: Any) -> dict[str, Any]:
        at = settled + after
        return {
            "kind": kind,
            "at": at,
            "campaign_id": row["campaign_id"],
            "recipient_id": recipient_id,
            "contact_id": row["contact_id"],
            "link_id": None,
            "provider": row["provider"],
            "machine": False,
            "evidence": "",
            "detail": {},
            "key": f"{kind}|{recipient_id}|{at.timestamp()}",
            **more,
        }

    if row["provider"] == "icloud" and chance.random() < 0.9:
        proxy = {"machine": True, "evidence": "Apple Mail Privacy Protection"}
        yield happened("open", timedelta(seconds=chance.expovariate(1 / 40)), **proxy)
    if row["provider"] == "corp" and chance.random() < 0.6:
        scanner = {"machine": True, "evidence": "every link within 2 s of delivery"}
        yield happened("click", timedelta(seconds=chance.uniform(0.4, 2)), **scanner)
    if chance.random() < 0.31:
        after = timedelta(minutes=chance.lognormvariate(4.2, 1.3))
        yield happened("open", after)
        if chance.random() < 0.22:
            yield happened("click", after + timedelta(seconds=chance.uniform(5, 120)))
        if chance.random() < 0.012:
            yield happened("unsubscribe", after + timedelta(seconds=chance.uniform(9, 90)))
    if chance.random() < 0.0009:
        yield happened("complaint", timedelta(minutes=chance.uniform(20, 400)))
    if chance.random() < 0.004:
        why = {"category": "unknown_user"}
        yield happened("bounce", timedelta(minutes=chance.uniform(1, 30)), detail=why)
