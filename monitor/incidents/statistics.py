"""When a rate is above a limit for certain enough: one-sided Wilson bounds (spikes are no accidents of
five mails).
"""

from math import sqrt

CERTAIN = 1.645
"""95 %, one-sided."""


def lower_bound(events: int, of: int, z: float = CERTAIN) -> float:
    """The rate that the true one is above, with the confidence of `z`; 0 to 1."""
    if of <= 0:
        return 0.0
    share = min(events / of, 1.0)
    spread = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (share + z * z / (2 * of) - spread) / (1 + z * z / of))


def exceeds(events: int, of: int, limit: float, least: int = 1) -> bool:
    """Whether the rate is above `limit`, and there are enough events to speak of."""
    return events >= least and lower_bound(events, of) > limit
