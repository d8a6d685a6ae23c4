"""The examples of docs/content.md hold."""

import re
from pathlib import Path

import pytest

from sender.content.merge import parse, render

PAGE = Path(__file__).resolve().parents[3] / "docs" / "content.md"
EXAMPLES = re.findall(
    r"```merge\ntemplate: (.*)\nvalues: ?(.*)\nresult: (.*)\n```", PAGE.read_text(encoding="utf-8")
)


@pytest.mark.parametrize(("template", "values", "result"), EXAMPLES)
def test_an_example_of_the_merge_language_comes_out_as_it_says(
    template: str, values: str, result: str
) -> None:
    fields = dict(pair.split("=", 1) for pair in values.split() if pair)
    assert render(parse(template), fields) == result


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 6
