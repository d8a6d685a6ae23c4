"""What kind of mail is this: a notice of failure or of delay, or somebody's letter?"""

import re

from sender.returns.mail import Mail
from sender.returns.patterns import any_of

DAEMONS = any_of(
    r"mailer-?daemon",
    r"mail(?:er)?[ ._-]?(?:delivery|deliver|system|daemon)",
    r"postmaster",
    r"delivery (?:sub)?system",
    r"mdaemon",
    r"mail administrator",
    r"system administrator",
    r"mail\.delivery\.system",
    r"\bmmsc\b",
    r"internet mail delivery",
    r"email? gateway",
    r"mail (?:router|server)",
    r"smtp\b",
    r"virtual postmaster",
    r"no-?reply@sns\.amazonaws",
    r"maildelivery",
)
FAILED_SUBJECT = any_of(
    r"undeliver",
    r"un-deliver",
    r"returned (?:e-?)?mail",
    r"return(?:ed|ing)? (?:to sender|message)",
    r"failure notice",
    r"delivery (?:status|fail|notif|report|problem|error|has failed)",
    r"deliver(?:y|ed)? .{0,20}fail",
    r"(?:mail|message|mailsystem|e-?mail) ?(?:delivery|system)? ?(?:fail|error|problem|status)",
    r"could not (?:be )?(?:deliver|send)",
    r"not (?:be )?deliver",
    r"non-?deliver",
    r"non remis",
    r"non distribu",
    r"unzustellbar",
    r"nicht zugestellt",
    r"error sending",
    r"undelivered",
    r"bounce",
    r"rejected",
    r"mail failed",
    r"sendmail",
    r"warning.{0,6}(?:could not send|message|delayed)",
    r"delay",
    r"returned to sender",
    r"permanent delivery",
    r"transport",
    r"no se (?:puede|pudo) entregar",
    r"devuelto",
    r"mancata consegna",
    r"niet (?:afgeleverd|bezorgd)",
    r"не доставлено",
    r"エラー",
    r"配信",
    r"loop alert",
    r"failed mail",
    r"unknown (?:user|recipient)",
    r"mail error",
    r"message status",
    r"notification d'",
)
FAILED_BODY = any_of(
    (
        r"(?:could|can|was|were|did|has|have|is|unable)\S{0,3}(?: not|n.t)?(?: be| been|"
        r" to)? ?(?:yet )?(?:deliver|reach|sent|relay|accepted)"
    ),
    (
        r"(?:undeliver|delivery .{0,30}fail|permanent (?:fatal )?error|failed (?:address|"
        r"recipient|permanently)|delivery (?:error|status)|following (?:address|recipient)|"
        r"mail delivery|returned (?:mail|message)|user unknown|no such user|unknown user|"
        r"mailbox (?:is )?full|error .{0,20}deliver|unable to (?:deliver|send|relay)|"
        r"<<< ?[45]\d\d|transcript of session|could not send|transcript|wasn.t able to deliver|"
        r"failure reasons|rejected|not listed in|returned permanent errors|不能|送信できません|"
        r"не может быть доставлено)"
    ),
)
PLAIN_SUBJECT = any_of(
    r"non-?delivery",
    r"undeliver",
    r"returned mail",
    r"delivery (?:status|failure)",
    r"failure notice",
    r"mail delivery fail",
)
ALONE = re.compile(r"^<[^<>\s]+@[^<>\s]+>:\s*$", re.MULTILINE)
"""A failed address that stands alone, as qmail and its relatives write it."""
DELAY_SUBJECT = any_of(
    r"delay",
    r"warning.{0,12}(?:could not send|message)",
    r"still being",
    r"not yet",
    r"\bdeferred",
    r"\(delay\)",
    r"verz[oö]ger",
    r"retard",
)
DELAY_BODY = any_of(
    r"this is a warning (?:message )?only",
    r"do not need to resend",
    r"will (?:be )?(?:retried|retry|continue to (?:try|be)|keep trying)",
    r"still being (?:tried|retried)",
    r"has been delayed",
    r"not yet been delivered",
    r"has not (?:yet )?been (?:able|delivered).{0,80}(?:retr|try|continue)",
    r"delivery attempts will continue",
    r"delivery will be retried",
    r"no action is required on your part",
)


def null_sender(mail: Mail) -> bool:
    """Sent with an empty return path, as every notice must be (RFC 5321 section 4.5.5)."""
    return mail.header("return-path").strip() == "<>" or mail.header("from").strip() in ("<>", "")


def named_like_a_daemon(mail: Mail) -> bool:
    return bool(DAEMONS.search(mail.header("from")))


def from_a_daemon(mail: Mail) -> bool:
    return named_like_a_daemon(mail) or null_sender(mail)


def looks_failed(mail: Mail, report: str) -> bool:
    """Two of three: a daemon wrote it, its subject says failure, its words do."""
    if mail.header("x-failed-recipients"):
        return True
    subject = bool(FAILED_SUBJECT.search(mail.header("subject")))
    body = bool(FAILED_BODY.search(report[:20_000]))
    daemon = from_a_daemon(mail)
    if _of_a_list(mail) and not daemon:  # lists send their own notices on, and letters about them
        return body and bool(PLAIN_SUBJECT.match(mail.header("subject")))
    if daemon and ALONE.search(report):
        return True
    return (daemon and (subject or body)) or (subject and body and not _answer(mail))


def looks_delayed(mail: Mail, report: str) -> bool:
    return bool(DELAY_SUBJECT.search(mail.header("subject")) and from_a_daemon(mail)) or bool(
        DELAY_BODY.search(report[:20_000])
    )


def _of_a_list(mail: Mail) -> bool:
    return bool(mail.header("list-id") or mail.header("list-post") or mail.header("list-unsubscribe"))


def _answer(mail: Mail) -> bool:
    """A person's reply or forward about a bounce is no bounce."""
    return bool(re.match(r"(?:re|aw|sv|antw)\s*:", mail.header("subject"), re.IGNORECASE))
