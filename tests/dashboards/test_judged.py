"""What may be said of a question, given its last look: nothing stale is green, nothing unknown is broken."""

from datetime import UTC, datetime, timedelta

from checks.model import Severity, State
from dashboards.pieces.judged import Judged, judge, summed, told
from data.standings import Observed, Standing

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOURLY = timedelta(hours=1)


def _observed(
    state: State, *, ago: timedelta = timedelta(minutes=5), severity: Severity = Severity.INFO
) -> Observed:
    return Observed(1, state, severity, {}, [], NOW - timedelta(days=3), NOW - ago, 9)


def _standing(latest: Observed, *, unknown_since: datetime | None = None, code: str = "SPF-004") -> Standing:
    conclusive = latest if latest.state.conclusive else _observed(State.PASS, ago=timedelta(hours=9))
    return Standing(1, "shop.test", code, "shop.test", latest, conclusive, unknown_since)


def _judged(state: State, severity: Severity = Severity.INFO) -> Judged:
    since = NOW if state is State.UNKNOWN else None
    return judge(_standing(_observed(state, severity=severity), unknown_since=since), NOW, HOURLY)


def test_a_fresh_answer_is_what_it_is() -> None:
    assert _judged(State.PASS).state is State.PASS
    assert _judged(State.FAIL, Severity.HIGH).state is State.FAIL
    assert _judged(State.PASS).since == NOW - timedelta(days=3)


def test_a_pass_that_nobody_looked_at_again_is_not_green() -> None:
    """The worker died on Friday; on Monday nothing may look in order."""
    old = judge(_standing(_observed(State.PASS, ago=timedelta(days=3))), NOW, HOURLY)

    assert old.state is State.UNKNOWN
    assert old.stale
    assert old.since == NOW - timedelta(days=3)


def test_a_missed_look_is_forgiven_once() -> None:
    assert (
        judge(_standing(_observed(State.PASS, ago=timedelta(minutes=119))), NOW, HOURLY).state is State.PASS
    )


def test_an_unknown_since_speaks_over_the_last_good_answer() -> None:
    """A look that could not ask leaves the old run in place and only marks the standing."""
    dark = judge(_standing(_observed(State.PASS), unknown_since=NOW - timedelta(hours=1)), NOW, HOURLY)

    assert dark.state is State.UNKNOWN
    assert not dark.stale
    assert dark.known is not None


def test_the_gravest_speaks_for_the_family() -> None:
    family = summed(
        [_judged(State.PASS), _judged(State.WARN, Severity.LOW), _judged(State.FAIL, Severity.LOW)]
    )

    assert family.state is State.FAIL
    assert family.examined == 3


def test_one_silent_blocklist_of_many_does_not_grey_the_family() -> None:
    """Of sixty lists one is always out; but when none answers, nothing is clear."""
    note, clear = _judged(State.UNKNOWN, Severity.INFO), _judged(State.PASS)

    assert summed([note, clear]).state is State.PASS
    assert summed([note, note]).state is State.UNKNOWN


def test_a_grave_question_without_an_answer_greys_the_family() -> None:
    assert summed([_judged(State.UNKNOWN, Severity.HIGH), _judged(State.PASS)]).state is State.UNKNOWN


def test_what_does_not_apply_is_not_counted_as_examined() -> None:
    family = summed([_judged(State.NOT_APPLICABLE), _judged(State.PASS)])

    assert family.state is State.PASS
    assert family.examined == 1


def test_a_code_of_another_version_is_shown_by_its_name() -> None:
    """After a downgrade the store may hold codes that this version has no words for."""
    judged = judge(_standing(_observed(State.FAIL), code="NEW-999"), NOW, HOURLY)

    assert "NEW-999" in judged.sentence
    assert judged.fix == ""
    assert "NEW-999" in told("NEW-999", None)


def test_a_look_without_an_answer_is_worded_without_gaps() -> None:
    """The last good answer's arguments do not say why the latest look had none."""
    dark = judge(_standing(_observed(State.PASS), unknown_since=NOW - timedelta(hours=1)), NOW, HOURLY)

    assert dark.sentence == "Ten DNS look-ups: the latest look had no answer for shop.test."
