"""Tier 3: small or special lists, off unless somebody asks for them."""

from checks.blocklists.shapes import info, ip_list, name_list, plain
from checks.blocklists.zone import Kind, Zone, code
from checks.model import Severity

LOW = Severity.LOW
EMAILS = frozenset({Kind.EMAIL})

ZONES = (
    ip_list("bl.nordspam.com", "NordSpam", "nordspam", 3, plain(LOW), how="Delisting by e-mail."),
    ip_list("dnsrbl.swinog.ch", "SwiNOG", "swinog", 3, plain(LOW), delist="https://antispam.imp.ch/"),
    name_list("uribl.swinog.ch", "SwiNOG URIBL", "swinog", 3, plain(LOW), delist="https://antispam.imp.ch/"),
    ip_list("dnsbl.zapbl.net", "ZapBL", "zapbl", 3, plain(LOW), delist="https://zapbl.net/"),
    name_list("rhsbl.zapbl.net", "ZapBL domains", "zapbl", 3, plain(LOW), delist="https://zapbl.net/"),
    ip_list("bl.suomispam.net", "Suomispam", "suomispam", 3, plain(LOW), delist="https://suomispam.net/"),
    ip_list("bl.scientificspam.net", "Scientific Spam", "scientificspam", 3, plain(LOW)),
    name_list("rhsbl.scientificspam.net", "Scientific Spam domains", "scientificspam", 3, plain(LOW)),
    ip_list("dnsbl.kempt.net", "kempt.net", "kempt", 3, plain(LOW)),
    ip_list("rbl.efnetrbl.org", "EFnet RBL", "efnet", 3, plain(LOW), delist="https://rbl.efnetrbl.org/"),
    ip_list("dnsbl.justspam.org", "JustSpam", "justspam", 3, plain(LOW)),
    name_list(
        "dob.sibl.support-intelligence.net",
        "Day Old Bread",
        "support-intelligence",
        3,
        info("2", "registered within five days"),
    ),
    name_list("uribl.rspamd.com", "Rspamd URIBL", "rspamd", 3, code("2", "seen in spam", LOW)),
    Zone(
        "email.rspamd.com", "Rspamd e-mail list", "rspamd", 3, EMAILS, (code("2-254", "seen in spam", LOW),)
    ),
)
