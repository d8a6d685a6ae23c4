"""The shape of wording, and how arguments that strangers wrote are put into our sentences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 300
"""Characters of one argument that a sentence shows; evidence holds the whole."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one code, with `{arg}` placeholders for the finding's arguments and `{subject}`.

    `sentence` speaks of a warn or fail, `passed`, `unknown` and `not_applicable` of those states; where one
    is empty a plain sentence is made of the title. `fix` says to whoever runs the domain what to do.
    """

    title: str
    sentence: str
    fix: str
    cites: str = ""
    passed: str = ""
    unknown: str = ""
    not_applicable: str = ""
    unknown_fix: str = ""
    """What to do when it could not be told; "" where there is nothing but asking again."""


_PLACE = re.compile(r"\{([^{}]*)\}")


def fill(template: str, values: Mapping[str, object]) -> str:
    """`template` with each `{name}` replaced by what `shown` makes of the value, "?" where it is missing.

    Nothing in a value is interpreted.
    """
    return _PLACE.sub(lambda place: shown(values.get(place[1], "?")), template)


def shown(value: object) -> str:
    """A value as a reader may safely see it: control characters escaped, lists joined, cut at `LONGEST`."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        text = ", ".join(f"{key} {shown(item)}" for key, item in value.items())
    elif isinstance(value, tuple | list):
        text = ", ".join(shown(item) for item in value)
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
    return _cut(whole(text))


def whole(text: str) -> str:
    """Text of strangers with its control characters escaped, and nothing cut off."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
