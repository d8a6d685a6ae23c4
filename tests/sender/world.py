"""A store with a list, a template, a sending domain and a server, and short ways to put people into it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import insert

from data.campaigns import Campaign, MessageClass, NewCampaign, OnUnknown, campaign_by_id, create_campaign
from data.consent import Act, ConsentEvent, record_consent
from data.contacts import save_contact
from data.lists import Member, create_list, set_member
from data.recipients import Recipient
from data.store import Store
from data.tables import recipient, sending_domain, server
from data.templates import save_template

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HTML = '<body><p>Hello {{first_name|friend}}</p><a href="https://shop.test/">Shop</a></body>'


@dataclass
class World:
    store: Store
    list_id: int = 0
    template_id: int = 0
    domain_id: int = 0
    server_id: int = 0

    def __post_init__(self) -> None:
        self.numbers = count(1)
        with self.store.write() as connection:
            self.list_id = create_list(connection, "news", "Brand News", double_opt_in=False, now=NOW)
            self.template_id = save_template(connection, "hello", NOW, subject="Hi {{first_name}}", html=HTML)
            domain = {
                "domain": "brand.test", "selector": "s1", "return_path_domain": "rp.brand.test",
                "tracking_url": "https://t.brand.test", "at": NOW,
            }  # fmt: skip
            self.domain_id = self._insert(connection, sending_domain, domain)
            relay = {"name": "sink", "kind": "sink", "settings": {}, "at": NOW}
            self.server_id = self._insert(connection, server, relay)

    @staticmethod
    def _insert(connection: Any, table: Any, values: dict[str, Any]) -> int:
        return int(connection.execute(insert(table).values(values)).inserted_primary_key[0])

    def subscriber(self, address: str, **attributes: Any) -> int:
        """Somebody who is on the list and said yes to it."""
        with self.store.write() as connection:
            contact = save_contact(connection, address, address, attributes, NOW)
            set_member(connection, self.list_id, contact, Member.SUBSCRIBED, NOW)
            record_consent(connection, [ConsentEvent(contact, self.list_id, Act.GIVEN, "form", "Yes", NOW)])
        return contact

    def campaign(self, **changes: Any) -> Campaign:
        values: dict[str, Any] = {
            "name": f"c{next(self.numbers)}", "message_class": MessageClass.CAMPAIGN, "list_id": self.list_id,
            "template_id": self.template_id, "sending_domain_id": self.domain_id,
            "server_id": self.server_id, "from_name": "Brand", "from_address": "news@brand.test",
            "tracking": "individual", "on_unknown": OnUnknown.HOLD,
        }  # fmt: skip
        with self.store.write() as connection:
            found = campaign_by_id(
                connection, create_campaign(connection, NewCampaign(**values | changes), NOW)
            )
        assert found is not None
        return found

    def recipient(self, campaign: Campaign, contact: int, **changes: Any) -> Recipient:
        """A row as the freeze leaves it, claimed."""
        from data.contacts import contact_by_id

        with self.store.write() as connection:
            person = contact_by_id(connection, contact)
            assert person is not None
            values = {
                "campaign_id": campaign.id, "contact_id": contact, "address": person.address,
                "provider": "", "state": "claimed", "next_at": NOW, "lease_until": NOW,
            }  # fmt: skip
            row = self._insert(connection, recipient, values | changes)
        return Recipient(
            row, campaign.id, contact, 0, person.address, person.email, "", 0, 1,
            attributes=person.attributes,
        )  # fmt: skip
