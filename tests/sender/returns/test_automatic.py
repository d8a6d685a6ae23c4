"""Answers that machines give in somebody's name are told as such, in any language, and are never failures."""

import pytest

from sender.returns.categories import Category
from sender.returns.understand import Kind, understand


def of(headers: str, text: str = "Hello.") -> tuple[Kind, Category | None]:
    head = f"From: Ada <ada@x.test>\nTo: news@brand.test\n{headers}\n"
    returned = understand(f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode())
    return returned.kind, returned.results[0].verdict.category if returned.results else None


SUBJECTS = [
    "Automatic reply: Hi Ada", "Auto: your mail", "Out of Office: Hi", "Re: Hi [out-of-office]",
    "Automatische Antwort: Hallo", "Abwesenheitsnotiz: Hallo", "Automatisch antwoord: Hallo",
    "Autosvar: Hej", "Automatisk svar: Hei", "Automaattinen vastaus: Hei", "Réponse automatique : Bonjour",
    "Respuesta automática: Hola", "Fuera de la oficina: Hola", "Risposta automatica: Ciao",
    "Fuori ufficio: Ciao", "Resposta automática: Olá", "Odpowiedź automatyczna: Dzień dobry",
    "Autoodpowiedź: Dzień dobry", "Automatická odpověď: Dobrý den", "Automatikus válasz: Jó napot",
    "Răspuns automat: Bună", "Автоматический ответ: Привет", "Автоматична відповідь: Вітаю",
    "Αυτόματη απάντηση: Γεια", "Otomatik yanıt: Merhaba", "תשובה אוטומטית: שלום", "رد تلقائي: مرحبا",
    "自動返信: こんにちは", "自动答复: 你好", "자동 회신: 안녕하세요", "ตอบกลับอัตโนมัติ: สวัสดี",
    "Trả lời tự động: Xin chào", "Balasan otomatis: Halo", "Samodejni odgovor: Dober dan",
]  # fmt: skip


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_that_says_so_is_enough(subject: str) -> None:
    assert of(f"Subject: {subject}") == (Kind.AUTO_REPLY, Category.AUTO_REPLY)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied (vacation)",
        "X-Autoreply: yes",
        "X-Autorespond: Hi",
        "X-Mail-Autoreply: 1",
        "X-AutoReply-From: ada@x.test",
        "X-Vacation: on",
        "X-FC-MachineGenerated: true",
        "Precedence: auto_reply",
    ],
)
def test_a_header_that_says_so_is_enough(header: str) -> None:
    assert of(f"Subject: Hello\n{header}") == (Kind.AUTO_REPLY, Category.AUTO_REPLY)


WORDS = [
    "I am out of the office until Monday.",
    "I'm on annual leave with limited access to email.",
    "I will respond to your message on my return.",
    "This is an automated response. We have received your message.",
    "Ich bin derzeit im Urlaub und ab Montag wieder erreichbar.",
    "Je suis absente jusqu'au 3 mai.",
    "Estoy de vacaciones hasta el lunes.",
    "Sono in ferie fino al 3 maggio.",
    "Ik ben met vakantie tot maandag.",
    "Jestem na urlopie do poniedziałku.",
]


@pytest.mark.parametrize("text", WORDS)
def test_words_count_in_an_answer_and_not_in_a_letter(text: str) -> None:
    answer = "Subject: Re: Hi Ada\nIn-Reply-To: <m@brand.test>"
    assert of(answer, text)[0] is Kind.AUTO_REPLY
    assert of("Subject: Lunch", text)[0] is Kind.NOT_A_BOUNCE


def test_an_answer_in_words_is_no_failure_whatever_it_says_of_the_mailbox() -> None:
    """RFC 3834: an answer without a report, a reply code or a server's name speaks for a person."""
    head = "Subject: your mail\nReturn-Path: <>\nAuto-Submitted: auto-replied"
    assert of(head, "You wrote to ada@x.test. That is not a valid user here.")[0] is Kind.AUTO_REPLY


def test_a_servers_notice_stays_one_though_it_calls_itself_an_answer() -> None:
    """Exim and Postfix mark their bounces auto-replied."""
    raw = (
        "From: Mail Delivery System <Mailer-Daemon@mx.x.test>\nSubject: Mail delivery failed\n"
        "Auto-Submitted: auto-replied\nX-Failed-Recipients: ada@x.test\n\n"
        "A message that you sent could not be delivered:\n\n  ada@x.test\n    550 5.1.1 user unknown\n"
    )
    assert understand(raw.encode()).kind is Kind.HARD


@pytest.mark.parametrize(
    "text",
    [
        "This mailbox is protected by a filter. Please verify that you are a human sender: https://c.test/1",
        "Please click the link to have your address added to the approved list.",
        "Your message will be delivered only after you confirm it.",
    ],
)
def test_a_challenge_is_told_as_one(text: str) -> None:
    assert of("Subject: Re: Hi Ada", text) == (Kind.AUTO_REPLY, Category.CHALLENGE)


def test_a_receipt_is_an_answer() -> None:
    """RFC 8098: that it was deleted unread says nothing of the mailbox."""
    raw = (
        "From: ada@x.test\nSubject: Not read: Hi Ada\nMIME-Version: 1.0\nContent-Type: multipart/report; "
        'report-type=disposition-notification; boundary="b"\n\n--b\nContent-Type: text/plain\n\nNot read.\n'
        "--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;ada@x.test\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\n--b--\n"
    )
    assert understand(raw.encode()).kind is Kind.AUTO_REPLY


def test_a_newsletter_about_holidays_is_none() -> None:
    assert of("Subject: Holiday deals: win a vacation!")[0] is Kind.NOT_A_BOUNCE
    assert of("Subject: Automatic reply to winter\nList-Id: <n.x.test>")[0] is Kind.NOT_A_BOUNCE
