"""What the pretend providers say, in the words of the real ones, so that whoever reads replies learns theirs.

An address behaves by the word before its first dot: `nobody.lee@yahoo.test` does not exist,
`full.lee@…` is over quota, and anybody else is an ordinary person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.sandbox.providers import BY_DOMAIN, Provider


class Case(StrEnum):
    """Why a provider says something other than yes."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    FULL = "full"
    BUSY = "busy"
    """This mailbox takes no more just now; the next attempt is accepted."""
    GREYLISTED = "greylisted"
    THROTTLED = "throttled"
    """The provider slows the sender down."""
    LISTED = "listed"
    """The client's address is on a blocklist."""
    UNAUTHENTICATED = "unauthenticated"
    DMARC = "dmarc"
    UNSURE = "unsure"
    """The sender's DNS does not answer, so nothing can be said about it yet."""
    RELAY = "relay"


WORDS: Mapping[str, Case] = {
    "nobody": Case.UNKNOWN,
    "closed": Case.CLOSED,
    "full": Case.FULL,
    "busy": Case.BUSY,
}
"""The first word of a local part that decides how the mailbox behaves."""

RETURNED = "returned"
"""The word of a mailbox whose provider accepts first and bounces later."""

COMMON: Mapping[Case, str] = {
    Case.UNKNOWN: "550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown in virtual mailbox table",
    Case.CLOSED: "550 5.2.1 <{rcpt}>: Recipient address rejected: This account has been disabled",
    Case.FULL: "452 4.2.2 <{rcpt}>: Mailbox full, quota exceeded",
    Case.BUSY: "451 4.3.2 <{rcpt}>: Temporary local problem - please try later",
    Case.GREYLISTED: "450 4.2.0 <{rcpt}>: Recipient address rejected: Greylisted, see "
    "http://postgrey.schweikert.ch/help/{domain}.html",
    Case.THROTTLED: "421 4.7.0 {mx} Error: too much mail from {ip}",
    Case.LISTED: "554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org; "
    "https://www.spamhaus.org/query/ip/{ip}",
    Case.UNAUTHENTICATED: "550 5.7.1 Message rejected: neither SPF nor DKIM passed for {from_domain}",
    Case.DMARC: "550 5.7.1 Message rejected due to DMARC policy of {from_domain}",
    Case.UNSURE: "451 4.4.3 Temporary DNS failure while checking {from_domain}",
    Case.RELAY: "554 5.7.1 <{rcpt}>: Relay access denied",
}
"""As Postfix says it, for the providers that have no words of their own."""

