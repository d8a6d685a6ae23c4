"""What is the effect of something else is shown, and not told: whoever hears of the cause needs no list
of effects.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

INHIBITS: Mapping[str, frozenset[str]] = {
    "resolver": frozenset({"blind"}),
    "scheduler": frozenset({"blind", "resolver", "worker"}),
    "worker": frozenset({"blind", "resolver"}),
}
"""kind of the cause -> kinds of its effects, while the cause is open."""


class Judged(Protocol):
    @property
    def kind(self) -> str: ...


def inhibited(incident: Judged, open_kinds: Collection[str]) -> bool:
    """Whether something that is open explains this one."""
    return any(incident.kind in INHIBITS.get(kind, ()) for kind in open_kinds)
