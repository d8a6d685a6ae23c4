"""The `_mta-sts` TXT record (RFC 8461 section 3.1)."""

import re
from dataclasses import dataclass

from checks.tags import parse_tags

VERSION = "STSv1"
_ID = re.compile(r"[A-Za-z0-9]{1,32}")


@dataclass(frozen=True, slots=True)
class StsRecord:
    """`faults` are why senders ignore it; empty when it stands."""

    text: str
    id: str
    faults: tuple[str, ...]


def is_sts(text: str) -> bool:
    """Whether a TXT record is meant for MTA-STS: others at the name are discarded (section 3.1)."""
    return re.match(r"v[ \t]*=[ \t]*STSv1[ \t]*(;|$)", text) is not None


def parse_record(text: str) -> StsRecord:
    """Judge one record. Unknown tags are extensions and allowed."""
    listed = parse_tags(text)
    faults = list(listed.faults)
    if not listed.tags or listed.tags[0] != ("v", VERSION):
        faults.append("it does not start with v=STSv1")
    identity = listed.get("id")
    if identity is None:
        faults.append("the id tag is missing")
    elif not _ID.fullmatch(identity):
        faults.append(f"the id '{identity}' is not 1 to 32 letters and digits")
    return StsRecord(text, identity or "", tuple(faults))