OWN: Mapping[str, Mapping[Case, str]] = {
    "gmail": {
        Case.UNKNOWN: "550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
        "550-5.1.1 double-checking the recipient's email address for typos or\n"
        "550-5.1.1 unnecessary spaces. For more information, go to\n"
        "550 5.1.1  https://support.google.com/mail/?p=NoSuchUser {id} - gsmtp",
        Case.CLOSED: "550-5.2.1 The email account that you tried to reach is inactive. For more\n"
        "550-5.2.1 information, go to\n"
        "550 5.2.1  https://support.google.com/mail/?p=DisabledUser {id} - gsmtp",
        Case.FULL: "452-4.2.2 The recipient's inbox is out of storage space. Please direct the\n"
        "452-4.2.2 recipient to\n"
        "452 4.2.2  https://support.google.com/mail/?p=OverQuotaTemp {id} - gsmtp",
        Case.BUSY: "450-4.2.1 The user you are trying to contact is receiving mail at a rate that\n"
        "450-4.2.1 prevents additional messages from being delivered. Please resend your\n"
        "450-4.2.1 message at a later time. For more information, go to\n"
        "450 4.2.1  https://support.google.com/mail/?p=ReceivingRate {id} - gsmtp",
        Case.THROTTLED: "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating\n"
        "421-4.7.28 from your IP address {ip}. To protect our users from spam, mail sent\n"
        "421-4.7.28 from your IP address has been temporarily rate limited. For more\n"
        "421-4.7.28 information, go to\n"
        "421 4.7.28  https://support.google.com/mail/?p=UnsolicitedRateLimitError {id} - gsmtp",
        Case.LISTED: "421-4.7.0 Our system has detected that this message is suspicious due to the\n"
        "421-4.7.0 very low reputation of the sending IP address. To best protect our users\n"
        "421-4.7.0 from spam, the message has been blocked. Please visit\n"
        "421 4.7.0  https://support.google.com/mail/answer/188131 for more information. {id} - gsmtp",
        Case.UNAUTHENTICATED: "550-5.7.26 Your email has been blocked because the sender is\n"
        "550-5.7.26 unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM.\n"
        "550-5.7.26  Authentication results:\n"
        "550-5.7.26  DKIM = did not pass\n"
        "550-5.7.26  SPF [{from_domain}] with ip: [{ip}] = did not pass\n"
        "550 5.7.26  https://support.google.com/mail/answer/81126#authentication {id} - gsmtp",
        Case.DMARC: "550-5.7.26 Unauthenticated email from {from_domain} is not accepted due to domain's\n"
        "550-5.7.26 DMARC policy. Please contact the administrator of {from_domain} domain\n"
        "550-5.7.26 if this was a legitimate mail. To learn about the DMARC initiative, go to\n"
        "550 5.7.26  https://support.google.com/mail/?p=DmarcRejection {id} - gsmtp",
    },
    "outlook": {
        Case.UNKNOWN: "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [{mx} {id}]",
        Case.CLOSED: "550 5.2.1 Mailbox cannot be accessed: account disabled [{mx} {id}]",
        Case.FULL: "552 5.2.2 STOREDRV.Deliver; mailbox full. Requested mail action aborted: "
        "exceeded storage allocation [{mx} {id}]",
        Case.BUSY: "432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded [{mx} {id}]",
        Case.THROTTLED: "451 4.7.650 The mail server [{ip}] has been temporarily rate limited due to IP "
        "reputation. For e-mail delivery information see https://postmaster.live.com (S775) [{mx}]",
        Case.LISTED: "550 5.7.1 Unfortunately, messages from [{ip}] weren't sent. Please contact your "
        "Internet service provider since part of their network is on our block list (S3140). You can "
        "also refer your provider to http://mail.live.com/mail/troubleshooting.aspx#errors. [{mx}]",
        Case.UNAUTHENTICATED: "550 5.7.515 Access denied, sending domain {from_domain} does not meet the "
        "required authentication level. [{mx} {id}]",
        Case.DMARC: "550 5.7.509 Access denied, sending domain {from_domain} does not pass DMARC "
        "verification and has a DMARC policy of reject. [{mx} {id}]",
    },
    "yahoo": {
        Case.UNKNOWN: "554 delivery error: dd This user doesn't have a {domain} account ({rcpt}) [-9] - {mx}",
        Case.CLOSED: "554 delivery error: dd This mailbox is disabled (554.30). - {mx}",
        Case.FULL: "552 1 Requested mail action aborted, mailbox full: {rcpt} - {mx}",
        Case.BUSY: "450 User is receiving mail too quickly - {mx}",
        Case.THROTTLED: "421 4.7.0 [TSS04] Messages from {ip} temporarily deferred due to unexpected volume "
        "or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
        Case.LISTED: "553 5.7.1 [BL21] Connections will not be accepted from {ip}, because the ip is in "
        "Spamhaus's list; see https://postmaster.yahooinc.com/error-codes",
        Case.UNAUTHENTICATED: "550 5.7.9 This mail has been blocked because the sender is unauthenticated. "
        "Yahoo requires all senders to authenticate with either SPF or DKIM. "
        "See https://senders.yahooinc.com/error-codes",
        Case.DMARC: "554 5.7.9 Message not accepted for policy reasons. "
        "See https://postmaster.yahooinc.com/error-codes",
    },
    "icloud": {
        Case.UNKNOWN: "550 5.1.1 <{rcpt}>: user does not exist",
        Case.CLOSED: "550 5.1.6 <{rcpt}>: recipient no longer on server: inactive email address",
        Case.FULL: "552 5.2.2 <{rcpt}>: user is over quota [U]",
        Case.BUSY: "421 4.7.1 Messages to {rcpt} deferred due to excessive volume. Try again later - "
        "https://support.apple.com/en-us/HT204137",
        Case.THROTTLED: "451 4.7.1 Service unavailable - try again later [HCM1] "
        "https://support.apple.com/en-us/HT204137",
        Case.LISTED: "550 5.7.1 Mail from IP {ip} was rejected due to listing in Spamhaus SBL. For details "
        "please see http://www.spamhaus.org/query/bl?ip={ip}",
        Case.UNAUTHENTICATED: "550 5.7.1 [HM08] Message rejected due to local policy. "
        "Please visit https://support.apple.com/en-us/HT204137",
        Case.DMARC: "554 5.7.1 Your message was rejected due to {from_domain}'s DMARC policy. "
        "See https://support.apple.com/en-us/HT204137 for info",
    },
    "gmx": {
        Case.UNKNOWN: "550-Requested action not taken: mailbox unavailable\n"
        "550 For explanation visit https://postmaster.gmx.net/en/error-messages?ip={ip}&c=rcpt",
        Case.CLOSED: "550 5.2.1 Requested action not taken: mailbox disabled, not accepting messages",
        Case.FULL: "552 5.2.2 Requested mail action aborted: exceeded storage allocation. Quota exceeded",
        Case.BUSY: "450 4.2.1 Requested mail action not taken: mailbox temporarily unavailable",
        Case.THROTTLED: "421-{domain} ({mx}) Nemesis ESMTP Service not available\n"
        "421-Service closing transmission channel\n421 Too many connections",
        Case.LISTED: "554-{domain} ({mx}) Nemesis ESMTP Service not available\n"
        "554-No SMTP service\n554-IP address is block listed.\n"
        "554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip={ip}&c=bl",
        Case.UNAUTHENTICATED: "554-Transaction failed\n554-Reject due to policy restrictions.\n"
        "554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip={ip}&c=hi",
    },
    "proton": {
        Case.UNKNOWN: "550 5.1.1 <{rcpt}>: Recipient address rejected: Address does not exist",
        Case.CLOSED: "550 5.2.1 <{rcpt}>: Recipient address rejected: Account disabled",
    },
    "corp": {
        Case.UNKNOWN: "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [{mx} {id}]",
        Case.FULL: "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException [{mx} {id}]",
        Case.BUSY: "451 4.3.2 Internal resource temporarily unavailable - "
        "https://community.mimecast.com/docs/DOC-1369#451 [{id}]",
    },
}


@dataclass(frozen=True, slots=True)
class Blanks:
    """What the texts above may name."""

    ip: str = ""
    rcpt: str = ""
    from_domain: str = ""
    id: str = ""


def case_of(address: str) -> Case | None:
    """How a mailbox behaves by its name; None for an ordinary one, RELAY for one that lives elsewhere."""
    local, _, domain = address.lower().rpartition("@")
    if domain not in BY_DOMAIN:
        return Case.RELAY
    return WORDS.get(local.partition(".")[0])


def is_returned(address: str) -> bool:
    """Whether the mailbox turns out to be gone only after its provider has accepted."""
    return address.lower().partition(".")[0] == RETURNED


def reply(provider: Provider, case: Case, blanks: Blanks) -> str:
    """The provider's reply: one line or several, CRLF between them, each with its code."""
    text = OWN.get(provider.key, {}).get(case) or COMMON[case]
    filled = text.format(
        ip=blanks.ip,
        rcpt=blanks.rcpt,
        from_domain=blanks.from_domain,
        id=blanks.id,
        mx=provider.mx,
        domain=provider.domain,
    )
    return filled.replace("\n", "\r\n")
