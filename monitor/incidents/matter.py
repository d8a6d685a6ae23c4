"""What an incident is about, whoever noticed it: a look at a domain, the mail that goes out, a report,
ourselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from checks.model import Severity
from monitor.incidents.machine import Policy, Sighting


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of it. `evidence` are answers as `observations.as_json` has them; `faults` a line for
    each.
    """

    title: str
    sentence: str
    fix: str = ""
    over: str = ""
    """What is said when it is over; "": in general words."""
    faults: Sequence[Mapping[str, Any]] = ()
    evidence: Sequence[Mapping[str, Any]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """More that programs may want: numbers, names, the provider."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One condition and what was seen of it now. `words` None: nothing new is to be said (it is clear,
    or could not be told). `target_id` None: it is about no one domain.
    """

    fingerprint: str
    kind: str
    domain: str
    target_id: int | None
    subject: str
    sighting: Sighting
    policy: Policy
    code: str = ""
    severity: Severity = Severity.HIGH
    words: Words | None = None
    since: datetime | None = None
    """When it began, where that is known better than by the look that noticed it."""
    vantage: str = ""
    """From where it was seen, where that was looked at: "two vantages"."""
    cause: str = ""
    """What it is told together with: the operator of a list, the family of a record."""
