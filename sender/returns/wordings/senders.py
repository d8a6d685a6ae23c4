"""What is the sender's fault: authentication, reputation, blocks, too much, too fast, too large.

Looked for first, so that no contact is charged for it.
"""

from sender.returns.categories import Category
from sender.returns.wordings.row import rows

SENDERS = rows(
    # nobody failed: a person or a program answered
    (
        Category.AUTO_REPLY,
        r"\bout of (?:the )?office\b",
        r"\bon (?:annual )?(?:vacation|holiday|leave)\b",
        r"automatic reply",
        r"auto-?reply",
        r"\bi (?:am|will be) (?:away|travel+ing|out of|on )",
        r"abwesenheit",
        r"absence du bureau",
    ),
    (
        Category.CHALLENGE,
        r"not pre-?approved",
        r"(?:server|sender|message|mail) requires confirmation",
        r"visit .{0,120} to confirm",
        r"(?:confirm|verify) (?:that )?you (?:are|sent)",
        r"challenge.response",
        r"sender verification request",
    ),
    # the sender's authentication
    (
        Category.TLS,
        r"must issue a starttls",
        r"tls/sslv3 connection required",
        r"\bstarttls (?:is )?required",
        r"encryption required",
    ),
    (
        Category.AUTH_FAILED,
        r"\bdmarc\b",
        r"\bdkim\b",
        r"unauthenticated (?:e-?)?mail",
        r"sender policy framework",
        r"\bsender.?id\b",
    ),
    (
        Category.AUTH_FAILED,
        r"\bspf\b(?! record of the recipient)",
        r"sender is unauthenticated",
        r"(?:have|no|without|lacks?) authentication information",
        r"pass (?:\w+ )?authentication",
    ),
    (
        Category.AUTH_FAILED,
        r"failed (?:sender )?authentication check",
        r"from: header .*isn.t aligned",
    ),
    (
        Category.TLS,
        r"(?:without|over a|not (?:use|using)) tls",
        r"does not support tls",
        r"tls (?:negotiation|handshake) fail",
        r"starttls fail",
        r"tls required but",
    ),
    # the sender's address or name
    (
        Category.BLOCKED_IP,
        r"reverse dns",
        r"rdns",
        r"\bptr\b",
        r"reverse lookup",
        r"no reverse",
        r"(?:forward|reverse).confirmed",
    ),
    (
        Category.VIRUS,
        r"\bvirus\b(?! or spam)",
        r"malware",
        r"infected",
        r"\bworm\b",
        r"trojan",
    ),
    (
        Category.BLOCKED_URL,
        r"\b(?:sur|ur)ibl\b",
        r"\bdbl\b",
        r"listed url",
        r"blacklisted (?:url|link|domain in)",
        r"url.*block ?list",
    ),
    (
        Category.BLOCKED_DNSBL,
        r"spamhaus",
        r"spamcop",
        r"sorbs",
        r"barracudacentral",
        r"\brbl\b",
        r"dnsbl",
        r"blackhole",
        r"blocked using",
        r"(?<!not )listed (?:at|on|in|by) ",
        r"uceprotect",
        r"csi\.cloudmark",
        r"abuseat",
        r"njabl",
        r"dsbl",
    ),
    (
        Category.SPAM_CONTENT,
        r"(?:looks|look) like spam",
        r"spam (?:message|content|detected|score|classif)",
        r"considered (?:as )?spam",
        (
            r"(?:identified|classified|detected|marked|flagged|recogni[sz]ed|"
            r"scored) (?:\w+ )?as (?:possible |probable )?spam"
        ),
        r"unsolicited",
        r"\bube\b",
        r"\buce\b",
        r"\bspam\b(?!.?(?:cop|haus|trap))",
        r"bulk e?-?mail",
        r"message content rejected",
        r"suspicious due to the (?:nature|content)",
        r"content (?:filter|rejected|blocked)",
        r"junk mail",
    ),
    (
        Category.BLOCKED_IP,
        (
            r"(?:ip|address|host|server|client|network|domain|sender|connection|you|"
            r"access)\S* .{0,60}(?:block(?:ed|list)|black ?list|deny ?list|\bbanned\b|barred)"
        ),
        r"blocked (?:by|for|-|from|due)",
        r"black ?list",
        r"block list",
        r"denylist",
    ),
    (
        Category.REPUTATION,
        r"(?:low|poor|bad|very low) (?:\w+ )?reputation",
        r"reputation (?:of|score|too|is)",
        r"due to (?:\w+ )?ip reputation",
    ),
    (
        Category.BLOCKED_IP,
        r"client host (?:\S+ )?(?:rejected|refused)(?!: (?:cannot find|too many))",
        r"cannot find your (?:hostname|reverse)",
        r"use the smtp server of your isp",
        r"dynamic ip",
        r"dialup",
        r"dial-up",
        r"(?:is|as) an open relay",
        r"no access from mail server",
    ),
    (
        Category.BLOCKED_IP,
        r"(?:connections?|mail|messages?) (?:not accepted|refused|rejected|denied) from",
        r"refused (?:your )?connection",
        r"not (?:be )?accept(?:ing|ed)? (?:mail|messages|connections) from",
        r"access (?:from|denied).{0,12}\bip\b",
    ),
    # what we sent is too big: before "full", since both speak of limits
    (
        Category.TOO_LARGE,
        (
            r"(?:message|mail(?!box|fol)|e-?mail|header|line|data|content|attachment|"
            r"body)\S* .{0,24}(?:too (?:large|big)|header too long|line too long|(?:size|length|"
            r"limit).{0,24}(?:exce|limit|larger|bigger|max)|exceed\S* .{0,30}(?:size|length|limit))"
        ),
        r"size exceeds",
        r"max(?:imum)? (?:message|mail|allowed)? ?size",
        r"too (?:large|big) (?:for|to)",
        r"line limit exceeded",
        r"exceeds (?:fixed |maximum |the )*(?:size|limit|message)(?<!box exceeds)",
        r"mail size limit",
    ),
    # too much, too fast
    (
        Category.SENDER_CONFIG,
        r"too many (?:login|auth)",
        r"(?:bad|invalid|wrong) (?:login|password|credentials)",
    ),
    (
        Category.RECIPIENT_RATE,
        (
            r"(?:mailbox|recipient|user|account) .{0,30}(?:too (?:many|much) (?:messages|mail)|"
            r"rate limit|busy)(?!.*data)"
        ),
    ),
    (Category.GREYLISTED, r"gr[ae]y.?list"),
    (
        Category.THROTTLED,
        (
            r"too many (?:\w+ )?(?:connections|sessions|messages|recipients|mails|e-?mails|errors|"
            r"invalid|concurrent)"
        ),
        (
            r"(?:rate|connection|sending|hourly|daily|message|frequency|"
            r"max\w*) ?(?:\w+ )?(?:limit(?:ed|ing|s)?|exceeded)(?!.*size)"
        ),
        r"throttl",
        r"refused to talk to me",
        r"slow(?:ed)? down",
        r"max(?:imum)? (?:messages?|connections|number of) .*(?:reached|exceeded)",
        r"(?:temporarily|permanently) (?:deferred|rate limited)",
        r"sending too (?:fast|many|much)",
        r"frequency limited",
    ),
)
