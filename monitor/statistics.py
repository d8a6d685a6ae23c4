"""When a rate is above a limit for certain enough: one-sided Wilson bounds (spikes are no accidents of
five mails).
"""

from dataclasses import dataclass
from math import comb, sqrt

CERTAIN = 1.645
"""95 %, one-sided."""


def lower_bound(events: int, of: int, z: float = CERTAIN) -> float:
    """The rate that the true one is above, with the confidence of `z`; 0 to 1."""
    if of <= 0:
        return 0.0
    share = min(events / of, 1.0)
    spread = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (share + z * z / (2 * of) - spread) / (1 + z * z / of))


def exceeds(events: int, of: int, limit: float, least: int = 1) -> bool:
    """Whether the rate is above `limit`, and there are enough events to speak of."""
    return events >= least and lower_bound(events, of) > limit


Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, with the 95 % Wilson score interval (`low`, `high` between 0 and 1)."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> str:
        """ "49–94 %"."""
        return f"{100 * self.low:.0f}–{100 * self.high:.0f} %"


def share(hits: int, n: int) -> Share:
    """Wilson's interval (1927) holds its coverage for small n and for shares near 0 and 1."""
    if n == 0:
        return Share(0, 0, 0.0, 1.0)
    observed, weight = hits / n, Z95**2 / n
    middle = (observed + weight / 2) / (1 + weight)
    reach = Z95 / (1 + weight) * sqrt(observed * (1 - observed) / n + weight / (4 * n))
    return Share(hits, n, max(0.0, middle - reach), min(1.0, middle + reach))


def contradicts(bad: int, of: int, baseline: float) -> bool:
    """Whether so many bad ones of so few speak against a usual share of good ones (binomial, 5 %).

    Never by a single one: a seed is an accident.
    """
    if bad < 2 or of <= 0:
        return False
    rate = 1 - min(max(baseline, 0.5), 0.99)
    tail = sum(comb(of, hits) * rate**hits * (1 - rate) ** (of - hits) for hits in range(bad, of + 1))
    return tail <= 0.05
