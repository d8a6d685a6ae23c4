"""Rules about the text of each record in the tree: its grammar, and terms that do nothing or too much."""

from collections.abc import Iterator, Mapping

from checks.model import Finding, State, Value
from checks.ports import Txt
from checks.spf import edit
from checks.spf.flaws import Fault, Flaw
from checks.spf.joints import badly_joined
from checks.spf.look import Look
from checks.spf.macro import MacroString
from checks.spf.record import is_spf, text_of
from checks.spf.terms import Kind, Record, Result
from checks.spf.tree import End, Node

LARGE_RECORD = 450
"""Octets; with the rest of the answer it should fit into 512 (RFC 7208 section 3.4)."""

TOLD = 20
"""Faults of one record that are told."""

_CODES: Mapping[Flaw, str] = {
    Flaw.CHARACTER: "SPF-003",
    Flaw.UNKNOWN_MECHANISM: "SPF-003",
    Flaw.DOMAIN_END: "SPF-003",
    Flaw.ARGUMENT: "SPF-003",
    Flaw.NO_DOMAIN: "SPF-012",
    Flaw.TWICE: "SPF-012",
    Flaw.MACRO: "SPF-018",
    Flaw.MACRO_LETTER: "SPF-018",
    Flaw.MACRO_PLACE: "SPF-018",
    Flaw.MACRO_ZERO: "SPF-018",
    Flaw.CIDR: "SPF-019",
    Flaw.NO_ADDRESS: "SPF-019",
    Flaw.ADDRESS: "SPF-019",
    Flaw.WRONG_FAMILY: "SPF-019",
}


def records(look: Look) -> Iterator[tuple[Node, Record]]:
    """Each record once, however often it is included."""
    seen = set()
    for node in look.root.nodes():
        if node.record is not None and node.domain not in seen:
            seen.add(node.domain)
            yield node, node.record


def several(look: Look) -> Iterator[Finding]:
    """SPF-002: exactly one record at each name."""
    for node in look.root.nodes():
        if node.end is End.SEVERAL:
            args: dict[str, Value] = {"count": len(node.texts), "records": node.texts}
            yield look.finding("SPF-002", State.FAIL, node, args, after=edit.merged(node.texts))


def faulty(code: str, look: Look) -> Iterator[Finding]:
    """SPF-003, 012, 018, 019: the faults that the grammar finds, grouped by what kind they are."""
    for node, record in records(look):
        faults = [fault for fault in record.faults if _CODES[fault.flaw] == code]
        if faults:
            args: dict[str, Value] = {
                "faults": tuple(str(fault) for fault in faults[:TOLD]),
                "record": record.text,
            }
            yield look.finding(code, State.FAIL, node, args, after=_mended(record.text, faults))


def _mended(text: str, faults: list[Fault]) -> str | None:
    """Only an address under the other version's name can be mended without knowing what was meant."""
    swapped = {fault.text for fault in faults if fault.flaw is Flaw.WRONG_FAMILY}
    if len(swapped) != len(faults):
        return None
    return edit.replaced(text, lambda term: _other_version(term) if term in swapped else term)


def _other_version(term: str) -> str:
    return term.replace("ip4:", "ip6:") if "ip4:" in term else term.replace("ip6:", "ip4:")


def redirect_and_all(look: Look) -> Iterator[Finding]:
    """SPF-010: a redirect beside an `all` is ignored (RFC 7208 section 6.1)."""
    for node, record in records(look):
        redirect = record.modifier("redirect")
        if redirect is not None and record.all is not None:
            args = {"term": redirect.text, "all": record.all.text}
            after = edit.without(record.text, {redirect.text})
            yield look.finding("SPF-010", State.WARN, node, args, after=after)


def after_all(look: Look) -> Iterator[Finding]:
    """SPF-013: mechanisms after `all` are never looked at (RFC 7208 section 5.1)."""
    for node, record in records(look):
        end = record.all
        dead = [term.text for term in record.mechanisms if end is not None and term.at > end.at]
        if end is not None and dead:
            args: dict[str, Value] = {"terms": tuple(dead[:TOLD]), "all": end.text}
            yield look.finding("SPF-013", State.WARN, node, args, after=edit.up_to_all(record.text))


def ptr(look: Look) -> Iterator[Finding]:
    """SPF-017: do not use `ptr` (RFC 7208 section 5.5), nor the macro %{p} (section 7.3)."""
    for node, record in records(look):
        used = [term.text for term in record.mechanisms if term.kind is Kind.PTR or _has_p(term.domain)]
        if used:
            after = edit.without(record.text, set(used))
            yield look.finding("SPF-017", State.WARN, node, {"terms": tuple(used[:TOLD])}, after=after)


def _has_p(domain: MacroString | None) -> bool:
    return domain is not None and "p" in domain.letters


def joined(look: Look) -> Iterator[Finding]:
    """SPF-022: character-strings are joined without a space (RFC 7208 section 3.3)."""
    for node in look.root.nodes():
        for record in node.answer.records if node.answer else ():
            if isinstance(record, Txt) and is_spf(text_of(record)) and (found := badly_joined(record)):
                args = {"joined": found.joined, "before_joint": found.left, "after_joint": found.right}
                yield look.finding("SPF-022", State.FAIL, node, args, after=found.mended)


def size(look: Look) -> Iterator[Finding]:
    """SPF-023: a record and an answer that fit into a UDP datagram of 512 octets."""
    answer = look.root.answer
    total = sum(len(r.joined) + 12 for r in answer.records if isinstance(r, Txt)) if answer else 0
    length = len(look.root.texts[0])
    args = {"length": length, "answer": total, "limit": LARGE_RECORD}
    state = State.WARN if length > LARGE_RECORD else State.PASS
    yield look.finding("SPF-023", state, args=args)


def type99(look: Look) -> Iterator[Finding]:
    """SPF-024: the SPF record type is obsolete (RFC 7208 section 3.1)."""
    if look.type99.ok and look.root.end is not End.FAILED:
        state = State.WARN if look.type99.records else State.PASS
        yield look.finding("SPF-024", state, answers=(look.type99,))


def effective(look: Look) -> Node:
    """The record whose end decides: redirects followed."""
    node = look.root
    while node.steps and node.record is not None and node.record.redirect is not None:
        child = node.steps[-1].child
        if child is None or child.record is None:
            return node
        node = child
    return node


def neutral_end(look: Look) -> Iterator[Finding]:
    """SPF-015: a policy that ends in `?all`, or in nothing, says nothing about a stranger."""
    node = effective(look)
    if node.record is None or node.record.redirect is not None:
        return
    end = node.record.all
    if end is None or end.result is Result.NEUTRAL:
        args = {"end": end.text if end else "no all"}
        yield look.finding("SPF-015", State.WARN, node, args, after=edit.ending(node.record.text, "~all"))


def strictness(look: Look) -> Iterator[Finding]:
    """SPF-016: whether strangers fail or softfail; with DMARC both are fine, so this is no fault."""
    node = effective(look)
    end = node.record.all if node.record else None
    if end is not None and end.result in (Result.FAIL, Result.SOFTFAIL):
        yield look.finding("SPF-016", State.PASS, node, {"end": end.text, "result": end.result.value})
