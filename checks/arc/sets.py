"""The ARC sets of a message: results, signature and seal of each hop (RFC 8617 section 4)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checks.dkim.signature import Signature, bare
from checks.dkim.tags import parse_tags
from checks.mail import Field, Mail

MOST = 50
"""Sets in a chain (section 4.2.1)."""
RESULTS, SIGNATURE, SEAL = "arc-authentication-results", "arc-message-signature", "arc-seal"
INSTANCE = re.compile(r"\s*i\s*=\s*([0-9]+)\s*;")
NUMBER = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class ArcSet:
    """What one hop added."""

    instance: int
    results: Field
    signature: Signature
    seal: Signature

    @property
    def chain(self) -> str:
        """`cv=` of the seal: what the hop found the chain before it to be."""
        return bare(self.seal.tags.get("cv")).lower()


class BrokenChainError(ValueError):
    """The sets do not form a chain; the message says why."""


def arc_sets(mail: Mail) -> tuple[ArcSet, ...]:
    """The sets from the first hop to the last; () without ARC. Raises BrokenChainError."""
    fields = {name: mail.all(name) for name in (RESULTS, SIGNATURE, SEAL)}
    count = len(fields[SEAL])
    if count > MOST:
        raise BrokenChainError(f"the chain has {count} sets, and {MOST} is the most")
    numbered = {name: _numbered(name, found) for name, found in fields.items()}
    for name, found in numbered.items():
        if sorted(found) != list(range(1, count + 1)):
            raise BrokenChainError(f"the instances of {name} are not 1 to {count}, once each")
    return tuple(
        ArcSet(
            instance,
            numbered[RESULTS][instance],
            _tagged(numbered[SIGNATURE][instance]),
            _tagged(numbered[SEAL][instance]),
        )
        for instance in range(1, count + 1)
    )


def _numbered(name: str, fields: Sequence[Field]) -> dict[int, Field]:
    found: dict[int, Field] = {}
    for field in fields:
        instance = _instance(name, field)
        if instance in found:
            raise BrokenChainError(f"{name} has two fields of instance {instance}")
        found[instance] = field
    return found


def _instance(name: str, field: Field) -> int:
    """Which hop a field belongs to: the first thing in the results, the tag i= elsewhere."""
    if name == RESULTS:
        match = INSTANCE.match(field.body)
        text = match[1] if match else ""
    else:
        text = bare(parse_tags(field.body).get("i"))
    if not NUMBER.fullmatch(text) or not 1 <= int(text) <= MOST:
        raise BrokenChainError(f"{name} has no instance from 1 to {MOST}")
    return int(text)


def _tagged(field: Field) -> Signature:
    return Signature(field, parse_tags(field.body))
