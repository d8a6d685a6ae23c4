"""Who owns a name: the registrable domain by the public suffix list (RFC 7489 section 3.2)."""

from functools import cache

from publicsuffixlist import PublicSuffixList


@cache
def _list() -> PublicSuffixList:
    return PublicSuffixList()


def registrable(name: str) -> str | None:
    """The public suffix of `name` and one label more; None where `name` is itself a suffix or no name.

    A top-level domain that the list does not know is a suffix of one label (the list's own rule "*").
    """
    if name.startswith("."):
        return None
    found = _list().privatesuffix(name.lower().removesuffix("."))
    return str(found) if found else None


def organization(name: str) -> str:
    """The registrable domain, or the name itself where there is none; what "the same owner" is judged by."""
    return registrable(name) or name
