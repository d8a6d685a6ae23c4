"""What a receiver concludes about a message: SPF, DKIM and DMARC, really computed from the world's DNS."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from enum import StrEnum

import dkim

from checks.ports import Dns, Got
from checks.spf.evaluate import evaluate
from checks.spf.terms import Result
from checks.tags import parse_tags

MAX_SIGNATURES = 5


class Policy(StrEnum):
    """What the domain of the From header asks for (RFC 9989 section 4.7)."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the SMTP dialogue told: the client's address in the made-up world, and the envelope."""

    ip: str
    helo: str
    mail_from: str
    rcpt: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM signature and whether it verifies."""

    domain: str
    selector: str
    good: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """The authentication of one message. `policy` is None where the domain publishes no DMARC."""

    from_domain: str
    spf: Result
    spf_domain: str
    signatures: tuple[Signature, ...]
    policy: Policy | None

    @property
    def spf_aligned(self) -> bool:
        return self.spf is Result.PASS and _organisation(self.spf_domain) == _organisation(self.from_domain)

    @property
    def dkim_good(self) -> bool:
        return any(signature.good for signature in self.signatures)

    @property
    def dkim_aligned(self) -> bool:
        return any(
            signature.good and _organisation(signature.domain) == _organisation(self.from_domain)
            for signature in self.signatures
        )

    @property
    def authenticated(self) -> bool:
        """One of SPF and DKIM passes: the least that any large provider asks for."""
        return self.spf is Result.PASS or self.dkim_good

    @property
    def dmarc(self) -> str:
        if self.policy is None:
            return "none"
        return "pass" if self.spf_aligned or self.dkim_aligned else "fail"

    def header(self, authserv_id: str) -> str:
        """The value of an Authentication-Results field (RFC 8601)."""
        parts = [
            f"dkim={'pass' if signature.good else 'fail'}"
            f" header.d={signature.domain} header.s={signature.selector}"
            for signature in self.signatures
        ] or ["dkim=none"]
        parts.append(f"spf={self.spf} smtp.mailfrom={self.spf_domain}")
        policy = f" (p={self.policy.upper()})" if self.policy else ""
        parts.append(f"dmarc={self.dmarc}{policy} header.from={self.from_domain}")
        return ";\r\n\t".join([authserv_id, *parts])


def judge(dns: Dns, envelope: Envelope, message: bytes, now: datetime) -> Judgement:
    """Judge `message` (CRLF line ends) as it arrived in this envelope."""
    headers = BytesHeaderParser().parsebytes(message)
    from_domain = _from_domain(headers)
    spf = evaluate(dns, ip=envelope.ip, mail_from=envelope.mail_from, helo=envelope.helo, now=now)
    return Judgement(
        from_domain, spf.result, spf.domain, _signatures(dns, message), _policy(dns, from_domain)
    )


def _from_domain(headers: Message) -> str:
    return parseaddr(str(headers.get("From", "")))[1].rpartition("@")[2].lower()


def _signatures(dns: Dns, message: bytes) -> tuple[Signature, ...]:
    def key(name: bytes, timeout: int = 0) -> bytes | None:  # noqa: ARG001 - as dkimpy calls it
        answer = dns.ask(name.decode("ascii", "replace").rstrip("."), "TXT")
        return answer.texts[0].encode() if answer.got is Got.RECORDS else None

    try:
        verifier = dkim.DKIM(message)
    except dkim.DKIMException:
        return ()
    found = sum(name.lower() == b"dkim-signature" for name, _ in verifier.headers)
    return tuple(_signature(verifier, index, key) for index in range(min(found, MAX_SIGNATURES)))


def _signature(verifier: dkim.DKIM, index: int, key: Callable[[bytes], bytes | None]) -> Signature:
    try:
        good = bool(verifier.verify(index, dnsfunc=key))
    except (dkim.DKIMException, ValueError):
        good = False
    domain, selector = verifier.domain or b"", verifier.selector or b""
    return Signature(domain.decode("ascii", "replace"), selector.decode("ascii", "replace"), good)


def _policy(dns: Dns, domain: str) -> Policy | None:
    """The DMARC policy of a From domain, or of its organisational domain."""
    for place in dict.fromkeys((domain, _organisation(domain))):
        for text in dns.ask(f"_dmarc.{place}", "TXT").texts:
            tags = parse_tags(text)
            if tags.get("v") == "DMARC1":
                return _wanted(tags.get("p"))
    return None


def _wanted(policy: str | None) -> Policy:
    """An unknown or missing policy asks for nothing (RFC 9989 section 4.7)."""
    return Policy(policy.lower()) if policy and policy.lower() in list(Policy) else Policy.NONE


def _organisation(domain: str) -> str:
    """The organisational domain: in this world, the two labels up to `.test`."""
    return ".".join(domain.lower().split(".")[-2:])
