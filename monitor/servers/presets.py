"""Servers that many people have, as a table: a preset is settings that one need not look up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """`needs` are settings that only its owner knows."""

    title: str
    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


_SUBMISSION = {"port": 587, "tls": "required"}

PRESETS: Mapping[str, Preset] = {
    "local": Preset("the MTA on this machine", "smtp", {"host": "127.0.0.1", "tls": "opportunistic"}),
    "postfix": Preset("Postfix on this machine", "smtp", {"host": "127.0.0.1", "tls": "opportunistic"}),
    "exim": Preset("Exim on this machine", "smtp", {"host": "127.0.0.1", "tls": "opportunistic"}),
    "sendmail": Preset("Sendmail on this machine", "smtp", {"host": "127.0.0.1", "tls": "opportunistic"}),
    "submission": Preset("a submission server (port 587, STARTTLS)", "smtp", _SUBMISSION, ("host", "user")),
    "submissions": Preset(
        "a submission server (port 465, TLS from the start)",
        "smtp",
        {"port": 465, "tls": "implicit"},
        ("host", "user"),
    ),
    "powermta": Preset(
        "PowerMTA", "smtp", {"port": 25, "tls": "opportunistic", "connections": 20}, ("host",)
    ),
    "exchange": Preset(
        "Exchange, through a receive connector with login", "smtp", _SUBMISSION, ("host", "user")
    ),
    "microsoft365": Preset(
        "Microsoft 365 (10,000 recipients a day, 30 messages a minute)",
        "smtp",
        {**_SUBMISSION, "host": "smtp.office365.com", "connections": 3, "per_day": 10_000, "per_second": 0.5},
        ("user",),
    ),
    "google-relay": Preset(
        "Google Workspace's relay (10,000 messages a day)",
        "smtp",
        {**_SUBMISSION, "host": "smtp-relay.gmail.com", "per_day": 10_000},
        ("user",),
    ),
    "ses-smtp": Preset("Amazon SES by SMTP (the host has the region)", "smtp", _SUBMISSION, ("host", "user")),
    "sendgrid-smtp": Preset(
        "SendGrid by SMTP", "smtp", {**_SUBMISSION, "host": "smtp.sendgrid.net", "user": "apikey"}
    ),
    "mailgun-smtp": Preset("Mailgun by SMTP", "smtp", {**_SUBMISSION, "host": "smtp.mailgun.org"}, ("user",)),
    "postmark-smtp": Preset(
        "Postmark by SMTP", "smtp", {**_SUBMISSION, "host": "smtp.postmarkapp.com"}, ("user",)
    ),
}
