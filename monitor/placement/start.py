"""Begin a placement test: the same letter as a campaign's, to every seed, through the same queue."""

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from data import placement, recipients, slots
from data.campaigns import Campaign, MessageClass, NewCampaign, campaign_by_id, create_campaign
from data.contacts import save_contact
from data.placement import Seed
from monitor.app import App
from monitor.placement.run import PLACEMENT, looks_until
from monitor.problem import Problem
from sender.campaigns.start import Unfit, begin


def start_test(app: App, like: Campaign) -> int:
    """Send `like`'s letter to every seed and plan the looks; returns the test's id. Raises Problem.

    One transaction: killed half-way, there is no test and no message.
    """
    now = app.now()
    try:
        with app.store.write() as connection:
            return _start(connection, like, now, now + app.config.placement.deadline)
    except Unfit as unfit:
        raise Problem(str(unfit)) from unfit


def _start(connection: Connection, like: Campaign, now: datetime, deadline: datetime) -> int:
    seeds = placement.seeds(connection)
    if not seeds:
        raise Problem("there is no seed to send to. A seed is a mailbox of your own at a provider.")
    marker = secrets.token_hex(8)
    campaign_id = create_campaign(connection, _as_seed(like, marker), now)
    campaign = campaign_by_id(connection, campaign_id)
    assert campaign is not None
    begin(connection, campaign, now)
    recipients.add(connection, campaign_id, [_contact(connection, seed, now) for seed in seeds], now)
    parts = {
        "campaign_id": campaign_id,
        "template_id": like.template_id,
        "server_id": like.server_id,
        "sending_domain_id": like.sending_domain_id,
    }
    test_id = placement.begin_test(connection, marker, parts, now, deadline)
    for due in looks_until(now, deadline):
        slots.plan(connection, PLACEMENT, str(test_id), due)
    return test_id


def _as_seed(like: Campaign, marker: str) -> NewCampaign:
    values = {name: getattr(like, name) for name in NewCampaign.__dataclass_fields__}
    new = NewCampaign(**values)
    return replace(new, name=f"{like.name} (placement {marker})", message_class=MessageClass.SEED)


def _contact(connection: Connection, seed: Seed, now: datetime) -> int:
    """A seed is written to as a contact; nothing of it is consent."""
    return save_contact(connection, seed.address, seed.address, {}, now)
