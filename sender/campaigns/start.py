"""Create, start, pause, resume, cancel: what the command line, the pages and the sandbox call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data.campaigns import (
    Campaign,
    MessageClass,
    NewCampaign,
    OnUnknown,
    campaign_by_id,
    create_campaign,
    find_campaign,
    freeze_content,
    making,
    schedule_at,
    store_links,
)
from data.files import files_of_template, freeze_files
from data.lists import find_list
from data.pools import kinds_behind
from data.recipients import freeze, skip_waiting
from data.rules import Rule
from data.segments import find_segment, segment_by_id
from data.sending_domains import find_sending_domain, sending_domain_by_id
from data.servers import find_server, server_by_id
from data.store import Store
from data.templates import find_template, template_by_id
from sender.audience.addresses import AddressError, parse_address
from sender.audience.classes import RULES
from sender.audience.segments import SegmentError, read_rule
from sender.campaigns.lifecycle import Action, act
from sender.campaigns.renderer import content_of, letterhead_of, source_of
from sender.content.compile import Compiled, Tracking, compile_campaign

AT_ONCE = 10_000
SINK = frozenset({"sink"})
"""Nothing leaves when nobody but sinks may send."""
CANCELLED = "cancelled"
"""The category of rows that were skipped because their campaign was cancelled."""


class Unfit(ValueError):
    """The campaign cannot be made or started like this; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign by the names that people give; the address must lie in the sending domain."""

    name: str
    list: str
    template: str
    domain: str
    server: str
    from_name: str
    from_address: str
    message_class: MessageClass = MessageClass.CAMPAIGN
    tracking: Tracking = Tracking.INDIVIDUAL
    segment: str = ""
    """Only those of the list who fit this segment when the campaign starts."""
    on_unknown: OnUnknown | None = None
    """None: hold for campaigns, resend for transactional mail."""


@dataclass(frozen=True, slots=True)
class Started:
    campaign: Campaign
    recipients: int
    untracked: tuple[str, ...]
    """Links that hold merge fields, and so lead straight to their destination."""


def create(store: Store, draft: Draft, now: datetime) -> Campaign:
    """Make a draft; raises `Unfit`."""
    check_sender(draft)
    with store.write() as connection:
        if find_campaign(connection, draft.name):
            raise Unfit(f"There is a campaign {draft.name!r} already.")
        campaign_id = create_campaign(connection, resolved(connection, draft), now)
        made = campaign_by_id(connection, campaign_id)
    assert made is not None
    return made


def check_sender(draft: Draft) -> None:
    """The parts that need no store; raises `Unfit`."""
    try:
        address = parse_address(draft.from_address)
    except AddressError as error:
        raise Unfit(f"The From address {draft.from_address!r} cannot be used. {error}") from None
    if address.needs_smtputf8:  # the header would need it although the envelope does not
        raise Unfit(f"The From address {draft.from_address} has other than ASCII letters before the @.")
    if address.domain != draft.domain and not address.domain.endswith("." + draft.domain):
        raise Unfit(f"The From address {draft.from_address} is not in the sending domain {draft.domain}.")
    if not draft.list and RULES[draft.message_class].members_only:
        raise Unfit("A campaign goes to a list. Name it.")
    if draft.segment and not draft.list:
        raise Unfit("A segment is some of a list's people: their consent is to the list. Name it too.")


def resolved(connection: Connection, draft: Draft) -> NewCampaign:
    """The draft with the parts that its names mean; raises `Unfit`."""
    audience = find_list(connection, draft.list) if draft.list else None
    template = find_template(connection, draft.template)
    domain = find_sending_domain(connection, draft.domain)
    server = find_server(connection, draft.server)
    segment = find_segment(connection, draft.segment) if draft.segment else None
    if draft.segment and segment is None:
        raise Unfit(f"There is no segment {draft.segment!r}.")
    if draft.list and audience is None:
        raise Unfit(f"There is no list {draft.list!r}.")
    if template is None:
        raise Unfit(f"There is no template {draft.template!r}.")
    if domain is None:
        raise Unfit(f"There is no sending domain {draft.domain!r}. Run: homing domain add {draft.domain}")
    if server is None:
        raise Unfit(f"There is no sending server {draft.server!r}.")
    on_unknown = draft.on_unknown or RULES[draft.message_class].on_unknown
    return NewCampaign(
        name=draft.name,
        message_class=draft.message_class,
        list_id=audience.id if audience else None,
        template_id=template.id,
        sending_domain_id=domain.id,
        server_id=server.id,
        from_name=draft.from_name,
        from_address=draft.from_address,
        tracking=draft.tracking.value,
        on_unknown=on_unknown,
        segment_id=segment.id if segment else None,
    )


def start(store: Store, name: str, now: datetime) -> Started:
    """Freeze content and audience and begin to send; raises `Unfit` or `NotNow`.

    All of it is one transaction: killed half-way, the campaign is still a draft.
    """
    campaign = named(store, name)
    with store.write() as connection:
        sending, compiled = begin(connection, campaign, now)
        recipients = 0
        if campaign.list_id is not None:
            rule = _rule(connection, campaign)
            recipients = freeze(connection, campaign.id, campaign.list_id, now, rule=rule)
    return Started(sending, recipients, compiled.untracked)


def _rule(connection: Connection, campaign: Campaign) -> Rule | None:
    """The segment as it is now; None for the whole list."""
    if campaign.segment_id is None:
        return None
    found = segment_by_id(connection, campaign.segment_id)
    assert found is not None
    try:
        return read_rule(found.rule)
    except SegmentError as error:
        raise Unfit(f"The segment {found.name!r} cannot be used. {error}") from None


def begin(connection: Connection, campaign: Campaign, now: datetime) -> tuple[Campaign, Compiled]:
    """Freeze the content and let the campaign send, in the caller's transaction, which adds the recipients.

    Raises `Unfit` or `NotNow`.
    """
    check_domain(connection, campaign)
    sending = act(connection, campaign, Action.START, now)
    content, compiled = _compiled(connection, campaign)
    freeze_content(connection, campaign.id, content)
    freeze_files(connection, campaign.id, campaign.template_id)
    store_links(connection, campaign.id, compiled.urls)
    return sending, compiled


def check_domain(connection: Connection, campaign: Campaign) -> None:
    """A domain that is not ready sends to nobody, except tests and into the sink. Raises `Unfit`."""
    domain = sending_domain_by_id(connection, campaign.sending_domain_id)
    server = server_by_id(connection, campaign.server_id)
    assert domain is not None
    assert server is not None
    if not domain.allows(server.name):
        allowed = ", ".join(domain.servers)
        raise Unfit(f"The domain {domain.domain} is not sent through {server.name}; it allows: {allowed}.")
    needed = RULES[campaign.message_class].ready_domain and domain.ready_at is None
    if needed and kinds_behind(connection, server.id) != SINK:
        raise Unfit(
            f"The sending domain {domain.domain} is not ready. Run: homing domain verify {domain.domain}"
        )


def _compiled(connection: Connection, campaign: Campaign) -> tuple[Mapping[str, Any], Compiled]:
    """The content as it is now, and proof that messages can be made from it."""
    parts = making(connection, campaign.id)
    template = template_by_id(connection, campaign.template_id)
    assert parts is not None
    assert template is not None
    content = content_of(template)
    try:
        files = files_of_template(connection, template.id)
        return content, compile_campaign(source_of(content, files), letterhead_of(parts))
    except ValueError as error:
        raise Unfit(f"The template {template.name!r} cannot be used. {error}") from None


def schedule(store: Store, name: str, at: datetime, now: datetime) -> Campaign:
    """Have it start by itself; who keeps the time is the caller's. Raises `Unfit` or `NotNow`."""
    campaign = named(store, name)
    if at <= now:
        raise Unfit(f"{at:%Y-%m-%d %H:%M} UTC is past. Start it now, or name a time to come.")
    with store.write() as connection:
        check_domain(connection, campaign)
        _compiled(connection, campaign)
        schedule_at(connection, campaign.id, at)
        return act(connection, campaign, Action.SCHEDULE, now)


