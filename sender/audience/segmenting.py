"""Make and look at segments: what the command line and the pages call."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from data.campaigns import find_campaign
from data.lists import find_list
from data.rules import Behaved, Deed, OnList, Rule, leaves
from data.segments import Segment, find_segment, save_segment
from data.store import Store
from sender.audience.segments import SegmentError, read_rule
from sender.content.compile import Tracking
from sender.content.tracking import Capability, disabled


def create_segment(store: Store, name: str, text: str, now: datetime) -> Segment:
    """Keep a rule under a name, in place of the one it had; raises `SegmentError`.

    The lists and campaigns that it names must exist: a slip of the pen would choose nobody, for ever.
    """
    rule = read_rule(text)
    with store.write() as connection:
        for missing in _missing(connection, rule):
            raise SegmentError(f"There is no {missing}.")
        for blind in _blind(connection, rule):
            raise SegmentError(blind)
        save_segment(connection, name, text.strip(), now)
        saved = find_segment(connection, name)
    assert saved is not None
    return saved


def _missing(connection: Connection, rule: Rule) -> Iterator[str]:
    for leaf in leaves(rule):
        match leaf:
            case OnList(name) if find_list(connection, name) is None:
                yield f"list “{name}”"
            case Behaved(_, campaign) if campaign and find_campaign(connection, campaign) is None:
                yield f"campaign “{campaign}”"


def _blind(connection: Connection, rule: Rule) -> Iterator[str]:
    """Opens and clicks of a campaign that cannot tell whose they are would choose nobody."""
    for leaf in leaves(rule):
        if not isinstance(leaf, Behaved) or leaf.deed is Deed.RECEIVED:
            continue
        campaign = find_campaign(connection, leaf.campaign) if leaf.campaign else None
        if campaign and (why := disabled(Tracking(campaign.tracking), Capability.SEGMENT)):
            yield f"Who {leaf.deed} the campaign “{campaign.name}” is not known: {why}."
