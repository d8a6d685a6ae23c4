"""Understands a mail that came back: what it is, whom it speaks of, and why. Pure, and never raises."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sender.returns import automatic, signs
from sender.returns.categories import Category, Effect
from sender.returns.classify import Phase, Verdict, classify
from sender.returns.complaints import Complaint, complaint_in
from sender.returns.hooks import model as ses
from sender.returns.judging import judge_texts, switched_off
from sender.returns.mail import Mail, read_fields, read_mail
from sender.returns.narrative import ADDRESS, REPLY, Told, bare_names, reason_in, told
from sender.returns.notifications import notified
from sender.returns.phases import phase_in
from sender.returns.quoting import report_of
from sender.returns.status import Deed, Group, read_status

STATUS_KINDS = ("message/delivery-status", "message/global-delivery-status")


class Kind(StrEnum):
    """The gravest first. `NONE` is a failure that is not the recipient's fault."""

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    DELAY = "delay"
    DELIVERED = "delivered"
    NOT_A_BOUNCE = "not_a_bounce"


@dataclass(frozen=True, slots=True)
class Result:
    """What is said of one recipient; `alias` is the address before it was expanded or forwarded."""

    recipient: str
    kind: Kind
    verdict: Verdict
    diagnostic: str
    alias: str = ""
    feedback_type: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail, understood. `original` are the headers of the message that it is about."""

    kind: Kind
    results: Sequence[Result] = ()
    original: Mail | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail taken apart: its own words, the original that it quotes, and addresses that are not meant."""

    mail: Mail
    report: str
    original: Mail | None
    own: frozenset[str]
    subject: str


def understand(raw: bytes) -> Returned:
    """One mail. The kind of the whole is that of its gravest result."""
    mail = read_mail(raw)
    complaint = complaint_in(mail)
    if complaint is not None:
        return _complaint(complaint)
    notice = _taken_apart(mail)
    results = _results(notice)
    if not results and (automatic.looks_automatic(mail) or automatic.is_challenge(mail)):
        results = [_automatic(notice)]
    if not results:
        return Returned(Kind.NOT_A_BOUNCE)
    order = list(Kind)
    return Returned(min((each.kind for each in results), key=order.index), results, notice.original)


def _complaint(complaint: Complaint) -> Returned:
    verdict = Verdict(Category.COMPLAINT, None, None, "")
    kind = complaint.feedback_type
    results = [
        Result(recipient, Kind.COMPLAINT, verdict, "", feedback_type=kind)
        for recipient in complaint.recipients or [""]
    ]
    return Returned(Kind.COMPLAINT, results, complaint.original)


def _taken_apart(mail: Mail) -> Notice:
    report, quoted = report_of(mail.text)
    own = {
        match[0].lower()
        for name in ("to", "from", "delivered-to", "reply-to")
        for value in mail.all(name)
        for match in ADDRESS.finditer(value)
    }
    return Notice(mail, report, _original(mail, quoted), frozenset(own), mail.header("subject"))


def _original(mail: Mail, quoted: str) -> Mail | None:
    inner = next((part.inner for part in mail.parts if part.inner is not None), None)
    if inner is not None and inner.headers:
        return inner
    part = mail.part("text/rfc822-headers", "message/rfc822-headers")
    headers = list(read_fields((part.text if part else quoted).replace("\n> ", "\n")))
    return Mail(headers) if headers else None


def _automatic(notice: Notice) -> Result:
    """An automatic answer; one that says that the mailbox is not used any more is a bounce."""
    verdict = classify(notice.report)
    if verdict.category in (Category.INACTIVE, Category.MOVED):
        about = ADDRESS.search(notice.report) or ADDRESS.search(notice.mail.header("from"))
        return Result(about[0] if about else "", Kind.SOFT, verdict, notice.report.strip()[:500])
    sender = ADDRESS.search(notice.mail.header("from"))
    kind = Category.CHALLENGE if automatic.is_challenge(notice.mail) else Category.AUTO_REPLY
    answer = Verdict(kind, None, None, "")
    return Result(sender[0] if sender else "", Kind.AUTO_REPLY, answer, notice.subject[:200])


def _results(notice: Notice) -> list[Result]:
    mail = notice.mail
    groups = [group for part in mail.parts if part.kind in STATUS_KINDS for group in read_status(part.text)]
    if not groups and "final-recipient:" in mail.text.lower():
        groups = read_status(mail.text)
    if not groups and (notices := notified(mail)):
        return [_of_notice(each) for each in notices]
    if groups:
        return [_of_group(group, notice, alone=len(groups) == 1) for group in groups]
    if _answers_for_somebody(notice):
        return []
    return _of_words(notice) if signs.looks_failed(mail, notice.report) else []


