"""Tag lists as DKIM introduced them: "v=STSv1; id=20260101" (RFC 6376 section 3.2, RFC 8461 section 3.1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagList:
    """Tags in the order they were written; `faults` are the syntax errors, in words."""

    tags: tuple[tuple[str, str], ...]
    faults: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """The first value of a tag, or None where it is absent."""
        return next((value for tag, value in self.tags if tag == name), None)


def parse_tags(text: str) -> TagList:
    """Split "k=v; k=v" with optional white space around the separators; names are lower-cased.

    A trailing ";" is allowed. A part without "=", an empty name and a repeated tag are faults.
    """
    tags: list[tuple[str, str]] = []
    faults: list[str] = []
    seen: set[str] = set()
    parts = text.split(";")
    for position, part in enumerate(parts):
        if not part.strip(" \t"):
            if position < len(parts) - 1:
                faults.append("two semicolons with nothing between them")
            continue
        name, equals, value = (piece.strip(" \t") for piece in part.partition("="))
        if not equals or not name:
            faults.append(f"'{part.strip()}' is not of the form tag=value")
            continue
        if name.lower() in seen:
            faults.append(f"the tag {name} appears twice")
        seen.add(name.lower())
        tags.append((name.lower(), value))
    return TagList(tuple(tags), tuple(faults))
