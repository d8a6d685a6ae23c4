"""The public endpoints: every hit is stored, and nothing but a person's button changes anything."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from data.campaigns import store_links
from data.consent import consents_of
from data.lists import Member, member_state, set_member
from data.recipients import Recipient
from data.tables import event, recipient
from sender.tokens import Purpose, Tokens
from sender.web.app import create_app
from sender.web.settings import Settings
from tests.sender.web.test_agents import IPHONE
from tests.sender.world import NOW, World

TOKENS = Tokens((b"k" * 32,))
URLS = ["https://shop.test/a?b=c&d=%20e", "https://bücher.test/ü"]


@dataclass
class Public:
    """The application with one recipient; `events()` waits until the spool is stored."""

    world: World
    client: TestClient
    folder: Path
    who: Recipient
    clock: list[datetime] = field(default_factory=lambda: [NOW])

    def link(self, purpose: Purpose, *numbers: int) -> str:
        return TOKENS.url(purpose, *numbers)

    @property
    def leave(self) -> str:
        return "/u/" + TOKENS.url(Purpose.UNSUBSCRIBE, self.who.contact_id, self.world.list_id, self.who.id)

    def events(self) -> list[tuple[str, bool, str]]:
        self.wait(lambda: not list((self.folder / "spool").glob("*.hits")))
        with self.world.store.read() as connection:
            rows = connection.execute(select(event).order_by(event.c.id))
            return [(row.kind, row.machine, row.evidence) for row in rows]

    def member(self) -> Member | None:
        with self.world.store.read() as connection:
            return member_state(connection, self.world.list_id, self.who.contact_id)

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert condition()


@pytest.fixture
def public(world: World, tmp_path: Path) -> Iterator[Public]:
    campaign = world.campaign()
    who = world.recipient(campaign, world.subscriber("ada@x.test"))
    clock = [NOW]
    with world.store.write() as connection:
        store_links(connection, campaign.id, URLS)
        connection.execute(update(recipient).values(settled_at=NOW - timedelta(minutes=5)))
    settings = Settings(tmp_path / "spool", tmp_path / "intake", hook_token="s3cret")
    app = create_app(world.store, TOKENS, settings, lambda: clock[0])
    with TestClient(app, headers={"user-agent": IPHONE}, follow_redirects=False) as client:
        yield Public(world, client, tmp_path, who, clock)


def test_a_pixel_is_answered_and_kept(public: Public) -> None:
    answer = public.client.get(f"/o/{public.link(Purpose.OPEN, 1, public.who.id)}")
    assert answer.status_code == 200
    assert len(answer.content) == 43
    assert answer.content.startswith(b"GIF89a")
    assert answer.headers["cache-control"] == "no-store"
    assert public.events() == [("open", False, "")]


def test_a_bad_token_gets_the_same_pixel_and_no_event(public: Public) -> None:
    good = public.client.get(f"/o/{public.link(Purpose.OPEN, 1, public.who.id)}")
    for token in ("x", public.link(Purpose.CLICK, 1, public.who.id), "A" * 5000):
        bad = public.client.get(f"/o/{token}")
        assert (bad.status_code, bad.content, bad.headers) == (good.status_code, good.content, good.headers)
    assert len(public.events()) == 1


def test_a_click_leads_to_the_stored_destination_and_nowhere_else(public: Public) -> None:
    token = public.link(Purpose.CLICK, public.who.campaign_id, public.who.id)
    first = public.client.get(f"/c/{token}/0")
    assert (first.status_code, first.headers["location"]) == (302, URLS[0])
    assert first.headers["referrer-policy"] == "no-referrer"
    second = public.client.get(f"/c/{token}/1")
    assert second.headers["location"] == "https://b%C3%BCcher.test/%C3%BC"
    for path in (f"{token}/2", f"{token[:-1]}x/0", f"{token}x/0", f"{token}/99999999999999999999"):
        answer = public.client.get(f"/c/{path}?url=https://evil.test/")
        assert answer.status_code == 404
        assert "location" not in answer.headers
    assert public.events() == [("click", False, ""), ("click", False, "")]


def test_a_click_that_comes_too_soon_or_from_a_machine_is_labelled(public: Public) -> None:
    token = public.link(Purpose.CLICK, public.who.campaign_id, public.who.id)
    assert public.client.head(f"/c/{token}/0").status_code == 302
    assert public.client.get(f"/c/{token}/0", headers={"user-agent": ""}).status_code == 302
    public.clock[0] = NOW - timedelta(minutes=5) + timedelta(seconds=2)
    assert public.client.get(f"/c/{token}/0").status_code == 302
    assert public.events() == [
        ("click", True, "HEAD request"),
        ("click", True, "no User-Agent"),
        ("click", True, "click within 5 s of delivery"),
    ]


def test_an_anonymous_hit_keeps_neither_person_nor_address(public: Public) -> None:
    public.client.get(f"/o/{public.link(Purpose.OPEN_ANONYMOUS, public.who.campaign_id)}")
    public.events()
    with public.world.store.read() as connection:
        row = connection.execute(select(event)).one()
    assert (row.campaign_id, row.recipient_id, row.contact_id) == (public.who.campaign_id, None, None)
    assert row.detail == {"method": "GET"}


def test_nothing_but_the_button_or_the_one_click_post_unsubscribes(public: Public) -> None:
    """Scanners follow links, ask for heads and post empty forms (whole companies were unsubscribed so)."""
    for answer in (
        public.client.get(public.leave),
        public.client.head(public.leave),
        public.client.options(public.leave),
        public.client.post(public.leave),
        public.client.post(public.leave, data={"List-Unsubscribe": "yes"}),
        public.client.post(public.leave, content=b"leave=1&" + b"x" * 10_000),
    ):
        assert answer.status_code in (200, 405)
    assert public.member() is Member.SUBSCRIBED
    assert "Brand News" in public.client.get(public.leave).text


@pytest.mark.parametrize("form", ["data", "files"])
def test_one_click_unsubscribes_in_both_forms_that_rfc8058_allows(public: Public, form: str) -> None:
    if form == "data":
        answer = public.client.post(public.leave, data={"List-Unsubscribe": "One-Click"})
    else:
        answer = public.client.post(public.leave, files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    public.wait(lambda: public.member() is Member.UNSUBSCRIBED)
    again = public.client.post(public.leave, data={"List-Unsubscribe": "One-Click"})
    assert again.status_code == 200
    assert [kind for kind, _, _ in public.events()] == ["unsubscribe"]
    with public.world.store.read() as connection:
        assert [each.source for each in consents_of(connection, public.who.contact_id)] == [
            "form",
            "one-click",
        ]


def test_an_unknown_token_is_told_apart_by_nobody(public: Public) -> None:
    answer = public.client.post("/u/unknown", data={"List-Unsubscribe": "One-Click"})
    known = public.client.post(public.leave, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.text) == (known.status_code, known.text)


def test_the_button_unsubscribes_and_a_mistake_can_be_undone_for_a_day(public: Public) -> None:
    assert "Subscribe me again" in public.client.post(public.leave, data={"leave": "1"}).text
    public.wait(lambda: public.member() is Member.UNSUBSCRIBED)
    public.client.post(public.leave, data={"again": "1"})
    public.wait(lambda: public.member() is Member.SUBSCRIBED)
    public.client.post(public.leave, data={"leave": "1"})
    public.wait(lambda: public.member() is Member.UNSUBSCRIBED)
    public.clock[0] = NOW + timedelta(hours=25)
    public.client.post(public.leave, data={"again": "1"})
    public.events()
    assert public.member() is Member.UNSUBSCRIBED


def test_a_subscription_is_confirmed_by_the_button_only(public: Public) -> None:
    with public.world.store.write() as connection:
        set_member(connection, public.world.list_id, public.who.contact_id, Member.UNCONFIRMED, NOW)
    path = "/confirm/" + public.link(Purpose.CONFIRM, public.who.contact_id, public.world.list_id)
    for answer in (public.client.get(path), public.client.head(path), public.client.post(path)):
        assert answer.status_code == 200
    assert public.member() is Member.UNCONFIRMED
    assert "You are subscribed" in public.client.post(path, data={"confirm": "1"}).text
    public.wait(lambda: public.member() is Member.SUBSCRIBED)


def test_pages_carry_their_guards(public: Public) -> None:
    headers = public.client.get(public.leave).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_mail_is_taken_only_from_who_knows_the_token(public: Public) -> None:
    assert public.client.post("/hooks/dsn", content=b"x").status_code == 401
    wrong = public.client.post("/hooks/dsn", content=b"x", headers={"authorization": "Bearer s3cre"})
    assert wrong.status_code == 401
    headers = {"authorization": "Bearer s3cret", "x-envelope-to": "b+x@rp.brand.test"}
    assert public.client.post("/hooks/dsn", content=b"Subject: x\r\n\r\n", headers=headers).status_code == 202
    assert len(list((public.folder / "intake").glob("*.mail"))) == 1
    assert public.client.post("/hooks/dsn", content=b"x" * 10_000_001, headers=headers).status_code == 413


def test_hits_wait_while_the_store_is_locked(public: Public) -> None:
    with public.world.store.write():
        answer = public.client.get(f"/o/{public.link(Purpose.OPEN, 1, public.who.id)}")
        assert answer.status_code == 200
        assert list((public.folder / "spool").glob("*.hits"))
    assert public.events() == [("open", False, "")]


def test_livez(public: Public) -> None:
    assert public.client.get("/livez").text == "ok\n"
