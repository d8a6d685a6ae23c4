"""The table of checks. To add one: write its file, its wording, its zones, and one line here."""

from collections.abc import Collection, Mapping

from checks import hygiene, mx, resolver, tls_rpt
from checks.bimi import check as bimi
from checks.blocklists import check as blocklists
from checks.check import Check, Level, MessageCheck
from checks.consistency import check as consistency
from checks.dane import check as dane
from checks.dkim import check as dkim
from checks.dkim import message as signatures
from checks.dmarc import check as dmarc
from checks.model import Scope, Severity
from checks.mta_sts import check as mta_sts
from checks.rdns import check as rdns
from checks.smtp import check as smtp
from checks.smtp import relay
from checks.spf import check as spf

CHECKS: tuple[Check, ...] = (
    spf.CHECK,
    dmarc.CHECK,
    dkim.CHECK,
    rdns.CHECK,
    blocklists.CHECK,
    hygiene.CHECK,
    consistency.CHECK,
    resolver.CHECK,
    mx.CHECK,
    mta_sts.CHECK,
    tls_rpt.CHECK,
    smtp.CHECK,
    relay.CHECK,
    dane.CHECK,
    bimi.CHECK,
)

MESSAGE_CHECKS: tuple[MessageCheck, ...] = (signatures.CHECK,)
"""What is looked at in one message."""

BUG = "BUG-001"
"""A check of ours raised. Emitted by the audit itself, so that the other findings are not lost."""

CODES: Mapping[str, Level] = {
    BUG: Severity.HIGH,
    **{code: level for check in CHECKS for code, level in check.codes.items()},
    **{code: level for check in MESSAGE_CHECKS for code, level in check.codes.items()},
}


class UnknownCheckError(ValueError):
    """Somebody named a check that does not exist; the message lists those that do."""


def chosen(scope: Scope, only: Collection[str] = ()) -> tuple[Check, ...]:
    """The checks of a scope, or those among all that `only` names (by check or by code family, any case)."""
    if not only:
        return tuple(check for check in CHECKS if scope in check.scopes)
    wanted = {name.strip().lower() for name in only}
    known = {word for check in CHECKS for word in (check.name, *check.families)}
    if strange := sorted(wanted - known):
        names = ", ".join(check.name for check in CHECKS)
        raise UnknownCheckError(f"There is no check called {', '.join(strange)}. The checks are: {names}.")
    return tuple(check for check in CHECKS if check.name in wanted or check.families & wanted)
