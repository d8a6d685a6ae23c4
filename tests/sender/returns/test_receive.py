"""What follows from a mail that came back: for the right recipient, once, and for no fault of ours."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from data.campaigns import Campaign
from data.lists import Member, member_state
from data.recipients import Recipient
from data.suppression import Reason, suppressed
from data.tables import event, lane, lane_hour, recipient
from sender.returns.mail import read_mail
from sender.returns.match import is_ours
from sender.returns.receive import Arrival, Handled, receive
from sender.returns.understand import understand
from sender.tokens import Purpose, Tokens
from tests.sender.returns import mails
from tests.sender.world import NOW, World

TOKENS = Tokens((b"k" * 32,))
NOBODY = "450-5.1.1"


class Back:
    """A recipient whose message is out, and mails about it."""

    def __init__(self, world: World, address: str = "ada@x.test", campaign: Campaign | None = None) -> None:
        self.world = world
        self.address = address
        self.contact = world.subscriber(address)
        self.campaign = campaign or world.campaign()
        self.row = self.sent()
        self.count = 0

    def sent(self, **changes: Any) -> Recipient:
        values: dict[str, Any] = {"state": "sent", "lease_until": None, "settled_at": NOW, "provider": "x"}
        return self.world.recipient(self.campaign, self.contact, **values | changes)

    @property
    def path(self) -> str:
        return f"b+{TOKENS.mail(Purpose.BOUNCE, self.row.id)}@rp.brand.test"

    def fill(self, **changes: str) -> Mapping[str, str]:
        numbers = (self.campaign.id, self.contact, 0)
        leave = TOKENS.url(Purpose.UNSUBSCRIBE, self.contact, self.world.list_id, self.row.id)
        return {
            "path": self.path, "message_id": f"{TOKENS.mail(Purpose.MESSAGE, *numbers)}@brand.test",
            "leave": f"https://t.brand.test/u/{leave}", "own": str(self.count), "kind": "abuse",
            "said": f"550 5.1.1 <{self.address}>: User unknown", "action": "failed", "status": "5.1.1",
        } | changes  # fmt: skip

    def get(self, template: str, envelope_to: str = "", at: datetime = NOW, **changes: str) -> Handled:
        """Hand one mail in."""
        raw = template.format(**self.fill(**changes)).encode()
        arrival = Arrival(read_mail(raw), understand(raw), envelope_to, at, "name")
        with self.world.store.write() as connection:
            return receive(connection, TOKENS, arrival)

    def events(self) -> list[tuple[str, str]]:
        with self.world.store.read() as connection:
            rows = connection.execute(select(event).order_by(event.c.id))
            return [(row.kind, row.detail.get("effect", "")) for row in rows]

    def suppression(self) -> Reason | None:
        with self.world.store.read() as connection:
            entry = suppressed(connection, [self.address]).get(self.address)
            return entry.reason if entry else None

    def member(self) -> Member | None:
        with self.world.store.read() as connection:
            return member_state(connection, self.world.list_id, self.contact)


def test_a_hard_bounce_suppresses_once_however_often_it_comes(world: World) -> None:
    back = Back(world)
    assert back.get(mails.DSN) is Handled.RECORDED
    assert back.get(mails.DSN) is Handled.AGAIN
    assert back.events() == [("bounce", "hard")]
    assert back.suppression() is Reason.HARD_BOUNCE


@pytest.mark.parametrize("hidden", ["path", "message_id", "leave"])
def test_any_token_of_ours_in_it_is_enough(world: World, hidden: str) -> None:
    """Servers cut off what they like: the path, the original's headers, or most of them."""
    back = Back(world)
    nothing = {"path": "a@b.test", "message_id": "a@b.test", "leave": "https://t.brand.test/"}
    kept: dict[str, Any] = {name: value for name, value in nothing.items() if name != hidden}
    assert back.get(mails.DSN, **kept) is Handled.RECORDED


