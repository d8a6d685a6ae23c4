"""An import stores what may be stored, once; brings nobody back; and can be taken back."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.consent import Act, ConsentEvent, consents_of, record_consent
from data.contacts import find_contact, save_contact
from data.imports import State, all_imports
from data.lists import Member, create_list, member_state, set_member
from data.store import Store
from data.suppression import Kind, Reason, suppress, suppressed
from data.tables import consent, contact, contact_tag, import_change, membership, metadata, suppression
from sender.audience.fingerprint import fingerprinter
from sender.audience.hygiene.reach import Reaching
from sender.audience.importing import job as importing
from sender.audience.importing.job import Job, Outcome, Refused
from sender.audience.importing.judging import Screen
from sender.audience.importing.opening import open_file
from sender.audience.importing.plan import Terms
from sender.audience.importing.undo import undo
from sender.audience.leave import confirm, leave
from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
THEN = datetime(2026, 3, 1, tzinfo=UTC)
fingerprint = fingerprinter(b"k" * 32)


class People:
    """A store with a list, and short ways to import into it and to look at it."""

    def __init__(self, store: Store, folder: Path, *, double: bool = False) -> None:
        self.store = store
        self.folder = folder
        self.now = NOW
        with store.write() as connection:
            self.list_id = create_list(connection, "news", "News", double_opt_in=double, now=NOW)
        self.terms = Terms(self.list_id, double, "web form", "Yes, send me the news", consented_at=THEN)

    def job(self, text: str, name: str = "people.csv", *, dns: Any = None, **terms: Any) -> Job:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        screen = Screen(Reaching(dns), fingerprint)
        beside = self.folder / f"{name}.rejected.csv"
        file = open_file(path, {})
        return Job(self.store, file, replace(self.terms, **terms), screen, lambda: self.now, beside)

    def run(self, text: str, name: str = "people.csv", *, dns: Any = None, **terms: Any) -> Outcome:
        return self.job(text, name, dns=dns, **terms).run()

    def rejected(self, name: str = "people.csv") -> list[list[str]]:
        with (self.folder / f"{name}.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
            return [*csv.reader(file)][1:]

    def person(self, address: str, state: Member | None = Member.SUBSCRIBED, **attributes: Any) -> int:
        """Somebody who is here already."""
        with self.store.write() as connection:
            who = save_contact(connection, address, address, attributes, NOW)
            if state:
                set_member(connection, self.list_id, who, state, NOW)
                given = ConsentEvent(who, self.list_id, Act.GIVEN, "form", "Yes", THEN)
                record_consent(connection, [given])
        return who

    def state(self, address: str) -> Member | None:
        with self.store.read() as connection:
            found = find_contact(connection, address)
            return member_state(connection, self.list_id, found.id) if found else None

    def attributes(self, address: str) -> Mapping[str, Any] | None:
        with self.store.read() as connection:
            found = find_contact(connection, address)
            return found.attributes if found else None

    def acts(self, address: str) -> list[tuple[Act, str]]:
        with self.store.read() as connection:
            found = find_contact(connection, address)
            assert found is not None
            return [(event.act, event.source) for event in consents_of(connection, found.id)]

    def snapshot(self) -> dict[str, list[Any]]:
        """What is known of people, but not when it was written."""
        held = {}
        with self.store.read() as connection:
            for table in (contact, contact_tag, membership, consent, suppression):
                columns = [column for column in table.c if column.name not in ("id", "at", "import_id")]
                rows = connection.execute(select(*columns)).all()
                held[table.name] = sorted(map(str, rows))
        return held


@pytest.fixture
def people(store: Store, tmp_path: Path) -> People:
    return People(store, tmp_path)


def test_people_come_with_attributes_tags_and_consent(people: People) -> None:
    outcome = people.run('Email,First Name,Tags\nAda@Example.com,Ada,"vip, berlin"\n')

    assert (outcome.counts["rows"], outcome.counts["new"]) == (1, 1)
    assert people.state("ada@example.com") is Member.SUBSCRIBED
    assert people.attributes("ada@example.com") == {"first_name": "Ada"}
    with people.store.read() as connection:
        found = find_contact(connection, "ada@example.com")
        assert found is not None
        assert found.email == "Ada@example.com"
        (event,) = consents_of(connection, found.id)
        tags = connection.scalars(select(contact_tag.c.tag)).all()
    assert (event.source, event.wording, event.at) == ("web form", "Yes, send me the news", THEN)
    assert sorted(tags) == ["berlin", "vip"]


def _left(people: People, connection: Any, who: int) -> None:
    leave(connection, who, people.list_id, "page", NOW)


def _withdrew(people: People, connection: Any, who: int) -> None:
    record_consent(connection, [ConsentEvent(who, None, Act.WITHDRAWN, "letter", "", NOW)])


def _suppressed(kind: Kind, value: str, reason: Reason) -> Callable[[People, Any, int], None]:
    def act(_people: People, connection: Any, _who: int) -> None:
        suppress(connection, kind, value, reason, NOW)

    return act


@pytest.mark.parametrize(
    "gone",
    [
        _left,
        _withdrew,
        *(_suppressed(Kind.ADDRESS, "ada@x.test", reason) for reason in Reason),
        _suppressed(Kind.DOMAIN, "x.test", Reason.MANUAL),
        _suppressed(Kind.HASH, fingerprint("ada@x.test"), Reason.ERASED),
    ],
)
def test_nobody_is_brought_back(people: People, gone: Callable[[People, Any, int], None]) -> None:
    """Not by a fresh date of consent, not by a confirmation elsewhere, and not a letter of them changes."""
    who = people.person("ada@x.test", first_name="Ada")
    with people.store.write() as connection:
        gone(people, connection, who)
    before = people.snapshot()
    outcome = people.run(
        "email,first_name,tags,status\nADA@x.test,New,vip,subscribed\n", consented_at=NOW, confirmed=True
    )

    assert sum(outcome.counts.get(name, 0) for name in ("suppressed", "left_before")) == 1
    assert people.snapshot() == before
    assert len(people.rejected()) == 1


def test_what_the_store_has_to_say_is_merged_and_nothing_is_lost(people: People) -> None:
    people.person("ada@x.test", first_name="Ada", city="Bonn")
    people.person("bob@x.test")
    outcome = people.run("email,city,age\nada@x.test,Köln,\nbob@x.test,,\n")

    assert (outcome.counts["updated"], outcome.counts["unchanged"]) == (1, 1)
    assert people.attributes("ada@x.test") == {"first_name": "Ada", "city": "Köln"}
    assert people.acts("ada@x.test") == [(Act.GIVEN, "form")]


def test_the_same_person_twice_counts_once_also_far_apart(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 3)
    text = "email,city\n" + "".join(f"p{n % 5}@x.test,c{n}\n" for n in range(20))
    dry = people.job(text).dry()
    outcome = people.run(text)

    assert (outcome.counts["new"], outcome.counts["duplicate"]) == (5, 15)
    assert dry.counts == outcome.counts
    assert people.attributes("p1@x.test") == {"city": "c1"}
    assert people.rejected()[0][:2] == ["7", "the same person as in line 2"]


def test_a_file_may_say_that_people_are_gone_and_that_always_counts(people: People) -> None:
    people.person("ada@x.test")
    text = (
        "email,status\nada@x.test,unsubscribed\nnew@x.test,opted out\nbad@x.test,cleaned\n"
        "spam@x.test,spam\nboth@x.test,subscribed\nboth@x.test,unsubscribed\nboth@x.test,subscribed\n"
        "other@x.test,transactional\n"
    )
    outcome = people.run(text)

    assert people.state("ada@x.test") is people.state("new@x.test") is Member.UNSUBSCRIBED
    assert people.state("both@x.test") is Member.UNSUBSCRIBED
    assert people.state("bad@x.test") is None
    assert people.acts("ada@x.test")[-1] == (Act.WITHDRAWN, "web form")
    with people.store.read() as connection:
        found = suppressed(connection, ["bad@x.test", "spam@x.test"])
    assert {entry.reason for entry in found.values()} == {Reason.HARD_BOUNCE, Reason.COMPLAINT}
    assert (outcome.counts["unsubscribed"], outcome.counts["cleaned"]) == (3, 2)
    assert outcome.counts["rejected"] == 1


def test_a_double_opt_in_list_waits_for_a_confirmation_unless_there_was_one(
    store: Store, tmp_path: Path
) -> None:
    people = People(store, tmp_path, double=True)
    text = (
        "email,confirm_time,confirm_ip\na@x.test,2026-01-01,198.51.100.1\nb@x.test,2026-01-01,\nc@x.test,,\n"
    )
    outcome = people.run(text)

    assert [people.state(f"{name}@x.test") for name in "abc"] == [
        Member.SUBSCRIBED,
        Member.UNCONFIRMED,
        Member.UNCONFIRMED,
    ]
    assert [act for act, _ in people.acts("a@x.test")] == [Act.GIVEN, Act.CONFIRMED]
    assert outcome.counts["unconfirmed"] == 2


def test_without_a_date_of_consent_a_row_is_not_taken(people: People) -> None:
    outcome = people.run("email,consent_date\na@x.test,2026-01-01\nb@x.test,\n", consented_at=None)

    assert (outcome.counts["new"], outcome.counts["rejected"]) == (1, 1)
    assert people.state("b@x.test") is None


def test_domains_that_take_no_mail_are_rejected_and_silence_costs_nobody(people: People) -> None:
    zone = {"null.test": {"MX": [[0, ""]]}, "slow.test": {"*": "TIMEOUT"}, "x.test": {"MX": [[1, "mx.test"]]}}
    outcome = people.run("email\na@null.test\nb@slow.test\nc@x.test\nd@gone.test\n", dns=ZoneDns(zone))

    assert (outcome.counts["new"], outcome.counts["no_mail"], outcome.counts["unknown_domain"]) == (2, 2, 1)
    assert [row[1] for row in people.rejected()] == [
        "the domain says that it takes no mail (null MX)",
        "the domain does not exist",
    ]


class Killed(BaseException):
    """Stands for a process that ends between two instructions."""


TEXT = "email,city,status\n" + "".join(
    f"p{n % 37}@x.test,c{n},{'unsubscribed' if n % 11 == 0 else 'cleaned' if n % 13 == 0 else ''}\nbroken,,\n"
    for n in range(60)
)


@pytest.mark.parametrize("chunks", [1, 4, 9])
def test_a_killed_import_goes_on_and_ends_as_if_nothing_had_been(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunks: int
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 7)
    people = People(store, tmp_path)
    job = people.job(TEXT)
    told = []

    def die(_bytes: int, rows: int) -> None:
        told.append(rows)
        if len(told) == chunks:
            raise Killed

    job.tell = die
    with pytest.raises(Killed):
        job.run()
    with (tmp_path / "people.csv.rejected.csv").open("a") as file:
        file.write("half a line that belongs to no stored ch")
    outcome = people.job(TEXT).run()
    first = (people.snapshot(), people.rejected(), outcome.counts)

    assert outcome.resumed == 7 * chunks
    assert people.job(TEXT).run().already
    _empty(store)
    again = People(store, tmp_path)
    clean = again.job(TEXT).run()
    assert (_unnumbered(again.snapshot()), again.rejected(), clean.counts) == (
        _unnumbered(first[0]),
        *first[1:],
    )


def _unnumbered(held: dict[str, list[Any]]) -> dict[str, int]:
    return {name: len(rows) for name, rows in held.items()}


def _empty(store: Store) -> None:
    with store.write() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name not in ("campaign", "recipient"):
                connection.execute(table.delete())


def test_two_runs_of_one_import_at_once_cannot_both_store(people: People, monkeypatch: Any) -> None:
    monkeypatch.setattr(importing, "CHUNK", 5)
    text = "email\n" + "".join(f"p{n}@x.test\n" for n in range(20))
    job = people.job(text)
    other: list[Outcome] = []

    def overtake(_bytes: int, _rows: int) -> None:
        if not other:
            other.append(people.job(text).run())

    job.tell = overtake
    with pytest.raises(Refused, match="is run by another process"):
        job.run()
    assert other[0].counts["new"] == 20
    with people.store.read() as connection:
        assert len(connection.execute(select(membership)).all()) == 20


UNDOABLE = (
    "email,city,tags,status\nada@x.test,Köln,vip,\nnew@x.test,Ulm,,\nbob@x.test,,,unsubscribed\n"
    "cal@x.test,,,cleaned\ndot@x.test,,,cleaned\neve@x.test,,,\nlost@x.test,,,unsubscribed\n"
)


def _before_undoable(people: People) -> None:
    people.person("ada@x.test", city="Bonn", zip="53111")
    people.person("bob@x.test")
    people.person("eve@x.test", Member.UNCONFIRMED)
    people.person("cal@x.test")
    with people.store.write() as connection:
        suppress(connection, Kind.ADDRESS, "dot@x.test", Reason.UNSUBSCRIBED, NOW, detail="page")


def test_an_import_is_taken_back_to_what_was_before(people: People) -> None:
    _before_undoable(people)
    before = people.snapshot()
    outcome = people.run(UNDOABLE)
    assert people.snapshot() != before
    assert outcome.import_id is not None
    undone = undo(people.store, outcome.import_id, lambda: NOW)

    assert people.snapshot() == before
    assert (undone.people, undone.removed, undone.lifted) == (5, 2, 2)
    with people.store.read() as connection:
        assert all_imports(connection)[0].state is State.UNDONE
    with pytest.raises(Refused, match="was taken back before"):
        undo(people.store, outcome.import_id, lambda: NOW)
    assert people.run(UNDOABLE).counts == outcome.counts


def test_what_people_did_since_survives_the_undoing(people: People) -> None:
    _before_undoable(people)
    outcome = people.run(UNDOABLE)
    with people.store.write() as connection:
        for address in ("new@x.test", "bob@x.test", "lost@x.test"):
            found = find_contact(connection, address)
            assert found is not None
            leave(connection, found.id, people.list_id, "one-click", NOW + timedelta(days=1))
        suppress(connection, Kind.ADDRESS, "cal@x.test", Reason.HARD_BOUNCE, NOW, detail="5.1.1")
        suppress(connection, Kind.ADDRESS, "dot@x.test", Reason.COMPLAINT, NOW)
        save_contact(connection, "ada@x.test", "ada@x.test", {"city": "Rom"}, NOW)
    assert outcome.import_id is not None
    undo(people.store, outcome.import_id, lambda: NOW)

    assert people.state("new@x.test") is Member.UNSUBSCRIBED
    assert people.state("bob@x.test") is Member.UNSUBSCRIBED
    assert people.state("lost@x.test") is Member.UNSUBSCRIBED
    assert people.attributes("ada@x.test") == {"city": "Rom", "zip": "53111"}
    with people.store.read() as connection:
        held = suppressed(connection, ["cal@x.test", "dot@x.test"])
    assert {a: entry.reason for a, entry in held.items()} == {
        "cal@x.test": Reason.HARD_BOUNCE,
        "dot@x.test": Reason.COMPLAINT,
    }


def test_a_confirmation_by_the_person_outlives_the_import_that_asked_for_it(
    store: Store, tmp_path: Path
) -> None:
    people = People(store, tmp_path, double=True)
    outcome = people.run("email\nada@x.test\n")
    with store.write() as connection:
        found = find_contact(connection, "ada@x.test")
        assert found is not None
        assert confirm(connection, found.id, people.list_id, NOW)
    assert outcome.import_id is not None
    undo(store, outcome.import_id, lambda: NOW)

    assert people.state("ada@x.test") is Member.SUBSCRIBED
    assert [act for act, _ in people.acts("ada@x.test")] == [Act.GIVEN, Act.CONFIRMED]


@pytest.mark.parametrize("order", [(1, 0), (0, 1)])
def test_imports_are_taken_back_in_any_order(people: People, order: tuple[int, int]) -> None:
    people.person("old@x.test")
    before = people.snapshot()
    made = [
        people.run("email,city\nada@x.test,Ulm\nold@x.test,\n", "a.csv").import_id,
        people.run("email,status\nada@x.test,unsubscribed\nold@x.test,unsubscribed\n", "b.csv").import_id,
    ]
    for number in order:
        import_id = made[number]
        assert import_id is not None
        undo(people.store, import_id, lambda: NOW)

    assert people.snapshot() == before


def test_an_undoing_that_is_killed_is_taken_up_again(people: People, monkeypatch: Any) -> None:
    from sender.audience.importing import undo as undoing

    monkeypatch.setattr(undoing, "CHUNK", 2)
    _before_undoable(people)
    before = people.snapshot()
    outcome = people.run(UNDOABLE)
    assert outcome.import_id is not None

    def die(_people: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        undo(people.store, outcome.import_id, lambda: NOW, die)
    with pytest.raises(Refused, match="is being taken back"):
        people.run(UNDOABLE)
    undo(people.store, outcome.import_id, lambda: NOW)

    assert people.snapshot() == before
    with people.store.read() as connection:
        kept = connection.execute(select(import_change)).all()
    assert all(row.undone_at is not None for row in kept)
