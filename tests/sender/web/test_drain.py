"""What is stored of clicks: a machine is told as one also when only a later spool file shows it."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from data.campaigns import store_links
from data.tables import event
from sender.web.drain import store_hits
from sender.web.hits import Hit, Line
from sender.web.together import BURST, COMPANY
from tests.sender.world import NOW, World


def people(world: World, *addresses: str) -> list[tuple[int, int]]:
    """(campaign, recipient) of each, in one campaign with three links."""
    campaign = world.campaign()
    with world.store.write() as connection:
        store_links(connection, campaign.id, [f"https://shop.test/{number}" for number in range(3)])
    rows = [world.recipient(campaign, world.subscriber(address)) for address in addresses]
    return [(campaign.id, row.id) for row in rows]


def click(who: tuple[int, int], seconds: float, position: int = 0, client: str = "93.184.216.34") -> Line:
    return Line(Hit.CLICK, who, NOW + timedelta(seconds=seconds), position, client=client)


def store(world: World, file: str, *lines: Line) -> None:
    with world.store.write() as connection:
        store_hits(connection, [(f"{file}:{number}", line) for number, line in enumerate(lines)])


def evidence(world: World) -> Sequence[str]:
    with world.store.read() as connection:
        rows = connection.execute(select(event.c.machine, event.c.evidence).order_by(event.c.id)).all()
    assert all(machine == bool(why) for machine, why in rows)
    return [why for _, why in rows]


def test_a_walk_that_is_cut_by_the_end_of_a_file_is_a_walk_all_the_same(world: World) -> None:
    (ann,) = people(world, "ann@example.com")
    store(world, "first", click(ann, 0), click(ann, 0.5, 1))
    assert evidence(world) == ["", ""]
    store(world, "second", click(ann, 1.0, 2))
    assert evidence(world) == [BURST] * 3


def test_a_gateway_shows_with_the_fifth_colleague(world: World) -> None:
    staff = people(world, *(f"p{number}@acme.test" for number in range(5)))
    for number, who in enumerate(staff):
        store(world, f"file{number}", click(who, number))
    assert evidence(world) == [COMPANY] * 5


def test_five_readers_of_a_free_mail_service_are_five_readers(world: World) -> None:
    readers = people(world, *(f"p{number}@gmail.com" for number in range(5)))
    store(world, "file", *(click(who, number) for number, who in enumerate(readers)))
    assert evidence(world) == [""] * 5


def test_storing_a_file_twice_changes_nothing(world: World) -> None:
    (ann,) = people(world, "ann@example.com")
    for _ in range(2):
        store(world, "file", click(ann, 0), click(ann, 20, 1))
    assert evidence(world) == ["", ""]
