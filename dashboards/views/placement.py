"""Placement: where seed messages landed, how surely, how fast, and how the receivers judged them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboards.charts.matrix import matrix
from dashboards.charts.palette import palette
from dashboards.charts.shares import shares
from dashboards.pieces import placed, tiles, when
from dashboards.pieces.house import House, open_house
from dashboards.pieces.logo import mode
from dashboards.pieces.panel import chart, empty, panel
from dashboards.pieces.scope import Scope, chosen
from dashboards.pieces.table import plain_table
from data.panels.placement import Cell, Matrix, placement_matrix


@dataclass(frozen=True, slots=True)
class Seen:
    scope: Scope
    found: Matrix

    @property
    def latest(self) -> Sequence[Cell]:
        """Of the newest test."""
        last = self.found.tests[-1].id if self.found.tests else None
        return [cell for cell in self.found.cells if cell.test_id == last]


def see(house: House) -> Seen:
    scope = chosen()
    with house.store.read() as connection:
        found = placement_matrix(connection, scope.since, scope.until, scope.domain, scope.provider)
    return Seen(scope, found)


@st.fragment(run_every=15)
def draw() -> None:
    seen = see(open_house())
    st.title("Placement", anchor=False)
    if not seen.found.cells:
        empty(
            "No placement test in this range.",
            "Widen the time range; the sandbox runs one after its first campaign: `homing up --sandbox`",
        )
        return
    _latest(seen)
    with panel("Where each seed's message landed", why=_MATRIX, age=_age(seen), table=_cells(seen)):
        labels = placed.columns(seen.found.tests, when.zone())
        squares = placed.squares(seen.found, seen.scope.until, when.zone())
        figure = matrix(squares, labels, palette(mode()), row_height=24)
        chart(figure, key="placement", alt="Verdict of each seed in each test.", wide=True)
    table = placed.provider_table(seen.found.cells)
    with panel("Inbox share by provider", why=_SHARES, age=_age(seen), export=table):
        groups = placed.by_provider(seen.found.cells)
        rows = [(name, placed.inbox(cells)) for name, cells in groups.items()]
        chart(shares(rows, palette(mode())), key="shares", alt="Inbox share with its interval, by provider.")
        plain_table(table)


_MATRIX = (
    "One column a test, one row a seed. ● inbox, ◐ another tab, ✕ spam, ○ missing at the deadline. Hatched: "
    "not known (still waited for, not sent, or the account failed) and in no share."
)
_SHARES = (
    "Inbox (any tab) ÷ seeds with a verdict, over all tests in the range, with the 95 % Wilson interval. "
    "Seeds have no history with you: they show what filters at the door do, not what your readers' habits do."
)


def _latest(seen: Seen) -> None:
    test, cells = seen.found.tests[-1], seen.latest
    counts = {
        verdict: sum(cell.verdict == verdict for cell in cells) for verdict in ("spam", "missing", "waiting")
    }
    inbox = placed.inbox(cells)
    begun = when.span(seen.scope.until - test.started_at)
    tiles.show(
        (
            tiles.Tile(
                "Latest test", begun, f"ago, {test.state}", "gray", "When it began, and if it still waits."
            ),
            tiles.Tile(
                "Inbox",
                "–" if inbox.value is None else f"{100 * inbox.value:.0f} %",
                f"{inbox.interval} · n = {inbox.n}" if inbox.n else "no verdict yet",
                "orange" if inbox.n and inbox.high < tiles.POOR else "gray",
                "Of the latest test. " + _SHARES,
            ),
            tiles.Tile(
                "Spam",
                str(counts["spam"]),
                f"of {inbox.n} with a verdict",
                "red" if counts["spam"] else "gray",
                "Seeds of the latest test whose message lies in the spam folder.",
            ),
            tiles.Tile(
                "Missing",
                str(counts["missing"]),
                f"{counts['waiting']} still waited for" if counts["waiting"] else "all looked for",
                "orange" if counts["missing"] else "gray",
                "Seeds of the latest test in no folder of which the message was found by the deadline.",
            ),
        )
    )


def _cells(seen: Seen) -> pd.DataFrame:
    return placed.cell_table(seen.found, when.zone())


def _age(seen: Seen) -> str:
    newest = max(cell.at for cell in seen.found.cells)
    return f"as of {when.ago(newest, seen.scope.until)}"


draw()
