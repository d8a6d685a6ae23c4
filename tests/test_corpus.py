"""The rates that our answers to other people's cases must reach."""

from pathlib import Path

import pytest

from tests.corpus.score import rate, reached
from tests.corpus.suites import SUITES


@pytest.mark.parametrize("suite", sorted(SUITES))
def test_a_suite_reaches_its_rate(suite: str, corpora: Path) -> None:
    """The rates are in `tests/corpus/suites.py`; `make corpus ARGS=--fails` lists what is wrong."""
    row = rate(corpora, suite, fails=True)

    assert reached(row) >= SUITES[suite].at_least, row.get("fails")
