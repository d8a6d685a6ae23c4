"""The record that mends a finding, in the syntaxes that people paste: BIND, Route 53, Cloudflare, Terraform,
octoDNS.

A finding carries its change (`checks.change`): one record replaced, added or removed.
"""

import json
from collections.abc import Callable, Mapping

from checks.change import Change

TTL = 3600
STRING = 255
"""Octets in one character-string of a TXT record (RFC 1035 section 3.3)."""


def quoted(text: str) -> str:
    """A TXT record in zone-file form: strings of at most 255 octets, quotes and backslashes escaped."""
    raw = text.encode()
    parts = [raw[start : start + STRING] for start in range(0, len(raw), STRING)] or [b""]
    return " ".join(f'"{_escaped(part)}"' for part in parts)


def _escaped(part: bytes) -> str:
    shown = (chr(byte) if 32 <= byte < 127 else f"\\{byte:03d}" for byte in part)
    return "".join(f"\\{char}" if char in '"\\' else char for char in shown)


def _rdata(change: Change, text: str) -> str:
    return quoted(text) if change.type == "TXT" else text


def bind(change: Change) -> str:
    """Zone-file lines; what goes is commented out."""
    head = f"{change.name}. {TTL} IN {change.type}"
    lines = [f"; {head} {_rdata(change, change.before)}"] if change.before else []
    lines += [f"{head} {_rdata(change, change.after)}"] if change.after else []
    return "\n".join(lines)


def route53(change: Change) -> str:
    """A change batch for `aws route53 change-resource-record-sets`; add the other records of the name."""
    record_set = {
        "Name": f"{change.name}.",
        "Type": change.type,
        "TTL": TTL,
        "ResourceRecords": [{"Value": _rdata(change, change.after or change.before)}],
    }
    action = "UPSERT" if change.after else "DELETE"
    return json.dumps({"Changes": [{"Action": action, "ResourceRecordSet": record_set}]}, indent=2)


def cloudflare(change: Change) -> str:
    """Bodies for Cloudflare's DNS records API: what to delete, what to create."""
    steps = [("DELETE", change.before), ("POST", change.after)]
    return "\n".join(f"{method} {json.dumps(_at_cloudflare(change, text))}" for method, text in steps if text)


def _at_cloudflare(change: Change, text: str) -> Mapping[str, str | int]:
    """Its API has the preference of an MX apart, and names without a final dot."""
    record: dict[str, str | int] = {"type": change.type, "name": change.name, "content": text, "ttl": TTL}
    if change.type == "MX":
        preference, host = text.split()
        return record | {"content": host.rstrip(".") or ".", "priority": int(preference)}
    return record if change.type == "TXT" else record | {"content": text.rstrip(".")}


def terraform(change: Change) -> str:
    """A record of the AWS provider; the other providers take the same name, type, ttl and values."""
    label = change.name.replace(".", "_").lstrip("_") + f"_{change.type.lower()}"
    # The provider adds the outer quotes of a TXT record itself; long texts are split inside them.
    value = quoted(change.after)[1:-1] if change.type == "TXT" else change.after
    if not change.after:
        return f"# remove the {change.type} record of {change.name} with the value: {change.before}"
    return (
        f'resource "aws_route53_record" "{label}" {{\n'
        f"  zone_id = var.zone_id\n"
        f'  name    = "{change.name}"\n'
        f'  type    = "{change.type}"\n'
        f"  ttl     = {TTL}\n"
        f"  records = [{json.dumps(value, ensure_ascii=False)}]\n}}"
    )


def octodns(change: Change) -> str:
    """YAML for octoDNS; it wants semicolons escaped."""
    if not change.after:
        return f"# remove the {change.type} record of {change.name} with the value: {change.before}"
    value: object = change.after.replace(";", "\\;") if change.type == "TXT" else change.after
    if change.type == "MX":
        preference, host = change.after.split()
        value = {"exchange": host, "preference": int(preference)}  # a JSON object is YAML, too
    shown = json.dumps(value, ensure_ascii=False)
    return f"'{change.name}.':\n  ttl: {TTL}\n  type: {change.type}\n  value: {shown}"


SYNTAXES: Mapping[str, Callable[[Change], str]] = {
    "bind": bind,
    "route53": route53,
    "cloudflare": cloudflare,
    "terraform": terraform,
    "octodns": octodns,
}
