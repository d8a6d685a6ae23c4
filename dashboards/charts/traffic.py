"""A campaign over time: what was settled in each step, and what people and machines did."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

import plotly.graph_objects as go

from dashboards.charts.base import figure, local
from dashboards.charts.palette import Palette
from dashboards.pieces.mark import Hue
from data.panels.traffic import Bucket

SETTLED: Mapping[str, tuple[str, Hue]] = {
    "sent": ("✓ accepted", "green"),
    "deferred": ("… deferred", "orange"),
    "failed": ("✕ refused", "red"),
    "unknown": ("? no answer", "gray"),
}
HEIGHT = 260


def throughput(buckets: Sequence[Bucket], step: timedelta, colours: Palette, place: tzinfo) -> go.Figure:
    """Stacked bars, one a step."""
    chart = figure(colours, height=HEIGHT)
    for state, (name, hue) in SETTLED.items():
        mine = [bucket for bucket in buckets if bucket.kind == state]
        if mine:
            hatched = {"shape": "/", "bgcolor": colours.soft[hue]} if hue == "gray" else {"shape": ""}
            chart.add_bar(
                name=name,
                x=[local(bucket.at + step / 2, place) for bucket in mine],
                y=[bucket.count for bucket in mine],
                width=[step / timedelta(milliseconds=1)] * len(mine),
                marker={"color": colours.strong[hue], "line": {"width": 0}, "pattern": hatched},
                hovertemplate=f"%{{y:,}} {name}<br>%{{x}}<extra></extra>",
            )
    chart.update_layout(barmode="stack", bargap=0)
    chart.update_yaxes(rangemode="tozero", title={"text": f"per {_named(step)}", "font": {"size": 11}})
    return chart


def opens_and_clicks(
    buckets: Sequence[Bucket], times: Sequence[datetime], step: timedelta, colours: Palette, place: tzinfo
) -> go.Figure:
    """Lines for people, dotted lines for machines; a step without an event is a zero, not a gap."""
    chart = figure(colours, height=HEIGHT)
    for kind, colour in (("open", colours.series[0]), ("click", colours.series[1])):
        for machine in (False, True):
            counts = {b.at: b.count for b in buckets if b.kind == kind and b.machine is machine}
            if counts:
                _line(chart, kind, machine, [(at, counts.get(at, 0)) for at in times], colour, place)
    chart.update_layout(hovermode="x unified")
    chart.update_yaxes(rangemode="tozero", title={"text": f"per {_named(step)}", "font": {"size": 11}})
    return chart


def _line(
    chart: go.Figure,
    kind: str,
    machine: bool,
    points: Sequence[tuple[datetime, int]],
    colour: str,
    place: tzinfo,
) -> None:
    chart.add_scatter(
        name=f"{kind}s, {'machines' if machine else 'people'}",
        x=[local(at, place) for at, _ in points],
        y=[count for _, count in points],
        mode="lines",
        line={"color": colour, "width": 1.3 if machine else 2.2, "dash": "dot" if machine else "solid"},
        hovertemplate="%{y:,}",
    )


def _named(step: timedelta) -> str:
    """ "minute", "15 minutes", "hour"."""
    seconds = int(step.total_seconds())
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds % size == 0:
            count = seconds // size
            return name if count == 1 else f"{count} {name}s"
    return f"{seconds} s"
