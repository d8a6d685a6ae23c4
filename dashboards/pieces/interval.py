"""How sure a share can be, from how few."""

from dataclasses import dataclass
from math import sqrt

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


def percent(part: int, whole: int, digits: int = 1) -> str:
    """ "1.8 %"; a dash when there is nothing to divide by."""
    return f"{100 * part / whole:.{digits}f} %" if whole else "–"
