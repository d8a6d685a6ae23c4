"""What a bench hands over, and how it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One contender: rates of its runs (the median counts), and CPU of this process for one unit of work."""

    name: str
    rates: Sequence[float]
    cpu_us: float

    @property
    def rate(self) -> float:
        return median(self.rates)


@dataclass(frozen=True, slots=True)
class Table:
    """A bench's result. The first row is ours; `goal` is what it must reach, in `unit`."""

    title: str
    unit: str
    rows: Sequence[Row]
    goal: float | None = None

    def __str__(self) -> str:
        ours = self.rows[0].rate
        lines = [self.title, f"{'':28} {self.unit + ' (runs)':>32} {'CPU us each':>12} {'ours is':>9}"]
        for row in self.rows:
            runs = "/".join(f"{rate:,.0f}" for rate in row.rates)
            ratio = "" if row is self.rows[0] else f"{ours / row.rate:.2f} x"
            lines.append(f"{row.name:28} {f'{row.rate:,.0f} ({runs})':>32} {row.cpu_us:12.0f} {ratio:>9}")
        if self.goal is not None:
            lines.append(
                f"goal: {self.goal:,.0f} {self.unit}: {'reached' if ours >= self.goal else 'MISSED'}"
            )
        return "\n".join(lines)
