"""Adapter of record-lint: is a published text valid, by the parser that the checks use?"""

from collections.abc import Callable, Mapping

from checks.bimi.record import parse_bimi
from checks.dmarc.record import is_dmarc
from checks.dmarc.record import parse as parse_dmarc
from checks.dmarc.uri import ReportUri, parse_uri
from checks.mta_sts.policy import parse_policy
from checks.mta_sts.record import parse_record
from checks.ports import Mx
from checks.spf.budget import MAX_MX, MAX_TERMS, MAX_VOIDS
from checks.spf.record import is_spf
from checks.spf.tree import End, Step, Tree
from checks.spf.walk import walk
from checks.tls_rpt import parse_tls_rpt
from tests.corpus.cases import Case
from tests.corpus.suites import Output


def record(case: Case) -> Output:
    """{"valid", "tags", "dns_lookups"} of one text; no zone means that only the text is judged."""
    judge = _KINDS[case.input["kind"]]
    return judge(case)


def _spf(case: Case) -> Output:
    text, domain = case.input["text"], case.input.get("domain") or "example.com"
    if not is_spf(text):
        return {"valid": False}
    tree = walk(case.dns(), domain, text=text)
    asked = bool(case.input.get("zone"))
    return {"valid": _holds(tree, asked=asked), "dns_lookups": tree.root.lookups}


def _holds(tree: Tree, *, asked: bool) -> bool:
    """No permerror for an IPv4 client; without a zone, none that the text alone shows."""
    root = tree.root
    if root.record is None or root.record.faults or any(node.end is End.LOOP for node in root.nodes()):
        return False
    if not asked:
        return root.lookups <= MAX_TERMS
    if any(_exchangers(step) > MAX_MX for step in root.all_steps()):
        return False
    dead = any(node.end in (End.NO_RECORD, End.NXDOMAIN, End.SEVERAL) for node in root.nodes())
    return not dead and root.lookups <= MAX_TERMS and len(root.voids(4)) <= MAX_VOIDS


def _exchangers(step: Step) -> int:
    return sum(isinstance(record, Mx) for answer in step.answers for record in answer.records)


def _dmarc(case: Case) -> Output:
    text = case.input["text"].strip('"')
    if not is_dmarc(text):
        return {"valid": False}
    parsed = parse_dmarc(text)
    # A missing p is p=none where reports are asked for (RFC 9989 section 4.10.1), so it is no error there.
    faults = [fault for fault in parsed.faults if fault.flaw != "no-policy" or not parsed.rua]
    tags: dict[str, object] = {name: value.lower() for name, value in parsed.tags.tags}
    tags["v"] = "DMARC1"
    for tag, uris in (("rua", parsed.rua), ("ruf", parsed.ruf)):
        if tag in tags:
            tags[tag] = [
                {"scheme": uri.scheme, "address": uri.address, "size_limit": uri.size or None} for uri in uris
            ]
    return {"valid": not faults, "tags": tags}


def _uri(case: Case) -> Output:
    return {"valid": isinstance(parse_uri(case.input["text"]), ReportUri)}


def _by(parse: Callable[[str], tuple[str, ...]]) -> Callable[[Case], Output]:
    """An adapter for a parser whose faults are all that counts."""
    return lambda case: {"valid": not parse(case.input["text"])}


_KINDS: Mapping[str, Callable[[Case], Output]] = {
    "spf": _spf,
    "dmarc": _dmarc,
    "dmarc-uri": _uri,
    "mta-sts-record": _by(lambda text: parse_record(text).faults),
    "mta-sts-policy": _by(lambda text: parse_policy(text).faults),
    "tlsrpt": _by(lambda text: parse_tls_rpt(text).faults),
    "bimi": _by(lambda text: parse_bimi(text).faults),
}
