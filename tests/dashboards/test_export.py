"""Tables as CSV: nothing is evaluated, nothing is lost."""

import csv
import io

import pandas as pd
import pytest

from dashboards.pieces.export import as_csv, neutral

FORMULAS = ("=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|calc")


def _read(table: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_a_spreadsheet_would_evaluate_is_quoted(cell: str) -> None:
    assert _read(pd.DataFrame({"reply": [cell]}))[1] == ["'" + cell]


def test_a_column_name_is_no_formula_either() -> None:
    assert _read(pd.DataFrame({"=1+1": ["x"]}))[0] == ["'=1+1"]


def test_numbers_stay_numbers() -> None:
    """-3 is a number, "-3+1" is a formula."""
    assert neutral(-3.5) == -3.5
    assert _read(pd.DataFrame({"n": [-3]}))[1] == ["-3"]


def test_commas_quotes_and_line_ends_survive() -> None:
    text = 'said "no",\r\nand left'

    assert _read(pd.DataFrame({"reply": [text]}))[1] == [text]


def test_what_is_absent_is_an_empty_cell() -> None:
    assert _read(pd.DataFrame({"a": pd.Series([None, "x"], dtype=object), "b": [1, 2]}))[1] == ["", "1"]
    assert _read(pd.DataFrame({"a": [1.5, float("nan")], "b": [1, 2]}))[2] == ["", "2"]
