"""`make corpus`: a table of rates per suite, by the scorer that lies beside the cases."""

import sys
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from tests.conftest import CORPORA
from tests.corpus.cases import cases, suites
from tests.corpus.disputed import DISPUTED
from tests.corpus.predict import predictions
from tests.corpus.suites import SUITES


def rate(root: Path, suite: str, *, fails: bool = False) -> dict[str, Any]:
    """The scorer's row for one suite: {cases, passed, rate, fields} or {auc}, with `fails` the ids too.

    What is disputed or not about us is taken out of cases, passed, rate and fails, and counted in `apart`.
    """
    scorer = _scorer(root)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / suite).symlink_to((root / suite).resolve(), target_is_directory=True)
        row: dict[str, Any] = scorer.score(folder, dict(predictions(root, suite)), True)[suite]
    if "cases" in row:
        _set_apart(row, root, suite)
    return row if fails else {name: value for name, value in row.items() if name != "fails"}


def _set_apart(row: dict[str, Any], root: Path, suite: str) -> None:
    only = SUITES[suite].only
    apart = {
        name
        for name, case in cases(root, suite)
        if name in DISPUTED or (only and case.input.get("esp") not in only)
    }
    failed = [name for name in row["fails"] if name not in apart]
    row["cases"] -= len(apart)
    row |= {"apart": len(apart), "fails": failed, "passed": row["cases"] - len(failed)}
    row["rate"] = round(row["passed"] / row["cases"], 4) if row["cases"] else None


def reached(row: dict[str, Any]) -> float:
    """The one number of a row: the share of cases right, or the AUC."""
    return float(row["auc"] if "auc" in row else row["rate"] or 0)


def _scorer(root: Path) -> Any:
    """The shared scorer, loaded from where it lies; it imports its `loader` by bare name."""
    sys.path.insert(0, str(root))
    try:
        spec = spec_from_file_location("corpora_scorer", root / "scorer.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(root / "scorer.py")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(root))


def _line(suite: str, row: dict[str, Any]) -> str:
    wanted = SUITES[suite].at_least
    mark = "ok  " if reached(row) >= wanted else "LOW "
    counts = f"{row['passed']}/{row['cases']}" if "cases" in row else "AUC"
    fields = " ".join(f"{name}={a}/{b}" for name, (a, b) in sorted(row.get("fields", {}).items()))
    apart = f"  {row['apart']} apart" if row.get("apart") else ""
    return f"{mark}{suite:20} {counts:>9} {reached(row):7.2%} (wanted {wanted:.0%})  {fields}{apart}"


def main(arguments: list[str]) -> int:
    fails = "--fails" in arguments
    named = [argument for argument in arguments if not argument.startswith("-")]
    if not (CORPORA / "scorer.py").exists():
        print(f"No corpora at {CORPORA}. Set HOMING_CORPORA to the folder that has scorer.py in it.")
        return 2
    low = 0
    for suite in named or suites(CORPORA):
        if suite not in SUITES:
            print(f"--  {suite:20} no adapter")
            continue
        row = rate(CORPORA, suite, fails=fails)
        low += reached(row) < SUITES[suite].at_least
        print("\n".join([_line(suite, row), *(f"      {name}" for name in row.get("fails", ()))]))
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
