"""What changed between two looks at a record, as far as it means anything. Pure.

Letters are compared last: an SPF record that is written anew and authorises the same senders has not changed,
and one whose text stands still has, when a third party's include did.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import Any

from checks.records.model import Change, Difference, Kind, Record
from checks.spf.ranges import Ranges

Value = Mapping[str, Any]

NAMES: Mapping[Kind, str] = {
    Kind.SPF: "the SPF record",
    Kind.DMARC: "the DMARC record",
    Kind.DKIM: "the DKIM key",
    Kind.MX: "the MX records",
    Kind.PTR: "the reverse name",
    Kind.NS: "the name servers",
    Kind.STS: "the MTA-STS record",
    Kind.TLSRPT: "the TLS-RPT record",
    Kind.BIMI: "the BIMI record",
    Kind.CERTIFICATE: "the certificate",
}
MOST_SHOWN = 6


def diff(before: Record, after: Record) -> Sequence[Difference]:
    """The differences of two values of one record, the weightiest first; () if they mean the same."""
    name = NAMES[after.kind]
    if before.absent and after.absent:
        return ()
    if before.value is None:
        text = " ".join(after.raw)
        return (Difference(Change.ADDED, "record", "", text, f"{name} of {after.subject} was added"),)
    if after.value is None:
        text = " ".join(before.raw)
        return (Difference(Change.REMOVED, "record", text, "", f"{name} of {after.subject} is gone"),)
    return tuple(DIFFERS[after.kind](before.value, after.value))


def _spf(before: Value, after: Value) -> Iterator[Difference]:
    if "networks" not in before or "networks" not in after:
        yield from _field(before, after, "records", "how many SPF records there are")
        return
    was, now = _ranges(before["networks"]), _ranges(after["networks"])
    through = _through(before["by"], after["by"])
    if gone := _listed(was - now):
        yield Difference(Change.REMOVED, "networks", gone, "", f"{gone} no longer authorised{through}")
    if new := _listed(now - was):
        yield Difference(Change.ADDED, "networks", "", new, f"{new} newly authorised{through}")
    yield from _field(before, after, "all", "what happens to everybody else")
    yield from _set(before["hidden"], after["hidden"], "hidden", "terms that depend on the message")
    yield from _set(list(before["by"]), list(after["by"]), "includes", "policies that are included")
    if (before["lookups"] <= 10) != (after["lookups"] <= 10):
        yield from _field(before, after, "lookups", "DNS look-ups of 10")


def _through(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Whose text it was that changed: the domain's own, or somebody's whom it includes."""
    changed = [domain for domain in after if domain in before and before[domain] != after[domain]]
    changed += [domain for domain in before if domain not in after]
    return f" (by {', '.join(changed[:3])})" if changed else " (by an address that a name leads to)"


def _ranges(networks: Sequence[str]) -> Ranges:
    return Ranges.of(ip_network(network) for network in networks)


def _listed(ranges: Ranges) -> str:
    found = [str(network) for network in ranges.networks()]
    more = len(found) - MOST_SHOWN
    return ", ".join(found[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _dmarc(before: Value, after: Value) -> Iterator[Difference]:
    yield from _field(before, after, "effective", "what receivers are asked to do")
    was, now = before["tags"], after["tags"]
    for tag in dict.fromkeys((*was, *now)):
        yield from _field(was, now, tag, f"{tag}=")
    yield from _field(before, after, "at", "where the policy stands")


def _dkim(before: Value, after: Value) -> Iterator[Difference]:
    if before["key"] != after["key"]:
        was, now = _key(before), _key(after)
        word = Change.REMOVED if after["revoked"] else Change.CHANGED
        sentence = "the key was revoked" if after["revoked"] else f"the key was replaced: {was} → {now}"
        yield Difference(word, "key", was, now, sentence)
    yield from _field(before, after, "testing", "testing mode")
    if before["usable"] != after["usable"] and before["key"] == after["key"]:
        yield from _field(before, after, "usable", "whether verifiers can use it")


def _key(value: Value) -> str:
    return f"{value['type']} {value['bits']} bit" if value["bits"] else str(value["type"])


def _mx(before: Value, after: Value) -> Iterator[Difference]:
    was = {host: preference for preference, host in before["hosts"]}
    now = {host: preference for preference, host in after["hosts"]}
    yield from _set(list(was), list(now), "hosts", "mail servers")
    for host, preference in was.items():
        if host in now and preference != now[host]:
            yield from _field(was, now, host, f"the preference of {host}")


def _names(before: Value, after: Value) -> Iterator[Difference]:
    yield from _set(before["names"], after["names"], "names", "names")


def _text(before: Value, after: Value) -> Iterator[Difference]:
    yield from _field(before, after, "text", "the record")


def _certificate(before: Value, after: Value) -> Iterator[Difference]:
    if before["fingerprint"] == after["fingerprint"]:
        return
    yield from _set(before["names"], after["names"], "names", "names in it")
    yield from _field(before, after, "issuer", "who vouches for it")
    was, now = before["expires"], after["expires"]
    yield Difference(Change.CHANGED, "certificate", was, now, f"renewed: it holds until {now} (was {was})")


def _field(before: Value, after: Value, part: str, words: str) -> Iterator[Difference]:
    was, now = _shown(before.get(part)), _shown(after.get(part))
    if was == now:
        return
    change = Change.ADDED if not was else Change.REMOVED if not now else Change.CHANGED
    yield Difference(change, part, was, now, f"{words}: {was or 'nothing'} → {now or 'nothing'}")


def _set(was: Sequence[str], now: Sequence[str], part: str, words: str) -> Iterator[Difference]:
    gone, new = sorted(set(was) - set(now)), sorted(set(now) - set(was))
    if gone:
        yield Difference(Change.REMOVED, part, ", ".join(gone), "", f"{words}: {', '.join(gone)} gone")
    if new:
        yield Difference(Change.ADDED, part, "", ", ".join(new), f"{words}: {', '.join(new)} new")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


DIFFERS: Mapping[Kind, Callable[[Value, Value], Iterator[Difference]]] = {
    Kind.SPF: _spf,
    Kind.DMARC: _dmarc,
    Kind.DKIM: _dkim,
    Kind.MX: _mx,
    Kind.PTR: _names,
    Kind.NS: _names,
    Kind.STS: _text,
    Kind.TLSRPT: _text,
    Kind.BIMI: _text,
    Kind.CERTIFICATE: _certificate,
}
