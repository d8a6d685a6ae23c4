"""What is odd about an address, judged from its letters alone."""

from dataclasses import dataclass
from functools import lru_cache

from disposable_email_domains import blocklist

from sender.audience.addresses import Address
from sender.audience.hygiene.names import COMMON, FREE, GENUINE, NEVER, ROLES, SLIPS


@dataclass(frozen=True, slots=True)
class Odd:
    """`meant`: the domain that was probably meant, "" if this one looks right. Never corrected by itself."""

    role: bool = False
    disposable: bool = False
    free: bool = False
    meant: str = ""


def judge(address: Address) -> Odd:
    role = address.local.partition("+")[0].lower() in ROLES
    disposable, free, meant = _domain(address.domain)
    return Odd(role, disposable, free, meant)


@lru_cache(50_000)
def _domain(domain: str) -> tuple[bool, bool, str]:
    return _disposable(domain), domain in FREE, meant_domain(domain)


def _disposable(domain: str) -> bool:
    """The domain itself or one above it: such services answer for all their subdomains."""
    labels = domain.split(".")
    return any(".".join(labels[n:]) in blocklist for n in range(len(labels) - 1))


def meant_domain(domain: str) -> str:
    """`gmial.com` → `gmail.com`: one slip away from a common domain, or an ending that does not exist."""
    if domain in FREE or domain in GENUINE:
        return ""
    for common in COMMON:
        if _one_slip(domain, common) and _plausible(domain, common):
            return common
    name, _, ending = domain.rpartition(".")
    meant = NEVER.get(ending)
    return f"{name}.{meant}" if meant else ""


def _plausible(domain: str, common: str) -> bool:
    """Short names are near many others: of them only the ending or doubled and swapped letters count."""
    name, _, ending = domain.partition(".")
    wanted, _, right = common.partition(".")
    if name == wanted:
        return ending in SLIPS.get(right, ())
    return ending == right and (len(wanted) > 4 or sorted(name) == sorted(wanted))


def _one_slip(text: str, wanted: str) -> bool:
    """One letter too many, too few or wrong, or two neighbours swapped (Damerau's distance is 1)."""
    long, short = len(text), len(wanted)
    if abs(long - short) > 1:
        return False
    start = _shared(text, wanted)
    end = min(_shared(text[::-1], wanted[::-1]), min(long, short) - start)
    left, right = text[start : long - end], wanted[start : short - end]
    if len(left) <= 1 and len(right) <= 1:
        return left != right
    return len(left) == len(right) == 2 and left == right[::-1]


def _shared(one: str, other: str) -> int:
    for count, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return count
    return min(len(one), len(other))
