"""Rules about what the policy covers, and what still stands between it and p=reject."""

from collections.abc import Iterator

from checks.dmarc import edit
from checks.dmarc.look import Look
from checks.dmarc.policy import Outcome, Policy
from checks.dmarc.record import Disposition, DmarcRecord
from checks.dmarc.walk import Found
from checks.model import Finding, State, Value


def nonexistent(look: Look) -> Iterator[Finding]:
    """DMARC-009: np=reject costs nothing: no mail of yours comes from names that do not exist."""
    record = _organizational(look)
    if record is None:
        return
    theirs = record.policy_for(subdomain=True, exists=False)
    if theirs is not Disposition.REJECT:
        after = edit.with_tags(record, {"np": "reject"})
        yield look.finding("DMARC-009", State.WARN, {"policy": theirs.value}, after=after)


def owners_below(look: Look) -> Iterator[Finding]:
    """DMARC-010: where subdomains publish records of their own, psd=n says whose domain this is."""
    record = _organizational(look)
    below = tuple(level.domain for level in look.subdomains if level.found is Found.RECORD)
    if record is not None and record.psd != "n" and below:
        args: dict[str, Value] = {"subdomains": below}
        yield look.finding("DMARC-010", State.WARN, args, after=edit.with_tags(record, {"psd": "n"}))


def idle_sp(look: Look) -> Iterator[Finding]:
    """DMARC-011: sp counts only in the record of the Organizational Domain."""
    record = look.start.record
    if (
        record is not None
        and record.sp
        and look.walk.organizational != look.start.domain
        and not look.walk.failed
    ):
        args: dict[str, Value] = {"sp": record.sp.value, "organizational_domain": look.walk.organizational}
        yield look.finding("DMARC-011", State.WARN, args, after=edit.without_tags(record, "sp"))


def weaker_below(look: Look) -> Iterator[Finding]:
    """DMARC-012: a weaker policy for subdomains is what forgers use."""
    record = _organizational(look)
    if record is None or record.p is None:
        return
    weak = {
        name: value.value
        for name, value in (("sp", record.sp), ("np", record.np))
        if value and value.rank < record.p.rank
    }
    if weak:
        written = tuple(f"{name}={value}" for name, value in weak.items())
        after = edit.with_tags(record, dict.fromkeys(weak, record.p.value))
        yield look.finding("DMARC-012", State.WARN, {"weak": written, "p": record.p.value}, after=after)


def journey(look: Look) -> Iterator[Finding]:
    """DMARC-017: where the policy stands on its way to reject, and what stops the next step."""
    record, tree = look.record, look.tree
    if record is None or tree.effective is None or look.walk.failed:
        return
    stops = tuple(_stops(record, parked=look.parked))
    at_goal = tree.effective is Disposition.REJECT and not stops
    following = Disposition.QUARANTINE if tree.effective is Disposition.NONE else Disposition.REJECT
    args: dict[str, Value] = {
        "policy": tree.effective.value,
        "next": None if at_goal else following.value,
        "stops": stops or ("nothing that DNS shows: look at the reports, then take the step",),
    }
    own = look.start.record is record
    after = edit.with_tags(record, {"p": following.value}) if own and not stops and not at_goal else None
    yield look.finding("DMARC-017", State.PASS if at_goal else State.WARN, args, at=tree.level, after=after)


def _stops(record: DmarcRecord, *, parked: bool) -> Iterator[str]:
    if record.testing:
        yield "t=y takes the policy one level down"
    if not record.rua and not parked:
        yield "without rua nobody tells you which mail would be hit"
    if record.tags.get("pct") not in (None, "100"):
        yield f"pct={record.tags.get('pct')} is read in two ways"
    if any(fault.tag in ("p", "sp", "np") for fault in record.faults):
        yield "a policy tag is wrong, so the record means p=none"


def disagreement(look: Look) -> Iterator[Finding]:
    """DMARC-022: what a receiver does hangs on whether it walks the tree or reads the suffix list."""
    tree, listed = look.tree, look.listed
    if tree.outcome is Outcome.FAILED:  # DMARC-023 says so
        return
    if listed.outcome is Outcome.FAILED:
        yield look.unknown("DMARC-022", listed.failed)
        return
    differs = [what for what, a, b in _compared(tree, listed) if a != b]
    if differs:
        args: dict[str, Value] = {"differs": tuple(differs), "rfc9989": _said(tree), "rfc7489": _said(listed)}
        yield look.finding("DMARC-022", State.WARN, args, at=tree.level)


def _compared(tree: Policy, listed: Policy) -> Iterator[tuple[str, object, object]]:
    """The policy without t and np, which only one of the two knows and other rules speak of."""
    yield "whether there is a policy", tree.outcome, listed.outcome
    if tree.outcome is listed.outcome is Outcome.FOUND:
        yield "where the record is", tree.found_at, listed.found_at
        yield "whose domain it is (alignment)", tree.organizational, listed.organizational


def _said(policy: Policy) -> str:
    if policy.outcome is Outcome.NONE:
        return f"no policy, organizational domain {policy.organizational}"
    effective = policy.effective.value if policy.effective else "none"
    return f"{effective} from _dmarc.{policy.found_at}, organizational domain {policy.organizational}"


def unanswered(look: Look) -> Iterator[Finding]:
    """DMARC-023: a level of the walk that could not be asked."""
    if look.walk.failed:
        yield look.unknown("DMARC-023", tuple(level.answer for level in look.walk.failed))


def strict(look: Look) -> Iterator[Finding]:
    """DMARC-024: strict alignment fails every stream that uses a subdomain."""
    record = look.record
    if record is None:
        return
    modes = [name for name, on in (("adkim=s", record.strict_dkim), ("aspf=s", record.strict_spf)) if on]
    senders = [level.domain for level in look.subdomains if level.domain in look.target.helos]
    if not modes or look.parked:
        return
    args: dict[str, Value] = {"modes": tuple(modes), "subdomains": tuple(senders) or None}
    state = State.WARN if senders else State.UNKNOWN
    why: dict[str, Value] = {"why": "which domains your streams sign and bounce with is not in DNS"}
    yield look.finding("DMARC-024", state, args if senders else {**args, **why}, at=look.tree.level)


def holes(look: Look) -> Iterator[Finding]:
    """DMARC-025: a subdomain with a weaker record of its own is a hole in the domain's policy."""
    record = _organizational(look)
    if record is None:
        return
    above = record.policy_for(subdomain=True)
    for level in look.subdomains:
        own = level.record
        if own is not None and own.usable and own.policy.rank < above.rank:
            args: dict[str, Value] = {
                "policy": own.policy.value,
                "above": above.value,
                "domain": look.target.domain,
            }
            after = edit.with_tags(own, {"p": above.value})
            yield look.finding("DMARC-025", State.WARN, args, at=level, after=after, subject=level.domain)


def _organizational(look: Look) -> DmarcRecord | None:
    """The target's own record, if it is valid and the target is its Organizational Domain."""
    record = look.start.record
    is_org = look.walk.organizational == look.start.domain and not look.walk.failed
    return record if is_org and record is not None and record.valid else None