def _answers_for_somebody(notice: Notice) -> bool:
    """RFC 3834: without a report, a reply code or a server's name it is a person's automatic answer."""
    mail = notice.mail
    if automatic.is_receipt(mail) or automatic.is_challenge(mail):
        return True
    if not automatic.says_so(mail) or mail.header("x-failed-recipients"):
        return False
    return not signs.named_like_a_daemon(mail) and not REPLY.search(notice.report)


def _of_group(group: Group, notice: Notice, *, alone: bool) -> Result:
    """By the fields of a report, and by the words that go with them."""
    recipient = group.final or group.original or _only_one(notice)
    about = told(notice.report, notice.own - {recipient.lower()})
    words = next((each.reason for each in about if each.recipient.lower() == recipient.lower()), "")
    texts = (group.diagnostic, words, notice.report if alone else "", notice.subject)
    verdict = judge_texts(texts, group.status, _phase(notice, group.diagnostic))
    if alone:
        verdict = switched_off(verdict, notice.report)
    alias = group.original if group.original.lower() != recipient.lower() else ""
    return Result(recipient, _kind(group.deed, verdict), verdict, group.diagnostic or words[:500], alias)


def _of_notice(notice: ses.Told) -> Result:
    """What Amazon tells by mail as it would by its webhook."""
    deed = {ses.Deed.DELIVERED: Deed.DELIVERED, ses.Deed.DEFERRED: Deed.DELAYED}.get(notice.deed, Deed.FAILED)
    verdict = classify(notice.said, status=notice.status)
    if deed is Deed.DELIVERED:
        verdict = Verdict(Category.DELIVERED, None, verdict.code, verdict.enhanced)
    return Result(notice.recipient or "", _kind(deed, verdict), verdict, notice.said)


def _of_words(notice: Notice) -> list[Result]:
    """By words alone."""
    about = _told(notice)
    alone = len(about) == 1
    deed = Deed.DELAYED if signs.looks_delayed(notice.mail, notice.report) else Deed.FAILED
    results = []
    for each in about:
        texts = (each.reason, notice.report if alone else "", notice.subject)
        verdict = judge_texts(texts, "", _phase(notice, each.reason))
        if alone:
            verdict = switched_off(verdict, notice.report)
        final = Deed.FAILED if verdict.effect is Effect.HARD else deed
        results.append(Result(each.recipient, _kind(final, verdict), verdict, each.reason[:500]))
    return results


def _told(notice: Notice) -> list[Told]:
    """The failed addresses: as the words name them, as a header does, or as the original was addressed."""
    failed = _failed_header(notice)
    known = [address.lower() for address in failed]
    about = told(notice.report, notice.own - set(known), known)
    if about:
        return about
    domain = notice.mail.header("from").rpartition("@")[2].strip("<> ")
    by_name = [f"{name}@{domain}" for name in bare_names(notice.report) if domain][:1]
    named = failed or by_name or _addressed(notice.original)[:1]
    return [Told(address, reason_in(notice.report, "")) for address in named]


def _failed_header(notice: Notice) -> list[str]:
    return [match[0] for value in notice.mail.all("x-failed-recipients") for match in ADDRESS.finditer(value)]


def _only_one(notice: Notice) -> str:
    """Whom a report speaks of that names nobody."""
    about = [each.recipient for each in _told(notice)]
    return about[0] if about else ""


def _addressed(original: Mail | None) -> list[str]:
    """Whom the original message was for."""
    if original is None:
        return []
    for name in ("x-failed-recipients", "envelope-to", "x-original-to", "to", "cc"):
        found = [match[0] for value in original.all(name) for match in ADDRESS.finditer(value)]
        if found:
            return found
    return []


def _phase(notice: Notice, said: str) -> Phase:
    """At which command it was said: as the words themselves tell, or those that lead up to them."""
    flat = " ".join(notice.report.split())
    at = flat.rfind(" ".join(said.split())[:25]) if said else -1
    return phase_in(said) or phase_in(flat[: at + 25] if at >= 0 else notice.report)


def _kind(deed: Deed, verdict: Verdict) -> Kind:
    match deed:
        case Deed.DELIVERED | Deed.RELAYED | Deed.EXPANDED:
            return Kind.DELIVERED
        case Deed.DELAYED:
            return Kind.DELAY
    if verdict.category in (Category.AUTO_REPLY, Category.CHALLENGE):
        return Kind.AUTO_REPLY
    return {Effect.HARD: Kind.HARD, Effect.SOFT: Kind.SOFT, Effect.NONE: Kind.NONE}[verdict.effect]
