"""Several notices that wait for one channel become one, when they are too many to be read one by one.
Pure.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from checks.model import Severity
from data.alerts import Alert, NoticeKind

ONE_BY_ONE = 3
"""So many at once are told each by itself."""
MOST_NAMED = 5


def is_digest(waiting: Sequence[Alert]) -> bool:
    return len(waiting) > ONE_BY_ONE


def key_of(waiting: Sequence[Alert]) -> str:
    """The same notices give the same key, so that a receiver can drop a repetition."""
    text = "\n".join(sorted(each.key for each in waiting))
    return "digest-" + hashlib.sha256(text.encode()).hexdigest()[:32]


def digest(waiting: Sequence[Alert], now: datetime) -> Mapping[str, Any]:
    """The payload that speaks of all of them: how many, of what, the first by name, and every number."""
    gravest = min((Severity(str(each.payload.get("severity", "info"))) for each in waiting), key=_rank)
    begun = [each for each in waiting if each.notice is not NoticeKind.RECOVERED]
    over = len(waiting) - len(begun)
    return {
        "type": "incident.digest" if begun else "incident.digest_recovered",
        "severity": gravest.value,
        "title": _title(len(begun), over),
        "text": f"{_title(len(begun), over)}: {_causes(begun or waiting)}. {_first(begun or waiting)}",
        "fix": "homing incident list shows all of them, the worst first.",
        "at": now.isoformat(),
        "since": min(str(each.payload.get("since", now.isoformat())) for each in waiting),
        "incidents": [each.incident_id for each in waiting],
        "notices": [
            {
                name: each.payload.get(name, "")
                for name in ("type", "incident", "kind", "domain", "subject", "code", "severity", "text")
            }
            for each in waiting
        ],
    }


def _rank(severity: Severity) -> int:
    return severity.rank


def _title(begun: int, over: int) -> str:
    parts = [f"{begun} incidents" if begun else "", f"{over} over" if over else ""]
    return ", ".join(part for part in parts if part)


def _causes(waiting: Sequence[Alert]) -> str:
    """ "580 listing by spamhaus, 20 record DKIM": by cause, the most frequent first."""
    counted = Counter(
        f"{each.payload.get('kind', '')} {each.payload.get('cause', '')}".strip() for each in waiting
    )
    shown = [f"{count} {what}" for what, count in counted.most_common(MOST_NAMED)]
    return ", ".join(shown) + (" …" if len(counted) > MOST_NAMED else "")


def _first(waiting: Sequence[Alert]) -> str:
    names = list(dict.fromkeys(str(each.payload.get("subject", "")) for each in waiting))
    more = len(names) - MOST_NAMED
    return "First: " + ", ".join(names[:MOST_NAMED]) + (f" and {more} more." if more > 0 else ".")
