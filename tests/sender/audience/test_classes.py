"""Every class of message through the real queue: whom it reaches, at the claim and just before MAIL FROM."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from data import recipients
from data.campaigns import Campaign, MessageClass, State, move
from data.consent import Act, ConsentEvent, record_consent
from data.lists import Member, set_member
from data.own import add_own, remove_own
from data.recipients import Recipient, Refusal
from data.states import State as Row
from data.suppression import Kind, Reason, suppress
from data.tables import recipient
from sender.audience.classes import RULES
from sender.audience.consent import refusals
from sender.campaigns.renderer import CampaignRenderer
from sender.delivery.engine import Engine
from sender.tokens import Tokens
from tests.fakes.delivery import WoundClock, parts
from tests.sender.world import NOW, World

ADDRESS = "ann@x.test"
Fate = Callable[[Connection, World, int], object]


def nothing(_connection: Connection, _world: World, _contact: int) -> None:
    """As somebody is who is on the list and said yes."""


def suppressed(reason: Reason) -> Fate:
    return lambda connection, _world, _contact: suppress(connection, Kind.ADDRESS, ADDRESS, reason, NOW)


def left(connection: Connection, world: World, contact: int) -> None:
    set_member(connection, world.list_id, contact, Member.UNSUBSCRIBED, NOW)


def withdrew(connection: Connection, world: World, contact: int) -> None:
    record_consent(connection, [ConsentEvent(contact, world.list_id, Act.WITHDRAWN, "page", "", NOW)])


def owned(connection: Connection, _world: World, _contact: int) -> None:
    add_own(connection, ADDRESS, NOW)


FATES: Mapping[str, Fate] = {
    "nothing": nothing,
    "left": left,
    "withdrew": withdrew,
    "own": owned,
    **{reason.value: suppressed(reason) for reason in Reason},
}
STRANGERS = frozenset({"nothing", "left", "withdrew"})
REACHED: Mapping[MessageClass, frozenset[str]] = {
    MessageClass.CAMPAIGN: frozenset({"nothing", "own"}),
    MessageClass.AUTOMATION: frozenset({"nothing", "own"}),
    MessageClass.CONFIRMATION: STRANGERS | {"own", "unsubscribe_all"},
    MessageClass.TRANSACTIONAL: STRANGERS | {"own", "unsubscribe_all", "manual", "soft_bounces"},
    MessageClass.SEED: frozenset({"own"}),
    MessageClass.TEST: frozenset({"own"}),
    MessageClass.ALERT: frozenset({"own"}),
}
"""Design, What always holds, 5, spelled out once more and apart from the table of the code."""


@dataclass
class Meanwhile:
    """The real consent; `then` happens between the claim and MAIL FROM."""

    then: Callable[[Connection], object]
    asked: int = 0

    def __call__(self, connection: Connection, rows: Sequence[Recipient]) -> Mapping[int, Refusal]:
        self.asked += 1
        if self.asked == 2:
            self.then(connection)
        return refusals(connection, rows, NOW)


def queued(world: World, message_class: MessageClass) -> tuple[Campaign, int]:
    """A sending campaign of that class with one recipient."""
    contact = world.subscriber(ADDRESS, first_name="Ann")
    campaign = world.campaign(message_class=message_class)
    with world.store.write() as connection:
        move(connection, campaign.id, [State.DRAFT], State.SENDING, NOW)
        recipients.add(connection, campaign.id, [contact], NOW)
    return campaign, contact


def sent(world: World, campaign: Campaign, consent: Any) -> Row:
    Engine(parts(world.store, consent=consent, clock=WoundClock(NOW))).work_once()
    with world.store.read() as connection:
        return Row(
            connection.scalars(select(recipient.c.state).where(recipient.c.campaign_id == campaign.id)).one()
        )


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("message_class", MessageClass)
def test_each_class_reaches_whom_it_may_and_nobody_else(
    world: World, message_class: MessageClass, fate: str
) -> None:
    campaign, contact = queued(world, message_class)
    with world.store.write() as connection:
        FATES[fate](connection, world, contact)
    expected = Row.SENT if fate in REACHED[message_class] else Row.SKIPPED
    assert sent(world, campaign, lambda connection, rows: refusals(connection, rows, NOW)) is expected


@pytest.mark.parametrize("message_class", MessageClass)
def test_what_happens_after_the_claim_still_stops_it(world: World, message_class: MessageClass) -> None:
    campaign, contact = queued(world, message_class)
    rule = RULES[message_class]
    if rule.own_only:
        with world.store.write() as connection:
            add_own(connection, ADDRESS, NOW)

    def then(connection: Connection) -> None:
        if rule.own_only:
            remove_own(connection, ADDRESS)
        else:
            FATES["complaint"](connection, world, contact)

    consent = Meanwhile(then)
    assert sent(world, campaign, consent) is Row.SKIPPED
    assert consent.asked == 2


def test_a_confirmation_is_sent_once_a_day_however_often_it_is_asked_for(world: World) -> None:
    """Also when two wait at the same moment: a stranger's address is no way to flood somebody."""
    contact = world.subscriber(ADDRESS)
    campaigns = [world.campaign(message_class=MessageClass.CONFIRMATION) for _ in range(2)]
    with world.store.write() as connection:
        for campaign in campaigns:
            move(connection, campaign.id, [State.DRAFT], State.SENDING, NOW)
            recipients.add(connection, campaign.id, [contact], NOW)
            recipients.add(connection, campaign.id, [contact], NOW, step=1)

    def consent(connection: Connection, rows: Sequence[Recipient]) -> Mapping[int, Refusal]:
        return refusals(connection, rows, NOW + timedelta(seconds=1))

    Engine(parts(world.store, consent=consent, clock=WoundClock(NOW))).work_once()
    with world.store.read() as connection:
        states = sorted(connection.scalars(select(recipient.c.state)))
    assert states == ["sent", "skipped", "skipped", "skipped"]


def test_a_confirmation_carries_nothing_that_a_stranger_typed(world: World) -> None:
    """Sign-up forms are used to send advertising in other people's names (list bombing)."""
    contact = world.subscriber(ADDRESS, first_name="WIN A PHONE at evil.test")
    campaign = world.campaign(message_class=MessageClass.CONFIRMATION)
    row = world.recipient(campaign, contact)
    made = CampaignRenderer(world.store, Tokens((b"k" * 32,)), lambda: NOW).render(row)
    assert b"evil.test" not in made.message  # type: ignore[union-attr]
    assert b"Auto-Submitted: auto-generated" in made.message  # type: ignore[union-attr]


@pytest.mark.parametrize("message_class", MessageClass)
def test_only_mail_to_a_list_can_be_left(world: World, message_class: MessageClass) -> None:
    contact = world.subscriber(ADDRESS)
    for list_id, carries in ((world.list_id, RULES[message_class].leavable), (None, False)):
        campaign = world.campaign(message_class=message_class, list_id=list_id)
        row = world.recipient(campaign, contact)
        made = CampaignRenderer(world.store, Tokens((b"k" * 32,)), lambda: NOW).render(row)
        assert (b"List-Unsubscribe-Post:" in made.message) is carries  # type: ignore[union-attr]
