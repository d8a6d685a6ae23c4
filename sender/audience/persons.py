"""One person: what is known of them, everything that is held about them, and letting them go."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from data.contacts import find_contact
from data.erasing import PERSONAL, Erased, being_sent, erase_person, everything_about
from data.store import Store
from sender.audience.addresses import parse_address


class Busy(ValueError):
    """A message to them is being handed over at this moment: try again in a minute."""


def hold(store: Store, text: str, fingerprint: Callable[[str], str]) -> Mapping[str, Any]:
    """Everything held about an address, by what it is; raises `AddressError`."""
    identity = parse_address(text, quoted=True).identity
    with store.read() as connection:
        found = find_contact(connection, identity)
        about = everything_about(connection, found.id if found else None, identity, fingerprint(identity))
    return {"address": identity, **about}


def erase(store: Store, text: str, fingerprint: Callable[[str], str], now: datetime) -> Erased:
    """Remove what is held about an address, and keep a keyed hash of it. Raises `AddressError` or `Busy`."""
    identity = parse_address(text, quoted=True).identity
    with store.write() as connection:
        found = find_contact(connection, identity)
        if found and being_sent(connection, found.id):
            raise Busy("A message to them is being handed over right now. Try again in a minute.")
        return erase_person(connection, found.id if found else None, identity, fingerprint(identity), now)


def kept(erased: Erased) -> Mapping[str, str]:
    """What became of the rows that were there, by table, in words."""
    words = {name: PERSONAL[name] for name in PERSONAL if erased.rows.get(name)}
    return words | {"suppression": PERSONAL["suppression"]}
