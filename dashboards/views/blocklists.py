"""Blocklists: which address is on which list, since when, and what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from checks.model import State
from dashboards.charts.listings import Bar, listing_timeline
from dashboards.charts.palette import palette
from dashboards.pieces import tiles, when
from dashboards.pieces.house import House, open_house
from dashboards.pieces.judged import Judged, judge
from dashboards.pieces.listings import Now, bars, eventful, standing_now
from dashboards.pieces.logo import mode
from dashboards.pieces.mark import LISTINGS, STATES, Listing, badge
from dashboards.pieces.panel import chart, empty, panel
from dashboards.pieces.plain import plain
from dashboards.pieces.rows import Item, listing
from dashboards.pieces.scope import Scope, chosen
from dashboards.pieces.table import coloured
from data.panels import blocklists
from data.panels.instrument import Rhythm, rhythm
from data.standings import standings

MOST_CARDS = 12


@dataclass(frozen=True, slots=True)
class Seen:
    scope: Scope
    judged: Sequence[Judged]
    now: Sequence[Now]
    drawn: Sequence[Bar]
    looks: Rhythm

    def of(self, *listings: Listing) -> Sequence[Now]:
        return [now for now in self.now if now.listing in listings]

    @property
    def lists(self) -> Sequence[Judged]:
        """What is known of the lists themselves, and of the way to them, that is not in order."""
        about = [one for one in self.judged if " @ " not in one.standing.subject]
        wrong = [one for one in about if one.state in (State.UNKNOWN, State.WARN, State.FAIL)]
        return list({(one.standing.code, one.standing.subject): one for one in wrong}.values())


def see(house: House) -> Seen:
    scope, every = chosen(), house.config.schedule.audit
    with house.store.read() as connection:
        rows = [row for row in standings(connection, family="BL") if scope.domain in (None, row.domain)]
        spans = blocklists.listing_timeline(connection, scope.since, scope.until, scope.domain)
        looks = rhythm(connection, "audit", scope.until, scope.domain)
    judged = [judge(row, scope.until, every) for row in rows]
    drawn = bars(spans, scope.since, scope.until, every)
    return Seen(scope, judged, standing_now(judged), drawn, looks)


@st.fragment(run_every=15)
def draw() -> None:
    seen = see(open_house())
    st.title("Blocklists", anchor=False)
    if not seen.now and not seen.lists:
        empty(
            "No address has been looked up on a blocklist yet.",
            'Give a target its sending addresses: `ips = ["192.0.2.1"]` under `[[targets]]` in homing.toml.',
        )
        return
    _tiles(seen)
    _listed(seen)
    _timeline(seen)
    _lists(seen)
    _table(seen)


def _tiles(seen: Seen) -> None:
    zones = {now.zone for now in seen.now}
    listed, unknown = seen.of(Listing.LISTED), seen.of(Listing.UNKNOWN)
    unhealthy = {now.zone for now in seen.of(Listing.UNHEALTHY)}
    tiles.show(
        (
            tiles.Tile(
                "Listed",
                str(len({now.who for now in listed})),
                f"on {len({now.zone for now in listed})} of {len(zones)} lists" if listed else "on no list",
                "red" if listed else "gray",
                "Addresses and names that a list which passes its own test lists now.",
            ),
            tiles.Tile(
                "Clear",
                f"{len(seen.of(Listing.CLEAR)):,}",
                f"of {len(seen.now):,} questions",
                "gray",
                "One question is one address (or name) on one list. Clear needs an answer.",
            ),
            tiles.Tile(
                "Could not tell",
                f"{len(unknown):,}",
                f"on {len({now.zone for now in unknown})} lists" if unknown else "every list answered",
                "gray",
                "No answer, or a refusal. Neither listed nor clear; raises no alert and clears none.",
            ),
            tiles.Tile(
                "Lists unhealthy",
                str(len(unhealthy)),
                "do not count now" if unhealthy else "all pass their self-test",
                "violet" if unhealthy else "gray",
                "A list counts only while its test points (RFC 5782: 127.0.0.2 listed, 127.0.0.1 not) answer "
                "rightly through the same resolver.",
            ),
        )
    )


def _listed(seen: Seen) -> None:
    for number, now in enumerate(seen.of(Listing.LISTED, Listing.NOTED)[:MOST_CARDS]):
        with st.container(border=True, key=f"listed-{now.listing.name.lower()}-{number}", gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                badge(LISTINGS[now.listing])
                st.markdown(f"**{plain(now.who)}** on **{plain(now.list_name)}**", width="content")
                st.caption(plain(now.zone), width="content")
                st.space("stretch")
                st.caption(plain(_since(now.since, seen)), width="content")
                if now.delist:
                    st.link_button("Ask for delisting", now.delist, icon=":material/open_in_new:")
            st.text(now.judged.sentence, width="stretch")
            if now.judged.fix:
                st.caption(plain(now.judged.fix))


def _timeline(seen: Seen) -> None:
    everything = st.session_state.get("every-list", False)
    shown = seen.drawn if everything else eventful(seen.drawn)
    with panel("Timeline", why=_WHY, age=_age(seen), table=_bars_table(seen.drawn)):
        if shown:
            alt = "When each address was listed, clear, or could not be asked for, on each list."
            figure = listing_timeline(shown, seen.scope.since, seen.scope.until, palette(mode()), when.zone())
            chart(figure, key="timeline", alt=alt, wide=True)
        else:
            empty("Clear on every list through the whole range.", icon=":material/task_alt:")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_left_out(seen.drawn, shown), width="content")
            st.space("stretch")
            st.toggle("Show every list", key="every-list")


_WHY = (
    "One bar is one run of equal answers. Grey and hatched: no answer, so neither listed nor clear. "
    "Violet and crossed: the list failed its own test, so its answers do not count."
)


def _left_out(drawn: Sequence[Bar], shown: Sequence[Bar]) -> str:
    count = len({bar.row for bar in drawn}) - len({bar.row for bar in shown})
    return (
        f"{count} more rows are not drawn: clear, or dark with the rest of their list." if count > 0 else ""
    )


def _bars_table(drawn: Sequence[Bar]) -> pd.DataFrame:
    zone = when.zone()
    rows = [
        (*bar.row, bar.listing.value, bar.since.astimezone(zone), bar.until.astimezone(zone), bar.note)
        for bar in drawn
    ]
    return pd.DataFrame(rows, columns=["address", "list", "state", "from", "to", "note"])


def _lists(seen: Seen) -> None:
    if not seen.lists:
        return
    with panel("The lists themselves", age=_age(seen)):
        items = [
            Item(STATES[one.state], one.standing.subject, one.sentence, _since(one.since, seen))
            for one in seen.lists
        ]
        listing(items, "list", most=20)


def _table(seen: Seen) -> None:
    rows = [
        (
            f"{LISTINGS[now.listing].glyph} {LISTINGS[now.listing].word}",
            now.who,
            now.list_name,
            now.zone,
            _since(now.since, seen),
            when.ago(now.last_look, seen.scope.until),
            now.delist,
        )
        for now in seen.now
    ]
    columns = ["state", "address", "list", "zone", "since", "last look", "delisting"]
    table = pd.DataFrame(rows, columns=columns)
    with panel("Every address on every list, now", age=_age(seen), export=table):
        coloured(
            table,
            {"state": [LISTINGS[now.listing] for now in seen.now]},
            config={"delisting": st.column_config.LinkColumn(display_text="open")},
        )


def _age(seen: Seen) -> str:
    return f"as of {when.ago(seen.looks.last, seen.scope.until)}" if seen.looks.last else "no look yet"


def _since(instant: datetime, seen: Seen) -> str:
    return when.since(instant, seen.scope.until, when.zone())


draw()
