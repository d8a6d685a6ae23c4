"""Campaign: how far it has come, what became of each message, and what people did with it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from dashboards.charts import traffic as charts
from dashboards.charts.funnel import funnel
from dashboards.charts.happenings import Happening, annotate
from dashboards.charts.palette import palette
from dashboards.pieces import campaign as told
from dashboards.pieces import tiles, when
from dashboards.pieces.house import open_house
from dashboards.pieces.log import recipients
from dashboards.pieces.logo import mode
from dashboards.pieces.mark import CAMPAIGN_STATES, badge
from dashboards.pieces.panel import chart, empty, panel
from dashboards.pieces.plain import plain
from dashboards.pieces.scope import Scope, chosen
from dashboards.pieces.table import plain_table
from data.panels.campaigns import Campaign, campaigns
from data.panels.incidents import incidents_between
from data.panels.lanes import lanes_of
from data.panels.outcomes import added, campaign_by_provider
from data.panels.replies import bounces_by_class
from data.panels.traffic import Bucket, opens_and_clicks_over_time, step_for, throughput
from data.store import Store

Axis = tuple[datetime, datetime, timedelta]
"""From when to when a chart goes, and in which steps."""

SETTLING = timedelta(minutes=5)
"""How long a drawing of what was sent goes on after the last message."""


def draw() -> None:
    house, scope = open_house(), chosen()
    with house.store.read() as connection:
        found = campaigns(connection, scope.domain)
    st.title("Campaign", anchor=False)
    if not found:
        empty(
            "No campaign has been made yet.",
            "The sandbox sends one a minute after its start: `homing up --sandbox`",
        )
        return
    one = _choose(found)
    _live(house.store, one)
    recipients(house.store, one.id, scope.provider)


def _choose(found: Sequence[Campaign]) -> Campaign:
    by_name = {campaign.name: campaign for campaign in found}
    name = st.selectbox(
        "Campaign", list(by_name), key="campaign", bind="query-params", label_visibility="collapsed"
    )
    return by_name[name]


@st.fragment(run_every=10)
def _live(store: Store, one: Campaign) -> None:
    scope = chosen()
    with store.read() as connection:
        everywhere = campaign_by_provider(connection, one.id)
        held = lanes_of(connection, one.id)
        bounces = bounces_by_class(connection, one.id, scope.provider)
        sent = _sent(one, scope)
        settled = throughput(connection, one.id, sent[2], scope.provider)
        back = _back(one, scope)
        acts = opens_and_clicks_over_time(connection, one.id, back[2], scope.provider)
        happened = told.happened(incidents_between(connection, sent[0], scope.until, one.sending_domain))
    rows = [row for row in everywhere if scope.provider in (None, row.provider)]
    counts = added(rows)
    _header(one, scope, settled, sent[2])
    if not counts.audience:
        empty("Nobody is in this campaign yet.", "Its audience is frozen into rows when it is started.")
        return
    tiles.show(told.tiles(counts))
    left, right = st.columns(2)
    with left, panel("Funnel", why=_FUNNEL, table=told.funnel_table(counts)):
        chart(funnel(told.stages(counts), palette(mode())), key="funnel", alt="How many got how far.")
    with right, panel("Throughput", why=_THROUGHPUT, table=_bucket_table(settled)):
        _throughput(settled, sent, happened)
    providers = told.provider_table(rows, held)
    with panel("By mailbox provider", why=_PROVIDERS, export=providers):
        plain_table(providers)
    with panel("Opens and clicks", why=_ACTS, table=_bucket_table(acts)):
        _acts(acts, back, happened)
    refused = told.bounce_table(bounces)
    with panel("Refused", why=_BOUNCES, export=refused):
        if bounces:
            plain_table(refused)
        else:
            empty("No server refused a message.", icon=":material/task_alt:")


_FUNNEL = (
    "Recipients, not events. Delivered: accepted and not bounced afterwards. Opened and clicked: people; "
    "hatched: recipients for whom only machines did."
)
_THROUGHPUT = "Recipients by when they were settled: accepted, deferred, refused, or without an answer."
_PROVIDERS = (
    "Providers by where the domain's mail servers are, not by the domain's name. Opened and clicked are "
    "people ÷ delivered. “Pace” is the state of the lane, and the reply that caused it."
)
_ACTS = "Events, not recipients: one person may open three times. Machines are told by their evidence."
_BOUNCES = (
    "Refusals during delivery, by class. Only a recipient's own fault ever suppresses an address; a block, a "
    "broken signature or bad content is ours."
)


def _header(one: Campaign, scope: Scope, settled: Sequence[Bucket], step: timedelta) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(
            CAMPAIGN_STATES[one.state] if one.state in CAMPAIGN_STATES else CAMPAIGN_STATES["draft"],
            one.state,
        )
        st.caption(plain(_about(one, scope, settled, step)), width="content")


def _about(one: Campaign, scope: Scope, settled: Sequence[Bucket], step: timedelta) -> str:
    moment, zone = scope.until, when.zone()
    count = sum(bucket.count for bucket in settled)
    parts = [f"“{one.subject}”", f"from {one.sending_domain}"]
    if one.started_at is not None:
        ended = one.finished_at or moment
        parts.append(f"started {when.at(one.started_at, moment, zone)}")
        parts.append(f"took {when.span(ended - one.started_at)}" if one.finished_at else "running")
    if settled:
        busy = settled[-1].at - settled[0].at + step
        parts.append(f"{count * timedelta(minutes=1) / busy:,.0f} messages a minute while it was busy")
    return " · ".join(parts)


def _sent(one: Campaign, scope: Scope) -> Axis:
    begun = one.started_at or scope.until
    ended = min(scope.until, (one.finished_at or scope.until) + SETTLING)
    return begun, ended, step_for(max(ended - begun, timedelta(minutes=1)))


def _back(one: Campaign, scope: Scope) -> Axis:
    begun = max(one.started_at or scope.until, scope.since)
    return begun, scope.until, step_for(max(scope.until - begun, timedelta(minutes=1)), 90)


def _throughput(settled: Sequence[Bucket], sent: Axis, happened: Sequence[Happening]) -> None:
    if settled:
        figure = charts.throughput(settled, sent[2], palette(mode()), when.zone())
        chart(
            _marked(figure, happened, sent),
            key="throughput",
            alt="Recipients settled over time, by what became of them.",
        )
    else:
        empty("No message has been sent yet.")


def _marked(figure: Figure, happened: Sequence[Happening], axis: Axis) -> Figure:
    within = [mark for mark in happened if axis[0] <= mark.at <= axis[1]]
    return annotate(figure, within, palette(mode()), when.zone())


def _acts(acts: Sequence[Bucket], back: Axis, happened: Sequence[Happening]) -> None:
    begun, ended, step = back
    if not acts:
        empty("Nobody has opened or clicked yet.")
        return
    first = min(bucket.at for bucket in acts)
    start = max(first, begun - step)
    times = [start + number * step for number in range(int((ended - start) / step) + 1)]
    figure = charts.opens_and_clicks(acts, times, step, palette(mode()), when.zone())
    chart(
        _marked(figure, happened, back),
        key="acts",
        alt="Opens and clicks over time, by people and by machines.",
    )


def _bucket_table(buckets: Sequence[Bucket]) -> pd.DataFrame:
    zone = when.zone()
    rows = [(b.at.astimezone(zone), b.kind, "machine" if b.machine else "", b.count) for b in buckets]
    return pd.DataFrame(rows, columns=["from", "what", "by", "count"])


draw()
