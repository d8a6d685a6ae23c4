"""Lists of conditions: one or two lines each, what it is on the left, since when on the right."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboards.pieces.mark import Mark, badge
from dashboards.pieces.plain import plain
from dashboards.pieces.scope import FOLLOW


@dataclass(frozen=True, slots=True)
class Item:
    """`domain` links to the domain's page; "" links nowhere. All texts may be hostile."""

    mark: Mark
    heading: str
    sentence: str
    since: str
    domain: str = ""


def listing(items: Sequence[Item], key: str, most: int = 8) -> None:
    for number, item in enumerate(items[:most]):
        _row(item, f"row-{key}-{number}")
    if len(items) > most:
        st.caption(f"and {len(items) - most} more")


def _row(item: Item, key: str) -> None:
    with st.container(key=key, gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            badge(item.mark)
            st.markdown(f"**{plain(item.heading)}**", width="content")
            st.space("stretch")
            if item.domain:
                _why(item.domain)
        st.caption(plain(" · ".join(part for part in (item.since, item.sentence) if part)))


def _why(domain: str) -> None:
    st.page_link(
        "views/domains.py",
        label="Why?",
        query_params={FOLLOW: domain},
        icon=":material/arrow_forward:",
        icon_position="right",
    )
