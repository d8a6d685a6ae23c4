"""What is said of the message, of the way to the receiver, and at last of nothing in particular."""

from sender.returns.categories import Category
from sender.returns.wordings.row import rows

WAYS = rows(
    # the message itself
    (
        Category.CONTENT,
        r"(?<![/;])\brfc ?-?(?:2?822(?![;-])|5322|2045|2047)",
        r"malformed",
        r"not rfc.?compliant",
        r"bare (?:lf|linefeed|cr)",
        r"stray linefeed",
        r"missing .{0,30}header",
        r"header (?:error|is missing|too|field)",
        r"duplicate (?:\S+ )?header",
        r"multiple .{0,20}headers",
        (
            r"(?:illegal|blocked|prohibited|forbidden|executable|dangerous) (?:\w+ )?(?:attachment|"
            r"file|extension)"
        ),
        r"attachment .{0,30}(?:not allowed|prohibited|rejected|blocked)",
        r"message.id: header",
        r"valid address in the from: header",
        r"unicode character in a disallowed",
        r"encoded-word",
        r"8.?bit",
        r"improper use of",
        r"binary content",
        r"improperly.formatted",
        r"mime (?:error|structure)",
        r"content presents a potential",
        r"conversion (?:required|failed)",
        r"duplicated message-id",
    ),
    # on the way
    (
        Category.EXPIRED,
        r"delivery time expired",
        (
            r"(?:message|envelope|retry|delivery|queue|mail|it)\S*(?: \S+){0,3} (?:has |have |"
            r"been |is |was )*(?:expired|timed? ?out|too long in)"
        ),
        r"in (?:the )?queue (?:for )?too long",
        r"queue too long",
        r"(?:retry|delivery) (?:timeout|time(?:out)? exceeded|period)",
        r"unable to deliver (?:this message )?(?:in|after|for)",
        r"could not deliver for",
        r"still (?:being|trying)",
        r"will (?:be retried|continue|keep trying|retry)",
        r"has been delayed",
        r"delayed? \d",
        r"giving up",
        r"(?:aborted|undelivered|failed) after",
        r"not (?:yet )?(?:been )?delivered (?:after|for|yet)",
        r"max(?:imum)? (?:retr|time)",
        r"expired before",
        r"(?:connection|session) expired",
    ),
    (
        Category.CONNECTION,
        (
            r"connect(?:ion|ing)?\b.{0,60}(?:timed? ?out|refused|reset|lost|dropped|closed|failed|"
            r"aborted|broken)"
        ),
        r"lost connection",
        r"conversation with .*timed",
        (
            r"(?:network|host|server|no route|destination)\S* (?:is )?(?:unreachable|not reachable|"
            r"down|unavailable)"
        ),
        r"no route to host",
        (
            r"(?:unable|could ?n.t|could not|wasn.t able|was not able|failed) to (?:connect|"
            r"establish|contact|reach|open)"
        ),
        r"socket error",
        r"hop count",
        r"routing loop",
        r"mail loop",
        r"loop(?:s)? (?:back|detected)",
        r"too many hops",
        r"name service error",
        r"(?:temporary|dns) (?:lookup|name|resolution) fail",
        r"dns (?:query|lookup|error|fail)",
        r"did not accept our requests to connect",
        r"timed? ?out while",
        r"remote host (?:closed|said nothing)",
        r"name server",
        r"operation timed out",
        r"dead (?:host|server)",
        r"no (?:answer|response) from",
    ),
    (
        Category.REMOTE,
        (
            r"(?:internal|system|server|local|configuration|config|mailer|upstream|processing|"
            r"software|unexpected|remote protocol) (?:\w+ )?(?:error|problem|failure|fault)"
        ),
        r"config error",
        r"misconfigur",
        (
            r"(?:service|system|server) (?:is )?(?:temporarily )?(?:unavailable|busy|not available|"
            r"overload|refuse)"
        ),
        r"try (?:again )?later",
        r"(?:disk|system|file ?system|queue|storage) (?:is )?full",
        r"insufficient (?:disk|system|resources)",
        r"resources? temporarily",
        r"temporar(?:y|ily) (?:failure|problem|unavailable|system|error|rejected|local)",
        r"transaction failed",
        r"ldap",
        r"database",
        r"pipe to",
        r"procmail",
        r"exec ",
        r"child (?:status|process)",
        r"x-unix",
        r"local error",
        r"cannot (?:open|write|create|append)",
        r"command (?:died|failed|time)",
        r"local delivery",
        r"mail(?:er)? .{0,20}died",
        r"loops back to myself",
        r"try this recipient in a separate",
        r"multiple destination domains",
        r"please resend",
        r"not accepting network messages",
        r"upstream",
    ),
    (
        Category.PROTOCOL,
        r"syntax error",
        r"(?:bad|unrecogni[sz]ed|unknown|invalid) (?:command|sequence|argument|parameter)",
        r"protocol error",
        r"must (?:issue|be) ",
        r"command not",
        r"parameters? or arguments",
        r"need (?:mail|rcpt)",
        r"\b(?:helo|ehlo)\b.{0,30}(?:reject|invalid|required|name)",
    ),
    (
        Category.POLICY,
        r"polic(?:y|ies)",
        r"prohibit",
        r"not (?:permitted|authori[sz]ed|allowed|accept)",
        r"unauthori[sz]ed",
        r"access denied",
        r"denied",
        r"authentication",
        r"authori[sz]ation",
        r"credentials",
        r"smtp auth",
        r"permission",
        r"restricted",
        r"administrative",
        r"reject",
        r"refus",
        r"filter",
        r"blocked",
        r"forbidden",
        r"violat",
        r"not welcome",
        r"too many (?:login|attempts)",
        r"identity",
        r"security",
    ),
    (
        Category.UNKNOWN_USER,
        r"mailbox unavailable",
        r"does not like recipient",
        r"couldn.t be delivered to",
        r"not delivered to",
    ),
)
