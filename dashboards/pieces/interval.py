"""A share of something, as it is written."""


def percent(part: int, whole: int, digits: int = 1) -> str:
    """ "1.8 %"; a dash when there is nothing to divide by."""
    return f"{100 * part / whole:.{digits}f} %" if whole else "–"
