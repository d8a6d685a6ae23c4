"""Domains: how each one stands, and for one of them every finding with its fix and its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from checks.model import State
from dashboards.charts.matrix import matrix
from dashboards.charts.palette import palette
from dashboards.pieces import when
from dashboards.pieces.age import next_look
from dashboards.pieces.families import in_order, named
from dashboards.pieces.finding import finding
from dashboards.pieces.grid import FEW, as_table, squares
from dashboards.pieces.house import House, open_house
from dashboards.pieces.judged import Judged, by_family, judge
from dashboards.pieces.logo import mode
from dashboards.pieces.mark import STATES
from dashboards.pieces.panel import chart, download, empty, panel
from dashboards.pieces.plain import plain
from dashboards.pieces.rows import Item, listing
from dashboards.pieces.scope import Scope, chosen
from data.panels.instrument import Rhythm, rhythm
from data.standings import standings
from data.targets import Watched, find

MOST_FINDINGS = 30
LIVE_SECONDS = 15
MOST_NOTES = 8
URGENT = (State.FAIL, State.WARN, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Seen:
    scope: Scope
    judged: Sequence[Judged]
    looks: Rhythm
    target: Watched | None
    every: timedelta


def see(house: House) -> Seen:
    scope, every = chosen(), house.config.schedule.audit
    with house.store.read() as connection:
        target = find(connection, scope.domain) if scope.domain else None
        rows = standings(connection, target.id if target else None)
        looks = rhythm(connection, "audit", scope.until, scope.domain)
    return Seen(scope, [judge(row, scope.until, every) for row in rows], looks, target, every)


def draw() -> None:
    seen = see(open_house())
    if seen.scope.domain is None:
        _all(seen)
    elif seen.target is not None:
        _one(seen.target)


def _all(seen: Seen) -> None:
    st.title("Domains", anchor=False)
    if not seen.judged:
        empty("Nothing has been looked at yet.", "Watch a domain: `homing init example.com && homing up`")
        return
    found, families = squares(seen.judged, lambda instant: _since(instant, seen))
    with panel("How each domain stands", why=_WHY, age=_age(seen), table=as_table(found, families)):
        figure = matrix(
            found, [named(family) for family in families], palette(mode()), legend=len(families) > FEW
        )
        alt = "State of each domain by family of checks."
        chart(figure, key="domains", alt=alt, wide=True, on_select=_choose_clicked)
    st.subheader("Look closer", anchor=False)
    with st.container(horizontal=True, gap="small"):
        for domain in dict.fromkeys(square.row[1] for square in found):
            st.button(domain, key=f"open-{domain}", on_click=_choose, args=(domain,))


_WHY = (
    "The gravest conclusion of a family of checks speaks for it: broken, warning, could not tell, in order. "
    "Nothing that was not looked at lately is shown as in order."
)


def _choose_clicked() -> None:
    points = st.session_state["domains"].selection.points
    if points:
        _choose(points[0]["y"])


def _choose(domain: str | None) -> None:
    st.session_state["domain"] = domain


def _one(watched: Watched) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(plain(watched.target.domain), anchor=False, width="content")
        st.space("stretch")
        st.button(
            "All domains", icon=":material/arrow_back:", type="tertiary", on_click=_choose, args=(None,)
        )
    _findings()


@st.fragment(run_every=LIVE_SECONDS)
def _findings() -> None:
    """What is known of the domain in the scope, anew every few seconds."""
    seen = see(open_house())
    if seen.target is None:
        return
    st.caption(plain(_about(seen, seen.target)))
    if not seen.judged:
        empty(
            "No look at this domain has come back yet.", "The first one runs within a minute of `homing up`."
        )
        return
    judged = _of_family(seen)
    wrong = [one for one in judged if one.state in URGENT and not one.is_note]
    wrong.sort(key=lambda one: (URGENT.index(one.state), one.severity.rank, one.standing.code))
    if not wrong:
        empty("Nothing that was asked here is broken.", icon=":material/task_alt:")
    for number, one in enumerate(wrong[:MOST_FINDINGS]):
        finding(one, seen.scope.until, when.zone(), f"{number}")
    if len(wrong) > MOST_FINDINGS:
        st.caption(f"and {len(wrong) - MOST_FINDINGS} more: choose a family above, or take the table below.")
    _notes([one for one in judged if one.is_note], seen)
    _everything(judged)


def _notes(notes: Sequence[Judged], seen: Seen) -> None:
    """What could not be told and matters little: a list of sixty that does not answer, say."""
    if notes:
        with panel("Could not tell, and matters little"):
            items = [
                Item(STATES[one.state], one.heading, one.sentence, _since(one.since, seen)) for one in notes
            ]
            listing(items, "note", most=MOST_NOTES)


def _about(seen: Seen, watched: Watched) -> str:
    target, moment = watched.target, seen.scope.until
    parts = [
        f"Profile {target.profile}",
        f"sends from {', '.join(sending.ip for sending in target.ips)}"
        if target.ips
        else "no sending address",
        f"last look {when.ago(seen.looks.last, moment)}" if seen.looks.last else "not looked at yet",
        next_look(seen.looks, seen.every, moment),
        "paused" if watched.paused else "",
    ]
    return " · ".join(part for part in parts if part)


def _of_family(seen: Seen) -> Sequence[Judged]:
    groups = by_family(seen.judged)
    labels = {family: f"{named(family)} {_score(groups[family])}" for family in in_order(groups)}
    family = st.pills(
        "Family",
        list(labels),
        format_func=labels.__getitem__,
        key="family",
        bind="query-params",
        label_visibility="collapsed",
    )
    return seen.judged if family is None else groups.get(family, seen.judged)


def _score(members: Sequence[Judged]) -> str:
    counts = [(state, sum(one.state is state for one in members)) for state in (*URGENT, State.PASS)]
    return " ".join(f"{STATES[state].glyph}{count}" for state, count in counts if count)


def _everything(judged: Sequence[Judged]) -> None:
    rows = [
        (
            f"{STATES[one.state].glyph} {STATES[one.state].word}",
            one.standing.code,
            one.heading,
            one.standing.subject,
            one.sentence,
            one.since.astimezone(when.zone()),
            one.last_look.astimezone(when.zone()),
        )
        for one in judged
    ]
    columns = ["state", "code", "rule", "subject", "finding", "since", "last look"]
    table = pd.DataFrame(rows, columns=columns)
    with st.expander(f"All {len(table)} findings as a table", icon=":material/table_view:"):
        st.dataframe(table, hide_index=True, width="stretch")
        download("findings", table)


def _age(seen: Seen) -> str:
    return f"as of {when.ago(seen.looks.last, seen.scope.until)}" if seen.looks.last else "no look yet"


def _since(instant: datetime, seen: Seen) -> str:
    return when.since(instant, seen.scope.until, when.zone())


draw()
