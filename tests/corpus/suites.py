"""Which adapter answers a suite, and what rate it must reach."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from tests.corpus.cases import Case

Output = dict[str, Any]
Adapter = Callable[[Case], Output]


@dataclass(frozen=True)
class Suite:
    """`adapter` is "module:function" below `tests.corpus`; `at_least` the share of cases (or the AUC), of
    those whose input names one of `only` where it says of which provider it is.
    """

    adapter: str
    at_least: float
    only: Collection[str] = ()

    def load(self) -> Adapter:
        module, _, name = self.adapter.partition(":")
        adapter: Adapter = getattr(import_module(f"tests.corpus.{module}"), name)
        return adapter


OURS = ("amazon_ses", "mailgun", "mandrill", "postmark", "sendgrid")
"""The providers that Homing sends through."""

SUITES: Mapping[str, Suite] = {
    "address-syntax": Suite("audience:address", 0.97),
    "arc-validate": Suite("messages:chain", 1.0),
    "auth-message": Suite("messages:whole", 1.0),
    "authres-parse": Suite("headers:authentication_results", 0.95),
    "autoreply": Suite("returns:mail", 0.9),
    "bimi-svg": Suite("policies:logo", 1.0),
    "bounce-flufl": Suite("returns:mail", 0.96),
    "bounce-perl": Suite("returns:mail", 0.9),
    "bounce-sisimai": Suite("returns:mail", 0.98),
    "complaint-arf": Suite("returns:mail", 1.0),
    "dkim-verify": Suite("messages:signatures", 1.0),
    "dmarc-alignment": Suite("dmarc:alignment", 1.0),
    "dmarc-discovery": Suite("dmarc:discovery", 1.0),
    "dmarc-eval": Suite("dmarc:evaluation", 1.0),
    "dmarc-report": Suite("reports:report", 0.95),
    "dnsbl-code": Suite("lists:answer", 1.0),
    "header-address": Suite("headers:address_list", 0.9),
    "header-received": Suite("headers:received", 0.9),
    "helo-mx": Suite("policies:helo_or_mx", 1.0),
    "mta-sts-domain": Suite("policies:sts_domain", 1.0),
    "mta-sts-match": Suite("policies:sts_match", 1.0),
    "not-a-bounce": Suite("returns:mail", 1.0),
    "org-domain-psl": Suite("dmarc:owner", 1.0),
    "provider-reply": Suite("returns:reply", 0.95),
    "record-lint": Suite("lint:record", 0.95),
    "smtp-reply-class": Suite("returns:reply", 0.95),
    "spf-extra": Suite("spf:evaluation", 1.0),
    "spf-rfc7208": Suite("spf:evaluation", 1.0),
    "tls-report": Suite("reports:report", 1.0),
    "ua-bot": Suite("hits:agent", 0.98),
    "webhook-events": Suite("hooks:events", 1.0, OURS),
    "webhook-signature": Suite("hooks:authentic", 1.0, OURS),
}
"""In alphabetical order, a line each."""
