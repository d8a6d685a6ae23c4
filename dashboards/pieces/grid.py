"""Domains by families of checks: the squares that two pages draw."""

from collections.abc import Callable, Sequence
from datetime import datetime

import pandas as pd

from checks.model import State
from dashboards.charts.matrix import Square
from dashboards.pieces.families import in_order, named
from dashboards.pieces.judged import GRAVITY, Family, Judged, by_family, summed
from dashboards.pieces.mark import STATES

FEW = 7
"""So many columns leave room for words in every square; with more, only what is loud has them."""
LOUD = (State.FAIL, State.WARN)

Since = Callable[[datetime], str]
"""Words for "since" an instant."""


def squares(judged: Sequence[Judged], since: Since) -> tuple[list[Square], list[str]]:
    """One square a domain and family, the most broken domains first; and the columns' families in order."""
    families = list(in_order(one.family for one in judged))
    rows: list[tuple[int, str, dict[str, Family]]] = []
    for domain in sorted({one.standing.domain for one in judged}):
        groups = by_family(one for one in judged if one.standing.domain == domain)
        totals = {family: summed(members) for family, members in groups.items()}
        rows.append((min(GRAVITY.index(total.state) for total in totals.values()), domain, totals))
    rows.sort(key=lambda row: row[:2])
    found = [
        _square(domain, families.index(family), total, since, worded=len(families) <= FEW)
        for _, domain, totals in rows
        for family, total in totals.items()
    ]
    return found, families


def _square(domain: str, column: int, total: Family, since: Since, *, worded: bool) -> Square:
    mark = STATES[total.state]
    count = total.counts[total.state]
    amount = f"{count} of {total.examined} " if total.state is not State.PASS and total.examined > 1 else ""
    return Square(
        row=("", domain),
        column=column,
        mark=mark,
        text=f"{mark.glyph} {mark.word}" if worded or total.state in LOUD else mark.glyph,
        note=f"{domain}: {amount}{mark.word} {since(total.since)}",
    )


def as_table(found: Sequence[Square], families: Sequence[str]) -> pd.DataFrame:
    rows = [(one.row[1], named(families[one.column]), one.mark.word, one.note) for one in found]
    return pd.DataFrame(rows, columns=["domain", "family", "state", "note"])
