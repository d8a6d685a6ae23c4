"""Run the adapters: every case of a suite becomes its id and our output."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.corpus.cases import Case, cases
from tests.corpus.suites import SUITES, Adapter, Output


def predictions(root: Path, suite: str) -> Iterator[tuple[str, Output]]:
    """(id, output) for each case; an adapter that raises is told on stderr and answers {"error": …}."""
    adapter = SUITES[suite].load()
    for name, case in cases(root, suite):
        yield name, _output(adapter, case, name)


def _output(adapter: Adapter, case: Case, name: str) -> Output:
    try:
        return adapter(case)
    except Exception as error:  # one broken case must not hide the others
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return {"error": f"{type(error).__name__}: {error}"}
