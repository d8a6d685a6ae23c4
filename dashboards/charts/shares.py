"""Shares with their uncertainty: one row each, a dot and the interval that few observations leave open."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboards.charts.base import figure
from dashboards.charts.palette import Palette
from dashboards.pieces.plain import chart_text
from monitor.statistics import Share

ROW_HEIGHT = 34


def shares(rows: Sequence[tuple[str, Share]], colours: Palette) -> go.Figure:
    """Each label carries its n: a share of three seeds is not a rate. Rows without any stay, empty."""
    chart = figure(colours, height=54 + ROW_HEIGHT * max(1, len(rows)), legend=False)
    known = [(name, share) for name, share in rows if share.value is not None]
    values = [100 * share.hits / share.n for _, share in known]
    chart.add_scatter(
        x=values,
        y=[_label(name, share) for name, share in known],
        mode="markers",
        marker={"color": colours.series[0], "size": 10},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [100 * share.high - value for (_, share), value in zip(known, values, strict=True)],
            "arrayminus": [value - 100 * share.low for (_, share), value in zip(known, values, strict=True)],
            "color": colours.series[0],
            "thickness": 2,
            "width": 5,
        },
        customdata=[f"{share.hits} of {share.n}, 95 % interval {share.interval}" for _, share in known],
        hovertemplate="%{y}: %{x:.0f} %<br>%{customdata}<extra></extra>",
    )
    chart.update_xaxes(range=[-2, 102], ticksuffix=" %", dtick=20, showgrid=True)
    chart.update_yaxes(
        type="category",
        categoryarray=[_label(name, share) for name, share in rows],
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
        tickfont={"color": colours.foreground},
    )
    return chart


def _label(name: str, share: Share) -> str:
    return f"{chart_text(name)}  n={share.n}"
