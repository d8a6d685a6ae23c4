"""What the receiver's own filter said: the fields that providers and filters put into a header, and what
they mean. Pure.

Read from the top: a field below the receiver's first own `Received` may be the sender's. Facts are those
of the vendors' pages; an unknown value is shown as it came.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.parser import BytesHeaderParser

LONGEST = 200
SFV = {
    "NSPM": "filtered: not spam",
    "SPM": "filtered: spam",
    "SKS": "spam by a rule of the organisation",
    "SKB": "spam: the sender is on a block list of the organisation",
    "SKA": "let through: the sender is on an allow list of the organisation",
    "SKI": "let through: sent within the organisation",
    "SKN": "let through by a rule of the organisation",
    "SKQ": "released from quarantine",
    "SFE": "let through: the recipient's safe sender",
    "BLK": "spam: the recipient blocks the sender",
}
CAT = {
    "BULK": "bulk mail", "SPM": "spam", "HSPM": "high-confidence spam", "PHSH": "phishing",
    "HPHSH": "high-confidence phishing", "HPHISH": "high-confidence phishing", "SPOOF": "spoofing",
    "UIMP": "user impersonation", "DIMP": "domain impersonation", "GIMP": "mailbox impersonation",
    "AMP": "malware", "MALW": "malware", "SAP": "a safe-attachments policy", "OSPM": "outgoing spam",
}  # fmt: skip
COMPAUTH = {
    "000": "DMARC fails and the domain wants that",
    "001": "implicit authentication fails: the domain publishes no DMARC policy",
    "002": "a policy of the organisation",
    "010": "DMARC fails with reject or quarantine",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`bad` says whether it speaks for the spam folder, None where that cannot be told."""

    by: str
    says: str
    bad: bool | None = None


def reasons(head: bytes) -> Sequence[Reason]:
    """What filters said of the message, the receiver's word first."""
    fields = BytesHeaderParser().parsebytes(head)
    found: list[Reason] = []
    for name, read in READERS.items():
        value = fields.get(name)
        if value is not None:
            found += list(read(" ".join(str(value).split())[:4_000]))
    return found


def in_words(found: Sequence[Reason]) -> str:
    """On one line, what speaks for spam first; "" where nothing was said."""
    ordered = sorted(found, key=lambda reason: reason.bad is not True)
    return "; ".join(f"{reason.by}: {reason.says}" for reason in ordered)[:500]


def _forefront(text: str) -> Iterator[Reason]:
    """X-Forefront-Antispam-Report of Microsoft: SFV, SCL, CAT, IPV."""
    pairs = (part.split(":", 1) for part in text.split(";") if ":" in part)
    values = {name.strip(): value for name, value in pairs}
    if (sfv := values.get("SFV", "").strip()) in SFV:
        yield Reason("Microsoft", SFV[sfv], sfv in ("SPM", "SKS", "SKB", "BLK"))
    scl = values.get("SCL", "").strip()
    if re.fullmatch(r"-?\d+", scl):
        high = int(scl) >= 5
        yield Reason("Microsoft", f"spam confidence {scl} of 9", high)
    if (cat := values.get("CAT", "").strip()) and cat != "NONE":
        yield Reason("Microsoft", f"category {CAT.get(cat, cat)}", True)
    if values.get("IPV", "").strip() == "CAL":
        yield Reason("Microsoft", "the address is on an allow list", False)


def _microsoft(text: str) -> Iterator[Reason]:
    """X-Microsoft-Antispam: BCL, 0 to 9; from 7 on mail is treated as spam by default."""
    if found := re.search(r"\bBCL:(\d)", text):
        yield Reason("Microsoft", f"bulk complaint level {found[1]} of 9", int(found[1]) >= 7)


