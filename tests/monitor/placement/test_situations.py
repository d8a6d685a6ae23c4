"""Two hundred situations of a seed, written down with their truth, read over IMAP and judged: each must
come out right.

Late, moved, duplicated, missing; folders in twenty languages; connections that drop; results that
somebody forged.
"""

import base64
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from checks.model import Again
from checks.net.imap import Account, decoded
from data.placement import Sent, Verdict
from data.states import State
from monitor.placement.imap import ImapMailbox, look_in
from monitor.placement.mailbox import Fault, Wanted
from monitor.placement.verdict import landed
from tests.fakes.imap import PASSWORD, USER, Box, Mail, serving

pytestmark = pytest.mark.sockets
ID = "20261123.abc@example.com"
SENT_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
DEADLINE = SENT_AT + timedelta(hours=8)
OWN = "mx.seeds.test"
LANGUAGES = {
    "en": "Junk E-mail",
    "de": "Spamverdacht",
    "fr": "Courrier indésirable",
    "es": "Correo no deseado",
    "it": "Posta indesiderata",
    "pt": "Lixo eletrônico",
    "nl": "Ongewenste e-mail",
    "sv": "Skräppost",
    "no": "Søppelpost",
    "da": "Uønsket mail",
    "fi": "Roskaposti",
    "pl": "Wiadomości-śmieci",
    "cs": "Nevyžádaná pošta",
    "hu": "Levélszemét",
    "ru": "Спам",
    "uk": "Небажана пошта",
    "tr": "Önemsiz e-posta",
    "el": "Ανεπιθύμητα",
    "ja": "迷惑メール",
    "zh": "垃圾邮件",
    "ko": "스팸메일함",
    "he": "דואר זבל",
}


def wire(name: str) -> str:
    """A folder's name in modified UTF-7."""

    def shifted(found: re.Match[str]) -> str:
        if found[0] == "&":
            return "&-"
        coded = base64.b64encode(found[0].encode("utf-16-be")).rstrip(b"=").decode().replace("/", ",")
        return f"&{coded}-"

    return re.sub("[^ -~]+|&", shifted, name)


def mail(
    minutes: float = 1, *, results: str = "", forged: str = "", message_id: str = ID, **more: Any
) -> Mail:
    """The message as it lies there; `results` from the receiver itself, `forged` from the sender below it."""
    lines = [
        f"Authentication-Results: {OWN}; {results}" if results else "",
        "Received: from out.example.com by mx.seeds.test; Mon, 23 Nov 2026 12:00:00 +0000",
        f"Authentication-Results: {forged}" if forged else "",
        *(f"{name.replace('_', '-')}: {value}" for name, value in more.items()),
        "From: Ann <ann@example.com>",
        f"Message-ID: <{message_id}>",
    ]
    head = "\r\n".join(line for line in lines if line) + "\r\n\r\n"
    return Mail(head.encode(), SENT_AT + timedelta(minutes=minutes))


@dataclass
class Situation:
    """A mailbox, when it is looked into, and what must come out."""

    box: Box
    verdict: Verdict
    hours: float = 0.1
    said: dict[str, str] = field(default_factory=dict)
    note: str = ""


def in_inbox(dice: Random) -> Situation:
    return Situation(Box({"INBOX": [mail(dice.uniform(0, 5))], "Sent": []}), Verdict.INBOX)


def in_spam(dice: Random) -> Situation:
    """By its name, in one of twenty-two languages."""
    spam = LANGUAGES[dice.choice(list(LANGUAGES))]
    return Situation(Box({"INBOX": [], wire(spam): [mail()]}), Verdict.SPAM)


def in_spam_by_its_use(dice: Random) -> Situation:
    """Whatever it is called, the server says that it is Junk (RFC 6154)."""
    name = wire(dice.choice(("Quarantäne", "X", "[Gmail]/Spam", "Correo basura")))
    return Situation(Box({"INBOX": [], name: [mail()]}, {name: "Junk"}), Verdict.SPAM)


def in_a_tab(dice: Random) -> Situation:
    one = mail()
    one.category = dice.choice(("promotions", "updates", "social", "forums"))
    everything = "[Gmail]/All Mail"
    return Situation(Box({"INBOX": [one], everything: [one]}, {everything: "All"}, gmail=True), Verdict.TAB)


def in_gmails_first_tab(dice: Random) -> Situation:
    del dice
    one, everything = mail(), "[Gmail]/All Mail"
    return Situation(Box({everything: [one], "INBOX": [one]}, {everything: "All"}, gmail=True), Verdict.INBOX)


def in_another_folder(dice: Random) -> Situation:
    return Situation(
        Box({"INBOX": [], wire(dice.choice(("Newsletter", "Angebote", "뉴스"))): [mail()]}), Verdict.TAB
    )


def missing(dice: Random) -> Situation:
    other = mail(message_id="another@example.com")
    return Situation(Box({"INBOX": [other], "Junk": []}), Verdict.MISSING, hours=dice.choice((8.0, 9.0)))


def not_there_yet(dice: Random) -> Situation:
    return Situation(Box({"INBOX": [], "Junk": []}), Verdict.WAITING, hours=dice.uniform(0, 7.9))


def late(dice: Random) -> Situation:
    return Situation(Box({"INBOX": [mail(dice.uniform(1, 120))]}), Verdict.INBOX, hours=2.1)


def moved_to_spam(dice: Random) -> Situation:
    """The server keeps its time of arrival when it moves a message: there is one copy, where it lies now."""
    del dice
    return Situation(Box({"INBOX": [], "Spam": [mail()]}, {"Spam": "Junk"}), Verdict.SPAM)


