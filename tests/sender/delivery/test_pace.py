"""Lanes as a table of moves: pace, slow start, back-off, suspension, recovery. No store, no clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from data.lanes import Lane, LaneState
from sender.delivery import lanes
from sender.delivery.backoff import RULES, Rule, Slow, Suspend, matching
from sender.delivery.lanes import Ceiling
from sender.delivery.providers import OTHER, PROVIDERS, Directory, Own
from sender.delivery.retry import GIVE_UP, Schedule

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LANE = Lane(1, "out", "gmail", LaneState.OPEN, 2, since=NOON)
CEILING = Ceiling(5, None)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def rule(key: str) -> Rule:
    return next(rule for rule in RULES if rule.key == key)


@pytest.mark.parametrize("per_minute", [1, 7, 10, 50, 420])
@pytest.mark.parametrize("every", [0.1, 1.0, 7.0])
def test_over_ten_minutes_the_rate_is_kept_however_often_one_asks(per_minute: int, every: float) -> None:
    """A9: within 5 %, and never over it by more than one burst."""
    lane, sent, seconds = replace(LANE, rate=per_minute / 60), 0, 0.0
    while seconds < 600:
        now = NOON + timedelta(seconds=seconds)
        count = lanes.allowance(lane, now, 1_000)
        lane, sent, seconds = lanes.debited(lane, now, count), sent + count, seconds + every

    most = 10 * per_minute
    assert sent <= most + max(1, per_minute / 60) + 1
    if every <= 1:
        assert sent >= 0.95 * most


def test_a_pause_is_not_made_up_for() -> None:
    lane = lanes.debited(replace(LANE, rate=1.0), NOON, 1)

    assert lanes.allowance(lane, at(60), 1_000) == 2, "the message of now, and the one of a second ago"


def test_what_was_taken_and_not_sent_is_given_back() -> None:
    lane = lanes.debited(replace(LANE, rate=1.0), NOON, 5)

    assert lanes.next_slot(lane, NOON) == NOON + timedelta(seconds=5)
    assert lanes.next_slot(lanes.debited(lane, NOON, -4), NOON) == NOON + timedelta(seconds=1)


def test_a_new_lane_begins_with_few_connections_and_grows_with_what_is_accepted() -> None:
    lane = lanes.begun(LANE, CEILING, NOON)
    grown = [
        lanes.begun(lanes.accepted(lane, count, CEILING, NOON), CEILING, NOON).connections
        for count in (0, 19, 20, 60, 10_000)
    ]

    assert grown == [2, 2, 3, 5, 5]


def test_a_relay_of_ones_own_needs_no_slow_start() -> None:
    assert lanes.begun(LANE, Ceiling(16, None, slow_start=False), NOON).connections == 16


def test_a_rate_limit_slows_the_lane_for_a_while_and_then_it_begins_slowly() -> None:
    lane = lanes.struck(replace(LANE, connections=5), rule("gmail-rate"), "421 4.7.28 unusual rate", NOON)
    assert (lane.state, lane.connections, lane.reason) == (
        *(LaneState.BACKING_OFF, 1),
        "421 4.7.28 unusual rate",
    )
    assert lane.rate == pytest.approx(10 / 60)
    assert lanes.allowance(lane, NOON, 100) == 0, "the storm itself used up the allowance"
    assert lanes.begun(lane, CEILING, at(29)) == lane

    back = lanes.begun(lane, CEILING, at(30))
    assert (back.state, back.connections, back.rate, back.reason) == (LaneState.OPEN, 2, None, "")


def test_one_storm_is_one_strike() -> None:
    once = lanes.struck(LANE, rule("gmail-rate"), "421", NOON)

    assert lanes.struck(once, rule("gmail-rate"), "421", at(1)) == once


def test_a_suspended_lane_is_probed_with_one_message_and_opened_by_its_acceptance() -> None:
    lane = lanes.struck(LANE, rule("yahoo-ts04"), "421 [TSS04]", NOON)
    assert (lane.state, lane.resume_at) == (LaneState.SUSPENDED, at(120))

    probing = lanes.begun(lane, CEILING, at(120))
    assert (probing.state, probing.connections) == (LaneState.PROBING, 1)
    assert lanes.accepted(probing, 1, CEILING, at(121)).state is LaneState.OPEN


def test_a_probe_that_fails_doubles_the_time() -> None:
    """S3150 is what you get when you don't slow down after seeing 4xx."""
    lane = LANE
    waits = []
    now = NOON
    for _ in range(6):
        lane = lanes.struck(lane, rule("yahoo-ts04"), "421 [TSS04]", now)
        assert lane.resume_at
        waits.append((lane.resume_at - now) / timedelta(hours=1))
        now = lane.resume_at
        lane = lanes.begun(lane, CEILING, now)

    assert waits == [2, 4, 8, 12, 12, 12]


def test_a_suspension_is_not_cut_short_by_a_milder_rule() -> None:
    lane = lanes.struck(LANE, rule("yahoo-ts04"), "421 [TSS04]", NOON)

    assert lanes.struck(lane, rule("yahoo-ts03"), "421 [TS03]", at(1)) == lane


def test_a_worse_rule_suspends_a_lane_that_was_only_slow() -> None:
    lane = lanes.struck(LANE, rule("yahoo-ts03"), "421 [TS03]", NOON)

    assert lanes.struck(lane, rule("yahoo-ts05"), "421 [TSS05]", at(1)).state is LaneState.SUSPENDED


