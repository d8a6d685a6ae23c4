"""The names that hold a domain's mail records: alias or records, never both, and text that can be read."""

from collections.abc import Iterator, Mapping

from checks.evidence import evidence_of, why_of
from checks.model import Finding, State, Target
from checks.ports import Answer, Dns, Question, Txt

LABELS = ("_dmarc", "_mta-sts", "_smtp._tls", "default._bimi")
AT_APEX = ("CNAME", "TXT", "MX", "SOA")
ELSEWHERE = frozenset({"_dmarc"})
"""Labels where DMARC-020 says the same with the policy at stake."""
BELOW = ("CNAME", "TXT")
SHOWN = 40

Answers = Mapping[Question, Answer]


def findings(target: Target, dns: Dns) -> Iterator[Finding]:
    """RES-010 for each name that is both, RES-011 for each with unreadable text; else one pass for each."""
    questions = [Question(name, t) for name, types in owners(target).items() for t in types]
    answers = dict(zip(questions, dns.ask_all(questions), strict=True))
    yield from _both(target, answers)
    yield from _unreadable(target, answers)


def owners(target: Target) -> dict[str, tuple[str, ...]]:
    """The names to look at, with the types that may stand there."""
    selectors = [f"{selector}._domainkey" for selector in target.selectors]
    below = {f"{label}.{target.domain}": BELOW for label in (*LABELS, *selectors)}
    return {target.domain: AT_APEX, **below}


def _both(target: Target, answers: Answers) -> Iterator[Finding]:
    """RFC 1034 section 3.6.2: a name with a CNAME has nothing else; resolvers then see one or the other."""
    found = False
    names = [name for name in owners(target) if name.partition(".")[0] not in ELSEWHERE]
    for name in names:
        alias = answers[Question(name, "CNAME")]
        beside = [a for q, a in answers.items() if q.name == name and q.rdtype != "CNAME" and own_records(a)]
        if alias.records and beside:
            found = True
            types = tuple(answer.question.rdtype for answer in beside)
            seen = tuple(evidence_of(answer) for answer in (alias, *beside))
            yield Finding("RES-010", State.FAIL, name, {"alias": alias.texts[0], "types": types}, seen)
    if not found:
        yield _else("RES-010", target.domain, [answers[Question(name, "CNAME")] for name in names])


def own_records(answer: Answer) -> bool:
    """Records at the very name that was asked, and not where an alias led."""
    return bool(answer.records) and not answer.chain


def _unreadable(target: Target, answers: Answers) -> Iterator[Finding]:
    texts = [answer for question, answer in answers.items() if question.rdtype == "TXT"]
    found = False
    for answer in texts:
        bad = [record for record in answer.records if isinstance(record, Txt) and not is_text(record)]
        if bad:
            found = True
            shown = tuple(str(record)[:SHOWN] for record in bad)
            yield Finding(
                "RES-011", State.WARN, answer.question.name, {"texts": shown}, (evidence_of(answer),)
            )
    if not found:
        yield _else("RES-011", target.domain, texts)


def is_text(record: Txt) -> bool:
    """Whether a TXT record is UTF-8; RFC 1035 lets it be any bytes, and no mail record uses that."""
    try:
        record.joined.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _else(code: str, domain: str, answers: list[Answer]) -> Finding:
    """Nothing was found: because there is nothing, or because we could not look."""
    failed = next((answer for answer in answers if not answer.ok), None)
    if failed is None:
        return Finding(code, State.PASS, domain)
    args = {"why": f"{failed.question.name}: {why_of(failed)}"}
    return Finding(code, State.UNKNOWN, domain, args, (evidence_of(failed),))
