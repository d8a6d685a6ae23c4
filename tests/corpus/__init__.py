"""Cases that others wrote, answered by the functions that the product uses (corpora/README.md).

    python -m tests.corpus ROOT [SUITE…] > preds.jsonl
    python -m tests.corpus.score [SUITE…] [--fails]     # what `make corpus` runs

To add a suite: an adapter (a function from `Case` to a dict with the field names of the suite's `expected`)
in the module of its family here, and one line in `suites.SUITES`.
"""
