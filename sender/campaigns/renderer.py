"""Makes each recipient's message: the campaign compiled once, this person's fields, tokens and addresses.

Deterministic for a recipient but for the Date: the same person gets the same Message-ID, return path and
links, however often the message has to be made.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from data.campaigns import Campaign, Making, MessageClass, making
from data.files import File, files_of_campaign, files_of_template
from data.recipients import Recipient
from data.store import Store
from data.templates import template_by_id
from sender.audience.classes import RULES, leavable
from sender.content.compile import (
    CLICK_SLOT,
    OPEN_SLOT,
    UNSUBSCRIBE,
    Compiled,
    Letterhead,
    Person,
    Source,
    Tracking,
    compile_campaign,
)
from sender.content.merge import fields_of
from sender.content.mime import Attachment
from sender.delivery.envelope import Rendered, RenderFailed
from sender.tokens import Purpose, Tokens

KEPT = 32


@dataclass(frozen=True, slots=True)
class Made:
    """A campaign, ready to splice."""

    making: Making
    compiled: Compiled


class CampaignRenderer:
    """The `Renderer` of campaigns. Safe in several threads; keeps the last few campaigns compiled."""

    def __init__(self, store: Store, tokens: Tokens, now: Callable[[], datetime]) -> None:
        self._store = store
        self._tokens = tokens
        self._now = now
        self._made: OrderedDict[int, Made] = OrderedDict()
        self._lock = Lock()

    def render(self, recipient: Recipient) -> Rendered | RenderFailed:
        try:
            made = self._campaign(recipient.campaign_id)
            return self._render(recipient, made)
        except ValueError as error:  # MergeError and HeaderInjection are ones: the sentence is for people
            return RenderFailed(str(error))

    def _render(self, recipient: Recipient, made: Made) -> Rendered:
        domain = made.making.domain
        message_id = recipient.message_id or message_id_of(self._tokens, recipient, domain)
        bounce = self._tokens.mail(Purpose.BOUNCE, recipient.id)
        person = self._person(recipient, made.making, message_id, bounce)
        message, body_hash = made.compiled.hashed_message(person, self._now())
        return Rendered(
            message=message,
            envelope_from=f"b+{bounce}@{made.making.return_path_domain}",
            rcpt=recipient.email,
            message_id=message_id,
            signing_domain=domain,
            body_hash=body_hash,
            token=bounce,
        )

    def _person(self, recipient: Recipient, making: Making, message_id: str, bounce: str) -> Person:
        personal = RULES[making.campaign.message_class].personal
        fields = fields_of(recipient.attributes) if personal else {}
        fields |= {"email": recipient.email, "list_name": making.list_title}
        fields |= tracking_slots(self._tokens, making.campaign, recipient.id)
        if making.campaign.message_class is MessageClass.CONFIRMATION and making.campaign.list_id:
            asked = (recipient.contact_id, making.campaign.list_id, recipient.id)
            fields["confirm_url"] = (
                f"{making.tracking_url}/confirm/{self._tokens.url(Purpose.CONFIRM, *asked)}"
            )
        if not leavable(making.campaign.message_class, making.campaign.list_id):
            return Person(recipient.email, message_id, fields)
        whom = (recipient.contact_id, making.campaign.list_id or 0, recipient.id)
        url = f"{making.tracking_url}/u/{self._tokens.url(Purpose.UNSUBSCRIBE, *whom)}"
        mailto = f"unsub+{self._tokens.mail(Purpose.UNSUBSCRIBE, *whom)}@{making.return_path_domain}"
        return Person(recipient.email, message_id, fields | {UNSUBSCRIBE: url}, url, mailto, bounce)

    def _campaign(self, campaign_id: int) -> Made:
        with self._lock:
            if campaign_id in self._made:
                self._made.move_to_end(campaign_id)
                return self._made[campaign_id]
        made, frozen = load(self._store, campaign_id)
        with self._lock:
            if frozen:
                self._made[campaign_id] = made
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        return made


def load(store: Store, campaign_id: int) -> tuple[Made, bool]:
    """The campaign compiled, and whether its content is frozen (a draft's template may still change)."""
    with store.read() as connection:
        found = making(connection, campaign_id)
        if found is None:
            raise ValueError(f"There is no campaign {campaign_id}.")
        template_id = found.campaign.template_id
        if found.content is None:
            content = content_of(template_by_id(connection, template_id))
            files = files_of_template(connection, template_id)
        else:
            content, files = found.content, files_of_campaign(connection, campaign_id)
    compiled = compile_campaign(source_of(content, files), letterhead_of(found))
    return Made(found, compiled), found.content is not None


def content_of(template: Any) -> Mapping[str, Any]:
    """What a campaign keeps of its template when it starts."""
    return {name: getattr(template, name) for name in ("subject", "html", "text", "preheader")}


def source_of(content: Mapping[str, Any], files: Sequence[File] = ()) -> Source:
    attachments = tuple(Attachment(file.name, file.kind, file.content, file.cid) for file in files)
    return Source(content["subject"], content["html"], content["text"], content["preheader"], attachments)


def letterhead_of(making: Making) -> Letterhead:
    campaign = making.campaign
    leaves = leavable(campaign.message_class, campaign.list_id)
    return Letterhead(
        from_name=campaign.from_name,
        from_address=campaign.from_address,
        tracking_url=making.tracking_url,
        tracking=Tracking(campaign.tracking),
        list_id=f"{making.list_name}.{making.domain}" if leaves and making.list_name else "",
        list_title=making.list_title,
        feedback_id=feedback_id(campaign, making.domain) if leaves else "",
        complaints_to=complaints_to(making) if leaves else "",
        auto_submitted=RULES[campaign.message_class].machine_made,
        footer=leaves,
    )


def complaints_to(making: Making) -> str:
    """The address for CFBL-Address; "" where our signature would not vouch for it (RFC 9477 section 3.1)."""
    address = making.feedback_address or f"fbl@{making.return_path_domain}"
    domain = "." + address.partition("@")[2]
    return address if domain.endswith("." + making.domain) else ""


def feedback_id(campaign: Campaign, domain: str) -> str:
    """`campaign:list:class:sender` (Gmail's Feedback-ID): the last one stable, 5 to 15 characters."""
    sender = domain.replace(".", "-")[:15].ljust(5, "-")
    return f"c{campaign.id}:l{campaign.list_id or 0}:{campaign.message_class}:{sender}"


def message_id_of(tokens: Tokens, recipient: Recipient, domain: str) -> str:
    """The same for the same (campaign, contact, step): a resent message is the same message."""
    numbers = (recipient.campaign_id, recipient.contact_id, recipient.step)
    return f"{tokens.mail(Purpose.MESSAGE, *numbers)}@{domain}"


def tracking_slots(tokens: Tokens, campaign: Campaign, recipient_id: int) -> Mapping[str, str]:
    """What stands in the pixel and the links; anonymous tokens say which campaign and not who."""
    match Tracking(campaign.tracking):
        case Tracking.INDIVIDUAL:
            opened, clicked = Purpose.OPEN, Purpose.CLICK
            numbers: tuple[int, ...] = (campaign.id, recipient_id)
        case Tracking.ANONYMOUS:
            opened, clicked = Purpose.OPEN_ANONYMOUS, Purpose.CLICK_ANONYMOUS
            numbers = (campaign.id,)
        case Tracking.OFF:
            return {}
    return {OPEN_SLOT: tokens.url(opened, *numbers), CLICK_SLOT: tokens.url(clicked, *numbers)}
