"""Vertical marks on a time axis: what else happened then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import plotly.graph_objects as go

from dashboards.charts.base import local
from dashboards.charts.palette import Palette
from dashboards.pieces.mark import Hue
from dashboards.pieces.plain import chart_text

MOST = 12
LONGEST = 32


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened at an instant, in a few words."""

    at: datetime
    text: str
    hue: Hue


def annotate(chart: go.Figure, happened: Sequence[Happening], colours: Palette, place: tzinfo) -> go.Figure:
    """A dotted line for each of the newest `MOST`, its words standing along it."""
    for mark in sorted(happened, key=lambda one: one.at)[-MOST:]:
        at = local(mark.at, place)
        chart.add_shape(
            type="line",
            x0=at,
            x1=at,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": colours.strong[mark.hue], "width": 1.5, "dash": "dot"},
        )
        chart.add_annotation(
            x=at,
            y=1,
            yref="paper",
            yanchor="top",
            xanchor="right",
            textangle=-90,
            text=chart_text(mark.text if len(mark.text) <= LONGEST else mark.text[: LONGEST - 1] + "…"),
            showarrow=False,
            font={"size": 10, "color": colours.text[mark.hue]},
        )
    return chart
