"""Where a message landed, and what is no verdict about placement at all."""

from datetime import timedelta

import pytest

from checks.model import Again
from data.placement import Landed, Sent, Verdict
from data.states import State
from monitor.placement.folders import verdict_of
from monitor.placement.mailbox import Fault, Letter
from monitor.placement.run import looks_until
from monitor.placement.verdict import authentication, landed, unsent
from tests.monitor.conftest import NOON

DEADLINE = NOON + timedelta(hours=8)
EARLY, LATE = NOON + timedelta(minutes=5), DEADLINE
SENT = Sent(State.SENT, "one@news.example", NOON, "250 ok")
BELIEVED = ("gmail.test",)


def letter(folder: str, seconds: float = 4, head: bytes = b"") -> Letter:
    return Letter(folder, head, NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("folder", "verdict"),
    [
        ("INBOX", Verdict.INBOX),
        ("Posteingang", Verdict.INBOX),
        ("Junk", Verdict.SPAM),
        ("INBOX/Junk", Verdict.SPAM),
        ("[Gmail]/Spam", Verdict.SPAM),
        ("Bulk", Verdict.SPAM),
        ("Courrier indésirable", Verdict.SPAM),
        ("НЕЖЕЛАТЕЛЬНАЯ ПОЧТА", Verdict.SPAM),
        ("Promotions", Verdict.TAB),
        ("Spam filter reports", Verdict.TAB),
    ],
)
def test_a_folder_says_inbox_spam_or_something_between(folder: str, verdict: Verdict) -> None:
    assert verdict_of(folder) is verdict


@pytest.mark.parametrize(
    ("sent", "now", "verdict"),
    [
        (SENT, LATE, None),
        (Sent(State.UNKNOWN, "m", None, ""), LATE, None),
        (Sent(State.PENDING, "", None, ""), EARLY, Verdict.WAITING),
        (Sent(State.DEFERRED, "m", None, "451 later"), EARLY, Verdict.WAITING),
        (Sent(State.DEFERRED, "m", None, "451 later"), LATE, Verdict.NOT_SENT),
        (Sent(State.FAILED, "m", NOON, "550 no"), EARLY, Verdict.NOT_SENT),
        (None, EARLY, Verdict.NOT_SENT),
    ],
)
def test_what_never_left_is_not_missing(sent: Sent | None, now: object, verdict: Verdict | None) -> None:
    result = unsent(sent, now, DEADLINE)  # type: ignore[arg-type]

    assert (result and result.verdict) == verdict


def test_a_refusal_is_kept_as_it_was_said() -> None:
    refused = unsent(Sent(State.FAILED, "m", NOON, "550 5.7.1 no"), EARLY, DEADLINE)

    assert refused == Landed(Verdict.NOT_SENT, note="550 5.7.1 no")


def test_missing_is_said_only_after_the_deadline() -> None:
    assert landed(SENT, (), BELIEVED, EARLY, DEADLINE).verdict is Verdict.WAITING
    assert landed(SENT, (), BELIEVED, LATE, DEADLINE).verdict is Verdict.MISSING


def test_an_account_that_cannot_be_read_says_nothing_of_placement() -> None:
    later, never = Fault("no answer", Again.LATER), Fault("signed out", Again.NEVER)

    assert landed(SENT, later, BELIEVED, EARLY, DEADLINE).verdict is Verdict.WAITING
    assert landed(SENT, later, BELIEVED, LATE, DEADLINE).verdict is Verdict.ACCOUNT_ERROR
    assert landed(SENT, never, BELIEVED, EARLY, DEADLINE).verdict is Verdict.ACCOUNT_ERROR


def test_a_message_that_was_moved_is_where_it_is_now_and_a_copy_is_said() -> None:
    found = landed(SENT, (letter("Junk", 4), letter("INBOX", 60)), BELIEVED, EARLY, DEADLINE)

    assert (found.verdict, found.folder, found.note) == (Verdict.INBOX, "INBOX", "2 copies")


def test_the_delay_is_from_our_servers_250_and_never_negative() -> None:
    assert landed(SENT, (letter("INBOX", 4.5),), BELIEVED, EARLY, DEADLINE).delay_seconds == 4.5
    assert landed(SENT, (letter("INBOX", -3),), BELIEVED, EARLY, DEADLINE).delay_seconds == 0


OWN = b"Authentication-Results: mx.gmail.test; spf=pass; dkim=fail; dkim=pass; dmarc=pass\n"
FORGED = b"Authentication-Results: mx.gmail.test; spf=fail; dmarc=fail\n"
FOREIGN = b"Authentication-Results: relay.elsewhere.test; spf=fail\n"


@pytest.mark.parametrize(
    ("head", "results"),
    [
        (OWN, {"spf": "pass", "dkim": "pass", "dmarc": "pass"}),
        (FOREIGN + OWN + FORGED, {"spf": "pass", "dkim": "pass", "dmarc": "pass"}),
        (FOREIGN, {}),
        (b"Authentication-Results: notgmail.test; spf=pass\n", {}),
        (b"", {}),
    ],
)
def test_only_the_receivers_own_topmost_results_are_believed(head: bytes, results: dict[str, str]) -> None:
    assert authentication(head + b"\n", BELIEVED) == results


def test_looks_are_frequent_at_first_and_end_at_the_deadline() -> None:
    looks = looks_until(NOON, DEADLINE)

    assert looks[0] == NOON + timedelta(seconds=5)
    assert looks[-1] == DEADLINE
    assert looks == sorted(set(looks))
