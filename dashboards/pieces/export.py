"""Tables as CSV that no spreadsheet evaluates."""

import csv
import io

import pandas as pd

from sender.audience.neutral import neutral as quoted


def neutral(cell: object) -> object:
    """A text that would be a formula is quoted with an apostrophe; numbers and dates stay as they are."""
    return quoted(cell) if isinstance(cell, str) else cell


def as_csv(table: pd.DataFrame) -> bytes:
    """RFC 4180, UTF-8 with a byte order mark (without it a spreadsheet reads Latin-1)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutral(str(name)) for name in table.columns])
    for row in table.itertuples(index=False, name=None):
        writer.writerow(["" if pd.isna(cell) else neutral(cell) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()