def twice(dice: Random) -> Situation:
    """Delivered twice: the later copy counts, once."""
    first, second = ("INBOX", "Spam") if dice.random() < 0.5 else ("Spam", "INBOX")
    box = Box({first: [mail(1)], second: [mail(5)]})
    return Situation(box, Verdict.SPAM if second == "Spam" else Verdict.INBOX, note="2 copies")


def only_in_all_mail(dice: Random) -> Situation:
    """Archived by the owner's own rule."""
    del dice
    everything = "[Gmail]/All Mail"
    return Situation(Box({"INBOX": [], everything: [mail()]}, {everything: "All"}, gmail=True), Verdict.TAB)


def forged_results(dice: Random) -> Situation:
    """The sender writes that everything passed, in the receiver's name; the receiver's own word is above
    it.
    """
    one = mail(
        results="spf=fail smtp.mailfrom=x; dkim=none; dmarc=fail",
        forged=f"{OWN}; spf=pass; dkim=pass; dmarc=pass",
    )
    said = {"spf": "fail", "dkim": "none", "dmarc": "fail"}
    return Situation(Box({dice.choice(("INBOX",)): [one]}), Verdict.INBOX, said=said)


def a_strangers_results(dice: Random) -> Situation:
    del dice
    one = mail(forged="mx.attacker.test; spf=pass; dkim=pass; dmarc=pass")
    return Situation(Box({"INBOX": [one]}), Verdict.INBOX)


def filtered(dice: Random) -> Situation:
    """The filter says why."""
    told, note = dice.choice(
        (
            ({"X_Spam_Status": "Yes, score=7.1 required=5.0 tests=URIBL_BLACK,RCVD_IN_SBL"}, "URIBL_BLACK"),
            ({"X_Forefront_Antispam_Report": "CIP:192.0.2.1;SFV:SPM;SCL:6;CAT:HSPM"}, "high-confidence spam"),
            (
                {"X_Spamd_Result": "default: True [17.1 / 15.00]; RBL_SPAMHAUS(7.50)[]; DMARC_REJECT(2.0)[]"},
                "RBL_SPAMHAUS 7.5",
            ),
        )
    )
    return Situation(Box({"INBOX": [], "Junk": [mail(1, **told)]}), Verdict.SPAM, note=note)


def signed_out(dice: Random) -> Situation:
    return Situation(
        Box(password="another"), Verdict.ACCOUNT_ERROR, hours=dice.uniform(0, 8), note="does not let"
    )


def dropped(dice: Random) -> Situation:
    """Cut after some commands, again and again: nothing is missing before a look got to its end."""
    return Situation(Box({"INBOX": [mail()], "Junk": []}, drops=[dice.randint(1, 5)] * 3), Verdict.WAITING)


def dropped_at_the_deadline(dice: Random) -> Situation:
    box = Box({"INBOX": [], "Junk": []}, drops=[dice.randint(1, 4)] * 3)
    return Situation(box, Verdict.ACCOUNT_ERROR, hours=8)


STORIES: tuple[Callable[[Random], Situation], ...] = (
    in_inbox, in_spam, in_spam_by_its_use, in_a_tab, in_gmails_first_tab, in_another_folder, missing,
    not_there_yet, late, moved_to_spam, twice, only_in_all_mail, forged_results, a_strangers_results,
    filtered, signed_out, dropped, dropped_at_the_deadline,
)  # fmt: skip


def judged(situation: Situation, folder: Path) -> tuple[str, Box]:
    """What is wrong with the verdict, "" if nothing is."""
    with serving(situation.box, folder) as box:
        account = Account("localhost", box.port, USER, PASSWORD, str(box.authority))
        found = ImapMailbox(account).find(Wanted(ID, SENT_AT))
    sent = Sent(State.SENT, ID, SENT_AT, "250 ok")
    result = landed(sent, found, (OWN,), SENT_AT + timedelta(hours=situation.hours), DEADLINE)
    if result.verdict is not situation.verdict:
        return f"{result.verdict} ({result.note}) for {situation.verdict}", box
    if dict(result.authentication) != situation.said:
        return f"{dict(result.authentication)} for {situation.said}", box
    return ("" if situation.note in result.note else f"“{result.note}” lacks “{situation.note}”"), box


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_each_situation_comes_out_right_and_changes_nothing(
    tmp_path: Path, story: Callable[[Random], Situation]
) -> None:
    """Twelve of each kind, 216 in all."""
    dice = Random(story.__name__)
    wrong: Counter[str] = Counter()
    for _ in range(12):
        why, box = judged(story(dice), tmp_path)
        assert box.offences == [], "reading a seed changed something"
        wrong[why] += 1
    assert wrong == {"": 12}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_spam_folder_is_known_in_twenty_languages(tmp_path: Path, language: str) -> None:
    spam = LANGUAGES[language]
    assert decoded(wire(spam)) == spam
    why, _ = judged(Situation(Box({"INBOX": [], wire(spam): [mail()]}), Verdict.SPAM), tmp_path)
    assert why == ""


def test_a_wrong_password_is_the_accounts_fault_and_says_so(tmp_path: Path) -> None:
    with serving(Box(), tmp_path) as box:
        found = look_in(Account("localhost", box.port, USER, "wrong", str(box.authority)))
    assert found == Fault(f"localhost does not let {USER} in", Again.NEVER)


def test_a_token_signs_in_and_an_old_one_does_not(tmp_path: Path) -> None:
    with serving(Box(token="fresh"), tmp_path) as box:
        good = look_in(Account("localhost", box.port, USER, "", str(box.authority), token="fresh"))
        bad = look_in(Account("localhost", box.port, USER, "", str(box.authority), token="stale"))
    assert not isinstance(good, Fault)
    assert isinstance(bad, Fault)
    assert bad.again is Again.NEVER
