"""A store in which every text that strangers can write is an attack on whoever shows it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from checks.model import Severity, State
from data.store import Store
from data.tables import (
    campaign,
    contact,
    event,
    lane,
    observation,
    placement,
    recipient,
    seed,
    target,
    template,
)
from tests.dashboards.story import tell
from tests.dashboards.story.rows import Run, question

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
LINK = "[all clear](javascript:alert(1)) https://evil.test ![p](https://evil.test/p.png)"
COLOUR = ":green-badge[:material/check_circle: in order] $\\href{https://evil.test}{x}$"
FORMULA = '=HYPERLINK("https://evil.test","x")'
LONG = "A" * 20_000 + "\u202e\u0000"
EVIL = (SCRIPT, LINK, COLOUR, FORMULA, LONG)


def tell_hostile(store: Store, now: datetime) -> None:
    tell(store, now)
    with store.write() as connection:
        _evidence(connection, now)
        _mail(connection)
        _seeds(connection)


def _evidence(connection: Connection, now: datetime) -> None:
    target_id = connection.execute(select(target.c.id).where(target.c.domain == "shop.test")).scalar_one()
    connection.execute(
        update(observation).values(args={"why": SCRIPT, "list": LINK, "who": COLOUR, "names": [LONG]})
    )
    for number, text in enumerate(EVIL):
        args = {"why": text, "record": text, "who": text, "list": text, "delist": f"javascript:{text}"}
        run = Run(State.FAIL, now - timedelta(hours=2), now, Severity.HIGH, args, text)
        question(connection, target_id, "RDNS-001", f"{number}{text}", [run])
        question(connection, target_id, "BL-001", f"{text} @ {text}", [run])
        question(connection, target_id, f"{text}-001", text, [run])


def _mail(connection: Connection) -> None:
    connection.execute(update(template).values(subject=" ".join(EVIL[:4]) + LONG))
    connection.execute(update(campaign).where(campaign.c.id == 1).values(name=COLOUR + SCRIPT))
    connection.execute(update(lane).values(reason=SCRIPT + FORMULA))
    connection.execute(
        update(recipient).where(recipient.c.id % 3 == 0).values(response=SCRIPT, category=FORMULA)
    )
    connection.execute(update(recipient).where(recipient.c.id % 50 == 0).values(provider=LINK))
    connection.execute(update(event).values(evidence=SCRIPT))
    connection.execute(
        insert(contact).values(
            email=FORMULA, address=FORMULA, attributes={"name": SCRIPT}, at=datetime.now().astimezone()
        )
    )


def _seeds(connection: Connection) -> None:
    connection.execute(update(seed).where(seed.c.id == 1).values(name=SCRIPT, address=FORMULA, provider=LINK))
    texts = {"folder": SCRIPT, "note": FORMULA, "authentication": {"spf": LINK, "dkim": SCRIPT}}
    connection.execute(update(placement).where(placement.c.seed_id <= 4).values(texts))
