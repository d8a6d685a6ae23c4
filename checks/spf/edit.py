"""Rewrite the text of a record: the smallest change that mends it, every other term left as it was."""

from collections.abc import Callable, Collection, Sequence

_ALL = frozenset({"all", "+all", "-all", "~all", "?all"})


def terms(text: str) -> list[str]:
    """The terms of a record, without its version."""
    return text.split(" ")[1:] if text else []


def written(parts: Sequence[str]) -> str:
    """A record of these terms."""
    return " ".join(["v=spf1", *(part for part in parts if part)])


def without(text: str, gone: Collection[str]) -> str:
    """Without the terms that are written exactly so."""
    return written([term for term in terms(text) if term not in gone])


def without_repetition(text: str) -> str:
    """Each term once, where it stands first."""
    return written(list(dict.fromkeys(terms(text))))


def replaced(text: str, change: Callable[[str], str]) -> str:
    """Each term put through `change`."""
    return written([change(term) for term in terms(text)])


def ending(text: str, all_term: str) -> str:
    """With `all_term` as its last mechanism, in place of any other `all`; modifiers stay behind it."""
    kept = [term for term in terms(text) if term.lower() not in _ALL]
    mechanisms = [term for term in kept if "=" not in term.partition(":")[0]]
    modifiers = [term for term in kept if term not in mechanisms and not term.lower().startswith("redirect=")]
    return written([*mechanisms, all_term, *modifiers])


def allowing(text: str, mechanism: str) -> str:
    """With one more mechanism, before the `all` or the redirect."""
    parts = terms(text) if text else ["~all"]
    ends = (i for i, term in enumerate(parts) if term.lower() in _ALL or term.lower().startswith("redirect="))
    place = next(ends, len(parts))
    return written([*parts[:place], mechanism, *parts[place:]])


def up_to_all(text: str) -> str:
    """Without the mechanisms and the redirect behind the first `all`."""
    parts = terms(text)
    place = next((i for i, term in enumerate(parts) if term.lower() in _ALL), len(parts))
    kept = [
        t for t in parts[place + 1 :] if "=" in t.partition(":")[0] and not t.lower().startswith("redirect=")
    ]
    return written([*parts[: place + 1], *kept])


def merged(texts: Sequence[str]) -> str:
    """One record of several: all their terms once, and the mildest `all` among them at the end."""
    parts = [term for text in texts for term in terms(text)]
    ends = [term.lower() for term in parts if term.lower() in _ALL]
    mildest = next((one for one in ("?all", "~all", "-all") if one in ends), "~all")
    return ending(without_repetition(written(parts)), mildest)
