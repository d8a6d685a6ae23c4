"""All of authentication for one message: SPF, DKIM, ARC, and DMARC over what passed (RFC 8601)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from checks.arc.validate import Validated, validate
from checks.dkim.verify import Result as DkimResult
from checks.dkim.verify import Verified, verify
from checks.dmarc.align import DmarcResult, Evaluation, evaluate
from checks.dmarc.author import author_domain
from checks.mail import Mail
from checks.ports import Dns
from checks.spf.evaluate import Verdict
from checks.spf.evaluate import evaluate as check_host
from checks.spf.terms import Result as SpfResult


@dataclass(frozen=True, slots=True)
class Envelope:
    """How the message came: without `ip` nobody can say anything of SPF."""

    ip: str = ""
    mail_from: str = ""
    helo: str = ""


@dataclass(frozen=True, slots=True)
class Authentication:
    """The four verdicts. `spf` is None without an address, `dmarc` None without a From domain."""

    mail: Mail
    envelope: Envelope
    now: datetime
    spf: Verdict | None
    dkim: tuple[Verified, ...]
    arc: Validated
    author: str | None
    dmarc: Evaluation | None

    @property
    def signed_by(self) -> tuple[str, ...]:
        """The domains whose signatures hold."""
        return tuple(one.domain for one in self.dkim if one.result is DkimResult.PASS)


def authenticate(mail: Mail, envelope: Envelope, dns: Dns, now: datetime) -> Authentication:
    """Authenticate one message as of `now`."""
    spf = None
    if envelope.ip and (envelope.mail_from or envelope.helo):
        spf = check_host(
            dns, ip=envelope.ip, mail_from=envelope.mail_from, helo=envelope.helo, now=now, receiver="unknown"
        )
    dkim = verify(mail, dns, now)
    author = author_domain(mail.first("from"))
    dmarc = _dmarc(dns, author, spf, dkim) if author else None
    return Authentication(mail, envelope, now, spf, dkim, validate(mail, dns), author, dmarc)


def _dmarc(dns: Dns, author: str, spf: Verdict | None, dkim: Sequence[Verified]) -> Evaluation:
    """DMARC over what passed. What could not be told counts only if it would have made the difference."""
    passed_spf = [spf.domain] if spf is not None and spf.result is SpfResult.PASS else []
    passed_dkim = [one.domain for one in dkim if one.result is DkimResult.PASS]
    found = evaluate(dns, author, passed_spf, passed_dkim)
    if found.result is not DmarcResult.FAIL:
        return found
    open_spf = [spf.domain] if spf is not None and spf.result is SpfResult.TEMPERROR else []
    open_dkim = [one.domain for one in dkim if one.result is DkimResult.TEMPERROR]
    if not open_spf and not open_dkim:
        return found
    best = evaluate(dns, author, [*passed_spf, *open_spf], [*passed_dkim, *open_dkim])
    if best.result is DmarcResult.FAIL:
        return found
    return Evaluation(DmarcResult.TEMPERROR, found.policy, None)
