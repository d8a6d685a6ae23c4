"""Ten kinds of records under fourteen faults: what cannot be found out is never absent and never present."""

from collections.abc import Mapping

import pytest

from tests.truth.ours import conclusions
from tests.truth.table import CELLS, FAULTS, KINDS, Cell, Truth, right

pytestmark = pytest.mark.sockets


@pytest.fixture(scope="module")
def concluded() -> Mapping[Cell, Truth]:
    return conclusions()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_cell_of_the_truth_table_is_right(concluded: Mapping[Cell, Truth], fault: object) -> None:
    wrong = {
        cell.kind.name: str(concluded[cell])
        for cell in CELLS
        if cell.fault is fault and concluded[cell] is not right(cell.kind, cell.fault)
    }
    assert wrong == {}


def test_the_table_is_as_large_as_it_claims() -> None:
    """Three columns are no faults: published, and absent in its two ways."""
    assert (len(KINDS), len(FAULTS) - 3) == (10, 14)
