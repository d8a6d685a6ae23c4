"""What a folder's name says: inbox, spam, or something in between. Folder names in the languages of seeds."""

from data.placement import Verdict

INBOX = frozenset({"inbox", "posteingang", "boîte de réception", "bandeja de entrada", "posta in arrivo"})

SPAM = frozenset(
    {
        *("spam", "junk", "junk e-mail", "junk email", "bulk", "bulk mail", "spamverdacht", "unerwünscht"),
        *("courrier indésirable", "indésirables", "pourriel", "correo no deseado", "no deseado"),
        *("posta indesiderata", "lixo eletrônico", "lixo eletrónico", "ongewenste e-mail", "reclame"),
        *("skräppost", "søppelpost", "uønsket e-post", "uønsket post", "roskaposti", "niechciane"),
        *("wiadomości-śmieci", "nevyžádaná pošta", "nevyžiadaná pošta", "levélszemét", "нежелательная почта"),
        *("спам", "небажана пошта", "önemsiz e-posta", "gereksiz", "ανεπιθύμητα", "迷惑メール", "垃圾邮件"),
        *("垃圾郵件", "스팸메일함"),
    }
)


def verdict_of(folder: str) -> Verdict:
    """`folder` as the server names it, with any hierarchy: "INBOX", "[Gmail]/Spam", "INBOX/Junk"."""
    last = folder.replace("\\", "/").rpartition("/")[2].strip().casefold()
    if last in SPAM:
        return Verdict.SPAM
    return Verdict.INBOX if last in INBOX else Verdict.TAB
