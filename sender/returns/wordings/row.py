"""A row of the tables: the words that stand for a category."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sender.returns.categories import Category


@dataclass(frozen=True, slots=True)
class Wording:
    category: Category
    pattern: re.Pattern[str]


def rows(*given: tuple[Category, *tuple[str, ...]]) -> Sequence[Wording]:
    """Each row: a category, and the patterns that stand for it."""
    return [Wording(category, re.compile("|".join(patterns))) for category, *patterns in given]
