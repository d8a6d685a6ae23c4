"""What one provider writes in words of its own. These rows come before everybody's: Gmail uses numbers of the
IANA registry with other meanings, and the same words mean different things at different providers.
"""

from sender.returns.categories import Category
from sender.returns.wordings.row import rows

PROVIDERS = rows(
    # words that others would take for something else
    (
        Category.POLICY,
        r"isn.t in my list of allowed rcpthosts",
        r"not allowed to send (?:mail )?(?:from|to|as)(?!.*spf)",
    ),
    (Category.CONTENT, r"duplicate (?:\S+ )?header"),
    (Category.SPAM_CONTENT, r"(?:rejected|blocked|refused) .{0,30}(?:due to|because of|as) .{0,12}spam"),
    (Category.CONNECTION, r"malformed or unexpected name server reply"),
    (Category.BAD_DOMAIN, r"account or domain may not exist, they may be blacklisted"),
    (Category.UNKNOWN_USER, r"\(and other recipients in the same domain\)"),
    # Yahoo and AOL
    (
        Category.BLOCKED_DNSBL,
        r"\[bl2[0-9]\]",
        r"\[tss07\]",
    ),
    (Category.BLOCKED_IP, r"\[(?:tss|ipts|ts)0?[0-9]{1,2}\].*(?:permanently deferred|will not succeed)"),
    (
        Category.REPUTATION,
        r"\[(?:tss|ipts|ts)0?[0-9]{1,2}\]",
        r"unexpected volume or user complaints",
    ),
    (
        Category.POLICY,
        r"\[ph01\]",
        r"message not (?:allowed|accepted) ?(?:-|for policy)",
    ),
    (Category.SPAM_CONTENT, r"\[(?:299|hm08)\]"),
    # Microsoft
    (
        Category.AUTH_FAILED,
        r"5\.7\.5(?:09|15)\b",
        r"does not pass dmarc",
        r"required authentication level",
    ),
    (
        Category.REPUTATION,
        r"\(s775\)",
        r"temporarily rate limited due to ip reputation",
    ),
    (Category.THROTTLED, r"4\.7\.65[0-2]"),
    (
        Category.BLOCKED_IP,
        r"\(s3140\)",
        r"\(s3150\)",
        r"part of their network is on our block",
        r"banned sending ip",
        r"\b5\.7\.(?:511|60[6-9])\b",
    ),
    (Category.BLOCKED_IP, r"\b(?:ou-001|sc-00[1-4]|dy-00[1-2])\b"),
    (Category.SPAM_CONTENT, r"\bou-002\b"),
    (
        Category.UNKNOWN_USER,
        r"5\.4\.1 .*recipient address rejected: access denied",
        r"\[c\d\d\].*unknown recipient",
    ),
    (
        Category.UNKNOWN_USER,
        r"resolver\.adr\.(?:recip|ex)?\w*not ?found",
        r"5\.1\.10 .*recipientnotfound",
        r"5\.1\.10\b(?=.*(?:outlook|exchange|microsoft|dsn))",
    ),
    (
        Category.POLICY,
        r"resolver\.rst\.(?:authrequired|restrictedtorecipientspermission|notauthorized)",
        r"unifiedgroupagent",
    ),
    (Category.TOO_LARGE, r"resolver\.rst\.\w*sizelimit"),
    (
        Category.MAILBOX_FULL,
        r"storedrv\.deliver.*(?:mailbox full|quota)",
        r"mapiexceptionshutoffquotaexceeded",
    ),
    (
        Category.REMOTE,
        r"4\.7\.500 server busy",
        r"failed to be replicated",
        r"as(?:761|77713)",
    ),
    (
        Category.POLICY,
        r"bad outbound sender",
        r"tenant(?:inboundattribution| has exceeded)",
    ),
    # Apple
    (Category.BLOCKED_URL, r"domain present in the spamhaus dbl"),
    (
        Category.POLICY,
        r"\[cs0[12]\]",
        r"rejected due to local policy",
    ),
    (
        Category.THROTTLED,
        r"\[bs02\]",
        r"\[hcm1\]",
        r"deferred due to excessive volume",
    ),
    (Category.INACTIVE, r"inactive email address"),
    (Category.MOVED, r"no longer on server"),
    # Google
    (Category.RECIPIENT_RATE, r"receiving mail (?:too quickly|at a rate)"),
    (
        Category.THROTTLED,
        r"unusual rate of unsolicited",
        r"4\.7\.28\b",
    ),
    (Category.POLICY, r"groups\.google\.com/support"),
    (Category.SENDER_CONFIG, r"send mail as"),
    (Category.THROTTLED, r"try again later, closing connection"),
    (
        Category.POLICY,
        r"group .*(?:may not exist|might not exist|does not exist|doesn.t exist).*(?:permission|post)",
    ),
    (
        Category.SENDER_CONFIG,
        r"smtp relay limit exceeded",
        r"mail sending denied",
        r"invalid credentials for relay",
    ),
    # French and German providers
    (
        Category.UNKNOWN_USER,
        r"(?:ofr|lpn)\d*[_ ]?416\b",
        r"destinataire invalide",
    ),
    (
        Category.INACTIVE,
        r"(?:ofr|lpn)\d*[_ ]?4(?:26|18)\b",
        r"compte du destinataire est bloque",
    ),
    (
        Category.BLOCKED_IP,
        r"(?:ofr|lpn)\d*[_ ]?10[1-8]\b",
        r"\(bl\)\s*$",
    ),
    (
        Category.SPAM_CONTENT,
        r"(?:ofr|lpn)\d*[_ ]?506\b",
        r"mail rejete",
    ),
    (Category.POLICY, r"(?:ofr|lpn)\d*[_ ]?6[0-9]{2}\b"),
)
