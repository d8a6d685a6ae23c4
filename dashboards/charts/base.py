"""What all charts have in common: size, margins, fonts, grid; a quiet frame around loud data."""

from datetime import datetime, tzinfo

import plotly.graph_objects as go

from dashboards.charts.palette import Palette

FONT = "Inter, system-ui, sans-serif"
CLEAR = "rgba(0,0,0,0)"


def figure(colours: Palette, *, height: int, legend: bool = True) -> go.Figure:
    """An empty figure in the house's manner, as one layout: Plotly validates each update anew."""
    axis = {"gridcolor": colours.border, "zeroline": False, "fixedrange": True, "automargin": True}
    layout = {
        "height": height,
        "margin": {"l": 4, "r": 8, "t": 30 if legend else 8, "b": 4},
        "showlegend": legend,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        "hovermode": "closest",
        "hoverlabel": _hover(colours),
        "font": {"family": FONT, "size": 12, "color": colours.muted},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "bargap": 0.25,
        "dragmode": False,
        "xaxis": {**axis, "ticklabelstandoff": 4},
        "yaxis": {**axis, "ticklabelstandoff": 8},
    }
    return go.Figure(layout=layout)


def _hover(colours: Palette) -> dict[str, object]:
    return {
        "bgcolor": colours.background,
        "bordercolor": colours.border,
        "align": "left",
        "font": {"color": colours.foreground},
    }


def local(instant: datetime, place: tzinfo) -> datetime:
    """Plotly draws the clock that it is given; give it the reader's."""
    return instant.astimezone(place).replace(tzinfo=None)
