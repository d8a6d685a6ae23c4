"""A person may see everything, and may go: from every table, byte by byte, and for good."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from data.campaigns import MessageClass
from data.erasing import PERSONAL
from data.events import Kind as What
from data.events import NewEvent, record, whose
from data.lists import Member
from data.recipients import counts, freeze, reopen
from data.states import State
from data.store import Store, open_store
from data.suppression import Kind, Reason, suppress, suppressed
from data.tables import attempt, contact, contact_tag, event, metadata, own_address, recipient
from sender.audience.fingerprint import fingerprinter
from sender.audience.persons import Busy, erase, hold
from tests.sender.audience.test_importing import People
from tests.sender.world import NOW, World

SECRETS = ("byron", "friends", "198.51.100.7", "firefox")
fingerprint = fingerprinter(b"k" * 32)


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def with_a_past(world: World) -> tuple[int, int]:
    """Somebody who was imported, written to, bounced, opened and complained; contact and campaign."""
    who = world.subscriber("Ada@byron.test", name="Ada Byron")
    campaign = world.campaign()
    with world.store.write() as connection:
        connection.execute(update(contact).where(contact.c.id == who).values(address="ada@byron.test"))
        connection.execute(insert(contact_tag).values(contact_id=who, tag="ada's friends"))
        connection.execute(insert(own_address).values(address="ada@byron.test", at=NOW))
        freeze(connection, campaign.id, world.list_id, NOW)
        row = connection.execute(select(recipient.c.id)).scalar_one()
        _move(connection, row, State.CLAIMED, State.SENDING, State.SENT)
        said = "550 5.1.1 <ada@byron.test> unknown"
        connection.execute(update(recipient).where(recipient.c.id == row).values(response=said))
        tried = {"recipient_id": row, "at": NOW, "result": "refused", "phase": "rcpt", "host": "mx.test"}
        connection.execute(insert(attempt).values(**tried, enhanced="5.1.1", response=said, category="x"))
        about = {"campaign_id": campaign.id, "recipient_id": row, "contact_id": who}
        seen = {"client": "198.51.100.7", "agent": "Firefox"}
        record(
            connection,
            [
                NewEvent(What.OPEN, NOW, "hit:1", **about, detail=seen),
                NewEvent(
                    What.BOUNCE, NOW, "x:ada@byron.test", **about, detail={"said": said, "category": "c"}
                ),
            ],
        )
        suppress(connection, Kind.ADDRESS, "ada@byron.test", Reason.HARD_BOUNCE, NOW, detail=said)
    return who, campaign.id


def _move(connection: object, row: int, *states: State) -> None:
    for state in states:
        lease = NOW if state in (State.CLAIMED, State.SENDING) else None
        moved = update(recipient).where(recipient.c.id == row).values(state=state.value, lease_until=lease)
        connection.execute(moved)  # type: ignore[attr-defined]


def test_the_export_holds_everything_in_the_words_of_the_trade(world: World) -> None:
    with_a_past(world)
    held = json.loads(json.dumps(hold(world.store, "ADA@byron.test", fingerprint)))

    assert held["contact"][0]["attributes"] == {"name": "Ada Byron"}
    assert [row["tag"] for row in held["tags"]] == ["ada's friends"]
    assert [(row["list"], row["state"]) for row in held["lists"]] == [("news", "subscribed")]
    assert [(row["act"], row["source"], row["wording"]) for row in held["consent"]] == [
        ("given", "form", "Yes")
    ]
    assert [row["campaign"] for row in held["messages"]] == ["c1"]
    assert len(held["attempts"]) == len(held["suppression"]) == len(held["own_address"]) == 1
    assert [row["kind"] for row in held["events"]] == ["open", "bounce"]
    assert held["events"][0]["detail"]["client"] == "198.51.100.7"


def test_an_erased_person_is_in_no_table_and_the_counts_stay(world: World) -> None:
    who, campaign = with_a_past(world)
    with world.store.read() as connection:
        before = counts(connection, campaign)
    erased = erase(world.store, "Ada@byron.test", fingerprint, NOW)

    assert set(erased.rows) <= set(PERSONAL)
    with world.store.read() as connection:
        dump = [
            str(tuple(row)).lower()
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
        ]
        assert counts(connection, campaign) == before
        assert connection.execute(select(contact.c.erased_at).where(contact.c.id == who)).scalar_one() == NOW
        kinds = connection.execute(select(event.c.kind, event.c.contact_id).order_by(event.c.id)).all()
        assert whose(connection, [1]) == {}
    assert [row for row in dump if any(secret in row for secret in SECRETS)] == []
    assert [tuple(row) for row in kinds] == [("open", None), ("bounce", None)]
    assert hold(world.store, "ada@byron.test", fingerprint)["suppression"][0]["reason"] == "erased"


def test_an_erased_person_does_not_come_back_with_an_import(store: Store, tmp_path: Path) -> None:
    people = People(store, tmp_path)
    people.person("ada@byron.test")
    erase(store, "ada@byron.test", fingerprint, NOW)
    outcome = people.run("email,status\nAda@Byron.test,\nada@byron.test,unsubscribed\n")

    assert (outcome.counts["suppressed"], outcome.counts["unchanged"]) == (1, 1)
    assert people.state("ada@byron.test") is None
    with store.read() as connection:
        hashes = {"ada@byron.test": fingerprint("ada@byron.test")}
        assert suppressed(connection, [], hashes)["ada@byron.test"].reason is Reason.ERASED


def test_nothing_that_waits_is_sent_to_an_erased_person(world: World) -> None:
    world.subscriber("ada@byron.test")
    campaign = world.campaign(message_class=MessageClass.TRANSACTIONAL)
    with world.store.write() as connection:
        freeze(connection, campaign.id, world.list_id, NOW)
    erase(world.store, "ada@byron.test", fingerprint, NOW)

    with world.store.write() as connection:
        assert counts(connection, campaign.id) == {State.SKIPPED: 1}
        assert reopen(connection, campaign.id, [State.SKIPPED], NOW) == 0


def test_nobody_is_erased_while_their_message_is_handed_over(world: World) -> None:
    who = world.subscriber("ada@byron.test")
    campaign = world.campaign()
    world.recipient(campaign, who, lease_until=NOW + timedelta(minutes=1))

    with pytest.raises(Busy):
        erase(world.store, "ada@byron.test", fingerprint, NOW)


def test_an_address_that_is_unknown_is_kept_out_all_the_same(store: Store, tmp_path: Path) -> None:
    people = People(store, tmp_path)
    erase(store, "ada@byron.test", fingerprint, NOW)

    assert people.run("email\nada@byron.test\n").counts["suppressed"] == 1
    assert people.state("ada@byron.test") is not Member.SUBSCRIBED


def test_every_table_that_refers_to_people_says_what_becomes_of_them() -> None:
    people = {"contact.id", "recipient.id"}
    refers = {
        table.name
        for table in metadata.sorted_tables
        if any(str(key.column) in people for column in table.c for key in column.foreign_keys)
    }

    assert refers <= set(PERSONAL)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_not_a_byte_of_an_erased_person_is_left_in_the_file(store_url: str, tmp_path: Path) -> None:
    opened = open_store(store_url)
    with_a_past(World(opened))
    erase(opened, "Ada@byron.test", fingerprint, NOW)
    opened.close()

    left = b"".join(path.read_bytes() for path in tmp_path.glob("homing.db*")).lower()
    assert [secret for secret in SECRETS if secret.encode() in left] == []
