"""The zone that holds all cells: around each record everything is in order, so that only the fault shows."""

from typing import Any

from tests.truth.table import CELLS, LIST, MISSING, Cell

SHARED: dict[str, Any] = {
    "mx.shared.test": {"A": ["198.51.100.1"]},
    f"2.0.0.127.{LIST}": {"A": ["127.0.0.2"]},
}


def zone(*, rewrites: bool) -> dict[str, Any]:
    """What the server for the cells holds; a resolver that rewrites has a server of its own."""
    names = {name: dict(types) for name, types in SHARED.items()}
    for cell in CELLS:
        if cell.fault.rewrites is rewrites:
            _put(names, cell)
    return names


def _put(names: dict[str, Any], cell: Cell) -> None:
    owner, rdtype = cell.kind.place(cell.domain, cell.ip)
    if owner != cell.domain:
        names[cell.domain] = {"A": ["198.51.100.1"]}
    stored = cell.fault.zone(cell.kind.rdata)
    if cell.kind.name == "TLSA":
        names[cell.domain] = {"MX": [[10, f"mx.{cell.domain}"]]}
        names[f"mx.{cell.domain}"] = {"A": ["198.51.100.1"]}
    if stored is not MISSING:
        names.setdefault(owner, {})[rdtype] = stored
