"""One campaign to very many people: `python -m bench.sending.many FOLDER PEOPLE`.

Makes the people, freezes the campaign, finds everybody's provider and sends the first messages into the
sink; prints what each of them needed as JSON. The memory of the freeze is that of a process of its own.
"""

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import select, text

from bench.sending import letter
from bench.sending.homing import engine_parts
from data.campaigns import freeze_content
from data.migrate import migrate
from data.recipients import freeze
from data.store import Store, open_store, sqlite_url
from data.tables import campaign
from sender.delivery.engine import Shift
from sender.delivery.owner import new_owner
from tests.fakes.campaign import NOON, make_campaign, make_list

MESSAGES = 500
NUMBERS = "WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < :people)"
PEOPLE = (
    (
        f"INSERT INTO contact (email, address, attributes, at) {NUMBERS}"
        " SELECT 'p' || value || '@d' || (value % 500) || '.example', 'p' || value || '@d' || (value % 500)"
        " || '.example', json_object('name', 'Person'), 0 FROM n"
    ),
    "INSERT INTO membership (list_id, contact_id, state, at) SELECT :list, id, 'subscribed', 0 FROM contact",
    (
        "INSERT INTO consent (contact_id, list_id, act, source, wording, form, ip, at)"
        " SELECT id, :list, 'given', 'bench', 'yes', '', '', 0 FROM contact"
    ),
)


@dataclass(frozen=True, slots=True)
class Needed:
    """Seconds of the freeze, its memory at the most, and CPU microseconds for each recipient or message."""

    people: int
    freeze_seconds: float
    freeze_mb: float
    route_us: float
    message_us: float
    send_mb: float


def main(folder: Path, people: int) -> None:
    url = sqlite_url(folder / "homing.db")
    _populate(url, people)
    command = [sys.executable, "-m", "bench.sending.many", "freeze", url]
    frozen = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    command[-2] = "send"
    sent = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    print(json.dumps(asdict(Needed(people, **frozen, **sent))))


def _populate(url: str, people: int) -> None:
    store = open_store(url)
    migrate(store)
    with store.write() as connection:
        list_id = make_list(connection, [])
        numbers = {"people": people, "list": list_id}
        for statement in PEOPLE:
            connection.execute(text(statement), {k: v for k, v in numbers.items() if f":{k}" in statement})
        campaign_id = make_campaign(connection, list_id, tracking="individual", settings={"connections": 16})
        words = {"html": letter.html("{{name}}"), "text": letter.text("{{name}}"), "preheader": ""}
        freeze_content(connection, campaign_id, {"subject": letter.SUBJECT, **words})
    store.close()


def freeze_only(url: str) -> None:
    store = open_store(url)
    began = time.perf_counter()
    with store.write() as connection:
        row = connection.execute(select(campaign.c.id, campaign.c.list_id)).one()
        freeze(connection, row.id, row.list_id, NOON)
    print(json.dumps({"freeze_seconds": time.perf_counter() - began, "freeze_mb": _most_megabytes()}))
    store.close()


def send_some(url: str) -> None:
    store = open_store(url)
    print(json.dumps(asyncio.run(_send_some(store))))
    store.close()


async def _send_some(store: Store) -> dict[str, float]:
    shift = Shift(engine_parts(store), new_owner(), {})
    shift.start()
    routed, route_cpu = await _spent(lambda: _route_all(shift))
    sent, send_cpu = await _spent(lambda: _first_messages(shift))
    await shift.end(5)
    return {"route_us": route_cpu / routed, "message_us": send_cpu / sent, "send_mb": _most_megabytes()}


async def _spent(work: Callable[[], Awaitable[int]]) -> tuple[int, float]:
    """How many, and the CPU microseconds that they took."""
    before = time.process_time()
    return await work(), (time.process_time() - before) * 1e6


async def _route_all(shift: Shift) -> int:
    routed = 0
    while some := await shift.route():
        routed += some
    return routed


async def _first_messages(shift: Shift) -> int:
    """As a worker does it, until enough are claimed; what is claimed then is sent, too."""
    while sum(work.claimed for work in shift.works) < MESSAGES:
        await shift.round()
        await asyncio.sleep(0.02)
    for work in shift.works:
        work.offer([])
        await work.settled()
    return sum(work.claimed for work in shift.works)


def _most_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["freeze", url]:
            freeze_only(url)
        case ["send", url]:
            send_some(url)
        case [folder, people]:
            main(Path(folder), int(people))
