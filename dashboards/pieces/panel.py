"""A panel: a title, how its numbers came about, how old they are, a chart, and the table behind it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from dashboards.pieces.export import as_csv
from dashboards.pieces.plain import plain

PLOTLY = {"displaylogo": False, "displayModeBar": False, "responsive": True, "scrollZoom": False}
LONGEST_FILE_NAME = 60


@contextmanager
def panel(
    title: str,
    *,
    why: str = "",
    age: str = "",
    table: pd.DataFrame | None = None,
    export: pd.DataFrame | None = None,
) -> Iterator[None]:
    """`why` says how the numbers came about; `age` how old they are; `table` is what the chart in the panel
    draws; `export` what the table in the panel shows.
    """
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", key=_key("head", title)):
            st.markdown(f"**{plain(title)}**", help=why or None, width="content")
            st.space("stretch")
            if age:
                st.caption(plain(age), width="content")
            if table is not None:
                behind(title, table)
            if export is not None:
                download(title, export)
        yield


def behind(title: str, table: pd.DataFrame) -> None:
    """The numbers of a chart, for readers of tables, screen readers and spreadsheets."""
    with st.popover("Table", icon=":material/table_view:", type="tertiary", key=_key("table", title)):
        st.dataframe(table, hide_index=True, width="stretch", height="content" if len(table) <= 10 else 420)
        download(title, table)


def download(title: str, table: pd.DataFrame) -> None:
    st.download_button(
        "CSV",
        data=lambda: as_csv(table),
        file_name=f"{_slug(title)[:LONGEST_FILE_NAME]}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        key=_key("csv", title),
        on_click="ignore",
        help="Cells that a spreadsheet would take for a formula are quoted.",
    )


def chart(
    figure: Figure, *, key: str, alt: str, wide: bool = False, on_select: Callable[[], None] | None = None
) -> None:
    """`alt` says in one sentence what is drawn, for those who do not see it. A `wide` chart is scrolled, not
    squeezed, on a narrow screen. `on_select` is called when something in it was clicked.
    """
    with st.container(key=f"{'wide' if wide else 'chart'}-{key}"):
        st.plotly_chart(
            figure,
            width="stretch",
            theme=None,
            key=key,
            config=PLOTLY,
            alt=alt,
            on_select=on_select or "ignore",
            selection_mode="points",
        )


def empty(sentence: str, what_to_do: str = "", icon: str = ":material/inbox:") -> None:
    """A place without data says why, and what to do next. `what_to_do` is Markdown of our own."""
    with st.container(key=_key("empty", sentence), horizontal_alignment="center", gap="xxsmall"):
        st.markdown(f"{icon} {plain(sentence)}", text_alignment="center")
        if what_to_do:
            st.caption(what_to_do, text_alignment="center")


def _key(kind: str, title: str) -> str:
    return f"{kind}-{_slug(title)}"


def _slug(title: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in title.lower()).split())
