"""What a receiver concludes about a message: SPF, DKIM and DMARC, really computed from the world's DNS."""

from dataclasses import dataclass
from datetime import datetime

from checks import authentication
from checks.authentication import Authentication, authenticate
from checks.dkim.verify import Result as DkimResult
from checks.dmarc.align import DmarcResult
from checks.dmarc.record import Disposition
from checks.mail import read_mail
from checks.ports import Dns
from checks.spf.terms import Result as SpfResult


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the SMTP dialogue told: the client's address in the made-up world, and the envelope."""

    ip: str
    helo: str
    mail_from: str
    rcpt: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM signature and what became of it."""

    domain: str
    selector: str
    result: DkimResult


@dataclass(frozen=True, slots=True)
class Judgement:
    """The authentication of one message. `asked` is what its From domain asks receivers to do."""

    from_domain: str
    spf: SpfResult
    spf_domain: str
    signatures: tuple[Signature, ...] = ()
    dmarc: DmarcResult = DmarcResult.NONE
    asked: Disposition | None = None

    @property
    def dkim_good(self) -> bool:
        return any(signature.result is DkimResult.PASS for signature in self.signatures)

    @property
    def authenticated(self) -> bool:
        """One of SPF and DKIM passes: the least that any large provider asks for."""
        return self.spf is SpfResult.PASS or self.dkim_good

    @property
    def unsure(self) -> bool:
        """The sender's DNS did not answer, and the answer would make a difference."""
        open_ = SpfResult.TEMPERROR is self.spf or DmarcResult.TEMPERROR is self.dmarc
        return open_ and not self.dkim_good

    def header(self, authserv_id: str) -> str:
        """The value of an Authentication-Results field (RFC 8601)."""
        parts = [
            f"dkim={signature.result} header.d={signature.domain} header.s={signature.selector}"
            for signature in self.signatures
        ] or ["dkim=none"]
        parts.append(f"spf={self.spf} smtp.mailfrom={self.spf_domain}")
        policy = f" (p={self.asked.upper()})" if self.asked else ""
        parts.append(f"dmarc={self.dmarc}{policy} header.from={self.from_domain}")
        return ";\r\n\t".join([authserv_id, *parts])


def judge(dns: Dns, envelope: Envelope, message: bytes, now: datetime) -> Judgement:
    """Judge `message` as it arrived in this envelope."""
    known = authentication.Envelope(envelope.ip, envelope.mail_from, envelope.helo)
    return _judgement(authenticate(read_mail(message), known, dns, now))


def _judgement(found: Authentication) -> Judgement:
    return Judgement(
        found.author or "",
        found.spf.result if found.spf else SpfResult.NONE,
        found.spf.domain if found.spf else "",
        tuple(Signature(one.domain, one.selector, one.result) for one in found.dkim),
        found.dmarc.result if found.dmarc else DmarcResult.NONE,
        found.dmarc.policy.effective if found.dmarc else None,
    )