def _results(text: str) -> Iterator[Reason]:
    """compauth of Microsoft, in Authentication-Results."""
    if found := re.search(r"\bcompauth=(\w+)(?:\s+reason=(\d{3}))?", text):
        why = COMPAUTH.get(found[2] or "", f"reason {found[2]}" if found[2] else "")
        yield Reason(
            "Microsoft",
            f"composite authentication {found[1]}{f' ({why})' if why else ''}",
            found[1] == "fail",
        )
    if found := re.search(r"\baction=(oreject|quarantine)", text):
        yield Reason("Microsoft", f"acts as for DMARC {found[1].lstrip('o')}", True)


def _yahoo(text: str) -> Iterator[Reason]:
    yield Reason("Yahoo", f"put into Bulk ({text[:60]})", True)


def _spamassassin(text: str) -> Iterator[Reason]:
    """X-Spam-Status: "Yes, score=7.1 required=5.0 tests=A,B"."""
    score = re.search(r"score=(-?[\d.]+)", text)
    needed = re.search(r"required=(-?[\d.]+)", text)
    tests = re.search(r"tests=([A-Z0-9_,\s]+)", text)
    names = [name for name in re.split(r"[,\s]+", tests[1]) if name] if tests else []
    said = f"{score[1]} of {needed[1]}" if score and needed else text.partition(",")[0]
    listed = f" ({', '.join(names[:12])})" if names else ""
    yield Reason("SpamAssassin", f"{said}{listed}", text[:3].lower() == "yes")


def _rspamd(text: str) -> Iterator[Reason]:
    """X-Spamd-Result: "default: False [4.10 / 15.00]; SYMBOL(2.50)[…]; …"."""
    score = re.search(r"\[\s*(-?[\d.]+) / (-?[\d.]+)\s*\]", text)
    symbols = [
        (name, float(weight)) for name, weight in re.findall(r"([A-Z][A-Z0-9_]{2,})\((-?[\d.]+)\)", text)
    ]
    heavy = [
        f"{name} {weight:g}" for name, weight in sorted(symbols, key=lambda each: -each[1]) if weight > 0
    ][:6]
    said = f"{score[1]} of {score[2]}" if score else text[:LONGEST]
    spam = "true" in text.partition("[")[0].lower()
    yield Reason("rspamd", said + (f" ({', '.join(heavy)})" if heavy else ""), spam or None)


def _action(text: str) -> Iterator[Reason]:
    bad = text.lower() in ("add header", "rewrite subject", "reject", "soft reject")
    yield Reason("rspamd", f"action {text[:60]}", bad)


def _score(by: str) -> Callable[[str], Iterator[Reason]]:
    def read(text: str) -> Iterator[Reason]:
        yield Reason(by, text[:LONGEST])

    return read


def _flag(text: str) -> Iterator[Reason]:
    if text.strip().lower().startswith(("yes", "true")):
        yield Reason("filter", "flagged as spam", True)


READERS: Mapping[str, Callable[[str], Iterator[Reason]]] = {
    "X-Forefront-Antispam-Report": _forefront,
    "X-Microsoft-Antispam": _microsoft,
    "Authentication-Results": _results,
    "X-YahooFilteredBulk": _yahoo,
    "X-Spam-Status": _spamassassin,
    "X-Spamd-Result": _rspamd,
    "X-Rspamd-Action": _action,
    "X-Spam-Flag": _flag,
    "X-Spam-Action": _action,
    "X-Proofpoint-Spam-Details": _score("Proofpoint"),
    "X-Mimecast-Spam-Score": _score("Mimecast"),
    "X-Barracuda-Spam-Status": _score("Barracuda"),
    "X-MS-Exchange-Organization-SCL": _score("Exchange"),
    "X-GMX-Antispam": _score("GMX"),
    "X-UI-Filterresults": _score("United Internet"),
    "X-Yandex-Spam": _score("Yandex"),
    "X-VadeSecure-Verdict": _score("Vade Secure"),
    "X-CMAE-Score": _score("Cloudmark"),
}
"""field -> how it is read; one line adds one"""
