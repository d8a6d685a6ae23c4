"""Adapters of the suites about MX, MTA-STS, TLS-RPT and BIMI."""

from checks.bimi.record import parse_bimi
from checks.bimi.svg import svg_faults
from checks.model import State
from checks.mta_sts.discover import StsStatus, discover, policy_url
from checks.mta_sts.policy import mx_matches, parse_policy
from checks.mta_sts.record import parse_record
from checks.mx import mx_hosts, unreachable
from checks.ports import Fetched, FetchFault, Mx, Question
from checks.rdns import helo, look
from checks.tls_rpt import parse_tls_rpt
from tests.corpus.cases import Case
from tests.corpus.suites import Output
from tests.fakes.web import PageWeb


def sts_domain(case: Case) -> Output:
    """Discovery and fetch; the suite calls everything past the record that went wrong a fetch error."""
    domain, https = case.input["domain"], case.input.get("https") or {}
    found = discover(domain, case.dns(), PageWeb({policy_url(domain): _page(policy_url(domain), https)}))
    output: Output = {"status": _STATUS[found.status]}
    if found.status is StsStatus.UNKNOWN and found.record is None:
        output["status"] = "none"
    if found.policy and found.policy.mode:
        output["mode"] = found.policy.mode.value
    return output


_STATUS = {
    StsStatus.NONE: "none",
    StsStatus.RECORD_FAULT: "none",
    StsStatus.VALID: "valid",
    StsStatus.FETCH_ERROR: "fetch_error",
    StsStatus.UNKNOWN: "fetch_error",
}


def _page(url: str, https: dict[str, object]) -> Fetched:
    if https.get("cert", "ok") != "ok":
        return Fetched(url, fault=FetchFault.CERTIFICATE, note=str(https["cert"]))
    return Fetched(
        url,
        status=int(str(https.get("status", 0))),
        content_type=str(https.get("content_type", "")),
        body=str(https.get("body", "")).encode(),
    )


def sts_match(case: Case) -> Output:
    return {"match": mx_matches(case.input["mx"], tuple(case.input["patterns"]))}


def logo(case: Case) -> Output:
    return {"valid": not svg_faults(case.read())}


def record_of(case: Case) -> Output:
    """MTA-STS, TLS-RPT and BIMI records and policies."""
    text = case.input["text"]
    match case.input["kind"]:
        case "mta-sts-policy":
            policy = parse_policy(text)
            tags: Output = {"version": "STSv1", "mode": policy.mode, "max_age": policy.max_age}
            return {"valid": not policy.faults, "tags": {**tags, "mx": list(policy.mx)}}
        case "mta-sts-record":
            return {"valid": not parse_record(text).faults}
        case "tlsrpt":
            report = parse_tls_rpt(text)
            return {"valid": not report.faults, "tags": {"v": "TLSRPTv1", "rua": list(report.rua)}}
        case _:
            bimi = parse_bimi(text)
            return {"valid": not bimi.faults, "tags": {"v": "BIMI1", "l": bimi.location, "a": bimi.authority}}


def helo_or_mx(case: Case) -> Output:
    """What a HELO name or a domain's MX has against it, as labels."""
    if "helo" in case.input:
        return {"labels": _helo(case)}
    return {"labels": _mx(case)}


def _helo(case: Case) -> list[str]:
    ip, name = case.input["ip"], case.input["helo"]
    answers = look.ask(case.dns(), [ip], [name])
    state, reason = helo.resolution(ip, [answers[Question(name, rdtype)] for rdtype in ("A", "AAAA")])
    if state is not State.WARN:
        return []
    return ["helo_ip_mismatch", *(["helo_no_address"] if reason == "no-address" else [])]


def _mx(case: Case) -> list[str]:
    dns = case.dns()
    answer = dns.ask(case.input["domain"], "MX")
    hosts = [record.host for record in answer.records if isinstance(record, Mx)]
    if answer.ok and not hosts:
        return ["mx_none"]
    if hosts == [""]:
        return ["mx_null"]
    found = mx_hosts(dns, [host for host in hosts if host])
    addresses = [ip for host in found for ip in host.addresses]
    if found and not addresses:
        return ["mx_broken"]
    return {"private": ["mx_private_only"], "reserved": ["mx_bogon_only"], "": []}[unreachable(addresses)]