def test_a_forged_path_is_nobodys(world: World) -> None:
    back = Back(world)
    nothing: dict[str, Any] = {"message_id": "a@b.test", "leave": "https://t.brand.test/u/x"}
    forged = TOKENS.mail(Purpose.UNSUBSCRIBE, back.row.id)
    assert back.get(mails.DSN, path=f"b+{forged}@rp.brand.test", **nothing) is Handled.NOT_OURS
    assert back.get(mails.DSN, path=f"b+{'a' * 26}@rp.brand.test", **nothing) is Handled.NOT_OURS
    assert back.events() == []
    assert back.suppression() is None


@pytest.mark.parametrize(
    "said",
    [
        "554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org",
        "550 5.7.26 Unauthenticated email from brand.test is not accepted due to domain's DMARC policy",
        "550 5.7.1 Message rejected as spam",
        "552 5.3.4 Message size exceeds fixed limit",
        "554 5.7.1 Relay access denied",
    ],
)
def test_a_fault_of_ours_is_recorded_and_costs_nobody_anything(world: World, said: str) -> None:
    back = Back(world)
    back.get(mails.DSN, said=said, status="5.7.1")
    assert back.events() == [("bounce", "none")]
    assert back.suppression() is None
    assert back.member() is Member.SUBSCRIBED


def test_soft_bounces_count_by_campaign_and_suppress_at_the_fifth(world: World) -> None:
    full: dict[str, Any] = {"said": "552 5.2.2 Mailbox full", "status": "5.2.2"}
    backs = [Back(world, campaign=world.campaign()) for _ in range(5)]
    for count, back in enumerate(backs):
        back.count = count
        back.get(mails.DSN, **full)
        back.get(mails.DSN, own=f"again{count}", **full)
        assert back.suppression() is (Reason.SOFT_BOUNCES if count == 4 else None)


def test_a_persons_click_ends_a_series_of_soft_bounces(world: World) -> None:
    full: dict[str, Any] = {"said": "552 5.2.2 Mailbox full", "status": "5.2.2"}
    for count in range(6):
        back = Back(world, campaign=world.campaign())
        back.get(mails.DSN, at=NOW + timedelta(days=count), own=str(count), **full)
        if count == 2:
            click = {"kind": "click", "at": NOW + timedelta(days=2, hours=1), "contact_id": back.contact}
            with world.store.write() as connection:
                connection.execute(event.insert().values(detail={}, key="click", **click))
    assert back.suppression() is None


def test_a_reader_who_is_known_to_be_there_is_not_dropped_at_the_first_word(world: World) -> None:
    """December 2020: Gmail called valid users unknown for hours."""
    back = Back(world)
    earlier = world.campaign()
    settled = {"settled_at": NOW - timedelta(days=7)}
    world.recipient(earlier, back.contact, state="sent", lease_until=None, **settled)
    back.get(mails.DSN, own="1")
    assert back.events() == [("bounce", "hard_unconfirmed")]
    back.get(mails.DSN, own="2", at=NOW + timedelta(days=1))
    assert back.suppression() is None
    back.get(mails.DSN, own="3", at=NOW + timedelta(days=4))
    assert back.suppression() is Reason.HARD_BOUNCE


def test_a_provider_that_suddenly_knows_nobody_suppresses_nobody(world: World) -> None:
    """Once enough of them were known to be there, the storm holds for everybody of that provider."""
    campaign, earlier = world.campaign(), world.campaign()
    stranger = Back(world, "new@x.test", campaign)
    with world.store.write() as connection:
        row = {"egress": "sink", "provider": "x", "state": "open", "connections": 1}
        number = connection.execute(lane.insert().values(row)).inserted_primary_key
        assert number is not None
        hour = {"lane_id": number[0], "hour": NOW - timedelta(hours=1), "result": "accepted", "count": 50}
        connection.execute(lane_hour.insert().values(hour))
    for number in range(12):
        known = Back(world, f"u{number}@x.test", campaign)
        settled = {"settled_at": NOW - timedelta(days=7), "state": "sent", "lease_until": None}
        world.recipient(earlier, known.contact, **settled)
        known.get(mails.DSN, own=f"u{number}")
        assert known.suppression() is None
    stranger.get(mails.DSN)
    assert stranger.suppression() is None
    assert stranger.events()[-1] == ("bounce", "hard_unconfirmed")


