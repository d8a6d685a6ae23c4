"""What a domain's records say now. What could not be found out is left out, and replaces nothing."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC
from ipaddress import ip_address

from checks.certificates import read_certificate
from checks.consistency.servers import delegation
from checks.dkim.look import key_name
from checks.dkim.look import look as keys_of
from checks.dmarc.look import look as policy_of
from checks.dmarc.policy import Outcome
from checks.memo import Memo
from checks.model import Target
from checks.mta_sts.record import is_sts
from checks.mx import mx_servers
from checks.ports import Answer, Host, Mx, Question, Txt, World
from checks.records.model import Kind, Record
from checks.spf.authorised import authorised
from checks.spf.terms import Modifier
from checks.spf.tree import Node
from checks.spf.walk import walk

TEXTS = {Kind.STS: "_mta-sts", Kind.TLSRPT: "_smtp._tls", Kind.BIMI: "default._bimi"}
BEGINNINGS = {Kind.TLSRPT: "v=tlsrptv1", Kind.BIMI: "v=bimi1"}


def snapshot(target: Target, world: World) -> Sequence[Record]:
    """All records that the domain's mail rests on, in the order of `Kind`."""
    parts = (_spf, _dmarc, _dkim, _mx, _ptr, _ns, _texts)
    return tuple(record for part in parts for record in part(target, world)) if target.domain else ()


def certificates(target: Target, world: World) -> Sequence[Record]:
    """The certificate that each MX host shows after STARTTLS; none where nobody could look."""
    found = {}
    for look in world.smtp.probe_all(mx_servers(world.dns, target.domain)):
        shown = read_certificate(look.chain[0]) if look.chain else None
        if shown is None:
            continue
        value = {
            "fingerprint": hashlib.sha256(look.chain[0]).hexdigest(),
            "names": sorted(shown.names),
            "issuer": shown.issuer,
            "expires": shown.not_after.astimezone(UTC).date().isoformat(),
        }
        found[look.host] = Record(Kind.CERTIFICATE, look.host, (shown.subject,), value)
    return tuple(found.values())


def _spf(target: Target, world: World) -> Iterator[Record]:
    tree = walk(world.dns, target.domain)
    root = tree.root
    if root.answer is None or not root.answer.ok:
        return
    if root.record is None:
        yield Record(
            Kind.SPF, target.domain, root.texts, {"records": len(root.texts)} if root.texts else None
        )
        return
    if root.unanswered or tree.stopped:  # half of what it authorises would read as the rest being gone
        return
    passing = authorised(root)
    value = {
        "networks": [str(network) for network in passing.networks],
        "by": {node.domain: _own(node) for node in root.nodes() if node.record is not None},
        "hidden": [" ".join(path) for path in passing.hidden],
        "lookups": root.lookups,
        "all": _all(root),
    }
    yield Record(Kind.SPF, target.domain, root.texts, value)


def _own(node: Node) -> str:
    return node.texts[0] if node.texts else ""


def _all(node: Node) -> str:
    """How the policy ends for everybody else: "-all", "~all" …; that of a redirect's target counts."""
    for word in reversed(_own(node).lower().split()):
        if word.lstrip("+-~?") == "all":
            return word if word[0] in "+-~?" else f"+{word}"
    last = node.steps[-1] if node.steps else None
    return _all(last.child) if last and last.child and isinstance(last.term, Modifier) else "?all"


def _dmarc(target: Target, world: World) -> Iterator[Record]:
    found = policy_of(target, world).tree
    if found.outcome is Outcome.FAILED:
        return
    record = found.record
    if record is None:
        yield Record(Kind.DMARC, target.domain)
        return
    value = {
        "at": found.found_at or "",
        "tags": dict(reversed(record.tags.tags)),
        "effective": found.effective.value if found.effective else "none",
    }
    yield Record(Kind.DMARC, target.domain, (record.text,), value)


def _dkim(target: Target, world: World) -> Iterator[Record]:
    for published in keys_of(world.dns, target):
        key, name = published.key, key_name(published.candidate.selector, target.domain)
        if not published.answer.ok:
            continue
        if key is None:
            if published.candidate.selector in (*target.selectors, *target.learned):
                yield Record(Kind.DKIM, name)
            continue
        value = {
            "type": str(key.type),
            "bits": key.bits,
            "key": hashlib.sha256(key.material).hexdigest()[:16] if key.material else "",
            "revoked": key.revoked,
            "testing": key.testing,
            "usable": key.public is not None,
        }
        yield Record(Kind.DKIM, name, (key.text,), value)


def _mx(target: Target, world: World) -> Iterator[Record]:
    answer = world.dns.ask(target.domain, "MX")
    if not answer.ok:
        return
    hosts = sorted((record.preference, record.host) for record in answer.records if isinstance(record, Mx))
    value = {"hosts": [[preference, host] for preference, host in hosts]} if hosts else None
    yield Record(Kind.MX, target.domain, answer.texts, value)


def _ptr(target: Target, world: World) -> Iterator[Record]:
    for sending in target.ips:
        answer = world.dns.ask(ip_address(sending.ip).reverse_pointer, "PTR")
        if answer.ok:
            names = sorted(record.name for record in answer.records if isinstance(record, Host))
            yield Record(Kind.PTR, sending.ip, answer.texts, {"names": names} if names else None)


def _ns(target: Target, world: World) -> Iterator[Record]:
    answer, apex = delegation(world.dns, target.domain)
    if apex is None or not answer.ok:
        return
    names = sorted(record.name for record in answer.records if isinstance(record, Host))
    yield Record(Kind.NS, apex, answer.texts, {"names": names} if names else None)


def _texts(target: Target, world: World) -> Iterator[Record]:
    names = {kind: f"{label}.{target.domain}" for kind, label in TEXTS.items()}
    answers = Memo(world.dns).ask_all([Question(name, "TXT") for name in names.values()])
    for (kind, name), answer in zip(names.items(), answers, strict=True):
        if answer.ok:
            texts = tuple(text for text in _strings(answer) if _is(kind, text))
            yield Record(kind, name, texts, {"text": texts[0]} if texts else None)


def _strings(answer: Answer) -> Iterator[str]:
    yield from (str(record) for record in answer.records if isinstance(record, Txt))


def _is(kind: Kind, text: str) -> bool:
    return is_sts(text) if kind is Kind.STS else text.lower().startswith(BEGINNINGS[kind])
