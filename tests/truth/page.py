"""The table as a page of the documentation."""

from collections.abc import Mapping

from tests.truth.table import CELLS, FAULTS, KINDS, Cell, Fault, Kind, Truth, right

Conclusions = Mapping[Cell, Truth]

INTRODUCTION = """# What is concluded when DNS misbehaves

Each row is something that happens to one question, each column a kind of record. A look may conclude that
the record is **present**, that it is **absent**, or that it **could not be found out** (?). Only a wrong
conclusion can raise a false alarm, or hide a true one; "?" never does. This page is made by
`python -m tests.truth`, against the hostile name server of the tests; `make test` holds Homing to it.

A lame server is one that refers elsewhere instead of answering. Through a resolver that rewrites "does not
exist" into an address, no blocklist can be believed, so their entries must be "?".
"""

PEER = """
## The same, with checkdmarc

checkdmarc reports `"valid": false` both for a record that does not exist and for one that could not be asked
for; here its English sentence is read, which is kinder than what a program sees. It looks at no DKIM keys and
no blocklists. Its TLSA records must be signed, which this name server cannot do, so those cells are left out.
"""


def page(ours: Conclusions, peer: Conclusions, version: str) -> str:
    """Markdown: ours, then the peer's, each with its wrong cells in bold."""
    return "\n".join(
        [
            INTRODUCTION,
            _table(ours),
            _count("Homing", ours),
            PEER,
            _table(peer),
            _count(f"checkdmarc {version}", peer),
        ]
    )


def _table(concluded: Conclusions) -> str:
    kinds = [kind for kind in KINDS if any(cell.kind is kind for cell in concluded)]
    head = ["what happens", *(kind.name for kind in kinds)]
    rows = [[fault.name, *(_shown(concluded, kind, fault) for kind in kinds)] for fault in FAULTS]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _shown(concluded: Conclusions, kind: Kind, fault: Fault) -> str:
    cell = next(cell for cell in CELLS if cell.kind is kind and cell.fault is fault)
    if cell not in concluded:
        return "–"
    text = "?" if concluded[cell] is Truth.UNKNOWN else concluded[cell].value
    return text if concluded[cell] is right(kind, fault) else f"**{text}** ✗"


def _count(name: str, concluded: Conclusions) -> str:
    wrong = sum(truth is not right(cell.kind, cell.fault) for cell, truth in concluded.items())
    return f"{name}: {len(concluded) - wrong} of {len(concluded)} cells right.\n"
