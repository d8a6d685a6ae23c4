"""Tables as CSV that no spreadsheet evaluates."""

import csv
import io
from collections.abc import Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula or of a DDE call (OWASP, CSV injection)."""
BOM = "\ufeff"
"""Without it a spreadsheet reads Latin-1."""


def neutral(cell: str) -> str:
    """A text that would be a formula is quoted with an apostrophe."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULA_STARTS) else cell


def plain(cell: str) -> str:
    """Without the apostrophe that `neutral` puts before a formula: what came out comes in as it was."""
    return cell[1:] if cell[:1] == "'" and neutral(cell[1:]) == cell else cell


def csv_line(cells: Sequence[str]) -> str:
    """One line of RFC 4180, ended."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow([neutral(cell) for cell in cells])
    return line.getvalue()
