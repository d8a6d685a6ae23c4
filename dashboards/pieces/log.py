"""The log of a campaign's recipients, a page at a time."""

from datetime import tzinfo

import pandas as pd
import streamlit as st

from dashboards.pieces import when
from dashboards.pieces.mark import RECIPIENT_STATES
from dashboards.pieces.panel import download, empty, panel
from dashboards.pieces.table import coloured
from data.panels.replies import Logged, recipients_log
from data.store import Store

PAGE = 50


@st.fragment
def recipients(store: Store, campaign_id: int, provider: str | None) -> None:
    with panel("Recipients", why="One row a recipient, with the last reply in the server's own words."):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            state = st.selectbox(
                "State",
                list(RECIPIENT_STATES),
                index=None,
                placeholder="Any state",
                key="log-state",
                width=200,
            )
            address = st.text_input("Address", placeholder="part of an address", key="log-address", width=260)
            st.space("stretch")
            page = _page(store, campaign_id, state, provider, address)
        with store.read() as connection:
            log = recipients_log(
                connection,
                campaign_id,
                state=state,
                provider=provider,
                address=address,
                offset=(page - 1) * PAGE,
                limit=PAGE,
            )
        if not log.rows:
            empty("No recipient matches.")
            return
        marks = [RECIPIENT_STATES[row.state] for row in log.rows]
        table = pd.DataFrame([_row(row, when.zone()) for row in log.rows])
        coloured(table, {"state": marks})
        download("recipients", table)


def _page(store: Store, campaign_id: int, state: str | None, provider: str | None, address: str) -> int:
    with store.read() as connection:
        matching = recipients_log(
            connection, campaign_id, state=state, provider=provider, address=address, limit=0
        )
    pages = max(1, -(-matching.total // PAGE))
    st.caption(f"{matching.total:,} {'recipient' if matching.total == 1 else 'recipients'}", width="content")
    return st.pagination(pages, max_visible_pages=5, key=f"log-page-{pages}") if pages > 1 else 1


def _row(row: Logged, zone: tzinfo) -> dict[str, object]:
    mark = RECIPIENT_STATES[row.state]
    return {
        "state": f"{mark.glyph} {mark.word}",
        "address": row.address,
        "provider": row.provider,
        "tries": row.attempts,
        "settled": "" if row.settled_at is None else f"{row.settled_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        "class": row.category,
        "code": " ".join(str(part) for part in (row.code, row.enhanced) if part),
        "last reply": row.reply,
    }