def test_a_complaint_ends_everything(world: World) -> None:
    back = Back(world)
    assert back.get(mails.ARF) is Handled.RECORDED
    assert back.get(mails.ARF, own="again") is Handled.AGAIN
    assert back.suppression() is Reason.COMPLAINT
    assert back.member() is Member.UNSUBSCRIBED
    assert back.events() == [("complaint", "")]


def test_a_report_that_it_was_no_spam_changes_nothing(world: World) -> None:
    back = Back(world)
    back.get(mails.ARF, kind="not-spam")
    assert back.suppression() is None
    assert back.member() is Member.SUBSCRIBED


def test_automatic_answers_and_delays_are_told_and_weigh_nothing(world: World) -> None:
    back = Back(world)
    assert back.get(mails.VACATION, envelope_to=back.path) is Handled.RECORDED
    assert (
        back.get(mails.DSN, action="delayed", said="450 4.4.1 try again", status="4.4.1") is Handled.RECORDED
    )
    assert [kind for kind, _ in back.events()] == ["auto_reply", "delay"]
    assert back.suppression() is None


def test_a_mail_to_the_unsubscribe_address_unsubscribes_whatever_it_says(world: World) -> None:
    back = Back(world)
    token = TOKENS.mail(Purpose.UNSUBSCRIBE, back.contact, world.list_id, back.row.id)
    assert back.get(mails.LEAVE, envelope_to=f"UNSUB+{token.upper()}@rp.brand.test") is Handled.RECORDED
    assert back.member() is Member.UNSUBSCRIBED
    assert back.get(mails.LEAVE, envelope_to=f"unsub+{token}@rp.brand.test") is Handled.AGAIN
    assert [kind for kind, _ in back.events()] == ["unsubscribe"]


def test_a_letter_is_no_notice(world: World) -> None:
    assert Back(world).get(mails.LEAVE) is Handled.NOTHING


def test_the_door_is_open_for_tokens_of_ours_and_for_feedback_only(world: World) -> None:
    back = Back(world)
    assert is_ours(TOKENS, back.path)
    assert is_ours(TOKENS, back.path.upper())
    assert is_ours(TOKENS, "fbl@rp.brand.test")
    assert not is_ours(TOKENS, f"unsub+{TOKENS.mail(Purpose.BOUNCE, 1)}@rp.brand.test")
    assert not is_ours(TOKENS, "b+@rp.brand.test")
    assert not is_ours(TOKENS, "anybody@rp.brand.test")


def test_the_row_of_an_accepted_message_stays_sent(world: World) -> None:
    """A late bounce is an event; the receiver did take the message."""
    back = Back(world)
    back.get(mails.DSN)
    with world.store.write() as connection:
        connection.execute(update(recipient).values(response="x"))
        assert connection.scalar(select(recipient.c.state)) == "sent"


def test_a_complaint_is_ours_by_the_id_that_we_gave_the_loop(world: World) -> None:
    """RFC 9477: CFBL-Feedback-ID comes back as we wrote it, whatever else was blacked out."""
    back = Back(world)
    token = TOKENS.mail(Purpose.BOUNCE, back.row.id)
    nothing: dict[str, Any] = {"path": "a@b.test", "message_id": "a@b.test", "leave": "https://t.brand.test/"}
    named = mails.ARF.replace("Subject: Hi Ada\nMess", f"CFBL-Feedback-ID: {token}\nSubject: Hi\nMess")
    assert back.get(mails.ARF, **nothing) is Handled.NOT_OURS
    assert back.get(named, **nothing) is Handled.RECORDED
    assert back.suppression() is Reason.COMPLAINT
