"""What is said of the mailbox and its domain: full, gone, switched off, unknown."""

from sender.returns.categories import Category
from sender.returns.wordings.row import rows

MAILBOXES = rows(
    # the mailbox is full
    (
        Category.MAILBOX_FULL,
        r"quota",
        r"(?:mail)?box(?:es)?\S*(?: \S+)? (?:is |are |was |has )?(?:over-?)?(?:full|stuffed|exceed)",
        (
            r"(?:mailbox|account|user|recipient|mailfolder|inbox|storage|disk|"
            r"space)\S* .{0,40}(?:\bfull\b|exceeds? .{0,20}(?:size|limit|space|storage)|(?:limit|"
            r"size|space|storage) (?:is )?exceed|too much mail|out of (?:disk|storage|space)|"
            r"not enough (?:space|storage)|no space)"
        ),
        r"too much mail data",
        r"insufficient (?:storage|space in)",
        r"out of (?:storage|disk space)",
        r"mail ?folder is full",
        r"not enough (?:storage|disk) space",
        r"would exceed mailbox",
        r"maildir (?:over|full)",
        r"mailbox size",
    ),
    # nobody there, before "disabled", which some write of strangers
    (
        Category.MOVED,
        r"deactivated",
        r"discontinued",
        r"terminated (?:account|mailbox|user)",
        r"(?:account|mailbox|address)\S* .{0,30}(?:closed|terminated|deleted|removed)",
        r"(?:closed|deleted|removed) (?:account|mailbox|address)",
        r"(?:has|have) moved",
        r"moved (?:to|permanently)",
        r"no longer (?:with|at|work|employ|belong|on server|a valid|valid)",
        r"(?:mailbox|owner) (?:owner )?has changed",
        r"new address",
        r"has left",
        r"changed (?:his|her|their) address",
        r"not ?forward",
    ),
    (
        Category.INACTIVE,
        (
            r"(?:account|mailbox|user|recipient|address|inbox|e-?mail|login)\S* .{0,40}(?:disabled|"
            r"suspended|inactive|not active|has expired|is expired|locked|blocked|frozen|on hold|"
            r"no longer (?:in use|active|available|used))"
        ),
        (
            r"(?:disabled|suspended|inactive|expired|locked|blocked) (?:account|mailbox|user|"
            r"recipient|address)"
        ),
        r"suspend (?:the )?service",
        r"(?<!delivery )(?:temporar\w+|is|are) (?:locked|suspended|disabled|inactive)",
        r"no longer in use",
        r"account disabled",
        r"out of service",
        r"recipient suspended",
        r"not accepting messages for",
        r"user has been inactive",
    ),
    (
        Category.SENDER_CONFIG,
        (
            r"(?:sender|from|return.path|envelope.sender|mail from)\S* .{0,60}(?:unknown|"
            r"not (?:exist|verified|found|valid)|invalid|verif(?:y|ication)|could not be verified|"
            r"does not (?:exist|resolve)|cannot be resolved|domain (?:is )?invalid)"
        ),
        r"email address is not verified",
        r"(?:domain|sender) of sender",
        r"sender (?:address )?(?:rejected|denied|refused)",
        r"invalid sender",
        r"unable to verify sender",
        r"bad sender",
        r"improper (?:sender|from)",
        r"domain is invalid",
    ),
    (
        Category.RELAY,
        r"relay(?:ing)? .{0,24}(?:denied|not|prohibit|restrict|forbid|reject|refus|disabled)",
        r"(?:no|not|cannot|can.t|unable to|won.t|do not) relay",
        r"(?:allowed|permitted|authori[sz]ed) to relay",
        r"relaying (?:mail|to)",
        r"credentials for relay",
        r"not (?:a )?gateway",
        r"we do not (?:relay|accept mail for)",
        r"not (?:local|hosted) here",
    ),
    (
        Category.BAD_DOMAIN,
        r"host (?:is )?(?:unknown|not found(?!, try))",
        r"unknown host",
        r"no such (?:domain|host)",
        (
            r"domain (?:name )?(?:does not exist|not found|unknown|is not reachable|must exist|"
            r"doesn.t (?:exist|receive))"
        ),
        r"unknown domain",
        r"(?:domain|host) not exist",
        (
            r"(?:could|can)(?:n.t| not) (?:find|resolve) (?:any |a )?(?:host|domain|mail exchanger|"
            r"mx|gateway(?!))"
        ),
        r"nxdomain",
        r"no (?:valid )?mx (?:record|host)",
        r"null mx",
        r"no smtp service",
        r"(?:host|domain|system)\S* (?:\S+ )?does ?n.t accept (?:any )?(?:e-?)?mail",
        r"does not accept (?:e-?)?mail",
        r"illegal host",
        r"bad destination system",
        r"host or domain name not found",
        r"invalid domain",
        r"nullmx",
        r"^(?:521|556)[ -]",
        r"destination .*does not exist",
        r"unrouteable (?:mail )?domain",
        r"bad destination (?:host|domain)",
        r"domain or sub-?domain",
        r"name or service not known",
        r"no such (?:domain|mx)",
        r"dns error .*(?:nxdomain|not found)",
    ),
    (
        Category.UNKNOWN_USER,
        (
            r"(?:user|recipient|mailbox|account|address|alias|customer|subscriber|local.?part|name|"
            r"person|e-?mail|destination)\S*(?: \S+){0,4}? (?:is |are |was )?(?:\(?unknown|"
            r"not (?:known|found|exist|listed|recogni[sz]ed|available|valid|here|local)|"
            r"does ?n.t exist|does not exist|do not exist|did not match|could ?n.t be found|"
            r"could not be found|cannot be found|can ?not be found|wasn.t found|was not found|"
            r"unavailable|invalid|not allowed|doesn.t have|no longer exists?)"
        ),
        r"no mail ?box",
        r"not our customer",
        (
            r"(?:no such|unknown|unrecogni[sz]ed|invalid|illegal|non-?existent|bad|undeliverable|"
            r"nonexistent) (?:\w+ ){0,2}?(?:user|recipient|mailbox|account|address|person|"
            r"local part|name|alias|destination|rcpt|subscriber|customer|e-?mail|box)"
        ),
        r"user unknown",
        (
            r"no (?:mailbox|account|user|recipient|one|valid recipients?)\b.{0,20}(?:here|"
            r"by that name|found|with that|of that|exists?|for|$)?"
        ),
        r"not (?:a |our )?(?:valid |known |local )?(?:user|recipient|mailbox|customer|mopera)",
        r"unrouteable address",
        r"recipnotfound",
        r"nosuchuser",
        r"recipient address rejected(?:\.|$|: access denied)",
        r"(?<!recipient )(?<!sender )address rejected",
        r"no such user",
        r"recipient not found",
        r"not listed in",
        r"addressee unknown",
        r"rejected recipient",
        r"delivery address invalid",
        r"this (?:user|address|account) (?:does|is no)",
        r"rcpt .{0,20}(?:not exist|invalid)",
        r"invalid mailbox",
    ),
)
