"""The tiles of the first page: one number each, what it rests on, and how it came about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from checks.model import State
from dashboards.pieces.interval import percent
from dashboards.pieces.judged import Judged
from dashboards.pieces.mark import Hue
from dashboards.pieces.plain import plain
from dashboards.pieces.verdict import by_severity
from data.panels.incidents import Incident
from data.panels.placement import Cell
from data.panels.rates import Rates
from monitor.statistics import share

COMPLAINTS = (0.001, 0.003)
"""Gmail's lines: stay below 0.1 %, never reach 0.3 %."""
BOUNCES = (0.02, 0.05)
PLACED = ("inbox", "tab")
COUNTED = ("inbox", "tab", "spam", "missing")
POOR = 0.8


@dataclass(frozen=True, slots=True)
class Tile:
    """`detail` says what the number rests on; its hue is grey while there is nothing to say."""

    label: str
    value: str
    detail: str
    hue: Hue
    why: str


def show(tiles: Sequence[Tile]) -> None:
    """Side by side, in as many rows as they need."""
    with st.grid(columns=4 if len(tiles) > 6 else len(tiles), min_column_width=150, gap="small"):
        for tile in tiles:
            st.metric(
                tile.label,
                tile.value,
                plain(tile.detail),
                delta_color=tile.hue,
                delta_arrow="off",
                border=True,
                help=tile.why,
                height="stretch",
            )


def incidents(open_: Sequence[Incident]) -> Tile:
    return Tile(
        "Open incidents",
        str(len(open_)),
        by_severity(open_) or "none open",
        "red" if open_ else "gray",
        "Conditions that a second look confirmed and that have not ended. Alerts are about these.",
    )


def unknown(judged: Sequence[Judged], since: str) -> Tile:
    """`since` words the oldest of them."""
    count = sum(one.state is State.UNKNOWN for one in judged)
    return Tile(
        "Could not tell",
        str(count),
        since if count else "every question answered",
        "gray",
        "Questions whose latest look had no answer: neither in order nor broken, and counted as neither.",
    )


def listed(judged: Sequence[Judged]) -> Tile:
    asked = [one for one in judged if one.family == "BL" and " @ " in one.standing.subject]
    names = {_listed_name(one) for one in asked}
    on = {_listed_name(one) for one in asked if one.state is State.FAIL}
    return Tile(
        "Listed",
        str(len(on)) if names else "–",
        f"of {len(names)} looked up" if names else "nothing looked up yet",
        "red" if on else "gray",
        "Addresses and names that at least one working blocklist lists now, of those that are looked up.",
    )


def _listed_name(one: Judged) -> str:
    return one.standing.subject.partition(" @ ")[0]


def bounces(rates: Rates) -> Tile:
    return Tile(
        "Bounced",
        percent(rates.bounced, rates.answered),
        f"{rates.bounced:,} of {rates.answered:,}" if rates.answered else "nothing sent",
        _hue(rates.bounced, rates.answered, BOUNCES),
        "(refused + bounced later) ÷ (accepted + refused), of recipients settled in the time range. Messages "
        "without an answer are in neither. Amber from 2 %, red from 5 %.",
    )


def complaints(rates: Rates) -> Tile:
    return Tile(
        "Complaints",
        percent(rates.complained, rates.accepted, 2),
        f"{rates.complained:,} of {rates.accepted:,}" if rates.accepted else "nothing sent",
        _hue(rates.complained, rates.accepted, COMPLAINTS),
        "Complaints ÷ accepted, of recipients settled in the time range. Amber from 0.1 %, red from 0.3 %: "
        "the lines that Gmail draws.",
    )


def placement(cells: Iterable[Cell]) -> Tile:
    counted = [cell for cell in cells if cell.verdict in COUNTED]
    inbox = share(sum(cell.verdict in PLACED for cell in counted), len(counted))
    return Tile(
        "Inbox placement",
        "–" if inbox.value is None else f"{100 * inbox.value:.0f} %",
        f"{inbox.interval} · n = {inbox.n}" if inbox.n else "no test",
        "orange" if inbox.n and inbox.high < POOR else "gray",
        "Seeds that found the message in the inbox, any tab, ÷ seeds with a verdict, and the 95 % Wilson "
        "interval. Seeds still waited for, not sent to, or whose account failed are in neither.",
    )


def _hue(part: int, whole: int, lines: tuple[float, float]) -> Hue:
    if not whole or part / whole < lines[0]:
        return "gray"
    return "red" if part / whole >= lines[1] else "orange"
