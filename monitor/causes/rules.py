"""Which effects which happenings usually have: a fixed table, and the ranking by it. Pure.

The weight of a suspect is how often such a thing is to blame (the table), times how shortly before it
happened.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.causes.happenings import Happening, Kind

DAY = timedelta(days=1)
LONGEST = 3 * DAY
NAMES: Mapping[Kind, str] = {
    Kind.SPF: "change of SPF",
    Kind.DKIM: "change of a DKIM key",
    Kind.DMARC: "change of DMARC",
    Kind.PTR: "change of a reverse name",
    Kind.MX: "change of the MX records",
    Kind.CERTIFICATE: "change of a certificate",
    Kind.RECORD: "change of another record",
    Kind.LISTING: "listing on a blocklist",
    Kind.BREAKAGE: "broken record",
    Kind.SPIKE: "spike of bounces, complaints or refusals",
    Kind.VOLUME: "step in volume",
    Kind.CAMPAIGN: "start of a campaign",
    Kind.IMPORT: "import of people",
    Kind.PLACEMENT: "placement in spam",
}


@dataclass(frozen=True, slots=True)
class Prior:
    """`weight` 0 to 1; what lies further back than `within` is not to blame."""

    weight: float
    within: timedelta


RULES: Mapping[str, Mapping[Kind, Prior]] = {
    "authentication": {
        Kind.SPF: Prior(1.0, DAY),
        Kind.DKIM: Prior(1.0, DAY),
        Kind.DMARC: Prior(0.9, DAY),
        Kind.PTR: Prior(0.5, DAY),
        Kind.BREAKAGE: Prior(0.6, DAY),
    },
    "blocks": {
        Kind.LISTING: Prior(1.0, 2 * DAY),
        Kind.SPIKE: Prior(0.8, 2 * DAY),
        Kind.PTR: Prior(0.7, DAY),
        Kind.VOLUME: Prior(0.6, DAY),
        Kind.IMPORT: Prior(0.5, LONGEST),
        Kind.SPF: Prior(0.4, DAY),
        Kind.DKIM: Prior(0.4, DAY),
        Kind.CAMPAIGN: Prior(0.3, DAY),
    },
    "deferrals": {
        Kind.VOLUME: Prior(1.0, DAY),
        Kind.LISTING: Prior(0.7, DAY),
        Kind.CERTIFICATE: Prior(0.6, DAY),
        Kind.PTR: Prior(0.5, DAY),
        Kind.CAMPAIGN: Prior(0.4, DAY),
        Kind.SPF: Prior(0.3, DAY),
        Kind.DKIM: Prior(0.3, DAY),
    },
    "bounces": {
        Kind.IMPORT: Prior(1.0, LONGEST),
        Kind.LISTING: Prior(0.5, DAY),
        Kind.CAMPAIGN: Prior(0.4, DAY),
        Kind.VOLUME: Prior(0.3, DAY),
    },
    "complaints": {
        Kind.IMPORT: Prior(1.0, LONGEST),
        Kind.CAMPAIGN: Prior(0.6, 2 * DAY),
        Kind.VOLUME: Prior(0.5, 2 * DAY),
    },
    "placement": {
        Kind.LISTING: Prior(1.0, 2 * DAY),
        Kind.SPF: Prior(0.9, 2 * DAY),
        Kind.DKIM: Prior(0.9, 2 * DAY),
        Kind.DMARC: Prior(0.7, 2 * DAY),
        Kind.SPIKE: Prior(0.8, LONGEST),
        Kind.VOLUME: Prior(0.5, 2 * DAY),
        Kind.CAMPAIGN: Prior(0.4, 2 * DAY),
    },
    "listing": {
        Kind.SPIKE: Prior(1.0, LONGEST),
        Kind.IMPORT: Prior(0.9, LONGEST),
        Kind.VOLUME: Prior(0.7, 2 * DAY),
        Kind.CAMPAIGN: Prior(0.5, 2 * DAY),
    },
    "record": {
        Kind.SPF: Prior(1.0, DAY),
        Kind.DKIM: Prior(1.0, DAY),
        Kind.DMARC: Prior(1.0, DAY),
        Kind.PTR: Prior(1.0, DAY),
        Kind.MX: Prior(1.0, DAY),
        Kind.RECORD: Prior(0.8, DAY),
        Kind.CERTIFICATE: Prior(0.8, DAY),
    },
    "reports": {
        Kind.SPF: Prior(0.9, LONGEST),
        Kind.DKIM: Prior(0.9, LONGEST),
        Kind.CAMPAIGN: Prior(0.3, LONGEST),
    },
}
"""kind of incident -> kind of happening -> how likely it is to blame"""

FAMILIES: Mapping[str, Kind] = {
    "SPF": Kind.SPF,
    "DKIM": Kind.DKIM,
    "DMARC": Kind.DMARC,
    "RDNS": Kind.PTR,
    "MX": Kind.MX,
    "SMTP": Kind.CERTIFICATE,
    "STS": Kind.RECORD,
}
"""A broken record is blamed on a change of that record, and of no other."""
LEAST = 0.05
MOST = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """What is to be explained. `blind`: the domain's records could not be looked at lately."""

    kind: str
    at: datetime
    code: str = ""
    domain: str = ""
    provider: str = ""
    subject: str = ""
    incident: int | None = None
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Suspect:
    """`weight` 0 to 1, to be compared and not to be believed as a probability."""

    weight: float
    happening: Happening
    why: str


