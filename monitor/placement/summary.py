"""What a test says of each provider: how many of how many, how sure that is, and whether it is worse
than before. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.placement import Verdict
from monitor.statistics import Share, contradicts, share

PLACED = frozenset({Verdict.INBOX, Verdict.TAB})
COUNTED = PLACED | {Verdict.SPAM, Verdict.MISSING}
"""What says something of placement; an account that cannot be read, and what was not sent, does not."""
USUAL = 0.9
"""The baseline of a provider of which nothing is known yet."""
ENOUGH = 10
"""Results from which a provider has a baseline of its own."""


@dataclass(frozen=True, slots=True)
class Provider:
    """`baseline`: its share of inboxes over the last 30 days; `worse`: this test contradicts it."""

    name: str
    inbox: Share
    spam: int
    missing: int
    left_out: int
    baseline: float
    worse: bool


Verdicts = Mapping[str, Sequence[Verdict]]
"""provider -> the verdicts of its seeds"""


def summary(test: Verdicts, before: Verdicts) -> Iterator[Provider]:
    """By provider, in order of name. `before` are the verdicts of the last 30 days' other tests."""
    for name in sorted(test):
        verdicts = test[name]
        counted = [each for each in verdicts if each in COUNTED]
        placed = sum(each in PLACED for each in counted)
        baseline = _baseline(before.get(name, ()))
        yield Provider(
            name,
            share(placed, len(counted)),
            sum(each is Verdict.SPAM for each in verdicts),
            sum(each is Verdict.MISSING for each in verdicts),
            len(verdicts) - len(counted),
            baseline,
            contradicts(len(counted) - placed, len(counted), baseline),
        )


def _baseline(verdicts: Iterable[Verdict]) -> float:
    counted = [each for each in verdicts if each in COUNTED]
    if len(counted) < ENOUGH:
        return USUAL
    return sum(each in PLACED for each in counted) / len(counted)
