"""The composite: 100 less what each input costs. A table, and nothing hidden. Pure.

No provider publishes its own formula, and Google's domain reputation is gone: this one is ours, and says
so. Each input costs up to its weight, along straight lines between the points of its table. What is not
known costs nothing and is shown as such; when more than 30 % of the weight is unknown there is no score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

MOST_UNKNOWN = 0.30


@dataclass(frozen=True, slots=True)
class Input:
    """`curve`: (value, cost) in order of value; beyond its ends the cost stays. The greatest cost is the
    weight.
    """

    name: str
    title: str
    curve: Sequence[tuple[float, float]]
    says: str

    @property
    def weight(self) -> float:
        return max(cost for _, cost in self.curve)

    def cost(self, value: float) -> float:
        (first, low), (last, high) = self.curve[0], self.curve[-1]
        if value <= first:
            return low
        if value >= last:
            return high
        for (at, cost), (then, next_cost) in zip(self.curve, self.curve[1:], strict=False):
            if at <= value <= then:
                return cost + (next_cost - cost) * (value - at) / (then - at)
        return high


INPUTS: Sequence[Input] = (
    Input(
        "complaints",
        "Complaints",
        ((0, 0), (0.001, 10), (0.003, 40)),
        "complaints ÷ accepted; Gmail and Yahoo draw lines at 0.1 and 0.3 %",
    ),
    Input(
        "bounces",
        "Unknown addresses",
        ((0, 0), (0.02, 10), (0.05, 30)),
        "refused as unknown ÷ answered; SES reviews at 5 %",
    ),
    Input(
        "blocks",
        "Refused as unwanted",
        ((0, 0), (0.001, 20), (0.01, 40)),
        "refused for reputation or content ÷ answered",
    ),
    Input(
        "deferrals",
        "Put off",
        ((0.05, 0), (0.2, 5), (0.5, 15)),
        "recipients put off at least once ÷ attempted",
    ),
    Input(
        "placement",
        "Outside the inbox",
        ((0.05, 0), (0.5, 30)),
        "seeds outside the inbox ÷ seeds with a verdict",
    ),
    Input(
        "listings",
        "Blocklists",
        ((0, 0), (1, 5), (2, 20), (3, 50)),
        "the gravest list: 3 decides delivery, 2 is heeded by many, 1 by few",
    ),
    Input(
        "authentication",
        "Authentication",
        ((0, 0), (1, 20)),
        "1 when SPF, DKIM, DMARC or reverse names are broken with high severity",
    ),
    Input(
        "alignment",
        "DMARC failures of our own",
        ((0.01, 0), (0.1, 10)),
        "messages from our own sources that fail DMARC ÷ all from them, by receivers' reports",
    ),
    Input(
        "engagement",
        "Nobody reads it",
        ((0.5, 0), (0.85, 5), (0.98, 10)),
        "delivered to people of whom nobody opened or clicked ÷ delivered; machines count as nobody",
    ),
    Input("steadiness", "Volume jumps", ((1.5, 0), (3, 5)), "the busiest day ÷ the mean of the week"),
)
"""In order of the pages. The weights add up to 250: a sender with several faults is at nought soon enough."""


@dataclass(frozen=True, slots=True)
class Known:
    """An input's value, when it was true, and where it comes from; `of` is how many it rests on."""

    value: float
    at: datetime
    source: str
    of: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One input in a score. `known` None: nobody could tell, or there is too little to tell from; `why`
    says which.
    """

    input: Input
    known: Known | None
    cost: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """`score` None: too much is unknown. `low`: what it would be at worst if all unknown inputs were bad."""

    score: float | None
    low: float
    unknown_share: float
    parts: Sequence[Part]


def scored(known: Mapping[str, Known | str], inputs: Sequence[Input] = INPUTS) -> Score:
    """`known`: by the name of an input its value, or a sentence why there is none. Inputs that do not
    apply to what is scored (an address sends to nobody by itself) are left out of `inputs`.
    """
    parts = [_part(each, known.get(each.name, "nothing is known")) for each in inputs]
    total = sum(part.input.weight for part in parts) or 1.0
    unknown = sum(part.input.weight for part in parts if part.known is None)
    cost = sum(part.cost for part in parts)
    score = round(max(0.0, 100 - cost), 1)
    share = unknown / total
    low = round(max(0.0, 100 - cost - unknown), 1)
    return Score(score if share <= MOST_UNKNOWN else None, low, round(share, 3), parts)


def _part(each: Input, known: Known | str) -> Part:
    if isinstance(known, str):
        return Part(each, None, 0.0, known)
    return Part(each, known, round(each.cost(known.value), 2))
