"""Tables whose cells carry a state: hue, glyph and word together."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.charts.palette import palette
from dashboards.pieces.logo import mode
from dashboards.pieces.mark import Mark

TALLEST = 460
SHORT = 12
"""Rows that are shown without a scroll bar of their own."""


def coloured(
    table: pd.DataFrame,
    marks: Mapping[str, Sequence[Mark]],
    *,
    config: Mapping[str, Any] | None = None,
) -> None:
    """`marks` gives the state of each cell of some columns. Cells show as written."""
    colours = palette(mode())

    def style(column: pd.Series) -> list[str]:
        found = marks[str(column.name)]
        return [f"background-color: {colours.soft[one.hue]}; color: {colours.text[one.hue]}" for one in found]

    styled = table.style.apply(style, subset=list(marks)) if len(table) else table
    _show(styled, len(table), config)


def plain_table(table: pd.DataFrame, *, config: Mapping[str, Any] | None = None) -> None:
    """A table without states."""
    _show(table, len(table), config)


def _show(data: object, rows: int, config: Mapping[str, Any] | None) -> None:
    st.dataframe(
        data,
        hide_index=True,
        width="stretch",
        height="content" if rows <= SHORT else TALLEST,
        column_config=dict(config or {}),
        placeholder="",
    )