REPLIES = [
    ("gmail", 421, "4.7.28 Gmail has detected an unusual rate of unsolicited mail", "gmail-rate"),
    ("gmail", 550, "5.7.1 Our system has detected that this message is\nlikely spam", "gmail-suspicious"),
    ("yahoo", 421, "4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", "yahoo-ts04"),
    ("yahoo", 421, "4.16.55 [TS03] temporarily deferred", "yahoo-ts03"),
    ("icloud", 554, "5.7.1 [HCM1] Message rejected due to local policy", "icloud-later"),
    ("outlook", 451, "4.7.650 The mail server [192.0.2.1] has been temporarily rate limited", "outlook-rate"),
    ("other", 421, "4.7.0 Too many concurrent SMTP connections; please try again later", "any-connections"),
    ("comcast", 421, "4.1.0 RL000010 Throttled", "comcast-stop"),
    (
        "outlook",
        451,
        "4.7.0 exceeded maximum number of messages per connection",
        "outlook-per-connection",
    ),
    ("gmx", 554, "Transaction failed: Reject due to restrictions", "gmx-refused"),
    ("corp", 554, "5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", "any-listed"),
]


@pytest.mark.parametrize(("provider", "code", "text", "key"), REPLIES)
def test_the_table_knows_what_providers_say(provider: str, code: int, text: str, key: str) -> None:
    assert [rule.key for rule in matching(provider, code, text)] == [key]


def test_a_reply_that_goes_on_is_met_with_the_stronger_measure() -> None:
    """Three "Server busy" in an hour slow the lane down, five of them suspend it."""
    slow, stop = matching("outlook", 451, "4.7.500 Server busy")
    slowed = lanes.struck(LANE, slow, "451 Server busy", NOON)

    assert (slow.count, stop.count) == (3, 5)
    assert lanes.struck(slowed, stop, "451 Server busy", at(1)).state is LaneState.SUSPENDED


def test_connections_are_closed_sooner_where_the_receiver_asks_for_it_and_only_for_a_while() -> None:
    lane = lanes.struck(LANE, rule("outlook-per-connection"), "451", NOON)

    assert (lane.per_connection, lane.connections, lane.rate) == (2, LANE.connections, None)
    assert lanes.begun(lane, CEILING, at(60)).per_connection is None


@pytest.mark.parametrize(
    ("provider", "code", "text"),
    [
        ("gmail", 550, "5.1.1 The email account that you tried to reach does not exist"),
        ("yahoo", 452, "4.2.2 mailbox full"),
        ("outlook", None, "no answer within 300 s: Server busy"),
        ("other", 250, "2.0.0 ok, rate limit not reached"),
        ("gmail", 421, "4.7.0 [TSS04] is Yahoo's"),
    ],
)
def test_what_is_about_one_mailbox_or_is_our_own_text_moves_no_lane(
    provider: str, code: int | None, text: str
) -> None:
    """A reply of ours that matched would prolong its own suspension."""
    assert not list(matching(provider, code, text))


def test_every_rule_names_a_provider_of_the_table_and_does_something() -> None:
    """KumoMTA's file has rules for a provider that no block is named after: dead ones."""
    known = {provider.key for provider in PROVIDERS} | {""}

    assert {rule.provider for rule in RULES} <= known
    assert all(isinstance(rule.action, Suspend) or rule.action != Slow(None, None) for rule in RULES)
    assert len({rule.key for rule in RULES}) == len(RULES)


# ---- providers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hosts", "key"),
    [
        (["gmail-smtp-in.l.google.com", "alt1.gmail-smtp-in.l.google.com"], "gmail"),
        (["example-com.mail.protection.outlook.com"], "microsoft365"),
        (["outlook-com.olc.protection.outlook.com"], "outlook"),
        (["mta5.am0.yahoodns.net"], "yahoo"),
        (["mx01.mail.icloud.com"], "icloud"),
        (["notgoogle.com"], "other"),
        (["aspmx.l.google.com", "mail.example.org"], "other"),
        ([], "other"),
    ],
)
def test_a_domain_belongs_to_whoever_runs_all_its_servers(hosts: list[str], key: str) -> None:
    assert Directory().of(hosts).key == key


def test_the_configuration_adds_providers_and_servers() -> None:
    directory = Directory([Own("corp", ["mail.corp.example"]), Own("gmail", ["mx.gmail.test"], rate=5.0)])

    assert directory.of(["in1.mail.corp.example"]).key == "corp"
    assert directory.of(["mx.gmail.test", "aspmx.l.google.com"]).key == "gmail"
    assert (directory.named("gmail").per_connection, directory.named("gmail").rate) == (50, 5.0)
    assert directory.named("gone").key == OTHER.key


# ---- retries -------------------------------------------------------------------------------------


def test_retries_grow_apart_and_end_when_the_message_is_not_worth_it_any_more() -> None:
    """10, 20, 40, 80 minutes, then every two hours, within 20 %; a campaign for a day."""
    now = NOON
    gaps: list[float] = []
    while again := Schedule().next_try(len(gaps) + 1, 7, NOON, now, "campaign"):
        gaps.append((again - now) / timedelta(minutes=1))
        now = again

    expected = [10, 20, 40, 80, *[120] * (len(gaps) - 4)]
    assert all(0.8 * want <= gap <= 1.2 * want for gap, want in zip(gaps, expected, strict=True))
    assert timedelta(hours=21) < now - NOON <= GIVE_UP["campaign"]


def test_a_greylisting_server_is_asked_again_soon() -> None:
    again = Schedule().next_try(1, 7, NOON, NOON, "campaign", greylisted=True)

    assert again
    assert timedelta(minutes=4) <= again - NOON <= timedelta(minutes=6)


def test_two_rows_that_were_deferred_together_do_not_come_back_together() -> None:
    assert len({Schedule().delay(1, row) for row in range(100)}) > 90
