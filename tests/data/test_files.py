"""Files of templates and campaigns are kept once, frozen at the start, and dropped when nothing uses them."""

from datetime import UTC, datetime

from sqlalchemy import func, select, update

from data.files import File, changed_files, files_of_campaign, files_of_template, set_template_files
from data.merging import attributes_of_list
from data.store import Store
from data.tables import blob
from data.templates import remove_template, save_template
from sender.campaigns.renderer import load
from sender.campaigns.start import start
from sender.content.compile import Person
from tests.sender.world import World
from tests.stores import store, store_url  # noqa: F401

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOGO = File("logo.png", "image/png", b"\x89PNG\x00\xff", "logo.png")
TERMS = File("terms.pdf", "application/pdf", b"%PDF")


def blobs(at: Store) -> int:
    with at.read() as connection:
        return connection.scalar(select(func.count()).select_from(blob)) or 0


def test_the_same_bytes_are_kept_once_and_forgotten_with_the_last_who_uses_them(store: Store) -> None:  # noqa: F811
    with store.write() as connection:
        for name in ("one", "two"):
            number = save_template(connection, name, NOW, subject="s", html="h")
            set_template_files(connection, number, [TERMS, LOGO], NOW)
        assert files_of_template(connection, number) == [LOGO, TERMS]
    assert blobs(store) == 2

    with store.write() as connection:
        set_template_files(connection, number, [LOGO], NOW)
        remove_template(connection, "one")
    assert blobs(store) == 1


def test_a_campaign_keeps_the_files_that_it_started_with(store: Store) -> None:  # noqa: F811
    world = World(store)
    world.subscriber("a@x.test")
    campaign = world.campaign()
    with store.write() as connection:
        set_template_files(connection, world.template_id, [LOGO], NOW)
    start(store, campaign.name, NOW)
    with store.write() as connection:
        set_template_files(connection, world.template_id, [TERMS], NOW)

    with store.read() as connection:
        assert files_of_campaign(connection, campaign.id) == [LOGO]
    made, frozen = load(store, campaign.id)
    assert frozen
    assert b'filename="logo.png"' in made.compiled.message(Person("a@x.test", "1@brand.test", {}), NOW)
    assert blobs(store) == 2


def test_bytes_that_changed_on_the_disk_are_found(store: Store) -> None:  # noqa: F811
    with store.write() as connection:
        number = save_template(connection, "one", NOW, subject="s", html="h")
        set_template_files(connection, number, [TERMS, LOGO], NOW)
        assert changed_files(connection) == []
        connection.execute(update(blob).where(blob.c.content == TERMS.content).values(content=b"other"))
        assert len(changed_files(connection)) == 1


def test_reading_a_lists_values_leaves_the_connection_as_it_was(store: Store) -> None:  # noqa: F811
    """With a cursor of the server's left on, PostgreSQL refused the next change."""
    world = World(store)
    world.subscriber("a@x.test", first_name="Ada")
    with store.write() as connection:
        assert [*attributes_of_list(connection, world.list_id)] == [("a@x.test", {"first_name": "Ada"})]
        connection.execute(update(blob).values(content=b""))
