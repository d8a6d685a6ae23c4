"""`python -m tests.corpus ROOT [SUITE…] > preds.jsonl`: one prediction a line, as scorer.py reads them."""

import json
import sys
from pathlib import Path

from tests.corpus.cases import suites
from tests.corpus.predict import predictions
from tests.corpus.suites import SUITES


def main(arguments: list[str]) -> int:
    if not arguments:
        print("usage: python -m tests.corpus ROOT [SUITE…] > preds.jsonl", file=sys.stderr)
        return 2
    root = Path(arguments[0])
    here = suites(root)
    wanted = arguments[1:] or [suite for suite in here if suite in SUITES]
    if strange := [suite for suite in wanted if suite not in SUITES or suite not in here]:
        print(f"no adapter or no cases for: {', '.join(strange)}", file=sys.stderr)
        return 2
    for suite in wanted:
        for name, output in predictions(root, suite):
            print(json.dumps({"id": name, "output": output}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
