"""What every page is narrowed to: a domain, a provider and a range of time, all of them in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from dashboards.pieces.when import now

RANGES: Mapping[str, timedelta] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}
DEFAULT_RANGE = "7d"


@dataclass(frozen=True, slots=True)
class Scope:
    """None means all. `since` is inclusive, `until` exclusive and the moment of this look."""

    domain: str | None
    provider: str | None
    since: datetime
    until: datetime
    range: str

    @property
    def length(self) -> timedelta:
        return self.until - self.since


FOLLOW = "open"
"""The query parameter of a link to one domain. Its own name, because a widget that a parameter is bound to
keeps its value against a link that was followed inside the same session."""


def follow(domains: Sequence[str]) -> None:
    """Narrow the scope to the domain of the link that was followed, before the widgets are drawn."""
    wanted = st.query_params.pop(FOLLOW, None)
    if wanted in domains:
        st.session_state["domain"] = wanted


def choose(domains: Sequence[str], providers: Sequence[str]) -> None:
    """The widgets in the sidebar; their keys are the names of the query parameters."""
    follow(domains)
    with st.sidebar:
        st.selectbox(
            "Domain", domains, index=None, placeholder="All domains", key="domain", bind="query-params"
        )
        st.selectbox(
            "Provider",
            providers,
            index=None,
            placeholder="All providers",
            key="provider",
            bind="query-params",
        )
        st.segmented_control(
            "Time range",
            list(RANGES),
            default=DEFAULT_RANGE,
            required=True,
            key="range",
            bind="query-params",
            width="stretch",
        )


def chosen() -> Scope:
    """What the sidebar says, as of now."""
    state = st.session_state
    name = state.get("range") or DEFAULT_RANGE
    until = now()
    return Scope(state.get("domain"), state.get("provider"), until - RANGES[name], until, name)
