"""Ask those who have not confirmed yet, in words of our own: once a day at most, and three times in all.

Nothing that a stranger typed into a form stands in it: whoever can have it sent to others could otherwise
have their own text delivered in our name. Nobody is asked unless a person says so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.campaigns import MessageClass, campaign_by_id, create_campaign
from data.lists import find_list
from data.recipients import count_unconfirmed, freeze_unconfirmed
from data.store import Store
from data.templates import save_template
from sender.campaigns.start import Draft, Unfit, begin, check_sender, resolved
from sender.content.compile import Tracking

PAUSE = timedelta(days=1)
MOST = 3
TEMPLATE = "homing: confirm a subscription"
SUBJECT = "Please confirm your subscription to {{list_name}}"
TEXT = """\
Somebody, probably you, asked that {{email}} receive {{list_name}}.

Do you want that? Then open this page and press the button:
{{confirm_url}}

If you did not ask for it, do nothing: you will receive nothing more.
"""
HTML = """\
<html><body>
<p>Somebody, probably you, asked that {{email}} receive {{list_name}}.</p>
<p><a href="{{confirm_url}}">Yes, I want to receive it</a></p>
<p>If you did not ask for it, do nothing: you will receive nothing more.</p>
</body></html>
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """`campaign` "" where nobody was to be asked."""

    campaign: str
    people: int


def would_ask(store: Store, list_name: str, now: datetime) -> int:
    """How many people would be asked now; raises `Unfit`."""
    with store.read() as connection:
        audience = find_list(connection, list_name)
        if audience is None:
            raise Unfit(f"There is no list {list_name!r}.")
        return count_unconfirmed(connection, audience.id, now, pause=PAUSE, most=MOST)


def ask_to_confirm(
    store: Store, list_name: str, domain: str, server: str, sender: tuple[str, str], now: datetime
) -> Asked:
    """Ask all who may be asked now. `sender`: name and address. Raises `Unfit` or `NotNow`."""
    if not would_ask(store, list_name, now):
        return Asked("", 0)
    name = f"confirm {list_name} {now:%Y-%m-%d %H:%M:%S.%f}"
    draft = Draft(name, list_name, TEMPLATE, domain, server, *sender, MessageClass.CONFIRMATION, Tracking.OFF)
    check_sender(draft)
    with store.write() as connection:
        save_template(connection, TEMPLATE, now, subject=SUBJECT, html=HTML, text=TEXT)
        new = resolved(connection, draft)
        campaign = campaign_by_id(connection, create_campaign(connection, new, now))
        assert campaign is not None
        assert campaign.list_id is not None
        begin(connection, campaign, now)
        people = freeze_unconfirmed(connection, campaign.id, campaign.list_id, now, pause=PAUSE, most=MOST)
    return Asked(name, people)
