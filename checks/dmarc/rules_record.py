"""Rules about the record itself: whether there is one, its tags and what they mean today."""

from collections.abc import Iterator

from checks.dmarc import edit
from checks.dmarc.look import Look
from checks.dmarc.policy import Outcome
from checks.dmarc.record import KNOWN, POLICIES, REMOVED, DmarcRecord, Fault, Flaw, is_dmarc
from checks.dmarc.walk import Found
from checks.model import Finding, State, Value
from checks.organization import registrable
from checks.spf.record import is_spf


def policy(look: Look) -> Iterator[Finding]:
    """DMARC-001: some policy applies."""
    tree = look.tree
    args: dict[str, Value] = {
        "policy": tree.effective.value if tree.effective else None,
        "organizational_domain": tree.organizational,
        "record": tree.record.text if tree.record else None,
    }
    if tree.outcome is Outcome.FAILED:
        yield look.unknown("DMARC-001", tree.failed)
    elif tree.outcome is Outcome.FOUND:
        yield look.finding("DMARC-001", State.PASS, args, at=tree.level)
    else:
        absent = look.start.found is Found.NOTHING
        after = edit.proposed(look.target.domain, parked=look.parked) if absent else None
        yield look.finding("DMARC-001", State.FAIL, args, after=after)


def several(look: Look) -> Iterator[Finding]:
    """DMARC-002: two records at one name count as none (RFC 9989 section 4.10)."""
    for level in look.walk.levels:
        if level.found is Found.SEVERAL:
            args: dict[str, Value] = {"count": len(level.texts), "records": level.texts}
            yield look.finding("DMARC-002", State.FAIL, args, at=level, subject=level.domain)


def version(look: Look) -> Iterator[Finding]:
    """DMARC-003: `v=DMARC1` comes first and is spelled exactly so; anything else is no record at all."""
    for text in filter(_looks_like_dmarc, look.strays):
        after = None if look.start.texts else _respelled(text)
        yield look.finding("DMARC-003", State.FAIL, {"record": text}, before=text, after=after)


def _looks_like_dmarc(text: str) -> bool:
    return "dmarc1" in text.lower() or text.lower().startswith("p=")


def _respelled(text: str) -> str | None:
    """The text with its version put right, if that makes a record of it."""
    rest = [part.strip() for part in text.split(";") if part.strip()]
    kept = [part for part in rest if not part.lower().replace(" ", "").startswith("v=dmarc1")]
    after = "; ".join(["v=DMARC1", *kept])
    return after if is_dmarc(after) else None


def policy_tags(look: Look) -> Iterator[Finding]:
    """DMARC-004: p, sp and np are none, quarantine or reject; else the record means p=none or nothing."""
    for record in _own(look):
        faults = [f for f in record.faults if f.tag in POLICIES and f.flaw in (Flaw.VALUE, Flaw.NO_POLICY)]
        if faults:
            meaning = "receivers take it for p=none" if record.usable else "receivers apply no DMARC at all"
            args: dict[str, Value] = {"faults": tuple(map(str, faults)), "meaning": meaning}
            after = edit.with_tags(record, {fault.tag: "none" for fault in faults})
            yield look.finding("DMARC-004", State.FAIL, args, after=after)


def ignored(look: Look) -> Iterator[Finding]:
    """DMARC-005: unknown tags are ignored; so are values that a known tag cannot have (section 4.7)."""
    for record in _own(look):
        strange = tuple(name for name, _ in record.tags.tags if name not in KNOWN)
        faults = [fault for fault in record.faults if _is_ignored(fault)]
        if faults or strange:
            args: dict[str, Value] = {"ignored": (*map(str, faults), *(f"{name}=" for name in strange))}
            after = edit.without_tags(record, *strange, *(fault.tag for fault in faults if fault.tag))
            yield look.finding("DMARC-005", State.FAIL if faults else State.WARN, args, after=after)


def _is_ignored(fault: Fault) -> bool:
    """A syntax error, or a wrong value of a tag that no other rule speaks of."""
    others = (*POLICIES, "fo", "psd")
    return fault.flaw is Flaw.SYNTAX or (fault.flaw is Flaw.VALUE and fault.tag not in others)


def removed(look: Look) -> Iterator[Finding]:
    """DMARC-006: pct, rf, ri and the size of a URI are gone since RFC 9989."""
    for record in _own(look):
        tags = tuple(
            f"{name}={record.tags.get(name)}" for name in REMOVED if record.tags.get(name) is not None
        )
        sizes = tuple(uri.text for uri in (*record.rua, *record.ruf) if uri.size)
        if tags or sizes:
            pct = record.tags.get("pct")
            args: dict[str, Value] = {"tags": (*tags, *sizes), "meaning": _of_pct(pct)}
            after = edit.with_tags(record, _of_today(record)) if not sizes else None
            yield look.finding("DMARC-006", State.WARN, args, after=after)


