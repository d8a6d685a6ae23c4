"""Long patterns as lists of what they look for."""

import re


def any_of(*alternatives: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """One pattern that matches where any of the alternatives does."""
    return re.compile("|".join(alternatives), flags)
