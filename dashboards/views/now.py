"""Now: is anything broken? Answered in five seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from checks.model import State
from dashboards.charts.matrix import matrix
from dashboards.charts.palette import palette
from dashboards.pieces import tiles, when
from dashboards.pieces.age import Trust, next_look
from dashboards.pieces.banner import trust_of
from dashboards.pieces.families import named
from dashboards.pieces.grid import FEW, as_table, squares
from dashboards.pieces.house import House, open_house
from dashboards.pieces.judged import Judged, judge, told
from dashboards.pieces.logo import mode
from dashboards.pieces.mark import SEEN_ONCE, SEVERITIES, STATES, Mark
from dashboards.pieces.panel import chart, empty, panel
from dashboards.pieces.plain import plain
from dashboards.pieces.rows import Item, listing
from dashboards.pieces.scope import Scope, chosen
from dashboards.pieces.verdict import verdict
from data.panels.incidents import Incident, open_incidents, pending_incidents
from data.panels.instrument import Rhythm, rhythm, signs_of_life
from data.panels.placement import Cell, placement_matrix
from data.panels.rates import Rates, sending_rates
from data.standings import standings


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that this page shows, read in one snapshot of the store."""

    scope: Scope
    incidents: Sequence[Incident]
    pending: Sequence[Incident]
    judged: Sequence[Judged]
    rates: Rates
    cells: Sequence[Cell]
    looks: Rhythm
    life: Mapping[str, datetime]
    trust: Trust
    every: timedelta

    @property
    def unknown(self) -> Sequence[Judged]:
        found = [one for one in self.judged if one.state is State.UNKNOWN]
        return sorted(found, key=lambda one: (one.severity.rank, one.since))

    def standing_of(self, incident: Incident) -> Judged | None:
        """Where the question of an incident stands now."""
        asked = (incident.code, incident.subject)
        return next((one for one in self.judged if (one.standing.code, one.standing.subject) == asked), None)

    @property
    def domains(self) -> Sequence[str]:
        return sorted({one.standing.domain for one in self.judged})


def see(house: House) -> Seen:
    scope, every = chosen(), house.config.schedule.audit
    with house.store.read() as connection:
        mine = [row for row in standings(connection) if scope.domain in (None, row.domain)]
        tests = placement_matrix(connection, scope.since, scope.until, scope.domain, scope.provider)
        return Seen(
            scope=scope,
            incidents=open_incidents(connection, scope.domain),
            pending=pending_incidents(connection, scope.domain),
            judged=[judge(row, scope.until, every) for row in mine],
            rates=sending_rates(connection, scope.since, scope.until, scope.domain, scope.provider),
            cells=tests.cells,
            looks=rhythm(connection, "audit", scope.until, scope.domain),
            life=signs_of_life(connection),
            trust=trust_of(house),
            every=every,
        )


@st.fragment(run_every=10)
def draw() -> None:
    house = open_house()
    seen = see(house)
    _headline(seen)
    if not seen.judged and not seen.rates.answered:
        _first_steps(house)
        return
    _tiles(seen)
    left, right = st.columns([3, 2])
    with left:
        _incidents(seen)
    with right:
        _could_not_tell(seen)
    _states(seen)
    _instrument(seen)


def _headline(seen: Seen) -> None:
    grave = [one for one in seen.unknown if not one.is_note]
    found = verdict(seen.incidents, len(seen.domains), len(grave), seen.trust)
    with st.container(key=f"verdict-{found.hue}", gap=None):
        st.title(f":{found.hue}[{found.icon}] {plain(found.headline)}", anchor=False)
        if found.detail:
            st.caption(plain(found.detail))


def _first_steps(house: House) -> None:
    with st.container(border=True):
        st.markdown("**Watch the first domain.** Homing looks at its records and its addresses every hour.")
        st.code(f"homing init example.com     # writes {house.home.config_path}\nhoming up", language=None)
        st.caption("Or try it on made-up domains first: `homing up --sandbox`")


def _tiles(seen: Seen) -> None:
    oldest = min((one.since for one in seen.unknown), default=seen.scope.until)
    tiles.show(
        (
            tiles.incidents(seen.incidents),
            tiles.unknown(seen.judged, _since(oldest, seen)),
            tiles.listed(seen.judged),
            tiles.bounces(seen.rates),
            tiles.complaints(seen.rates),
            tiles.placement(seen.cells),
        )
    )


def _incidents(seen: Seen) -> None:
    items = [_item(incident, SEVERITIES[incident.severity], seen) for incident in seen.incidents]
    items += [_item(incident, SEEN_ONCE, seen) for incident in seen.pending]
    with panel("Open incidents", age=_age(seen)):
        if not items:
            empty("No incident is open.", icon=":material/task_alt:")
        listing(items, "incident")


def _item(incident: Incident, mark: Mark, seen: Seen) -> Item:
    standing = seen.standing_of(incident)
    since = _since(incident.since, seen)
    return Item(mark, incident.subject, told(incident.code, standing), since, incident.domain)


def _could_not_tell(seen: Seen) -> None:
    causes: dict[str, list[Judged]] = {}
    for one in seen.unknown:
        if not one.is_note:
            causes.setdefault(one.standing.subject.rpartition(" @ ")[2], []).append(one)
    items = [_cause(name, members, seen) for name, members in causes.items()]
    notes = sum(one.is_note for one in seen.unknown)
    with panel("Could not tell", age=_age(seen)):
        if not items:
            empty("Every grave question has its answer.", icon=":material/task_alt:")
        listing(items, "unknown", most=6)
        if notes:
            st.caption(f"{notes} more matter little: single blocklists that gave no answer, and the like.")


def _cause(name: str, members: Sequence[Judged], seen: Seen) -> Item:
    first = min(members, key=lambda one: one.since)
    sentence = first.sentence if len(members) == 1 else f"{len(members)} questions. {first.sentence}"
    domain = first.standing.domain if first.standing.subject == name else ""
    return Item(STATES[State.UNKNOWN], name, sentence, _since(first.since, seen), domain)


def _states(seen: Seen) -> None:
    found, families = squares(seen.judged, lambda instant: _since(instant, seen))
    why = "The gravest conclusion of a family of checks speaks for it. Grey and hatched: could not tell."
    with panel("Domains", why=why, age=_age(seen), table=as_table(found, families)):
        if found:
            figure = matrix(
                found, [named(family) for family in families], palette(mode()), legend=len(families) > FEW
            )
            chart(figure, key="now-domains", alt="State of each domain by family of checks.", wide=True)
        else:
            empty("No look has come back yet.", "The first one runs within a minute of `homing up`.")


def _instrument(seen: Seen) -> None:
    looks = seen.looks
    parts = [
        f"Last look {when.ago(looks.last, seen.scope.until)}" if looks.last else "No look yet",
        next_look(looks, seen.every, seen.scope.until),
        *(f"{name} seen {when.ago(at, seen.scope.until)}" for name, at in sorted(seen.life.items())),
    ]
    st.caption(":material/schedule: " + plain(" · ".join(parts)))


def _age(seen: Seen) -> str:
    return f"as of {when.ago(seen.looks.last, seen.scope.until)}" if seen.looks.last else "no look yet"


def _since(instant: datetime, seen: Seen) -> str:
    return when.since(instant, seen.scope.until, when.zone())


draw()
