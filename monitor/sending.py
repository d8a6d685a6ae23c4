"""The delivery engine of this instance, put together from its parts."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from checks.net.clock import SystemClock
from data.recipients import Recipient, Refusal
from data.secrets import get_secret
from monitor.app import App
from monitor.senses import Senses
from sender.audience.consent import refusals
from sender.campaigns.renderer import CampaignRenderer
from sender.campaigns.standby import hold_late
from sender.content.selftest import self_test
from sender.delivery.engine import Engine, Parts
from sender.delivery.keyring import Keyring
from sender.delivery.providers import Directory, Own
from sender.delivery.queue import queue_of
from sender.returns.session import category_of, note_settled


def open_engine(app: App, senses: Senses) -> Engine:
    """One worker's engine on this store; any number of them may run. Raises `UnsafePlatform`."""
    self_test()
    clock = SystemClock()

    def consent(connection: Connection, recipients: Sequence[Recipient]) -> Mapping[int, Refusal]:
        return refusals(connection, recipients, app.now())

    def secret(name: str) -> str:
        with app.store.read() as connection:
            found = get_secret(connection, app.keys, name)
        return found.decode() if found else ""

    return Engine(
        Parts(
            app.store,
            senses.dns,
            clock,
            CampaignRenderer(app.store, app.tokens, app.now),
            consent,
            Keyring(app.store, app.keys, clock),
            secret,
            Directory(
                Own(entry.name, entry.mx, entry.connections, entry.per_connection, entry.rate)
                for entry in app.config.providers
            ),
            classify=category_of,
            returns=note_settled,
            attend=lambda connection: hold_late(connection, app.now(), app.config.delivery.max_lateness),
            web=senses.world(app.now()).web,
            queue=queue_of(app.store),
        )
    )
