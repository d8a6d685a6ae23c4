"""Fills a sandbox's store: readers who agreed, a letter, a way to send it, and a campaign that begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from data.campaigns import find_campaign
from data.consent import Act, ConsentEvent, record_consent
from data.contacts import NewContact, save_contacts
from data.lists import add_members, create_list, find_list
from data.placement import Seed, save_seed
from data.secrets import put_secret
from data.sending_domains import save_sending_domain
from data.servers import save_server
from data.templates import save_template
from monitor.app import App
from monitor.placement.start import start_test
from monitor.sandbox.filing import mailbox_path
from monitor.sandbox.place import Sandbox, mail_of
from monitor.sandbox.providers import BY_DOMAIN, PROVIDERS
from monitor.sandbox.registry import Subscriber, subscribers
from monitor.sandbox.world import HARBOUR
from sender.audience.addresses import parse_address
from sender.campaigns.start import Draft, create, start
from sender.delivery.keyring import secret_name

LIST = "friday"
TEMPLATE = "friday-letter"
SUBJECT = "{{first_name|Reader}}, three books for a long evening"
PREHEADER = "A winter coast, a night ferry, and forty lighthouses."
WORDING = "Send me the Friday letter. You count which letters I open; I can leave with one click."
SERVER = "harbour"
CAMPAIGN = "The Friday letter"
DRAFT = Draft(
    name=CAMPAIGN,
    list=LIST,
    template=TEMPLATE,
    domain=HARBOUR.name,
    server=SERVER,
    from_name="Harbour Books",
    from_address=f"friday@{HARBOUR.name}",
)
SEEDS = tuple(f"{name}@{provider.domain}" for provider in PROVIDERS for name in ("finch", "tern"))
"""Two mailboxes at each provider that placement tests write to."""
LETTER = Path(__file__).with_name("letter.html")


@dataclass(frozen=True)
class Stockroom:
    """Fills the store of `app`, the instance in the sandbox's home, at `now`."""

    app: App
    sandbox: Sandbox
    now: datetime

    def fill(self, private: Mapping[str, bytes]) -> None:
        """Put in what is not there yet and the ports of this start, and begin a placement test.

        `private`: new DKIM keys as PEM.
        """
        with self.app.store.write() as connection:
            self._way_out(connection, private)
            self._seeds(connection)
            if find_list(connection, LIST) is None:
                self._audience(connection)
                html = LETTER.read_text(encoding="utf-8")
                letter = {"subject": SUBJECT, "html": html, "preheader": PREHEADER}
                save_template(connection, TEMPLATE, self.now, **letter)
            campaign = find_campaign(connection, CAMPAIGN)
        if campaign is None:
            campaign = create(self.app.store, DRAFT, self.now)
            start(self.app.store, CAMPAIGN, self.now)
        start_test(self.app, campaign)

    def _way_out(self, connection: Connection, private: Mapping[str, bytes]) -> None:
        """The sending domain, its key and the server, whose ports may be others at each start."""
        domain, selector = HARBOUR.name, HARBOUR.selectors[0]
        save_sending_domain(
            connection,
            domain,
            self.now,
            selector=selector,
            return_path_domain=f"bounce.{domain}",
            tracking_url=self.sandbox.web_url,
            ips=tuple(host.ip for host in HARBOUR.hosts),
            helo=HARBOUR.hosts[0].name,
            inbound_host=HARBOUR.hosts[0].name,
            ready_at=self.now,
        )
        if domain in private:
            put_secret(connection, self.app.keys, secret_name(domain, selector), private[domain], self.now)
        settings = {"helo": HARBOUR.hosts[0].name, "port": self.sandbox.ports["smtp"], "private": True}
        save_server(connection, SERVER, "mx", settings, self.now)

    def _seeds(self, connection: Connection) -> None:
        for address in SEEDS:
            provider = BY_DOMAIN[address.rpartition("@")[2]]
            location = {
                "path": str(mailbox_path(mail_of(self.app.home), address)),
                "authserv_id": provider.mx,
            }
            seed = Seed(0, address, address, provider.key, "maildir", location)
            save_seed(connection, seed, self.now)

    def _audience(self, connection: Connection) -> None:
        list_id = create_list(connection, LIST, "The Friday letter", double_opt_in=False, now=self.now)
        people = list(subscribers(self.sandbox.seed, self.sandbox.contacts))
        identities = {each.email: parse_address(each.email).identity for each in people}
        new = [
            NewContact(each.email, identities[each.email], each.attributes, self.now - each.age)
            for each in people
        ]
        ids = save_contacts(connection, new)
        add_members(connection, list_id, {ids[each.address]: each.at for each in new})
        record_consent(
            connection, [_yes(ids[identities[each.email]], list_id, each, self.now) for each in people]
        )


def _yes(contact_id: int, list_id: int, subscriber: Subscriber, now: datetime) -> ConsentEvent:
    since = now - subscriber.age
    return ConsentEvent(contact_id, list_id, Act.GIVEN, "form on harbour.test", WORDING, since, subscriber.ip)
