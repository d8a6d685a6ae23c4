"""One finding, whole: what it is, since when, what to do about it, and what it rests on."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

import streamlit as st

from checks.model import State
from dashboards.pieces import when
from dashboards.pieces.judged import Judged
from dashboards.pieces.mark import SEVERITIES, STATES, badge
from dashboards.pieces.plain import plain

MOST_EVIDENCE = 20
LONGEST_ANSWER = 4000


def finding(one: Judged, moment: datetime, place: tzinfo, key: str) -> None:
    with st.container(border=True, key=f"finding-{key}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            badge(STATES[one.state])
            if one.state in (State.FAIL, State.WARN):
                badge(SEVERITIES[one.severity])
            st.markdown(f"**{plain(one.heading)}**", width="content")
            st.caption(plain(one.standing.code), width="content")
            st.space("stretch")
            st.caption(plain(_since(one, moment, place)), width="content")
            _evidence(one, moment, place, key)
        st.text(one.sentence, width="stretch")
        if one.state is State.UNKNOWN and one.known is not None:
            _last_known(one, moment, place)
        if one.fix:
            st.code(one.fix, language=None, wrap_lines=True)


def _since(one: Judged, moment: datetime, place: tzinfo) -> str:
    return f"{when.since(one.since, moment, place)} · last look {when.ago(one.last_look, moment)}"


def _last_known(one: Judged, moment: datetime, place: tzinfo) -> None:
    known = one.known
    if known is not None:
        told = f"Last known, {when.at(known.last_seen, moment, place)}: {one.known_sentence}"
        st.caption(f":material/history: {plain(told)}")


def _evidence(one: Judged, moment: datetime, place: tzinfo, key: str) -> None:
    pieces = one.standing.latest.evidence[:MOST_EVIDENCE]
    if not pieces:
        return
    with st.popover("Evidence", icon=":material/find_in_page:", type="tertiary", key=f"evidence-{key}"):
        for piece in pieces:
            st.caption(plain(_about(piece, moment, place)))
            st.code(str(piece.get("answer", ""))[:LONGEST_ANSWER], language=None, wrap_lines=True)


def _about(piece: Mapping[str, Any], moment: datetime, place: tzinfo) -> str:
    at = piece.get("at")
    path = [str(step) for step in piece.get("path") or ()]
    parts = [
        f"{piece.get('type', '')} {piece.get('name', '')}".strip(),
        f"by way of {' → '.join(path)}" if len(path) > 1 else "",
        f"asked {piece['resolver']}" if piece.get("resolver") else "",
        f"at {when.at(datetime.fromisoformat(at), moment, place)}" if at else "",
        f"TTL {piece['ttl']} s" if piece.get("ttl") is not None else "",
    ]
    return " · ".join(part for part in parts if part)
