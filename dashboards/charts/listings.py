"""The blocklist timeline: one row an address and list, one bar a run of equal answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import plotly.graph_objects as go

from dashboards.charts.base import figure, local
from dashboards.charts.palette import Palette
from dashboards.pieces.mark import LISTINGS, Listing
from dashboards.pieces.plain import chart_text

ROW_HEIGHT = 26
MILLISECOND = timedelta(milliseconds=1)
THINNEST = 0.004
"""The share of the axis that a bar takes at least: a listing of ten minutes in ninety days must be seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A run of one state, cut to the axis. `note` is one line for the hover."""

    row: tuple[str, str]
    listing: Listing
    since: datetime
    until: datetime
    note: str


def listing_timeline(
    bars: Sequence[Bar], since: datetime, until: datetime, colours: Palette, place: tzinfo
) -> go.Figure:
    """`bars` in the order of their rows, top first. The axis begins where there is something to show."""
    since = max(since, min((bar.since for bar in bars), default=since))
    rows = list(dict.fromkeys(bar.row for bar in bars))
    chart = figure(colours, height=70 + ROW_HEIGHT * max(1, len(rows)))
    places = {row: float(position) for position, row in enumerate(rows)}
    for listing in Listing:
        mine = [bar for bar in bars if bar.listing is listing]
        if mine:
            _add(chart, mine, places, until - since, colours, place)
    chart.update_layout(barmode="overlay", bargap=0.32)
    chart.update_xaxes(type="date", range=[local(since, place), local(until, place)], showgrid=True)
    chart.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=_labels(rows),
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
        tickfont={"color": colours.foreground},
    )
    return chart


def _labels(rows: Sequence[tuple[str, str]]) -> list[str]:
    """The address stands before the first of its lists only."""
    labels = []
    for position, (who, name) in enumerate(rows):
        first = position == 0 or rows[position - 1][0] != who
        labels.append(f"<b>{chart_text(who)}</b>   {chart_text(name)}" if first else chart_text(name))
    return labels


def _add(
    chart: go.Figure,
    bars: Sequence[Bar],
    places: Mapping[tuple[str, str], float],
    length: timedelta,
    colours: Palette,
    place: tzinfo,
) -> None:
    mark, thinnest = LISTINGS[bars[0].listing], length * THINNEST
    chart.add_bar(
        orientation="h",
        name=f"{mark.glyph} {mark.word}",
        y=[places[bar.row] for bar in bars],
        base=[local(bar.since, place) for bar in bars],
        x=[max(bar.until - bar.since, thinnest) / MILLISECOND for bar in bars],
        marker=_style(bars[0].listing, colours),
        customdata=[_hover(bar) for bar in bars],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _hover(bar: Bar) -> str:
    return f"<b>{chart_text(bar.row[0])}</b> on {chart_text(bar.row[1])}<br>{chart_text(bar.note)}"


def _style(listing: Listing, colours: Palette) -> dict[str, object]:
    mark = LISTINGS[listing]
    soft, strong = colours.soft[mark.hue], colours.strong[mark.hue]
    loud = listing in (Listing.LISTED, Listing.NOTED)
    return {
        "color": strong if loud else soft,
        "line": {"width": 1, "color": strong if loud or mark.hatched else soft},
        "pattern": _pattern(listing, colours),
    }


def _pattern(listing: Listing, colours: Palette) -> dict[str, object]:
    mark = LISTINGS[listing]
    if not mark.hatched:
        return {"shape": ""}
    shape = "x" if listing is Listing.UNHEALTHY else "/"
    return {"shape": shape, "fgcolor": colours.strong[mark.hue], "bgcolor": colours.soft[mark.hue], "size": 6}
