"""Limits hold a zone's questions apart and stop at the day's budget."""

from datetime import UTC, datetime, timedelta

from checks.net.dns.manners import Ledger, Limit, Polite
from checks.ports import Got, Question, Why
from tests.fakes.zone import ZoneDns

ZONE = {f"{i}.list.test": {"A": ["127.0.0.2"]} for i in range(6)} | {"example.com": {"A": ["192.0.2.1"]}}
NAMES = [f"{i}.list.test" for i in range(6)]


class WoundClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 23, 59, 0, tzinfo=UTC) + timedelta(seconds=self.slept)

    def monotonic(self) -> float:
        return self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


def test_a_burst_goes_at_once_and_the_rest_in_its_turn() -> None:
    """Two at once, then one every half second: six take two seconds."""
    clock, dns = WoundClock(), ZoneDns(ZONE)
    polite = Polite(dns, Ledger({"list.test": Limit(per_second=2, burst=2)}), clock)
    answers = polite.ask_all([Question(name, "A") for name in NAMES])
    assert [answer.question.name for answer in answers] == NAMES
    assert all(answer.ok for answer in answers)
    assert clock.slept == 2.0


def test_zones_without_a_limit_do_not_wait() -> None:
    clock = WoundClock()
    polite = Polite(ZoneDns(ZONE), Ledger({"list.test": Limit(per_second=0.1, burst=1)}), clock)
    polite.ask_all([Question("example.com", "A")] * 5)
    assert clock.slept == 0.0


def test_a_spent_budget_is_unknown_and_sends_nothing() -> None:
    """Not asked is not the same as not listed."""
    clock, dns = WoundClock(), ZoneDns(ZONE)
    ledger = Ledger({"list.test": Limit(per_second=1000, per_day=3)}, spent={"list.test": 1})
    answers = Polite(dns, ledger, clock).ask_all([Question(name, "A") for name in NAMES])
    assert [answer.got for answer in answers] == [Got.RECORDS] * 2 + [Got.FAILED] * 4
    assert answers[-1].why is Why.BUDGET
    assert "list.test" in answers[-1].note
    assert len(dns.asked) == 2
    assert ledger.spent == {"list.test": 3}


def test_a_new_day_brings_a_new_budget() -> None:
    clock = WoundClock()
    ledger = Ledger({"list.test": Limit(per_day=1)})
    polite = Polite(ZoneDns(ZONE), ledger, clock)
    assert polite.ask(NAMES[0], "A").ok
    assert not polite.ask(NAMES[1], "A").ok
    clock.sleep(60)
    assert polite.ask(NAMES[2], "A").ok
