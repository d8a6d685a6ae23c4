"""Loads what every page needs before the port is opened, so that nobody waits for it on the first page."""

from importlib import import_module

HEAVY = (
    "pandas",
    "plotly.graph_objects",
    "dashboards.charts.funnel",
    "dashboards.charts.listings",
    "dashboards.charts.matrix",
    "dashboards.charts.shares",
    "dashboards.charts.traffic",
    "dashboards.pieces.banner",
    "dashboards.pieces.campaign",
    "dashboards.pieces.finding",
    "dashboards.pieces.listings",
    "dashboards.pieces.log",
    "dashboards.pieces.placed",
    "dashboards.pieces.scope",
)


def load() -> None:
    """Import them; a second call does nothing."""
    for name in HEAVY:
        import_module(name)
