"""Lists that must not be asked any more: some list nobody, some list everybody, one is a copy."""

from collections.abc import Mapping
from functools import lru_cache

from checks.names import is_subdomain

DEAD: Mapping[str, str] = {
    "sorbs.net": "SORBS was switched off on 5 June 2024; its zones are empty.",
    "ix.dnsbl.manitu.net": "NiX Spam ended in January 2025.",
    "njabl.org": "NJABL shut down in 2013.",
    "ahbl.org": "AHBL has listed the whole world since 2015.",
    "bl.spamcannibal.org": "SpamCannibal's domain expired in 2018 and answers for everybody.",
    "rbl.msrbl.net": "MSRBL's domain expired twice and answers for everybody.",
    "rbl.megarbl.net": "MegaRBL has answered for everybody since 2019.",
    "spam.dnsbl.anonmails.de": "anonmails.de has given bogus answers since November 2024.",
    "dnsbl.inps.de": "inps.de ended in May 2020.",
    "ubl.unsubscore.com": "The Unsubscribe Blacklist is offline.",
    "ubl.lashback.com": "The Unsubscribe Blacklist is offline.",
    "all.rbl.webiron.net": "webiron is offline.",
    "bsb.spamlookup.net": "spamlookup.net is offline.",
    "bl.emailbasura.org": "emailbasura.org is offline.",
    "dnsbl.sectoor.de": "sectoor.de is offline.",
    "dynip.rothen.com": "rothen.com is offline.",
    "relays.ordb.org": "ORDB closed in 2006 and later listed everybody.",
    "list.dsbl.org": "DSBL closed in 2008.",
    "rfc-ignorant.org": "RFC-Ignorant closed in 2012.",
    "cbl.abuseat.org": "The CBL is part of Spamhaus XBL: ask zen.spamhaus.org.",
    "nszones.com": "nszones.com is a copy of other people's lists.",
    "abuse.ch": "abuse.ch retired its DNS lists.",
    "swl.spamhaus.org": "Spamhaus retired its whitelists in 2018.",
    "dwl.spamhaus.org": "Spamhaus retired its whitelists in 2018.",
}


@lru_cache(maxsize=1024)
def epitaph(name: str) -> str:
    """Why the list called `name` must not be asked; "" for one that may be."""
    return next((fate for dead, fate in DEAD.items() if is_subdomain(name, of=dead)), "")
