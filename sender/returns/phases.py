"""At which command something was said, from the words around it.

A server that refuses the recipient by itself says something else about them than one that refuses the
message as a whole.
"""

import re
from collections.abc import Sequence

from sender.returns.classify import Phase
from sender.returns.patterns import any_of

LONGEST = 60_000

PHASES: Sequence[tuple[Phase, re.Pattern[str]]] = (
    (
        Phase.RCPT,
        any_of(
            r"in reply to rcpt",
            r"smtp:rcpt",
            r"remote smtp server has rejected address",
            r"after rcpt",
            r"rcpt to[:\s].{0,300}$",
            r"\[rcpt_to\]",
            r"our rcpt",
            r"does not like recipient",
            r"rejected recipient",
            r"progress was rcpt",
            r">>> ?rcpt",
            flags=re.IGNORECASE | re.DOTALL,
        ),
    ),
    (
        Phase.DATA,
        any_of(
            r"in reply to (?:end of )?data",
            r"smtp:data",
            r"smtp transmission failure",
            r"after end of data",
            r">>> ?data",
            r"after i sent the message",
            r"our final data",
            r"step: data",
            r"\(data\)",
            r"(?:smtp )?command\W{1,5}data\b",
            r"after data",
        ),
    ),
    (
        Phase.MAIL,
        any_of(
            r"in reply to mail",
            r"after mail from",
            r"but sender was rejected",
            r">>> ?mail from",
            r"our mail from",
        ),
    ),
    (
        Phase.CONNECT,
        any_of(
            r"after initial connection",
            r"in reply to (?:ehlo|helo)",
            r"after (?:ehlo|helo)",
            r">>> ?(?:ehlo|helo)",
        ),
    ),
)


def phase_in(words: str) -> Phase:
    """At which command it was said, as far as the words tell; the last cue before the reply counts."""
    best, at = Phase.UNKNOWN, -1
    for phase, pattern in PHASES:
        for match in pattern.finditer(words[:LONGEST]):
            if match.start() > at:
                best, at = phase, match.start()
    return best
