"""A campaign's life: made by name, started whole or not at all, moved only where the table allows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data.campaigns import MessageClass, OnUnknown, State, links_of, making, move
from data.contacts import save_contact
from data.lists import Member, set_member
from data.recipients import counts, some
from data.segments import save_segment
from data.states import State as Row
from data.suppression import Kind, Reason, suppress
from data.templates import save_template
from sender.campaigns.lifecycle import MOVES, Action, NotNow
from sender.campaigns.start import Draft, Unfit, cancel, create, named, pause, resume, start
from tests.sender.world import NOW, World

DRAFT = Draft("spring", "news", "hello", "brand.test", "sink", "Brand", "news@brand.test")


def test_a_draft_is_made_from_names(world: World) -> None:
    campaign = create(world.store, DRAFT, NOW)
    assert campaign.state is State.DRAFT
    assert campaign.on_unknown is OnUnknown.HOLD
    receipt = replace(DRAFT, name="receipt", list="", message_class=MessageClass.TRANSACTIONAL)
    assert create(world.store, receipt, NOW).on_unknown is OnUnknown.RESEND


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"list": "none"}, "There is no list 'none'."),
        ({"list": ""}, "A campaign goes to a list. Name it."),
        ({"template": "none"}, "There is no template 'none'."),
        ({"server": "none"}, "There is no sending server 'none'."),
        (
            {"domain": "other.test", "from_address": "a@other.test"},
            "There is no sending domain 'other.test'. Run: homing domain add other.test",
        ),
        (
            {"from_address": "news@elsewhere.test"},
            "The From address news@elsewhere.test is not in the sending domain brand.test.",
        ),
        (
            {"from_address": "news"},
            "The From address 'news' cannot be used. There is no @ in the address.",
        ),
    ],
)
def test_a_draft_that_cannot_be_made_gets_its_sentence(
    world: World, changes: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Unfit) as caught:
        create(world.store, replace(DRAFT, **changes), NOW)  # type: ignore[arg-type]
    assert str(caught.value) == sentence


def test_a_name_is_taken_once(world: World) -> None:
    create(world.store, DRAFT, NOW)
    with pytest.raises(Unfit, match="There is a campaign 'spring' already"):
        create(world.store, DRAFT, NOW)


def test_starting_freezes_audience_content_and_links(world: World) -> None:
    willing = [world.subscriber(f"u{number}@x.test") for number in range(5)]
    with world.store.write() as connection:
        suppress(connection, Kind.ADDRESS, "u0@x.test", Reason.COMPLAINT, NOW)
        set_member(connection, world.list_id, willing[1], Member.UNSUBSCRIBED, NOW)
    create(world.store, DRAFT, NOW)
    started = start(world.store, "spring", NOW)
    assert started.recipients == 3
    assert started.campaign.state is State.SENDING
    assert started.campaign.started_at == NOW
    world.subscriber("late@x.test")
    with world.store.read() as connection:
        assert counts(connection, started.campaign.id) == {Row.PENDING: 3}
        assert [url for _, url in links_of(connection, started.campaign.id)] == ["https://shop.test/"]
        made = making(connection, started.campaign.id)
    assert made is not None
    assert made.content is not None
    assert made.content["subject"] == "Hi {{first_name}}"


def test_a_template_that_cannot_be_used_leaves_a_draft(world: World) -> None:
    world.subscriber("u@x.test")
    create(world.store, DRAFT, NOW)
    with world.store.write() as connection:
        save_template(connection, "hello", NOW, subject="x", html="{{#if a}}")
    with pytest.raises(
        Unfit, match=r"'hello' cannot be used\. Line 1, column 1: \{\{#if a\}\} is not closed"
    ):
        start(world.store, "spring", NOW)
    campaign = named(world.store, "spring")
    assert campaign.state is State.DRAFT
    with world.store.read() as connection:
        assert counts(connection, campaign.id) == {}


def test_pause_resume_and_cancel(world: World) -> None:
    for number in range(3):
        world.subscriber(f"u{number}@x.test")
    create(world.store, DRAFT, NOW)
    start(world.store, "spring", NOW)
    paused = pause(world.store, "spring", NOW, reason="bounces at gmail")
    assert (paused.state, paused.pause_reason) == (State.PAUSED, "bounces at gmail")
    resumed = resume(world.store, "spring", NOW + timedelta(hours=1))
    assert (resumed.state, resumed.pause_reason) == (State.SENDING, "")
    assert resumed.started_at == NOW, "when it first started"
    assert cancel(world.store, "spring", NOW) == 3
    with world.store.read() as connection:
        assert counts(connection, resumed.id) == {Row.SKIPPED: 3}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_only_the_moves_of_the_table_are_possible(world: World, state: State, action: Action) -> None:
    campaign = create(world.store, DRAFT, NOW)
    with world.store.write() as connection:
        move(connection, campaign.id, [State.DRAFT], state, NOW)
    does = {Action.START: start, Action.PAUSE: pause, Action.RESUME: resume, Action.CANCEL: cancel}[action]
    if state in MOVES[action][0]:
        does(world.store, "spring", NOW)  # type: ignore[operator]
        assert named(world.store, "spring").state is MOVES[action][1]
        return
    with pytest.raises(NotNow, match=f"is {state}; only one that is"):
        does(world.store, "spring", NOW)  # type: ignore[operator]
    assert named(world.store, "spring").state is state


def test_a_segment_narrows_the_list_as_it_is_at_the_start(world: World) -> None:
    """Only members with consent are ever chosen from: a segment can leave people out, never bring any in."""
    for n in range(6):
        world.subscriber(f"p{n}@mail.test", country="DE" if n % 2 else "AT")
    gone = world.subscriber("gone@mail.test", country="DE")
    with world.store.write() as connection:
        set_member(connection, world.list_id, gone, Member.UNSUBSCRIBED, NOW)
        save_contact(connection, "stranger@mail.test", "stranger@mail.test", {"country": "DE"}, NOW)
        save_segment(connection, "germans", "country is AT", NOW)
    campaign = create(world.store, replace(DRAFT, segment="germans"), NOW)
    with world.store.write() as connection:
        save_segment(connection, "germans", "country is DE", NOW)

    assert start(world.store, DRAFT.name, NOW).recipients == 3
    with world.store.read() as connection:
        rows = some(connection, campaign.id, [Row.PENDING])
    assert [row["address"] for row in rows] == ["p1@mail.test", "p3@mail.test", "p5@mail.test"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"segment": "none"}, "There is no segment 'none'."),
        (
            {"segment": "none", "list": "", "message_class": MessageClass.TRANSACTIONAL},
            "A segment is some of a list's people: their consent is to the list. Name it too.",
        ),
    ],
)
def test_a_segment_must_exist_and_be_of_a_list(world: World, changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(Unfit) as said:
        create(world.store, replace(DRAFT, **changes), NOW)  # type: ignore[arg-type]

    assert str(said.value) == sentence
