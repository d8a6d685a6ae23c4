"""What the bench asks for: one recipient's open and click, in a store of their own."""

from pathlib import Path

from data.campaigns import store_links
from data.migrate import migrate
from data.store import Store, open_store, sqlite_url
from sender.tokens import Purpose, Tokens
from tests.sender.world import World

AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
TOKENS = Tokens((b"k" * 32,))


def prepare(folder: Path) -> dict[str, str]:
    """A store with one recipient; the paths of their open and click."""
    store = bench_store(folder)
    migrate(store)
    world = World(store)
    campaign = world.campaign()
    row = world.recipient(campaign, world.subscriber("ada@x.test"))
    with store.write() as connection:
        store_links(connection, campaign.id, ["https://shop.test/"])
    store.close()
    numbers = (campaign.id, row.id)
    return {
        "open": f"/o/{TOKENS.url(Purpose.OPEN, *numbers)}",
        "click": f"/c/{TOKENS.url(Purpose.CLICK, *numbers)}/0",
    }


def bench_store(folder: Path) -> Store:
    return open_store(sqlite_url(folder / "homing.db"))
