"""`homing dmarc`: which DMARC policy applies to a domain, by the two ways that receivers know."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from checks.dmarc.policy import Outcome, Policy, by_list, by_tree, existence
from checks.dmarc.walk import walk
from checks.evidence import why_of
from checks.model import Args, Finding, State
from checks.ports import Dns, World
from monitor.cli import options
from monitor.cli.asking import domain_of
from monitor.cli.judging import Judged, Keys, judge_all
from monitor.cli.lines import text_of
from monitor.cli.shell import single
from monitor.problem import Problem

STATES = {Outcome.FOUND: State.PASS, Outcome.NONE: State.FAIL, Outcome.FAILED: State.UNKNOWN}


@options.checking
def dmarc(
    domain: Annotated[
        str, typer.Argument(metavar="DOMAIN", help="The domain of the From address.", show_default=False)
    ] = "",
    *,
    manner: options.Manner,
) -> int:
    """Find the DMARC policy of a domain: by the tree walk of RFC 9989, and by the suffix list of RFC 7489.

    Exit codes: 0 a policy was found, 1 there is none, 2 usage, 3 DNS gave no answer, 4 a fault of Homing.
    """
    return judge_all(_judge, {"domain": domain}, manner)


def _judge(keys: Keys, world: World) -> Judged:
    domain = text_of(keys, "domain")
    if not domain:
        raise Problem("no domain was given. Try `homing dmarc example.com`.")
    tree, listed = discovered(world.dns, domain_of(domain))
    return Judged(tree.domain, told(tree, listed), _shown(tree, listed), (finding(tree),))


def finding(policy: Policy) -> Finding:
    """The policy as what an audit finds of it (DMARC-001)."""
    args: Args = {
        "policy": policy.effective.value if policy.effective else None,
        "organizational_domain": policy.organizational,
        "record": policy.record.text if policy.record else None,
        "found_at": policy.found_at,
        "why": tuple(f"{answer.question.name}: {why_of(answer)}" for answer in policy.failed),
    }
    return Finding("DMARC-001", STATES[policy.outcome], policy.domain, args)


def discovered(dns: Dns, domain: str) -> tuple[Policy, Policy]:
    """The policy by RFC 9989 and by RFC 7489."""
    return by_tree(walk(dns, domain), existence(dns, domain)), by_list(dns, domain)


def told(tree: Policy, listed: Policy) -> Mapping[str, Any]:
    """The document (docs/commands.md); the top level is RFC 9989's."""
    return {**_policy(tree), "domain": tree.domain, "rfc7489": _policy(listed), "rfc9989": _policy(tree)}


def _policy(policy: Policy) -> dict[str, Any]:
    known = policy.outcome is not Outcome.FAILED
    found = policy.outcome is Outcome.FOUND
    return {
        "record": policy.record.text if policy.record else None,
        "found_at": policy.found_at if found else None,
        "organizational_domain": policy.organizational if known or found else None,
        "policy": policy.effective.value if policy.effective else None,
        "outcome": policy.outcome.value,
        "unanswered": [f"{answer.question.name}: {why_of(answer)}" for answer in policy.failed],
    }


def _shown(tree: Policy, listed: Policy) -> str:
    lines = [_line("RFC 9989", tree), _line("RFC 7489", listed)]
    if tree.record is not None:
        lines.insert(0, f"{tree.record.text}")
    if tree.effective is not listed.effective and Outcome.FAILED not in (tree.outcome, listed.outcome):
        lines.append("Receivers of the two kinds will disagree about this domain.")
    return "\n".join(lines)


def _line(way: str, policy: Policy) -> str:
    match policy.outcome:
        case Outcome.FAILED:
            missing = "; ".join(f"{answer.question.name}: {why_of(answer)}" for answer in policy.failed)
            return f"{way}: could not find out ({missing})"
        case Outcome.NONE:
            return f"{way}: no policy for {policy.domain}"
        case _:
            effective = policy.effective.value if policy.effective else "none"
            return (
                f"{way}: {effective} for {policy.domain}, found at _dmarc.{policy.found_at}; "
                f"organizational domain {policy.organizational}"
            )


run = single(
    "dmarc",
    dmarc,
    """homing dmarc example.com
    homing dmarc news.example.com --json
    homing dmarc --jsonl < domains.jsonl""",
)
