"""A campaign's funnel: how many of the audience got how far."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboards.charts.base import figure
from dashboards.charts.palette import Palette

HEIGHT = 260
COUNTS_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Stage:
    """`beside` were there too but only by machines: drawn hatched behind, in no rate."""

    name: str
    count: int
    beside: int = 0


def funnel(stages: Sequence[Stage], colours: Palette) -> go.Figure:
    """Top down. Each bar says its count and its share of the first stage."""
    whole = max((stage.count for stage in stages), default=0) or 1
    chart = figure(colours, height=HEIGHT, legend=any(s.beside for s in stages))
    names = [stage.name for stage in stages]
    chart.add_bar(
        orientation="h",
        name="people",
        y=names,
        x=[stage.count for stage in stages],
        marker={"color": colours.series[0]},
        hovertemplate="%{y}: %{x:,}<extra></extra>",
    )
    if any(stage.beside for stage in stages):
        _machines(chart, stages, colours)
    for stage in stages:
        _count(chart, stage, whole, colours)
    chart.update_layout(barmode="stack", bargap=0.28, margin={"r": COUNTS_WIDTH})
    chart.update_xaxes(range=[0, whole], showticklabels=False, showgrid=False)
    chart.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": colours.foreground})
    return chart


def _count(chart: go.Figure, stage: Stage, whole: int, colours: Palette) -> None:
    """At the right edge, where a short bar leaves it as readable as a long one."""
    chart.add_annotation(
        text=f"<b>{stage.count:,}</b>  {100 * stage.count / whole:.1f} %",
        x=1,
        xref="paper",
        xanchor="left",
        xshift=8,
        y=stage.name,
        yref="y",
        showarrow=False,
        font={"size": 12, "color": colours.foreground},
    )


def _machines(chart: go.Figure, stages: Sequence[Stage], colours: Palette) -> None:
    soft, strong = colours.soft["gray"], colours.strong["gray"]
    chart.add_bar(
        orientation="h",
        name="only machines, not counted",
        y=[stage.name for stage in stages],
        x=[stage.beside for stage in stages],
        marker={
            "color": soft,
            "line": {"width": 1, "color": strong},
            "pattern": {"shape": "/", "fgcolor": strong, "bgcolor": soft, "size": 6},
        },
        hovertemplate="%{y}, only machines: %{x:,}<extra></extra>",
    )
