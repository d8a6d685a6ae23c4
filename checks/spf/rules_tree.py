"""Rules about the tree: what it costs, where it ends, and what it leaves open to strangers."""

import re
from collections.abc import Iterator

from checks.model import Finding, State, Value
from checks.organization import organization
from checks.ports import Got, Mx
from checks.spf import edit
from checks.spf.budget import MAX_MX, MAX_TERMS, MAX_VOIDS, PATIENCE
from checks.spf.look import Look, missing, shown, term_of
from checks.spf.terms import Kind, Mechanism, Modifier
from checks.spf.tree import FAMILIES, End, Node, Step

NEAR = MAX_TERMS - 1
TOLD = 20
"""Terms of one kind that a finding names."""
_HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def terms(look: Look) -> Iterator[Finding]:
    """SPF-004: at most ten terms that ask DNS, wherever in the tree (RFC 7208 section 4.6.4)."""
    count = look.root.lookups
    args: dict[str, Value] = {"lookups": count, "limit": MAX_TERMS, "branches": branches(look.root)}
    if count >= NEAR:
        yield look.finding("SPF-004", State.FAIL if count > MAX_TERMS else State.WARN, args=args)
    elif not look.whole:
        yield look.unknown("SPF-004", look.root.unanswered)
    else:
        yield look.finding("SPF-004", State.PASS, args=args)


def branches(root: Node) -> dict[str, Value]:
    """Term of the root record -> look-ups that it and everything below it spend; the costliest first."""
    costs = [(step.term.text, step.asks + (step.child.lookups if step.child else 0)) for step in root.steps]
    dear = sorted((cost for cost in costs if cost[1]), key=lambda cost: -cost[1])
    return dict(dear[:TOLD])


def mx_hosts(look: Look) -> Iterator[Finding]:
    """SPF-005: an `mx` with more than ten hosts is a permerror."""
    for step in look.root.all_steps():
        if isinstance(step.term, Mechanism) and step.term.kind is Kind.MX:
            hosts = [record for answer in step.answers for record in answer.records if isinstance(record, Mx)]
            if len(hosts) > MAX_MX:
                args: dict[str, Value] = {"term": term_of(step), "target": step.target, "count": len(hosts)}
                yield look.finding("SPF-005", State.FAIL, args=args, answers=step.answers[:1])


def voids(look: Look) -> Iterator[Finding]:
    """SPF-006: at most two void look-ups, which differ by the client's IP version."""
    found = {family: look.root.voids(family) for family in FAMILIES}
    args = void_args(look)
    over = [f"IPv{family}" for family in FAMILIES if len(found[family]) > MAX_VOIDS]
    answers = tuple(dict.fromkeys(answer for family in FAMILIES for _, answer in found[family]))
    if over:
        yield look.finding("SPF-006", State.FAIL, args={**args, "over": tuple(over)}, answers=answers)
    elif not look.whole:
        yield look.unknown("SPF-006", look.root.unanswered)
    else:
        yield look.finding("SPF-006", State.PASS, args=args, answers=answers)


def void_args(look: Look) -> dict[str, Value]:
    """void_v4, void_v6 by question (as we and pyspf count) and by term, and the terms that spend them."""
    args: dict[str, Value] = {"limit": MAX_VOIDS}
    for family in FAMILIES:
        spent = look.root.voids(family)
        args[f"void_v{family}"] = len(spent)
        args[f"void_terms_v{family}"] = look.root.void_terms(family)
        names = (f"{shown(path)} ({a.question.name} {a.question.rdtype})" for path, a in spent[:TOLD])
        args[f"spent_v{family}"] = tuple(names) or None
    return args


def dead_includes(look: Look) -> Iterator[Finding]:
    """SPF-007: an include without a record is a permerror (RFC 7208 section 5.2)."""
    for step, child in _ended(look, End.NO_RECORD, End.NXDOMAIN, End.BAD_NAME):
        if isinstance(step.term, Mechanism):
            yield _without_record("SPF-007", look, step, child)


def dead_redirects(look: Look) -> Iterator[Finding]:
    """SPF-011: a redirect without a record is a permerror (RFC 7208 section 6.1)."""
    for step, child in _ended(look, End.NO_RECORD, End.NXDOMAIN, End.BAD_NAME):
        if isinstance(step.term, Modifier):
            yield _without_record("SPF-011", look, step, child)


