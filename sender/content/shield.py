"""Merge tags out of the way of libraries that read HTML, CSS, MJML or Markdown, and back again untouched.

Each tag is replaced by a word of letters and digits that the source does not hold, which every one of these
languages takes for text, for a value or for a name.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sender.content.merge import LONGEST_TAG

TAG = re.compile(rf"\{{\{{(?:[^{{}}]|\{{(?!\{{)|\}}(?!\}})){{0,{LONGEST_TAG}}}\}}\}}")
"""Not over a {{ inside, so that a row of them is read once."""


@dataclass(frozen=True, slots=True)
class Shielded:
    """`text` with a word for each merge tag; `tags` are the tags as they were written, in order."""

    text: str
    tags: tuple[str, ...]
    mark: str

    def word(self, index: int) -> str:
        return f"{self.mark}{index}z"

    def words(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """(index of the tag, where its word stands) for every word in `text`."""
        for match in re.finditer(rf"{self.mark}(\d+)z", text):
            yield int(match[1]), match

    def restored(self, text: str, around: str = "{}") -> str:
        """The tags back in place of their words; `around` is how a word may also be written (`<!--{}-->`)."""
        before, _, after = around.partition("{}")
        bare = rf"{self.mark}(\d+)z"
        pattern = f"{re.escape(before)}{bare}{re.escape(after)}|{bare}"
        return re.sub(pattern, lambda match: self.tags[int(match[1] or match[2])], text)

    def lost(self, text: str) -> list[int]:
        """The tags whose words are nowhere in `text`."""
        there = {index for index, _ in self.words(text)}
        return [index for index in range(len(self.tags)) if index not in there]


def shield(source: str) -> Shielded:
    """Replace every merge tag; what is no tag (an open {{ without its end) stays as it is."""
    tags: list[str] = []
    mark = _unused(source)

    def word(match: re.Match[str]) -> str:
        tags.append(match[0])
        return f"{mark}{len(tags) - 1}z"

    text = TAG.sub(word, source)
    return Shielded(text, tuple(tags), mark)


def _unused(source: str) -> str:
    lower = source.lower()
    return next(mark for number in range(len(source) + 1) if (mark := f"h{number}m") not in lower)


def unharmed(source: str, convert: Callable[[str], str]) -> str:
    """What `convert` makes of the source while the merge tags are away."""
    shielded = shield(source)
    return shielded.restored(convert(shielded.text))
