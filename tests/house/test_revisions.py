"""The store's history is one line: changes that were made side by side are put one after the other."""

import re
from pathlib import Path

VERSIONS = Path(__file__).resolve().parents[2] / "data" / "migrations" / "versions"


def test_each_revision_follows_the_one_before_it() -> None:
    files = sorted(VERSIONS.glob("[0-9]*.py"))
    numbers = [f"{at:04}" for at in range(1, len(files) + 1)]

    assert [path.name[:4] for path in files] == numbers, "two files have one number"
    for path, number in zip(files, numbers, strict=True):
        said = re.search(r'^down_revision = "?(\w+)"?$', path.read_text(), re.MULTILINE)
        assert said
        assert said[1] == ("None" if number == "0001" else f"{int(number) - 1:04}"), path.name
