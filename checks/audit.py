"""One audit of one target: the chosen checks side by side, no check waiting for another."""

import traceback
from collections.abc import Collection, Sequence
from dataclasses import replace

from checks.catalog import BUG, chosen
from checks.check import Check
from checks.model import Finding, Report, Scope, State, Target
from checks.net.fibres import Task, hub
from checks.ports import World
from checks.targets import completed
from checks.trace import Trace


class UndeclaredCodeError(AssertionError):
    """A check yielded a code that is not in its table."""


ADDRESSES = "addresses"
"""What the checks of addresses wait for: the trace's name for `checks.targets`."""


def audit(
    target: Target,
    world: World,
    scope: Scope = Scope.AUDIT,
    only: Collection[str] = (),
    trace: Trace | None = None,
) -> Report:
    """Run the checks of `scope` (or those named in `only`) on `target`, everything at `world.now`.

    A target without addresses gets those that its DNS names (`checks.targets`); the report tells them.
    Findings come in the order of the catalog. A check that raises keeps what it had found and adds BUG-001.
    Raises `checks.catalog.UnknownCheckError` for a name in `only` that is no check.
    """
    return gather(chosen(scope, only), target, world, scope, trace)


def gather(
    checks: Sequence[Check], target: Target, world: World, scope: Scope, trace: Trace | None = None
) -> Report:
    """The findings of all `checks`, in their order; each runs in a fibre of its own."""
    dns = trace.follow(world.dns, ADDRESSES) if trace else world.dns
    fibres = hub()
    whole = fibres.start(completed, target, dns)
    running = [fibres.start(_run_on, check, target, whole, world, trace) for check in checks]
    findings = tuple(finding for found in running for finding in found.result())
    return Report(whole.result(), scope, world.now, findings)


def _run_on(
    check: Check, target: Target, whole: Task[Target], world: World, trace: Trace | None
) -> tuple[Finding, ...]:
    examined = whole.result() if check.of_addresses else target
    if trace:
        after = ADDRESSES if check.of_addresses else ""
        world = replace(world, dns=trace.follow(world.dns, check.name, after))
    return run(check, examined, world)


def run(check: Check, target: Target, world: World) -> tuple[Finding, ...]:
    """All findings of one check; an exception becomes one more finding, after those that came before it."""
    found: list[Finding] = []
    try:
        for finding in check.run(target, world):
            if finding.code not in check.codes:
                raise UndeclaredCodeError(f"{check.name} yielded {finding.code}, which it does not declare")
            found.append(finding)
    except Exception as error:  # the one place where a bug of a check is caught
        found.append(_bug(check, target, error))
    return tuple(found)


def _bug(check: Check, target: Target, error: Exception) -> Finding:
    said = "".join(traceback.format_exception(error))
    args = {"check": check.name, "error": f"{type(error).__name__}: {error}"[:300], "traceback": said}
    return Finding(BUG, State.UNKNOWN, target.domain, args)
