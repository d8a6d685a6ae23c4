"""Postmark's batches: each message for itself in one call, and no more unknown than were in it."""

import asyncio
from collections.abc import Sequence

import pytest

from data import recipients
from data.states import State
from data.store import Store
from sender.delivery.outcome import Outcome, Result
from sender.delivery.providers import OTHER
from sender.delivery.smtp.transaction import Mail
from tests.fakes.providers.postmark import KEY, PostmarkServer
from tests.fakes.providers.serving import Answer, Fault, Served, serving
from tests.sender.delivery.http.sending import LETTER, campaign, transport

pytestmark = pytest.mark.sockets


def letter(to: str) -> bytes:
    return LETTER.replace(b"bob@example.net", to.encode())


def together(served: Served, addresses: Sequence[str], most: int = 50) -> list[Outcome | None]:
    """A message to each of these at the same time."""

    async def ready() -> bool:
        return True

    async def run() -> list[Outcome | None]:
        way = transport("postmark", KEY, {"url": served.url, "batch": most})
        mails = [
            Mail("", each, LETTER.replace(b"bob@example.net", each.encode()), each[:3]) for each in addresses
        ]
        found = await asyncio.gather(*(way.deliver(mail, OTHER, ready) for mail in mails))
        await way.close()
        return list(found)

    return asyncio.run(run())


def test_each_message_in_a_call_differs_in_full_and_has_its_own_answer() -> None:
    server = PostmarkServer(inactive={"bob@example.net"})
    with serving(server.obey) as served:
        outcomes = together(served, ["ann@example.net", "bob@example.net", "cyd@example.net"])

    assert server.batches == [3]
    assert [each.result for each in outcomes if each] == [Result.ACCEPTED, Result.REFUSED, Result.ACCEPTED]
    assert outcomes[1] is not None
    assert outcomes[1].category == "provider_suppressed"
    assert [(each["To"], each["Metadata"]["homing"]) for each in server.taken] == [
        ("ann@example.net", "ann"),
        ("cyd@example.net", "cyd"),
    ]


def test_a_call_holds_no_more_than_it_may() -> None:
    server = PostmarkServer()
    with serving(server.obey) as served:
        together(served, [f"p{number}@example.net" for number in range(7)], most=3)

    assert sorted(server.batches) == [1, 3, 3]


@pytest.mark.parametrize(
    "lost", [Fault.HANG_UP, Answer(200, []), Answer(200, [{"ErrorCode": 0}]), Answer(500)]
)
def test_what_was_in_a_lost_call_is_unknown_and_nothing_else(lost: Answer | Fault) -> None:
    server = PostmarkServer()
    with serving(server.obey) as served:
        served.next.append(lost)
        outcomes = together(served, ["ann@example.net", "bob@example.net"])

    assert [each.result for each in outcomes if each] == [Result.UNKNOWN] * 2


def test_a_key_that_is_wrong_is_everybodys() -> None:
    server = PostmarkServer()
    with serving(server.obey) as served:
        served.next.append(Answer(401, {"ErrorCode": 10, "Message": "no"}))
        outcomes = together(served, ["ann@example.net", "bob@example.net"])

    assert [each.category for each in outcomes if each] == ["relay"] * 2


def test_a_campaign_goes_out_in_few_calls(store: Store) -> None:
    server = PostmarkServer()
    with serving(server.obey) as served:
        campaign(store, 40, "postmark", KEY, {"url": served.url, "batch": 50, "connections": 10})

    with store.read() as connection:
        assert dict(recipients.counts(connection, 1)) == {State.SENT: 40}
    assert sum(server.batches) == 40
    assert max(server.batches) <= 10
    assert len({each["Metadata"]["homing"] for each in server.taken}) == 40
