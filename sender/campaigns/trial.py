"""Test messages: a letter as it is, to addresses that an operator registered as their own, at once.

They go through the same queue, server, keys and links as a campaign, as a campaign of class "test".
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data import recipients
from data.campaigns import Campaign, MessageClass, NewCampaign, OnUnknown, campaign_by_id, create_campaign
from data.contacts import save_contact
from data.own import all_own
from data.sending_domains import SendingDomain, all_sending_domains
from data.servers import Server, all_servers, find_server
from data.store import Store
from data.templates import find_template
from sender.audience.addresses import AddressError, parse_address
from sender.campaigns.start import Unfit, begin
from sender.content.compile import Tracking


@dataclass(frozen=True, slots=True)
class Letter:
    """A template to try out. `server` "": the domain's only one. `fields` are merge values for this try."""

    template: str
    from_address: str
    from_name: str = ""
    server: str = ""


def send_letter(
    store: Store, letter: Letter, to: Sequence[str], now: datetime, fields: Mapping[str, Any] | None = None
) -> Campaign:
    """Queue a template for own addresses; the campaign that carries it. Raises `Unfit`."""
    with store.write() as connection:
        new = _new(connection, letter)
        return _queue(connection, new, to, now, fields or {})


def send_campaign(
    store: Store, like: Campaign, to: Sequence[str], now: datetime, fields: Mapping[str, Any] | None = None
) -> Campaign:
    """Queue a campaign's letter for own addresses, made exactly as everybody's. Raises `Unfit`."""
    values = {name: getattr(like, name) for name in NewCampaign.__dataclass_fields__}
    new = replace(NewCampaign(**values), name=_named(like.name), message_class=MessageClass.TEST)
    with store.write() as connection:
        return _queue(connection, new, to, now, fields or {})


def _named(what: str) -> str:
    return f"{what} (test {secrets.token_hex(4)})"


def _new(connection: Connection, letter: Letter) -> NewCampaign:
    template = find_template(connection, letter.template)
    if template is None:
        raise Unfit(f"There is no template {letter.template!r}.")
    domain = domain_for(connection, letter.from_address)
    return NewCampaign(
        name=_named(letter.template),
        message_class=MessageClass.TEST,
        list_id=None,
        template_id=template.id,
        sending_domain_id=domain.id,
        server_id=server_for(connection, domain, letter.server).id,
        from_name=letter.from_name,
        from_address=letter.from_address,
        tracking=Tracking.INDIVIDUAL.value,
        on_unknown=OnUnknown.HOLD,
    )


def domain_for(connection: Connection, from_address: str) -> SendingDomain:
    """The sending domain that a From address lies in, the longest that fits. Raises `Unfit`."""
    try:
        domain = parse_address(from_address).domain
    except AddressError as error:
        raise Unfit(f"The From address {from_address!r} cannot be used. {error}") from None
    known = sorted(all_sending_domains(connection), key=lambda each: -len(each.domain))
    for each in known:
        if domain == each.domain or domain.endswith("." + each.domain):
            return each
    raise Unfit(f"{from_address} is in no sending domain. Run: homing domain add {domain}")


def server_for(connection: Connection, domain: SendingDomain, wanted: str = "") -> Server:
    """The server of that name, or the only one that the domain allows. Raises `Unfit`."""
    if wanted:
        found = find_server(connection, wanted)
        if found is None:
            raise Unfit(f"There is no sending server {wanted!r}.")
        return found
    allowed = [each for each in all_servers(connection) if domain.allows(each.name)]
    if len(allowed) == 1:
        return allowed[0]
    names = ", ".join(each.name for each in allowed)
    why = (
        f"There are several sending servers: {names}. Name one." if allowed else "There is no sending server."
    )
    raise Unfit(why)


def _queue(
    connection: Connection, new: NewCampaign, to: Sequence[str], now: datetime, fields: Mapping[str, Any]
) -> Campaign:
    contacts = [_contact(connection, address, fields, now) for address in to]
    campaign = campaign_by_id(connection, create_campaign(connection, new, now))
    assert campaign is not None
    sending, _ = begin(connection, campaign, now)
    recipients.add(connection, campaign.id, contacts, now)
    return sending


def _contact(connection: Connection, address: str, fields: Mapping[str, Any], now: datetime) -> int:
    """An own address is written to as a contact; nothing of it is consent."""
    identity = own_identity(connection, address)
    return save_contact(connection, address, identity, fields, now)


def own_identity(connection: Connection, address: str) -> str:
    """The identity of an own address. Raises `Unfit` for one that nobody registered."""
    try:
        identity = parse_address(address).identity
    except AddressError as error:
        raise Unfit(f"{address!r} cannot be written to. {error}") from None
    if identity not in {each.address for each in all_own(connection)}:
        raise Unfit(f"{address} is not registered as your own. Run: homing own add {address}")
    return identity
