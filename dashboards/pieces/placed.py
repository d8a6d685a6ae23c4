"""Placement tests as squares, shares and tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from statistics import median

import pandas as pd

from dashboards.charts.matrix import Square
from dashboards.pieces import when
from dashboards.pieces.mark import VERDICTS, Mark
from dashboards.pieces.tiles import COUNTED, PLACED
from data.panels.placement import Cell, Matrix, Test
from monitor.statistics import Share, share

OTHER = Mark("other", ":material/help:", "?", "gray", hatched=True)
METHODS = ("spf", "dkim", "dmarc")


def mark_of(verdict: str) -> Mark:
    return VERDICTS.get(verdict, OTHER)


def squares(matrix: Matrix, moment: datetime, zone: tzinfo) -> Sequence[Square]:
    """One square a seed and test, seeds grouped by provider."""
    columns = {test.id: number for number, test in enumerate(matrix.tests)}
    return [_square(cell, columns[cell.test_id], moment, zone) for cell in matrix.cells]


def _square(cell: Cell, column: int, moment: datetime, zone: tzinfo) -> Square:
    mark = mark_of(cell.verdict)
    parts = [
        cell.address,
        f"{mark.word} ({cell.folder})" if cell.folder else mark.word,
        "" if cell.delay_seconds is None else f"after {cell.delay_seconds:.0f} s",
        authentication(cell.authentication),
        cell.note,
        f"seen {when.at(cell.at, moment, zone)}",
    ]
    return Square((cell.provider, cell.seed), column, mark, mark.glyph, ", ".join(p for p in parts if p))


def columns(tests: Sequence[Test], zone: tzinfo) -> Sequence[str]:
    """The tests' labels, two lines each: the day, or the clock time where a day has several."""
    days = [f"{test.started_at.astimezone(zone):%d\n%b}" for test in tests]
    if len(set(days)) == len(days):
        return days
    return [f"{test.started_at.astimezone(zone):%H:%M\n%d %b}" for test in tests]


def authentication(told: Mapping[str, object]) -> str:
    """ "SPF pass, DKIM pass, DMARC fail", as the receiver said."""
    return ", ".join(f"{method.upper()} {told[method]}" for method in METHODS if told.get(method))


def inbox(cells: Sequence[Cell]) -> Share:
    counted = [cell for cell in cells if cell.verdict in COUNTED]
    return share(sum(cell.verdict in PLACED for cell in counted), len(counted))


def by_provider(cells: Sequence[Cell]) -> Mapping[str, Sequence[Cell]]:
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.provider, []).append(cell)
    return groups


def provider_table(cells: Sequence[Cell]) -> pd.DataFrame:
    rows = [_provider(name, mine) for name, mine in by_provider(cells).items()]
    return pd.DataFrame(rows)


def _provider(name: str, cells: Sequence[Cell]) -> dict[str, object]:
    counts = {verdict: sum(cell.verdict == verdict for cell in cells) for verdict in VERDICTS}
    found = inbox(cells)
    delays = [cell.delay_seconds for cell in cells if cell.delay_seconds is not None]
    return {
        "provider": name,
        "n": found.n,
        "inbox %": None if found.value is None else round(100 * found.value),
        "95 % interval": found.interval if found.n else "",
        **{VERDICTS[verdict].word.lower(): count for verdict, count in counts.items()},
        "median delay s": round(median(delays), 1) if delays else None,
        **{f"{method.upper()} fails": _fails(cells, method) for method in METHODS},
    }


def _fails(cells: Sequence[Cell], method: str) -> int:
    return sum(1 for cell in cells if str(cell.authentication.get(method, "")) not in ("", "pass"))


def cell_table(matrix: Matrix, zone: tzinfo) -> pd.DataFrame:
    started = {test.id: test.started_at.astimezone(zone) for test in matrix.tests}
    rows = [
        (
            started[cell.test_id],
            cell.provider,
            cell.seed,
            cell.address,
            mark_of(cell.verdict).word,
            cell.folder,
            cell.delay_seconds,
            authentication(cell.authentication),
            cell.note,
        )
        for cell in matrix.cells
    ]
    names = ["test", "provider", "seed", "address", "verdict", "folder", "delay s", "authentication", "note"]
    return pd.DataFrame(rows, columns=names)
