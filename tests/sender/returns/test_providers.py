"""What follows from what a provider reports: for the right recipient, once, in any order."""

import itertools
import json

import pytest
from sqlalchemy import select

from data.suppression import Reason, suppressed
from data.tables import event
from sender.returns.hooks import sendgrid
from sender.returns.hooks.model import TOKEN_FIELD, Call
from sender.returns.providers import Became, carry_out
from sender.tokens import Purpose, Tokens
from tests.sender.world import NOW, World

TOKENS = Tokens((b"k" * 32,))
REPORTS = [
    {"event": "delivered", "sg_event_id": "1"},
    {"event": "spamreport", "sg_event_id": "2"},
    {"event": "bounce", "sg_event_id": "3", "status": "5.7.1", "reason": "550 5.7.1 blocked by our policy"},
]


def tell(world: World, token: str, *reports: dict[str, str]) -> list[Became]:
    common = {"email": "ada@x.test", "timestamp": NOW.timestamp(), TOKEN_FIELD: token}
    body = json.dumps([common | report for report in reports]).encode()
    with world.store.write() as connection:
        return [
            carry_out(connection, TOKENS, "sendgrid", each, NOW) for each in sendgrid.told(Call({}, body))
        ]


@pytest.mark.parametrize("order", list(itertools.permutations(REPORTS)))
def test_reports_count_once_in_any_order(world: World, order: tuple[dict[str, str], ...]) -> None:
    """Providers repeat themselves, and what happened first may be told last."""
    contact = world.subscriber("ada@x.test")
    row = world.recipient(world.campaign(), contact, state="sent", lease_until=None, settled_at=NOW)
    token = TOKENS.mail(Purpose.BOUNCE, row.id)
    assert tell(world, token, *order) == [Became.RECORDED] * 3
    assert tell(world, token, *order, *order) == [Became.AGAIN] * 6
    with world.store.read() as connection:
        kinds = connection.scalars(select(event.c.kind).where(event.c.recipient_id == row.id)).all()
        found = suppressed(connection, ["ada@x.test"])
    assert sorted(kinds) == ["bounce", "complaint", "delivered"]
    assert {each.reason for each in found.values()} == {Reason.COMPLAINT}, (
        "a block is not the contact's fault"
    )


def test_a_token_that_we_did_not_make_moves_nobody(world: World) -> None:
    world.subscriber("ada@x.test")
    assert tell(world, "aaaaaaaaaaaaaaaaaaaaaaaa", *REPORTS) == [Became.NOT_OURS] * 3
