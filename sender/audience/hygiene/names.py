"""Tables of names: mailboxes that are offices, where most people have their mail, and what imitates it."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROLES = _words(
    "abuse accounting accounts admin administrator all alerts billing bounce bounces ceo compliance "
    "contact customercare customerservice devnull dns enquiries everyone feedback finance ftp help "
    "helpdesk hello hostmaster hr info inoc inquiries investors ispfeedback ispsupport it jobs "
    "legal list list-request mail mailer-daemon maildaemon marketing media news newsletter no-reply "
    "nobody noc noreply no_reply donotreply do-not-reply null office operations orders phish "
    "phishing post postmaster press privacy purchasing registrar remove root sales security service "
    "shop spam staff subscribe support sysadmin team tech unsubscribe usenet uucp webmaster welcome "
    "www kontakt buero verwaltung vertrieb bestellung contacto ventas soporte contato vendas "
    "suporte contatti vendite assistenza commercial direction accueil "
)
"""RFC 2142's mailboxes and those that offices use: whoever reads them did not sign up."""

COMMON = (
    "gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "rocketmail.com", "hotmail.com",
    "outlook.com", "live.com", "msn.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.com",
    "mail.com", "proton.me", "protonmail.com", "zoho.com", "fastmail.com", "yandex.com", "comcast.net",
    "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net",
    "earthlink.net", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de",
    "yahoo.de", "hotmail.de", "outlook.de", "yahoo.fr", "hotmail.fr", "orange.fr", "wanadoo.fr",
    "free.fr", "laposte.net", "sfr.fr", "yahoo.co.uk", "hotmail.co.uk", "outlook.fr", "live.co.uk",
    "btinternet.com", "sky.com", "libero.it", "yahoo.it", "hotmail.it", "virgilio.it", "yahoo.es",
    "hotmail.es", "uol.com.br", "bol.com.br", "mail.ru", "yandex.ru", "wp.pl", "o2.pl", "seznam.cz",
    "ziggo.nl", "kpnmail.nl", "telenet.be", "bluewin.ch", "naver.com", "daum.net", "hanmail.net",
    "nate.com", "kakao.com", "qq.com", "163.com", "126.com", "yahoo.co.jp", "docomo.ne.jp",
    "yahoo.co.in", "rediffmail.com",
)  # fmt: skip
"""Where most people's mail is, and what a slip of the pen is measured against."""

FREE = frozenset(COMMON)

SLIPS = {
    "com": _words("con cpm vom xom comm ocm cmo cim cok coom om co cm coma"),
    "net": _words("nte ner nett ne ent met"),
    "org": _words("ogr orf orgg rog"),
    "de": _words("ded dee d ed dw"),
    "fr": _words("frr rf f ft fe"),
    "co.uk": _words("co.ukk co.u cou.k couk.com c.uk co.k"),
    "it": _words("itt ti"),
    "es": _words("ess se"),
}
"""What these endings become under hasty fingers; some exist, and count only after a common name."""

NEVER = {"con": "com", "cpm": "com", "vom": "com", "comm": "com", "ocm": "com", "cmo": "com", "coom": "com",
         "nte": "net", "nett": "net", "ogr": "org", "orgg": "org", "ded": "de", "dee": "de"}  # fmt: skip
"""Endings that do not exist, after whatever name."""

GENUINE = _words(
    "mail.de mail.ru gmx.fr gmx.es gmx.it gmx.co.uk email.com ymail.de live.de live.fr live.it "
    "live.nl aol.de aol.fr hotmail.ch hotmail.be hotmail.nl outlook.es outlook.it yahoo.ca "
    "yahoo.com.br yahoo.com.au yahoo.in yahoo.at yahoo.ie yahoo.gr yahoo.ro yahoo.se yahoo.dk "
    "yahoo.no yahoo.pl yahoo.com.mx yahoo.com.ar yahoo.com.hk yahoo.com.tw yahoo.com.sg "
    "yahoo.com.ph yahoo.com.vn icloud.de mac.de me.de wp.eu o2.co.uk post.com gmx.us gmx.eu web.com "
    "free.com sky.it orange.com orange.es orange.be sfr.com cox.com att.com qq.net msn.cn nate.net "
    "zoho.in zoho.eu proton.ch pm.me inbox.com inbox.lv mail.bg mail.ee mail.fr mail.it mail.be "
    "mail.ch mail.dk mail.pt aim.com gmail.co.uk hotmail.gr t-online.hu ntlworld.com 139.com 189.cn "
    "sina.com foxmail.com yeah.net vip.qq.com hey.com tuta.com tutanota.com fastmail.fm mailbox.org "
    "posteo.de arcor.de online.de ok.de ok.ru bk.ru list.ru inbox.ru ya.ru "
)
"""Near a common one and yet nobody's mistake."""
