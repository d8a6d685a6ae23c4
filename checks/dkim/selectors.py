"""Which selectors to look at, and how each became known: configured, learned, mapped, guessed.

There is no list of a domain's selectors in DNS. A guess that misses says nothing (it is `unknown`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from checks.names import is_subdomain


class Origin(StrEnum):
    """How a selector became known, the surest first."""

    CONFIGURED = "configured"
    LEARNED = "learned"
    MAPPED = "mapped"
    GUESSED = "guessed"

    @property
    def claimed(self) -> bool:
        """Whether the selector is known to be in use, so that its absence is a fault."""
        return self in (Origin.CONFIGURED, Origin.LEARNED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A selector, and what suggested it."""

    selector: str
    origin: Origin
    because: str = ""


SERVICES: Mapping[str, tuple[str, ...]] = {
    "google.com": ("google",),
    "googlemail.com": ("google",),
    "outlook.com": ("selector1", "selector2"),
    "mcsv.net": ("k1", "k2", "k3"),
    "mandrillapp.com": ("mandrill", "mte1", "mte2"),
    "sendgrid.net": ("s1", "s2", "smtpapi"),
    "messagingengine.com": ("fm1", "fm2", "fm3"),
    "mtasv.net": ("pm",),
    "hubspotemail.net": ("hs1", "hs2"),
    "zoho.com": ("zoho", "zmail"),
    "zoho.eu": ("zoho", "zmail"),
    "constantcontact.com": ("ctct1", "ctct2"),
    "icloud.com": ("sig1",),
    "protonmail.ch": ("protonmail", "protonmail2", "protonmail3"),
    "mailgun.org": ("mailo", "pic", "krs", "k1", "mg"),
    "sendinblue.com": ("mail", "brevo1", "brevo2"),
    "brevo.com": ("mail", "brevo1", "brevo2"),
    "mailjet.com": ("mailjet",),
    "klaviyomail.com": ("kl", "kl2"),
    "zendesk.com": ("zendesk1", "zendesk2"),
    "gandi.net": ("gm1", "gm2", "gm3"),
    "yandex.net": ("mail",),
    "mailerlite.com": ("litesrv", "ml"),
    "freshemail.io": ("fd", "fd2"),
}
"""A mail service's domain, as SPF includes and MX hosts name it -> the selectors of its customers."""

# fmt: off
GUESSES = (
    "default", "mail", "dkim", "s1", "s2", "selector1", "selector2", "google", "k1", "k2", "s1024", "s2048",
    "key1", "smtp", "mx", "email", "dkim1", "mail1",
)
# fmt: on
CANARY = "homing-no-such-selector"
"""If even this one answers, the zone has a wildcard and no guess proves anything."""


def mapped(names: Iterable[str]) -> tuple[Candidate, ...]:
    """The selectors that the services behind SPF includes and MX hosts use."""
    found: dict[str, Candidate] = {}
    for name in names:
        for service, selectors in SERVICES.items():
            if is_subdomain(name, of=service):
                for selector in selectors:
                    found.setdefault(selector, Candidate(selector, Origin.MAPPED, name))
    return tuple(found.values())


def guessed() -> tuple[Candidate, ...]:
    return tuple(Candidate(selector, Origin.GUESSED) for selector in GUESSES)


def known(configured: Iterable[str], learned: Iterable[str]) -> tuple[Candidate, ...]:
    """Selectors that somebody said or that mail showed; the surer origin wins."""
    found = {selector: Candidate(selector, Origin.LEARNED) for selector in learned}
    return tuple({**found, **{s: Candidate(s, Origin.CONFIGURED) for s in configured}}.values())
