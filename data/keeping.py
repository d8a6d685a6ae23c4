"""How long what piles up is kept, unless the configuration says otherwise: a table without a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Keep:
    """`default` None: for ever. What is younger than `least` the product itself still needs."""

    what: str
    default: timedelta | None
    least: timedelta = timedelta(days=7)


def _days(count: int) -> timedelta:
    return timedelta(days=count)


KEEPING: Mapping[str, Keep] = {
    "slots": Keep("slots of the schedule that are done", _days(30), _days(1)),
    "observations": Keep("what was observed and has changed since", _days(400)),
    "records": Keep("what records said before they changed", None),
    "alerts": Keep("what was told", _days(400)),
    "incidents": Keep("incidents that are over", _days(400)),
    "attempts": Keep("tries that were not simply accepted", _days(180)),
    "clicks": Keep("opens and clicks", _days(400)),
    "bounces": Keep("bounces, delays, automatic answers", _days(400), _days(90)),
    "complaints": Keep("complaints", None, _days(90)),
    "lane_hours": Keep("a lane's results by the hour", _days(400)),
    "routes": Keep("whose servers take a domain's mail", _days(30)),
    "heartbeats": Keep("processes that were never heard of again", _days(30), _days(1)),
    "imports": Keep("what lets an import be undone", _days(90), _days(1)),
    "reports": Keep("receivers' DMARC and TLS reports", _days(800)),
    "reputation": Keep("scores, a row a day", None),
    "placements": Keep("where test letters landed", _days(400)),
}
"""What is not here is kept: contacts, consent, suppression, recipients, campaigns, who came and who left."""
DEFAULTS: Mapping[str, timedelta | None] = {key: keep.default for key, keep in KEEPING.items()}
LEAST: Mapping[str, timedelta] = {key: keep.least for key, keep in KEEPING.items()}
