"""Who may be written to, and that the store's facts say it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data.campaigns import MessageClass
from data.consent import Act, ConsentEvent, Facts, facts, record_consent
from data.lists import Member, set_member
from data.recipients import RefusalReason
from data.suppression import Kind, Reason, Suppressed, lift, suppress, suppressed
from data.tables import own_address
from sender.audience.consent import judge, may_send, refusals
from tests.sender.world import NOW, World

WILLING = Facts("campaign", 1, Member.SUBSCRIBED, Act.GIVEN, None, own=False, last_confirmation=None)


def blocked(reason: Reason) -> Facts:
    return replace(WILLING, suppressed=Suppressed(Kind.ADDRESS, "a@b.test", reason, "", NOW))


def of(message_class: MessageClass, known: Facts) -> RefusalReason | None:
    refusal = judge(replace(known, message_class=message_class.value), NOW)
    return refusal.reason if refusal else None


@pytest.mark.parametrize("message_class", [MessageClass.CAMPAIGN, MessageClass.AUTOMATION])
def test_bulk_mail_needs_membership_consent_and_no_suppression(message_class: MessageClass) -> None:
    assert of(message_class, WILLING) is None
    assert of(message_class, replace(WILLING, last_act=Act.CONFIRMED)) is None
    assert of(message_class, replace(WILLING, last_act=None)) is RefusalReason.NO_CONSENT
    assert of(message_class, replace(WILLING, last_act=Act.WITHDRAWN)) is RefusalReason.NO_CONSENT
    assert of(message_class, replace(WILLING, member=Member.UNCONFIRMED)) is RefusalReason.NOT_A_MEMBER
    assert of(message_class, replace(WILLING, member=None)) is RefusalReason.NOT_A_MEMBER
    for reason in Reason:
        assert of(message_class, blocked(reason)) is RefusalReason.SUPPRESSED


def test_a_receipt_ignores_unsubscribes_but_never_hard_bounces_or_complaints() -> None:
    receipt = MessageClass.TRANSACTIONAL
    assert of(receipt, replace(WILLING, member=Member.UNSUBSCRIBED, last_act=Act.WITHDRAWN)) is None
    assert of(receipt, blocked(Reason.UNSUBSCRIBED)) is None
    assert of(receipt, blocked(Reason.HARD_BOUNCE)) is RefusalReason.SUPPRESSED
    assert of(receipt, blocked(Reason.COMPLAINT)) is RefusalReason.SUPPRESSED


def test_a_confirmation_goes_out_at_most_once_a_day() -> None:
    asking = MessageClass.CONFIRMATION
    an_hour_ago = replace(WILLING, last_confirmation=NOW - timedelta(hours=1))
    yesterday = replace(WILLING, last_confirmation=NOW - timedelta(days=1))
    assert of(asking, an_hour_ago) is RefusalReason.TOO_SOON
    assert of(asking, replace(yesterday, member=Member.UNCONFIRMED, last_act=None)) is None
    assert of(asking, blocked(Reason.COMPLAINT)) is RefusalReason.SUPPRESSED
    assert of(asking, blocked(Reason.UNSUBSCRIBED)) is None


@pytest.mark.parametrize("message_class", [MessageClass.SEED, MessageClass.TEST, MessageClass.ALERT])
def test_test_mail_goes_to_own_addresses_only(message_class: MessageClass) -> None:
    assert of(message_class, WILLING) is RefusalReason.NOT_OWN
    assert of(message_class, replace(WILLING, own=True)) is None


def test_the_store_says_what_the_rules_need(world: World) -> None:
    """A whole batch is judged at once: each for a different reason."""
    people = {
        name: world.subscriber(f"{name}@x.test") for name in ("willing", "left", "gone", "never", "domain")
    }
    people["domain"] = world.subscriber("any@listed.test")
    campaign = world.campaign()
    with world.store.write() as connection:
        set_member(connection, world.list_id, people["left"], Member.UNSUBSCRIBED, NOW)
        suppress(connection, Kind.ADDRESS, "gone@x.test", Reason.HARD_BOUNCE, NOW)
        suppress(connection, Kind.DOMAIN, "listed.test", Reason.MANUAL, NOW)
        withdrawal = ConsentEvent(people["never"], None, Act.WITHDRAWN, "page", "", NOW)
        record_consent(connection, [withdrawal])
    rows = [world.recipient(campaign, contact) for contact in people.values()]
    with world.store.read() as connection:
        reasons = {
            each.contact_id: r.reason for each in rows if (r := refusals(connection, rows, NOW).get(each.id))
        }
    assert reasons == {
        people["left"]: RefusalReason.NOT_A_MEMBER,
        people["gone"]: RefusalReason.SUPPRESSED,
        people["domain"]: RefusalReason.SUPPRESSED,
        people["never"]: RefusalReason.NO_CONSENT,
    }


def test_consent_given_again_after_a_withdrawal_from_everything_counts(world: World) -> None:
    contact = world.subscriber("ada@x.test")
    with world.store.write() as connection:
        record_consent(connection, [ConsentEvent(contact, None, Act.WITHDRAWN, "page", "", NOW)])
        record_consent(connection, [ConsentEvent(contact, world.list_id, Act.GIVEN, "form", "w", NOW)])
    row = world.recipient(world.campaign(), contact)
    with world.store.read() as connection:
        assert may_send(connection, row, NOW) is None


def test_an_own_address_and_the_last_confirmation_are_found(world: World) -> None:
    contact = world.subscriber("me@x.test")
    asked = world.campaign(message_class=MessageClass.CONFIRMATION)
    earlier = world.recipient(
        asked, contact, state="sent", lease_until=None, settled_at=NOW - timedelta(hours=2)
    )
    again = world.campaign(message_class=MessageClass.CONFIRMATION)
    later = world.recipient(again, contact)
    with world.store.write() as connection:
        connection.execute(own_address.insert().values(address="me@x.test", at=NOW))
        known = facts(connection, [earlier, later])
    assert known[later.id].own
    assert known[later.id].last_confirmation == NOW - timedelta(hours=2)
    assert known[earlier.id].last_confirmation is None


def test_a_stronger_reason_replaces_a_weaker_one_and_never_the_other_way(world: World) -> None:
    with world.store.write() as connection:
        assert suppress(connection, Kind.ADDRESS, "a@b.test", Reason.UNSUBSCRIBED, NOW)
        assert suppress(connection, Kind.ADDRESS, "a@b.test", Reason.COMPLAINT, NOW)
        assert not suppress(connection, Kind.ADDRESS, "a@b.test", Reason.HARD_BOUNCE, NOW)
        assert suppressed(connection, ["a@b.test"])["a@b.test"].reason is Reason.COMPLAINT
        assert lift(connection, Kind.ADDRESS, "a@b.test")
        assert suppressed(connection, ["a@b.test"]) == {}


def test_an_erased_person_is_found_by_the_hash_alone(world: World) -> None:
    with world.store.write() as connection:
        suppress(connection, Kind.HASH, "abc", Reason.ERASED, NOW)
        assert suppressed(connection, ["a@b.test"]) == {}
        assert suppressed(connection, ["a@b.test"], {"a@b.test": "abc"})["a@b.test"].reason is Reason.ERASED
