"""Lists that it is good to be on. Losing a place on one is an event; not having one is nothing."""

from checks.blocklists.shapes import BOTH, allowed, ip_list, name_list
from checks.blocklists.zone import Needs

DNSWL = (
    allowed("*.0", "no trust level"),
    allowed("*.1", "low trust"),
    allowed("*.2", "medium trust"),
    allowed("*.3", "high trust"),
)
DNSWL_MORE = {
    "refusals": (("127.0.0.255", "too many questions through this resolver"),),
    "delist": "https://www.dnswl.org/",
    "terms": "Free below 100,000 questions a day.",
}
VALIDITY = {
    "needs": Needs.REGISTRATION,
    "refusals": (("127.255.255.*", "the address of the resolver is not registered with Validity"),),
}

ZONES = (
    ip_list("list.dnswl.org", "DNSWL", "dnswl", 2, *DNSWL, kinds=BOTH, **DNSWL_MORE),
    name_list("dwl.dnswl.org", "DNSWL domains", "dnswl", 2, *DNSWL, **DNSWL_MORE),
    ip_list(
        "wl.mailspike.net",
        "Mailspike whitelist",
        "mailspike",
        2,
        allowed("17", "H2: possibly a good sender"),
        allowed("18", "H3: good reputation"),
        allowed("19", "H4: very good reputation"),
        allowed("20", "H5: excellent reputation"),
        terms="Free below 100,000 questions a day.",
    ),
    ip_list(
        "iadb.isipp.com",
        "ISIPP SuretyMail",
        "isipp",
        2,
        allowed("1.255", "vouched for"),
        allowed("1-2", "accredited"),
        allowed("127.2.255.*", "publishes authentication"),
        allowed("127.3.100.*", "says how people opt in"),
    ),
    ip_list(
        "sa-trusted.bondedsender.org",
        "Validity Certified",
        "validity",
        2,
        allowed("*", "certified"),
        **VALIDITY,
    ),
    ip_list("sa-accredit.habeas.com", "Validity Safe", "validity", 2, allowed("*", "safe"), **VALIDITY),
)