def unschedule(store: Store, name: str, now: datetime) -> Campaign:
    """Make it a draft again. Raises `Unfit` or `NotNow`."""
    campaign = named(store, name)
    with store.write() as connection:
        schedule_at(connection, campaign.id, None)
        return act(connection, campaign, Action.UNSCHEDULE, now)


def hold(store: Store, name: str, now: datetime, reason: str) -> Campaign:
    """Its time has come and it cannot start: a person decides. Raises `Unfit` or `NotNow`."""
    return _move(store, name, Action.HOLD, now, reason)


def pause(store: Store, name: str, now: datetime, *, reason: str = "paused by a person") -> Campaign:
    """No new transaction begins; messages in flight are finished. Raises `Unfit` or `NotNow`."""
    return _move(store, name, Action.PAUSE, now, reason)


def resume(store: Store, name: str, now: datetime) -> Campaign:
    """Go on exactly where it stopped. Raises `Unfit` or `NotNow`."""
    return _move(store, name, Action.RESUME, now, "")


def cancel(store: Store, name: str, now: datetime) -> int:
    """Stop for good; returns how many recipients are skipped. Raises `Unfit` or `NotNow`."""
    campaign = _move(store, name, Action.CANCEL, now, "")
    skipped = 0
    while True:
        with store.write() as connection:
            more = skip_waiting(connection, campaign.id, CANCELLED, now, AT_ONCE)
        if not more:
            return skipped
        skipped += more


def named(store: Store, name: str) -> Campaign:
    """The campaign of that name; raises `Unfit`."""
    with store.read() as connection:
        found = find_campaign(connection, name)
    if found is None:
        raise Unfit(f"There is no campaign {name!r}.")
    return found


def _move(store: Store, name: str, action: Action, now: datetime, reason: str) -> Campaign:
    campaign = named(store, name)
    with store.write() as connection:
        return act(connection, campaign, action, now, reason=reason)
