"""What this instance knows of a target beside its configuration: the selectors that mail shows in use."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from checks.model import Target
from data.dkim_keys import KeyState, keys_of
from data.reports import reported_selectors

FRESH = timedelta(days=30)


def informed(connection: Connection, target: Target, now: datetime) -> Target:
    """The target with the selectors that Homing signs with, and those that receivers' reports verified.

    Our own keys count as learned only beside reports: alone they would make every other selector look idle.
    """
    own = tuple(key.selector for key in keys_of(connection, target.domain, (KeyState.SIGNING,)))
    shown = tuple(reported_selectors(connection, target.domain, now - FRESH))
    selectors = tuple(dict.fromkeys((*target.selectors, *own)))
    learned = tuple(dict.fromkeys((*target.learned, *shown, *own))) if shown else target.learned
    return replace(target, selectors=selectors, learned=learned)
