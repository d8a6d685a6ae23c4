"""A campaign's life: made by name, started whole or not at all, moved only where the table allows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from data.campaigns import MOVES as POSSIBLE
from data.campaigns import MessageClass, OnUnknown, State, links_of, making, move
from data.contacts import save_contact
from data.lists import Member, set_member
from data.recipients import counts, some
from data.segments import save_segment
from data.sending_domains import keep_verification, save_sending_domain
from data.servers import save_server
from data.states import State as Row
from data.store import Store
from data.suppression import Kind, Reason, suppress
from data.templates import save_template
from sender.campaigns.lifecycle import MOVES, Action, NotNow
from sender.campaigns.resend import Which, resend
from sender.campaigns.start import (
    Draft,
    Unfit,
    cancel,
    create,
    hold,
    named,
    pause,
    resume,
    schedule,
    start,
    unschedule,
)
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


WAYS = {
    State.DRAFT: (),
    State.SCHEDULED: (State.SCHEDULED,),
    State.HELD: (State.SCHEDULED, State.HELD),
    State.SENDING: (State.SENDING,),
    State.PAUSED: (State.SENDING, State.PAUSED),
    State.FINISHED: (State.SENDING, State.FINISHED),
    State.CANCELLED: (State.CANCELLED,),
}
DOES: dict[Action, Callable[[Store], object]] = {
    Action.START: lambda store: start(store, "spring", NOW),
    Action.SCHEDULE: lambda store: schedule(store, "spring", NOW + timedelta(days=1), NOW),
    Action.UNSCHEDULE: lambda store: unschedule(store, "spring", NOW),
    Action.HOLD: lambda store: hold(store, "spring", NOW, "too late"),
    Action.PAUSE: lambda store: pause(store, "spring", NOW),
    Action.RESUME: lambda store: resume(store, "spring", NOW),
    Action.CANCEL: lambda store: cancel(store, "spring", NOW),
    Action.RESEND: lambda store: resend(store, "spring", Which.UNKNOWN, NOW, "ann"),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_only_the_moves_of_the_table_are_possible(world: World, state: State, action: Action) -> None:
    campaign = create(world.store, DRAFT, NOW)
    with world.store.write() as connection:
        for there in WAYS[state]:
            move(connection, campaign.id, State, there, NOW)
    does = DOES[action]
    if state in MOVES[action][0]:
        does(world.store)
        expected = state if action is Action.RESEND else MOVES[action][1]  # nobody to send to again
        assert named(world.store, "spring").state is expected
        return
    with pytest.raises(NotNow, match=f"is {state}; only one that is"):
        does(world.store)
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


def test_what_people_and_the_clock_may_do_is_what_the_store_allows() -> None:
    asked = {(source, to) for sources, to in MOVES.values() for source in sources if source is not to}
    allowed = {(source, to) for source, targets in POSSIBLE.items() for to in targets}
    assert asked | {(State.SENDING, State.FINISHED)} == allowed


def test_a_time_that_is_past_schedules_nothing(world: World) -> None:
    create(world.store, DRAFT, NOW)
    with pytest.raises(Unfit, match="is past"):
        schedule(world.store, "spring", NOW, NOW)
    assert named(world.store, "spring").scheduled_at is None


def test_a_domain_that_is_not_ready_sends_only_into_the_sink(world: World) -> None:
    with world.store.write() as connection:
        save_server(connection, "relay", "smtp", {"host": "127.0.0.1"}, NOW)
    create(world.store, replace(DRAFT, server="relay"), NOW)
    with pytest.raises(Unfit, match=r"not ready\. Run: homing domain verify brand\.test"):
        start(world.store, "spring", NOW)
    with world.store.write() as connection:
        keep_verification(connection, "brand.test", {}, NOW)
    assert start(world.store, "spring", NOW).campaign.state is State.SENDING


def test_a_server_that_the_domain_does_not_allow_sends_nothing_for_it(world: World) -> None:
    parts = {"selector": "s1", "return_path_domain": "rp.brand.test", "tracking_url": "https://t.brand.test"}
    with world.store.write() as connection:
        save_sending_domain(connection, "brand.test", NOW, **parts, servers=("relay",))
    create(world.store, DRAFT, NOW)
    with pytest.raises(Unfit, match=r"brand\.test is not sent through sink; it allows: relay\."):
        start(world.store, "spring", NOW)


def test_a_sender_whom_few_servers_could_answer_is_refused(world: World) -> None:
    """RFC 6532: everybody's server would have to know SMTPUTF8 to take the message."""
    with pytest.raises(Unfit, match="other than ASCII letters before the @"):
        create(world.store, replace(DRAFT, from_address="grüße@brand.test"), NOW)
