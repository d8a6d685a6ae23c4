"""A matrix of states: one square a row and column, told by hue, hatching and glyph together.

Bars, not a heatmap, because only bars can be hatched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboards.charts.base import figure
from dashboards.charts.palette import Palette
from dashboards.pieces.mark import Mark
from dashboards.pieces.plain import chart_text

GAP = 0.06
GUTTER = "  "


@dataclass(frozen=True, slots=True)
class Square:
    """`row` is (group, name) where rows come in groups, else ("", name). `note` is for the hover."""

    row: tuple[str, str]
    column: int
    mark: Mark
    text: str
    note: str


def matrix(
    squares: Sequence[Square],
    columns: Sequence[str],
    colours: Palette,
    *,
    row_height: int = 30,
    legend: bool = True,
) -> go.Figure:
    """`squares` in the order of their rows, top first; `columns` are their labels, of one or two lines."""
    rows = list(dict.fromkeys(square.row for square in squares))
    chart = figure(colours, height=64 + row_height * max(1, len(rows)), legend=legend)
    groups: dict[str, list[Square]] = {}
    for square in squares:
        groups.setdefault(square.mark.word, []).append(square)
    for members in groups.values():
        _add(chart, members, colours)
    chart.update_layout(barmode="overlay", bargap=0.14)
    chart.update_xaxes(
        range=[0, max(1, len(columns))],
        tickvals=[place + 0.5 for place in range(len(columns))],
        ticktext=["<br>".join(map(chart_text, name.splitlines())) for name in columns],
        side="bottom",
        showgrid=False,
        tickangle=0,
    )
    _rows(chart, rows, colours)
    return chart


def _rows(chart: go.Figure, rows: Sequence[tuple[str, str]], colours: Palette) -> None:
    grouped = any(group for group, _ in rows)
    chart.update_yaxes(
        type="multicategory" if grouped else "category",
        showgrid=False,
        showdividers=False,
        range=[len(rows) - 0.5, -0.5],
        tickfont={"color": colours.foreground},
    )


def _add(chart: go.Figure, squares: Sequence[Square], colours: Palette) -> None:
    mark = squares[0].mark
    groups = [chart_text(square.row[0]) + GUTTER if square.row[0] else "" for square in squares]
    names = [chart_text(square.row[1]) for square in squares]
    chart.add_bar(
        orientation="h",
        name=f"{mark.glyph} {mark.word}",
        y=[groups, names] if any(groups) else names,
        base=[square.column + GAP / 2 for square in squares],
        x=[1 - GAP for _ in squares],
        text=[chart_text(square.text) for square in squares],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": colours.text[mark.hue], "size": 12},
        marker=style(mark, colours),
        customdata=[chart_text(square.note) for square in squares],
        hovertemplate="%{customdata}<extra></extra>",
    )


def style(mark: Mark, colours: Palette) -> Mapping[str, object]:
    """A soft fill with a line of the same hue; hatched where the mark says "not known"."""
    soft, strong = colours.soft[mark.hue], colours.strong[mark.hue]
    hatching = {"shape": "/", "fgcolor": strong, "bgcolor": soft, "size": 7, "solidity": 0.12}
    return {
        "color": soft,
        "line": {"width": 1, "color": strong if mark.hue == "red" or mark.hatched else soft},
        "pattern": hatching if mark.hatched else {"shape": ""},
    }
