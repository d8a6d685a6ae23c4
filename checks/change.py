"""A record change as arguments of a finding: what stands in DNS now and what should stand there.

The four arguments are the machine-readable fix, from which `homing check --fix bind` prints records.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from checks.model import Finding, Value

ARGS = ("dns_name", "dns_type", "before", "after")


@dataclass(frozen=True, slots=True)
class Change:
    """One record replaced at `name`; an empty `before` adds it, an empty `after` removes it."""

    name: str
    type: str
    before: str
    after: str

    @property
    def args(self) -> Mapping[str, Value]:
        """To be merged into a finding's arguments."""
        return {"dns_name": self.name, "dns_type": self.type, "before": self.before, "after": self.after}


def change_of(finding: Finding) -> Change | None:
    """The record change that a finding proposes, if it proposes one."""
    if not all(isinstance(finding.args.get(name), str) for name in ARGS):
        return None
    return Change(*(str(finding.args[name]) for name in ARGS))
