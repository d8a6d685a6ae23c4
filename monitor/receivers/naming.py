"""Asks for the reverse names of reported sources: some at a time, and never one that is known."""

from datetime import timedelta

from checks.ports import Dns
from checks.rdns.look import Reverse, ask, reverse
from data import sources
from monitor.app import App

AT_A_TIME = 200
AGAIN = timedelta(hours=6)
"""After which what could not be found out is asked again."""


def name_sources(app: App, dns: Dns) -> int:
    """Returns how many were asked for."""
    now = app.now()
    with app.store.read() as connection:
        wanted = sources.nameless(connection, now - AGAIN, AT_A_TIME)
    answers = ask(dns, wanted, ())
    found = {address: name_of(reverse(address, answers)) for address in wanted}
    if found:
        with app.store.write() as connection:
            for address, name in found.items():
                sources.name_source(connection, address, name, now)
    return len(found)


def name_of(found: Reverse) -> str | None:
    """Its first confirmed name, "" when it has none; None when that could not be found out."""
    if found.confirmed:
        return found.confirmed[0]
    return None if found.open or not found.answer.ok else ""
