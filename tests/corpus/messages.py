"""Adapters of the suites of whole messages: DKIM, ARC, and all of authentication together."""

from checks.arc.validate import Chain, validate
from checks.authentication import Envelope, authenticate
from checks.dkim.verify import overall, verify
from checks.mail import read_mail
from tests.corpus.cases import NOW, Case
from tests.corpus.suites import Output


def signatures(case: Case) -> Output:
    """One word for the message."""
    return {"result": overall(verify(read_mail(case.read()), case.dns(), NOW)).value}


def chain(case: Case) -> Output:
    """The chain validation status; a key that cannot be asked for breaks the chain too.

    The suite is older than RFC 8617: where the last seal itself says cv=fail it expects "none", since nothing
    is validated then, while section 5.2 of the RFC (and the product) say "fail".
    """
    found = validate(read_mail(case.read()), case.dns())
    if found.given_up:
        return {"cv": Chain.NONE.value}
    return {"cv": "fail" if found.result is Chain.TEMPERROR else found.result.value}


def whole(case: Case) -> Output:
    """SPF, DKIM, DMARC and ARC of one message and its envelope."""
    asked = case.input
    envelope = Envelope(asked["ip"] or "", asked["mailfrom"] or "", asked["helo"] or "")
    found = authenticate(read_mail(case.read()), envelope, case.dns(), NOW)
    dmarc = found.dmarc
    return {
        "spf": found.spf.result.value if found.spf else "none",
        "dkim": overall(found.dkim).value,
        "dmarc": dmarc.result.value if dmarc else "none",
        "policy": dmarc.disposition.value if dmarc and dmarc.disposition else None,
        "arc": found.arc.result.value,
    }
