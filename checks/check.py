"""What a check is: a name, a function from facts to findings, and the codes it may emit."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.model import Finding, Scope, Severity, State, Target
from checks.ports import World

if TYPE_CHECKING:
    from checks.authentication import Authentication

Run = Callable[[Target, World], Iterator[Finding]]

Level = Severity | Mapping[State, Severity]
"""How bad a code is by default: one severity, or one for each state that differs.

`{State.FAIL: CRITICAL, State.WARN: MEDIUM}` is a rule with two grades; `State.UNKNOWN: INFO` makes "could not
find out" a note that does not change the exit code (a refused blocklist, a missed guess)."""

WATCHED = frozenset({Scope.AUDIT, Scope.WATCH})
DECISIVE = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `run` asks through the world and yields; it never prints, logs, sleeps or reads the clock.

    `codes` is the list of everything it may emit; a finding with another code is a bug. `cites` names the
    documents the rules come from. `scopes` says where it runs: `DECISIVE` checks also gate a campaign.
    """

    name: str
    run: Run
    cites: str
    codes: Mapping[str, Level]
    scopes: frozenset[Scope] = WATCHED
    of_addresses: bool = False
    """Whether it looks at the sending addresses; only such a check waits until they are known."""

    @property
    def families(self) -> frozenset[str]:
        """The families of its codes, lower-case: what `--only` understands beside the name."""
        return frozenset(code.rpartition("-")[0].lower() for code in self.codes)


@dataclass(frozen=True, slots=True)
class MessageCheck:
    """A check of one message: pure, over what its authentication found out."""

    name: str
    run: Callable[["Authentication"], Iterator[Finding]]
    cites: str
    codes: Mapping[str, Level]


def graded(level: Level, state: State) -> Severity:
    """The severity of `state` under `level`: a pass weighs nothing, an ungraded state as the worst one."""
    if state in (State.PASS, State.NOT_APPLICABLE):
        return Severity.INFO
    if isinstance(level, Severity):
        return level
    return level.get(state) or min(level.values(), key=lambda severity: severity.rank)