def _without_record(code: str, look: Look, step: Step, child: Node) -> Finding:
    exists = "does not exist" if child.end is End.NXDOMAIN else "has no SPF record"
    args: dict[str, Value] = {"term": term_of(step), "target": child.domain, "exists": exists}
    answers = (child.answer,) if child.answer else ()
    return look.finding(code, State.FAIL, args=args, answers=answers, after=_root_without(look, step))


def _root_without(look: Look, step: Step) -> str | None:
    """The root record without the term, where the term stands in the root record itself."""
    return edit.without(look.root.texts[0], {step.term.text}) if len(step.path) == 1 else None


def unanswered(look: Look) -> Iterator[Finding]:
    """SPF-008: what could not be asked is a temperror at receivers and an unknown here, never a fault."""
    if look.root.unanswered:
        yield look.unknown("SPF-008", look.root.unanswered)


def loops(look: Look) -> Iterator[Finding]:
    """SPF-009: a cycle never ends (fail); the same domain on two branches is paid for twice (warn)."""
    looping = list(_ended(look, End.LOOP))
    for step, child in looping:
        args: dict[str, Value] = {"term": term_of(step), "target": child.domain, "grade": "never ends"}
        yield look.finding("SPF-009", State.FAIL, args=args, after=_root_without(look, step))
    for domain, steps in _repeated(look).items():
        if all(child.domain != domain for _, child in looping):
            saved = sum(1 + (step.child.lookups if step.child else 0) for step in steps[1:])
            paths = tuple(term_of(step) for step in steps)
            args = {"term": paths, "target": domain, "grade": "paid for more than once", "saved": saved}
            yield look.finding("SPF-009", State.WARN, args=args)


def _repeated(look: Look) -> dict[str, list[Step]]:
    steps: dict[str, list[Step]] = {}
    for step in look.root.all_steps():
        if step.child is not None and step.child.record is not None:
            steps.setdefault(step.child.domain, []).append(step)
    return {domain: found for domain, found in steps.items() if len(found) > 1}


def _ended(look: Look, *ends: End) -> Iterator[tuple[Step, Node]]:
    for step in look.root.all_steps():
        if step.child is not None and step.child.end in ends:
            yield step, step.child


def takeover(look: Look) -> Iterator[Finding]:
    """SPF-025: whoever registers a domain that the policy names may send in the target's name."""
    for name in missing(look.root):
        owner = organization(name)
        answer = look.owners.get(owner)
        if answer is None or not _HOST_NAME.fullmatch(owner):  # nobody can register what is no host name
            continue
        steps = [step for step in look.root.all_steps() if _names(step, name)]
        terms_ = tuple(dict.fromkeys(term_of(step) for step in steps))
        args: dict[str, Value] = {"term": terms_, "target": name, "owner": owner}
        if answer.got is Got.NXDOMAIN:
            after = _root_without(look, steps[0]) if steps else None
            yield look.finding("SPF-025", State.FAIL, args=args, answers=(answer,), after=after)
        elif not answer.ok:
            yield look.unknown("SPF-025", (answer,), args)


def _names(step: Step, name: str) -> bool:
    if step.child is not None:
        return step.child.domain == name
    return any(answer.question.name == name for answer in step.answers)


def slow(look: Look) -> Iterator[Finding]:
    """SPF-030: receivers may give up after twenty seconds (RFC 7208 section 4.6.4)."""
    seconds = look.tree.seconds
    if seconds > PATIENCE.total_seconds():
        yield look.finding("SPF-030", State.WARN, args={"seconds": round(seconds, 1)})


def distance(look: Look) -> Iterator[Finding]:
    """SPF-032: how much of the budgets is left, so that a vendor's next include is no surprise."""
    if not look.whole:
        return
    count = look.root.lookups
    args: dict[str, Value] = {
        "lookups": count,
        "left": max(0, MAX_TERMS - count),
        "branches": branches(look.root),
        "hidden": tuple(term_of(step) for step in look.root.all_steps() if step.hidden),
        **void_args(look),
        **{f"voids_left_v{family}": max(0, MAX_VOIDS - len(look.root.voids(family))) for family in FAMILIES},
    }
    yield look.finding("SPF-032", State.PASS, args=args)
