"""The tables, as SQLAlchemy Core, a file for each room. The store's history is in `migrations/`; a test holds
that both agree.
"""

from data.tables.audience import (
    consent,
    contact,
    contact_import,
    contact_tag,
    import_change,
    mailing_list,
    membership,
    own_address,
    segment,
    suppression,
)
from data.tables.base import EPOCH, Id, Instant, metadata
from data.tables.campaigns import _LEASED, _WAITING, attempt, campaign, campaign_file, link, recipient
from data.tables.content import blob, template, template_file
from data.tables.history import record
from data.tables.incidents import acknowledgement, alert, incident, silence
from data.tables.instance import heartbeat, meta, secret
from data.tables.lanes import domain_route, lane, lane_hour, lane_share, lane_signal, warmup, warmup_day
from data.tables.looks import observation, slot, standing, target
from data.tables.placement import placement, placement_test, seed
from data.tables.reports import report, report_row, report_source, tls_row
from data.tables.reputation import reputation
from data.tables.returns import event, hook_tally, mailbox, mailbox_mail
from data.tables.servers import dkim_key, sending_domain, server, server_member, server_usage

__all__ = [
    "EPOCH",
    "_LEASED",
    "_WAITING",
    "Id",
    "Instant",
    "acknowledgement",
    "alert",
    "attempt",
    "blob",
    "campaign",
    "campaign_file",
    "consent",
    "contact",
    "contact_import",
    "contact_tag",
    "dkim_key",
    "domain_route",
    "event",
    "heartbeat",
    "hook_tally",
    "import_change",
    "incident",
    "lane",
    "lane_hour",
    "lane_share",
    "lane_signal",
    "link",
    "mailbox",
    "mailbox_mail",
    "mailing_list",
    "membership",
    "meta",
    "metadata",
    "observation",
    "own_address",
    "placement",
    "placement_test",
    "recipient",
    "record",
    "report",
    "report_row",
    "report_source",
    "reputation",
    "secret",
    "seed",
    "segment",
    "sending_domain",
    "server",
    "server_member",
    "server_usage",
    "silence",
    "slot",
    "standing",
    "suppression",
    "target",
    "template",
    "template_file",
    "tls_row",
    "warmup",
    "warmup_day",
]
