"""What comes and goes is told once and kept open until it has been quiet for a while. Pure."""

from dataclasses import replace
from datetime import timedelta

from monitor.incidents.machine import FLAPPING_FROM, Case, Policy

WINDOW = timedelta(hours=24)
"""How far back coming and going counts."""
QUIET, LONGEST_QUIET = timedelta(hours=1), timedelta(hours=4)
"""How long a flapping condition must have been clear, without a break, before it is over: longer each
time.
"""


def flaps(case: Case | None, policy: Policy) -> int:
    """How often it came, this time included."""
    return case.flaps if case is not None else policy.flaps + 1


def settled(policy: Policy, case: Case | None) -> Policy:
    """The policy that holds for a condition with this past."""
    beyond = flaps(case, policy) - FLAPPING_FROM
    if beyond < 0:
        return policy
    quiet = min(QUIET * 2 ** min(beyond, 4), LONGEST_QUIET)
    return replace(policy, keep_firing=max(policy.keep_firing, quiet))
