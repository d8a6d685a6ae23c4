"""What all charts have in common: size, margins, fonts, grid; a quiet frame around loud data."""

from datetime import datetime, tzinfo

import plotly.graph_objects as go

from dashboards.charts.palette import Palette

FONT = "Inter, system-ui, sans-serif"
CLEAR = "rgba(0,0,0,0)"


def figure(colours: Palette, *, height: int, legend: bool = True) -> go.Figure:
    """An empty figure in the house's manner."""
    chart = go.Figure()
    chart.update_layout(
        height=height,
        margin={"l": 4, "r": 8, "t": 8 if not legend else 30, "b": 4},
        showlegend=legend,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        hovermode="closest",
        hoverlabel={
            "bgcolor": colours.background,
            "bordercolor": colours.border,
            "align": "left",
            "font": {"color": colours.foreground},
        },
        font={"family": FONT, "size": 12, "color": colours.muted},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        bargap=0.25,
        dragmode=False,
    )
    chart.update_xaxes(gridcolor=colours.border, zeroline=False, fixedrange=True, automargin=True, title=None)
    chart.update_yaxes(gridcolor=colours.border, zeroline=False, fixedrange=True, automargin=True, title=None)
    chart.update_xaxes(ticklabelstandoff=4)
    chart.update_yaxes(ticklabelstandoff=8)
    return chart


def local(instant: datetime, place: tzinfo) -> datetime:
    """Plotly draws the clock that it is given; give it the reader's."""
    return instant.astimezone(place).replace(tzinfo=None)
