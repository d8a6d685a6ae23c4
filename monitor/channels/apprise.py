"""Alerts to whatever Apprise speaks: Slack, Teams, Telegram, ntfy, PagerDuty, mail and a hundred others.

Where a notice goes is the operator's own configuration. Apprise connects by itself, past the guarded client.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import cast

from checks.model import Again
from monitor.channels.contract import ARRIVED, Notice, Told
from monitor.config.schema import AppriseChannel
from monitor.home import Home
from monitor.senses import Senses

KINDS = {"incident.recovered": "success", "incident.test": "info"}
"""Notice -> Apprise's notify_type, where the severity does not tell."""
SEVERITIES = {"critical": "failure", "high": "failure", "medium": "warning"}
LONGEST_WHY = 300


@dataclass(frozen=True, slots=True)
class AppriseOutput:
    """`url` as Apprise has it: "slack://token…", "mailto://user:password@host", "ntfy://host/topic"."""

    url: str

    def tell(self, notice: Notice, now: datetime) -> Told:
        del now
        import apprise  # a second of imports that instances without such a channel never pay

        target = apprise.Apprise()
        if not target.add(self.url):
            return Told(Again.NEVER, "its url is none that Apprise understands; see `homing config check`")
        with apprise.LogCapture(level=logging.WARNING) as log:  # type: ignore[no-untyped-call]
            arrived = target.notify(
                title=title(notice), body=body(notice), notify_type=kind(notice), body_format="text"
            )
            why = cast(StringIO, log).getvalue().strip().rpartition("\n")[2]
        return (
            ARRIVED if arrived else Told(Again.LATER, self._without_secrets(why) or "Apprise gave no reason")
        )

    def _without_secrets(self, why: str) -> str:
        """What Apprise logs may quote the address, which holds the token."""
        secrets = [part for part in self.url.partition("://")[2].split("/") if len(part) > 5]
        for secret in secrets:
            why = why.replace(secret, "…")
        return why[:LONGEST_WHY]


def title(notice: Notice) -> str:
    payload = notice.payload
    return str(payload.get("title") or f"Homing: {str(payload['type']).partition('.')[2]}")


def body(notice: Notice) -> str:
    """What happened, since when, and what to do next."""
    payload = notice.payload
    since = f"Since {payload['since']}." if payload.get("since") else ""
    cause = next(iter(payload.get("causes") or ()), None)
    likely = f"Likely: {cause['why']} ({cause['subject']}, {cause['sentence']})." if cause else ""
    said = (payload["text"], since, likely, payload.get("fix"), payload.get("runbook"))
    return "\n".join(str(line) for line in said if line)


def kind(notice: Notice) -> str:
    """Apprise's colour for it."""
    severity = SEVERITIES.get(str(notice.payload.get("severity")), "info")
    return KINDS.get(str(notice.payload["type"]), severity)


def open_channel(settings: AppriseChannel, home: Home, senses: Senses) -> AppriseOutput:
    del home, senses
    return AppriseOutput(settings.url.get_secret_value())
