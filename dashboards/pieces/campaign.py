"""A campaign's numbers in words, stages and tables."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dashboards.charts.funnel import Stage
from dashboards.charts.happenings import Happening
from dashboards.pieces.interval import percent
from dashboards.pieces.mark import Hue
from dashboards.pieces.tiles import BOUNCES, COMPLAINTS, Tile
from data.panels.incidents import Incident
from data.panels.lanes import Lane
from data.panels.outcomes import Counts
from data.panels.replies import Bounce
from sender.returns.categories import CONSEQUENCES, Action, Category, Consequence, Fault

ACTIONS: Mapping[Action, str] = {
    Action.SUPPRESS: "the address is suppressed",
    Action.SCORE: "counts towards suppression",
    Action.UNSUBSCRIBE: "the contact is unsubscribed",
    Action.RETRY: "tried again later",
    Action.BACK_OFF: "the lane slows down",
    Action.SUSPEND_EGRESS: "the lane is suspended",
    Action.PAUSE_PROVIDER: "the provider is paused",
    Action.PAUSE_DOMAIN: "the sending domain is paused",
    Action.STOP_CAMPAIGN: "the campaign stops",
    Action.STOP_SERVER: "the server stops",
    Action.COUNT: "counted",
    Action.IGNORE: "nothing",
    Action.REVIEW: "kept for review",
}


def tiles(counts: Counts) -> Sequence[Tile]:
    """Eight numbers, in the order of a message's journey."""
    return (
        Tile(
            "Audience",
            f"{counts.audience:,}",
            _rest(counts),
            "gray",
            "Everybody who was put in at the start.",
        ),
        _rate("Accepted", counts.accepted, counts.attempted, "A server took the message ÷ attempted."),
        _rate(
            "Bounced",
            counts.bounced,
            counts.accepted + counts.failed,
            "(refused + bounced later) ÷ (accepted + refused). Amber from 2 %, red from 5 %.",
            BOUNCES,
        ),
        Tile(
            "No answer",
            f"{counts.unknown:,}",
            "waits for a person" if counts.unknown else "none",
            "orange" if counts.unknown else "gray",
            "Handed over, and the connection was lost before the answer: it may have arrived. Never guessed, "
            "and in no rate.",
        ),
        _rate("Opened", counts.opened, counts.delivered, _people("opened"), beside=counts.machine_opened),
        _rate("Clicked", counts.clicked, counts.delivered, _people("clicked"), beside=counts.machine_clicked),
        _rate("Unsubscribed", counts.unsubscribed, counts.delivered, "Recipients who left ÷ delivered."),
        _rate(
            "Complained",
            counts.complained,
            counts.accepted,
            "Recipients who pressed “spam” ÷ accepted, where the provider tells. Amber from 0.1 %, red from "
            "0.3 %.",
            COMPLAINTS,
            digits=2,
        ),
    )


def _people(what: str) -> str:
    return (
        f"People who {what} ÷ delivered. Recipients for whom only machines did (privacy proxies, link "
        "scanners) are counted apart, with the evidence for each."
    )


def _rest(counts: Counts) -> str:
    parts = [
        f"{counts.waiting + counts.deferred:,} to go" if counts.waiting + counts.deferred else "",
        f"{counts.skipped:,} skipped" if counts.skipped else "",
    ]
    return " · ".join(part for part in parts if part) or "all tried"


def _rate(
    label: str,
    part: int,
    whole: int,
    why: str,
    lines: tuple[float, float] | None = None,
    *,
    beside: int = 0,
    digits: int = 1,
) -> Tile:
    hue: Hue = "gray"
    if lines is not None and whole and part / whole >= lines[0]:
        hue = "red" if part / whole >= lines[1] else "orange"
    machines = f" · {beside:,} machine" if beside else ""
    return Tile(
        label, percent(part, whole, digits), f"{part:,}{machines}" if whole else "nothing yet", hue, why
    )


def stages(counts: Counts) -> Sequence[Stage]:
    return (
        Stage("Audience", counts.audience),
        Stage("Attempted", counts.attempted),
        Stage("Accepted", counts.accepted),
        Stage("Delivered", counts.delivered),
        Stage("Opened", counts.opened, counts.machine_opened),
        Stage("Clicked", counts.clicked, counts.machine_clicked),
    )


def funnel_table(counts: Counts) -> pd.DataFrame:
    rows = [(stage.name, stage.count, stage.beside) for stage in stages(counts)]
    return pd.DataFrame(rows, columns=["stage", "recipients", "only machines"])


def provider_table(rows: Sequence[Counts], lanes: Mapping[str, Lane]) -> pd.DataFrame:
    """The columns of the per-provider report; shares are numbers from 0 to 100, None without a whole."""
    return pd.DataFrame([_provider(row, lanes.get(row.provider)) for row in rows])


def _provider(row: Counts, lane: Lane | None) -> dict[str, object]:
    return {
        "provider": row.provider or "not looked up yet",
        "audience": row.audience,
        "attempted": row.attempted,
        "delivered": row.delivered,
        "delivered %": _share(row.delivered, row.attempted),
        "deferred now": row.deferred,
        "refused": row.failed,
        "bounced later": row.bounced_later,
        "no answer": row.unknown,
        "tries each": round(row.attempts / row.attempted, 2) if row.attempted else None,
        "opened %": _share(row.opened, row.delivered),
        "only machines": row.machine_opened,
        "clicked %": _share(row.clicked, row.delivered),
        "unsubscribed": row.unsubscribed,
        "complained": row.complained,
        "pace": "" if lane is None else _pace(lane),
    }


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _pace(lane: Lane) -> str:
    return lane.state if not lane.reason else f"{lane.state}: {lane.reason}"


def happened(incidents: Sequence[Incident]) -> Sequence[Happening]:
    """When a condition of the sending domain began, and when it ended."""
    began = [
        Happening(one.opened_at, f"{one.kind}: {one.subject}", "red") for one in incidents if one.opened_at
    ]
    ended = [Happening(one.closed_at, f"over: {one.subject}", "green") for one in incidents if one.closed_at]
    return [*began, *ended]


def bounce_table(bounces: Sequence[Bounce]) -> pd.DataFrame:
    rows = [_bounce(bounce) for bounce in bounces]
    names = ["class", "whose fault", "what follows", "provider", "recipients", "code", "a reply"]
    return pd.DataFrame(rows, columns=names)


def _bounce(bounce: Bounce) -> tuple[object, ...]:
    code = " ".join(str(part) for part in (bounce.code, bounce.enhanced) if part)
    follows = consequence(bounce.category)
    fault = "nobody's" if follows.fault is Fault.NONE else follows.fault.value
    name = (bounce.category or Category.UNCLASSIFIED).replace("_", " ")
    return name, fault, ACTIONS[follows.action], bounce.provider, bounce.count, code, bounce.reply


def consequence(category: str) -> Consequence:
    """Whose fault a class is, and what the sender does about it; a class of another version is reviewed."""
    known = Category(category) if category in set(Category) else Category.UNCLASSIFIED
    return CONSEQUENCES[known]