def _of_today(record: DmarcRecord) -> dict[str, str | None]:
    """No removed tag; pct=0 becomes t=y, which is what its author meant (so OpenDMARC reads it)."""
    changes: dict[str, str | None] = dict.fromkeys(REMOVED)
    tested = record.tags.get("pct") == "0" and record.tags.get("t") is None
    return changes | {"t": "y"} if tested else changes


def _of_pct(pct: str | None) -> str:
    if pct in (None, "100"):
        return "today's receivers ignore them"
    if pct == "0":
        return "pct=0 was the old way to say t=y: older receivers weaken the policy, today's apply it in full"
    return f"older receivers apply the policy to {pct} % of the mail, today's to all of it"


def testing(look: Look) -> Iterator[Finding]:
    """DMARC-007: t=y takes the policy one level down (section 4.7)."""
    record, tree = look.record, look.tree
    if record is not None and record.testing and tree.disposition and tree.effective:
        args: dict[str, Value] = {"policy": tree.disposition.value, "effective": tree.effective.value}
        after = edit.without_tags(record, "t")
        yield look.finding("DMARC-007", State.WARN, args, at=tree.level, after=after)


def psd(look: Look) -> Iterator[Finding]:
    """DMARC-008: psd=y is for public suffixes; on an ordinary domain it cuts the subdomains loose."""
    for record in _own(look):
        wrong = [str(fault) for fault in record.faults if fault.tag == "psd"]
        domain = look.start.domain
        if record.psd == "y" and registrable(domain) is not None:
            wrong.append(f"psd=y says that {domain} is a public suffix, which it is not")
        if wrong:
            after = edit.without_tags(record, "psd")
            yield look.finding("DMARC-008", State.FAIL, {"faults": tuple(wrong)}, after=after)


def failure_options(look: Look) -> Iterator[Finding]:
    """DMARC-016: `fo` says when failure reports are wanted, and means nothing without `ruf`."""
    for record in _own(look):
        wrong = [str(fault) for fault in record.faults if fault.tag == "fo"]
        if record.tags.get("fo") is not None and not record.ruf:
            wrong.append("fo is there without ruf, so no failure report is asked for")
        if wrong:
            after = edit.without_tags(record, "fo")
            yield look.finding("DMARC-016", State.WARN, {"faults": tuple(wrong)}, after=after)


def strays(look: Look) -> Iterator[Finding]:
    """DMARC-018: other TXT records at `_dmarc`; SPF there shows a wildcard that answers for everything."""
    texts = tuple(text for text in look.strays if not _looks_like_dmarc(text))
    if texts:
        spf = any(is_spf(text) for text in texts)
        hint = "an SPF record there shows a wildcard TXT record" if spf else "receivers skip them"
        yield look.finding("DMARC-018", State.WARN, {"records": texts, "hint": hint})


def apex(look: Look) -> Iterator[Finding]:
    """DMARC-019: a DMARC record at the domain itself is read by nobody."""
    texts = tuple(text for text in look.apex.texts if is_dmarc(text))
    if not look.apex.ok:
        yield look.unknown("DMARC-019", (look.apex,))
    elif texts:
        yield look.finding("DMARC-019", State.WARN, {"record": texts[0]}, answers=(look.apex,))


def alias(look: Look) -> Iterator[Finding]:
    """DMARC-020: a CNAME beside other data: which one a receiver sees is luck (RFC 1034 section 3.6.2)."""
    if not look.alias.ok:
        yield look.unknown("DMARC-020", (look.alias,))
    elif look.alias.records and look.texts and not look.start.answer.chain:
        args: dict[str, Value] = {"target": look.alias.texts[0]}
        yield look.finding("DMARC-020", State.FAIL, args, answers=(look.alias,))


def order(look: Look) -> Iterator[Finding]:
    """DMARC-021: some parsers of RFC 7489 want p directly behind v."""
    for record in _own(look):
        names = [name for name, _ in record.tags.tags]
        if "p" in names and names.index("p") != 1:
            yield look.finding("DMARC-021", State.WARN, after=edit.with_tags(record, {}))


def _own(look: Look) -> Iterator[DmarcRecord]:
    """The record at the target's own name: what its owner can change."""
    if look.start.record is not None:
        yield look.start.record