@dataclass(frozen=True, slots=True)
class Explained:
    suspects: Sequence[Suspect]
    ruled_out: Sequence[str]
    open: Sequence[str]
    """What could not be looked at, and is therefore not ruled out."""


def explain(effect: Effect, happened: Collection[Happening]) -> Explained:
    """Who is to blame, the likeliest first; what did not happen; and what nobody could tell."""
    priors = _priors(effect)
    before = [each for each in happened if _concerns(effect, each)]
    suspects = [
        Suspect(weight, each, _why(effect, each))
        for each in before
        if each.kind in priors and (weight := _weight(priors[each.kind], effect, each)) >= LEAST
    ]
    suspects.sort(key=lambda suspect: (-suspect.weight, suspect.happening.at))
    met = {suspect.happening.kind for suspect in suspects}
    absent = [kind for kind in priors if kind not in met]
    records = {*FAMILIES.values()}
    unknown = [kind for kind in absent if effect.blind and kind in records]
    return Explained(
        suspects[:MOST],
        [f"no {NAMES[kind]} within {_span(priors[kind].within)}" for kind in absent if kind not in unknown],
        [f"{NAMES[kind]}: could not be looked at" for kind in unknown],
    )


def _priors(effect: Effect) -> Mapping[Kind, Prior]:
    priors = RULES.get(effect.kind, {})
    own = FAMILIES.get(effect.code.rpartition("-")[0])
    if effect.kind != "record":
        return priors
    return {own: priors[own]} if own is not None and own in priors else {}


def _concerns(effect: Effect, each: Happening) -> bool:
    """Before it, not itself, and about the same domain or provider where both name one."""
    if each.at > effect.at and (each.since is None or each.since > effect.at):
        return False
    if each.incident is not None and each.incident == effect.incident:
        return False
    if effect.domain and each.domain and each.domain != effect.domain:
        return False
    if effect.kind == "record" and effect.subject and each.subject != effect.subject:
        return False
    return not (effect.provider and each.provider and each.provider != effect.provider)


def _weight(prior: Prior, effect: Effect, each: Happening) -> float:
    gap = max(effect.at - each.at, timedelta())
    if gap > prior.within:
        return 0.0
    return round(prior.weight * (1 - 0.7 * (gap / prior.within)), 3)


def _why(effect: Effect, each: Happening) -> str:
    gap = max(effect.at - each.at, timedelta())
    return f"{NAMES[each.kind]} {_span(gap)} before" if gap else f"{NAMES[each.kind]} at the same time"


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    for size, unit in ((1440, "days"), (60, "h")):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}"
    return f"{minutes} min"
