"""By provider: n and an interval, never an alarm by one seed, and worse only where chance is ruled out."""

from collections.abc import Sequence

import pytest

from data.placement import Verdict
from monitor.placement.summary import summary
from monitor.statistics import contradicts, lower_bound

INBOX, TAB, SPAM, MISSING = Verdict.INBOX, Verdict.TAB, Verdict.SPAM, Verdict.MISSING
GOOD = [INBOX] * 40


def worse(test: Sequence[Verdict], before: Sequence[Verdict] = GOOD) -> bool:
    (provider,) = summary({"gmail": test}, {"gmail": before})
    return provider.worse


def test_an_account_that_cannot_be_read_is_in_no_denominator() -> None:
    (provider,) = summary({"gmail": [INBOX, TAB, SPAM, Verdict.ACCOUNT_ERROR, Verdict.NOT_SENT]}, {})
    assert (provider.inbox.hits, provider.inbox.n, provider.left_out) == (2, 3, 2)


@pytest.mark.parametrize(
    ("seeds", "bad", "usual", "is_worse"),
    [
        # spec: the smallest number of non-inbox seeds that contradicts a baseline of 95, 90, 80 %
        *((3, 2, 0.95, True), (3, 2, 0.9, True), (3, 2, 0.8, False), (3, 3, 0.8, True)),
        *((5, 2, 0.95, True), (5, 2, 0.9, False), (5, 3, 0.9, True), (5, 4, 0.8, True), (5, 3, 0.8, False)),
        *((10, 3, 0.95, True), (10, 2, 0.95, False), (10, 4, 0.9, True), (10, 5, 0.8, True)),
        *((20, 4, 0.95, True), (20, 5, 0.9, True), (20, 8, 0.8, True)),
        *((40, 5, 0.95, True), (40, 8, 0.9, True), (40, 13, 0.8, True), (40, 12, 0.8, False)),
    ],
)
def test_what_contradicts_a_baseline(seeds: int, bad: int, usual: float, *, is_worse: bool) -> None:
    assert contradicts(bad, seeds, usual) is is_worse


def test_a_single_seed_alarms_nobody_whatever_it_says() -> None:
    assert not worse([SPAM])
    assert not worse([INBOX, SPAM])
    assert worse([SPAM, SPAM, INBOX])


def test_a_provider_that_always_filters_half_is_not_worse_by_doing_so() -> None:
    assert not worse([SPAM, SPAM, INBOX, INBOX], [INBOX, SPAM] * 20)


def test_a_bound_grows_with_what_it_rests_on() -> None:
    assert lower_bound(1, 5) < 0.05 < lower_bound(62, 1_000)
    assert lower_bound(0, 0) == 0
