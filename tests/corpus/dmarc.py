"""Adapters of the DMARC suites."""

from checks.dmarc.align import aligned_by_list, evaluate
from checks.dmarc.author import author_domain
from checks.dmarc.policy import Outcome, by_tree, existence
from checks.dmarc.walk import walk
from checks.organization import registrable
from tests.corpus.cases import Case
from tests.corpus.suites import Output


def evaluation(case: Case) -> Output:
    """DMARC for one message."""
    asked = case.input
    author = author_domain(asked["header_from"]) or asked["header_from"].lower()
    found = evaluate(
        case.dns(),
        author,
        [one["domain"].lower() for one in asked["spf"]],
        [one["domain"].lower() for one in asked["dkim"]],
    )
    return {
        "result": found.result.value,
        "policy": found.disposition.value if found.disposition else None,
        "policy_domain": found.policy.found_at,
        "org_domain": found.policy.organizational,
        "aligned": {"spf": bool(found.aligned_spf), "dkim": bool(found.aligned_dkim)},
    }


def discovery(case: Case) -> Output:
    """Where the record of a domain is."""
    dns = case.dns()
    domain = case.input["domain"].lower()
    policy = by_tree(walk(dns, domain), existence(dns, domain))
    if policy.outcome is Outcome.FAILED:
        return {"found": "temperror"}
    if policy.outcome is Outcome.NONE or policy.record is None:
        return {"found": False}
    record = policy.record
    return {
        "found": True,
        "record": record.text.strip(),
        "p": record.p.value if record.p else None,
        "sp": record.sp.value if record.sp else None,
        "record_domain": policy.found_at,
    }


def alignment(case: Case) -> Output:
    """Three kinds of case: two domains, a From header, or a domain whose owner is asked for."""
    asked = case.input
    if "from_header" in asked:
        return {"domain": author_domain(asked["from_header"])}
    if "zone" in asked:
        return {"org_domain": walk(case.dns(), asked["domain"].lower()).organizational}
    strict = asked["mode"] == "strict"
    return {"aligned": aligned_by_list(asked["a"].lower(), asked["b"].lower(), strict=strict)}


def owner(case: Case) -> Output:
    """The registrable domain by the public suffix list."""
    return {"registrable": registrable(case.input["domain"])}
