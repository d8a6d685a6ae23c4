"""Rewrite the text of a DMARC record: change the tags named, leave the others as they are."""

from collections.abc import Mapping

from checks.dmarc.record import DmarcRecord


def with_tags(record: DmarcRecord, changes: Mapping[str, str | None]) -> str:
    """The record with tags set, or left out where the value is None; v and p come first."""
    values = dict(reversed(record.tags.tags))
    order = dict.fromkeys(name for name, _ in record.tags.tags)
    for name in changes:
        order.setdefault(name)
    values |= {name: value for name, value in changes.items() if value is not None}
    kept = [name for name in order if not (name in changes and changes[name] is None)]
    first = [name for name in ("v", "p") if name in kept]
    return "; ".join(f"{name}={values[name]}" for name in [*first, *(n for n in kept if n not in first)])


def without_tags(record: DmarcRecord, *names: str) -> str:
    """The record without these tags."""
    return with_tags(record, dict.fromkeys(names))


def proposed(domain: str, *, parked: bool) -> str:
    """A first record: watch, or for a domain that sends nothing refuse everything."""
    if parked:
        return "v=DMARC1; p=reject; sp=reject; np=reject; adkim=s; aspf=s"
    return f"v=DMARC1; p=none; rua=mailto:dmarc-reports@{domain}"
