"""Whether reports can arrive: the destination takes mail, and has agreed to reports of this domain."""

from dataclasses import dataclass
from enum import StrEnum

from checks.dmarc.policy import Policy
from checks.dmarc.uri import ReportUri
from checks.dmarc.walk import walks
from checks.memo import Memo
from checks.names import flaw
from checks.organization import organization
from checks.ports import Answer, Dns, Got, Mx, Question, Txt
from checks.tags import parse_tags

MOST = 10
"""Addresses of a tag that are looked into."""


class Consent(StrEnum):
    """Whether an external destination takes this domain's reports (RFC 9990 section 4)."""

    OWN = "own"
    GIVEN = "given"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Mailbox(StrEnum):
    """Whether the destination's domain takes mail at all."""

    TAKES = "takes"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Destination:
    """One URI of `rua` or `ruf` and what DNS says to it."""

    tag: str
    uri: ReportUri
    consent: Consent
    mailbox: Mailbox
    asked: str
    """The name that would hold the consent."""
    answers: tuple[Answer, ...]


def destinations(dns: Memo, policy: Policy) -> tuple[Destination, ...]:
    """Every report URI of the record that applies, all questions at once."""
    record, owner = policy.record, policy.found_at
    if record is None or owner is None:
        return ()
    uris = [("rua", uri) for uri in record.rua[:MOST]] + [("ruf", uri) for uri in record.ruf[:MOST]]
    dns.ask_all(
        [q for _, uri in uris for q in (*_mail_questions(uri), *_consent_questions(owner, uri.domain))]
    )
    own, *others = walks(dns, [owner, *(uri.domain for _, uri in uris)])
    outside = {
        other.start
        for other in others
        if organization(other.start) != organization(owner) and other.organizational != own.organizational
    }
    return tuple(_destination(dns, tag, uri, owner, external=uri.domain in outside) for tag, uri in uris)


def consent_name(owner: str, destination: str) -> str:
    """The name at which a destination agrees to reports of `owner`."""
    return f"{owner}._report._dmarc.{destination}"


def _mail_questions(uri: ReportUri) -> list[Question]:
    return [Question(uri.domain, rdtype) for rdtype in ("MX", "A", "AAAA")] if uri.scheme == "mailto" else []


def _consent_questions(owner: str, destination: str) -> list[Question]:
    """The wildcard is asked for by its own name too, since some zones show it only so."""
    asked = (consent_name(owner, destination), consent_name("*", destination))
    return [Question(name, "TXT") for name in asked if not flaw(name)]


def _destination(dns: Dns, tag: str, uri: ReportUri, owner: str, *, external: bool) -> Destination:
    name = consent_name(owner, uri.domain)
    mail = tuple(dns.ask_all(_mail_questions(uri)))
    said = tuple(dns.ask_all(_consent_questions(owner, uri.domain))) if external else ()
    consent = _consent(said) if external else Consent.OWN
    return Destination(tag, uri, consent, _mailbox(mail), name, (*said, *mail))


def _consent(answers: tuple[Answer, ...]) -> Consent:
    """A TXT record whose first tag is v=DMARC1 (RFC 9990 section 4)."""
    if any(
        _agrees(str(record)) for answer in answers for record in answer.records if isinstance(record, Txt)
    ):
        return Consent.GIVEN
    return Consent.UNKNOWN if any(not answer.ok for answer in answers) else Consent.MISSING


def _agrees(text: str) -> bool:
    tags = parse_tags(text).tags
    return bool(tags) and tags[0] == ("v", "DMARC1")


def _mailbox(answers: tuple[Answer, ...]) -> Mailbox:
    """An MX, or an address in its place (RFC 5321 section 5.1); a null MX takes nothing (RFC 7505)."""
    if not answers:
        return Mailbox.TAKES
    hosts = [record.host for a in answers for record in a.records if isinstance(record, Mx)]
    if hosts:
        return Mailbox.TAKES if any(hosts) else Mailbox.NONE
    if not answers[0].ok:
        return Mailbox.UNKNOWN
    if any(answer.got is Got.RECORDS for answer in answers):
        return Mailbox.TAKES
    return Mailbox.UNKNOWN if any(not answer.ok for answer in answers) else Mailbox.NONE
