"""The words for our own faults."""

from collections.abc import Mapping

from checks.wording.table import Wording

WORDING: Mapping[str, Wording] = {
    "BUG-001": Wording(
        title="A check of Homing broke",
        sentence="The check “{check}” stopped on {subject} with a fault of Homing's own: {error}.",
        unknown="The check “{check}” stopped on {subject} with a fault of Homing's own: {error}.",
        fix="Report the traceback; nothing is wrong on your side.",
        unknown_fix="Nothing is wrong on your side. Please report it with the traceback; the others ran on.",
    ),
}
