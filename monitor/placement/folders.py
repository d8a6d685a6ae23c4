"""What a folder is: inbox, spam, or something in between. By its special use, else by its name in many
languages.
"""

from collections.abc import Collection

from data.placement import Verdict

INBOX = frozenset(
    {
        *("inbox", "posteingang", "boîte de réception", "bandeja de entrada", "posta in arrivo"),
        *("caixa de entrada", "postvak in", "inkorgen", "innboks", "indbakke", "saapuneet", "odebrane"),
        *("doručená pošta", "beérkezett üzenetek", "входящие", "вхідні", "gelen kutusu", "εισερχόμενα"),
        *("受信トレイ", "收件箱", "收件匣", "받은편지함", "받은메일함", "صندوق الوارد", "דואר נכנס"),
    }
)

SPAM = frozenset(
    {
        *("spam", "junk", "junk e-mail", "junk email", "junk mail", "bulk", "bulk mail", "spamverdacht"),
        *("unerwünscht", "unerwünschte werbung", "courrier indésirable", "indésirables", "pourriel"),
        *("correo no deseado", "no deseado", "posta indesiderata", "lixo eletrônico", "lixo eletrónico"),
        *("ongewenste e-mail", "reclame", "skräppost", "søppelpost", "uønsket e-post", "uønsket post"),
        *("uønsket mail", "roskaposti", "niechciane", "wiadomości-śmieci", "nevyžádaná pošta"),
        *("nevyžiadaná pošta", "levélszemét", "нежелательная почта", "спам", "небажана пошта"),
        *("önemsiz e-posta", "gereksiz", "ανεπιθύμητα", "ανεπιθύμητη αλληλογραφία", "迷惑メール", "垃圾邮件"),
        *(
            "垃圾邮件箱",
            "垃圾郵件",
            "스팸메일함",
            "스팸",
            "정크 메일",
            "البريد غير الهام",
            "דואר זבל",
            "spam-mails",
        ),
        *("mesaje nedorite", "нежелана пошта", "thư rác", "อีเมลขยะ"),
    }
)
TABS = frozenset({"promotions", "updates", "social", "forums"})


def verdict_of(folder: str, uses: Collection[str] = ()) -> Verdict:
    """`folder` as the server names it, with any hierarchy: "INBOX", "[Gmail]/Spam", "INBOX.Junk"."""
    if "junk" in uses:
        return Verdict.SPAM
    parts = folder.replace("\\", "/").replace(".", "/").casefold().split("/")
    last = parts[-1].strip()
    if last in SPAM:
        return Verdict.SPAM
    return Verdict.INBOX if last in INBOX else Verdict.TAB
