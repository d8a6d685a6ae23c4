"""The merge language fills in fields, and a hostile template gets nowhere with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sender.content.merge import MergeError, fields_of, parse, render
from sender.content.nodes import MOST_ITEMS, missing, names, without_default


@pytest.mark.parametrize(
    ("template", "result"),
    [
        ("Hello {{ First_Name }}", "Hello Ada"),
        ("Hello {{nickname|friend}}", "Hello friend"),
        ("{{nickname}}", ""),
        ('{{#if plan == "gold"}}G{{else}}S{{/if}}', "G"),
        ("{{#if plan != 'gold'}}S{{else}}G{{/if}}", "G"),
        ("{{#unless nickname}}none{{/unless}}", "none"),
        ("{{#if a}}x{{#if b}}y{{/if}}{{else}}z{{/if}}", "z"),
        ('{{#if plan == "red"}}R{{else if plan == "gold"}}G{{else}}S{{/if}}', "G"),
        ("{{#if a}}A{{else if b}}B{{else if plan}}P{{else}}S{{/if}}!", "P!"),
        ("{{#if a}}A{{else unless plan}}P{{/if}}!", "!"),
        ("a { b } }} c", "a { b } }} c"),
    ],
)
def test_fields_defaults_and_conditions(template: str, result: str) -> None:
    assert render(parse(template), {"first_name": "Ada", "plan": "gold"}) == result


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("a\n{{/if}}", "Line 2, column 1: {{/if}} without an {{#if …}} before it."),
        ("{{#if a}}", "Line 1, column 1: {{#if a}} is not closed by {{/if}}."),
        ("{{#if a}}{{else}}{{else}}{{/if}}", "Line 1, column 1: {{#if a}} is not closed by {{/if}}."),
        (
            "a\n b{{#if a}}{{else if 7}}{{/if}}",
            'Line 2, column 12: {{#if 7}} is not a condition; write {{#if name}} or {{#if name == "x"}}.',
        ),
        ("{{a", "Line 1, column 1: a {{ that is not closed by }}."),
        (
            '{{a|f: "b"}}',
            'Line 1, column 1: {{a|f: "b"}} has a filter of another language; write {{name|default}}.',
        ),
        ("{{@open}}", "Line 1, column 1: {{@open}} is not a field; write {{name}} or {{name|default}}."),
        (
            "{{#with a}}",
            'Line 1, column 1: {{#with a}} is not a condition; write {{#if name}} or {{#if name == "x"}}.',
        ),
        ("{{#each a}}", "Line 1, column 1: {{#each a}} is not closed by {{/each}}."),
        ("{{#each 7}}", "Line 1, column 1: {{#each 7}} is not a loop; write {{#each name}}."),
        ("{{#each a}}x{{#each b}}", "Line 1, column 13: a loop inside a loop."),
    ],
)
def test_a_template_that_cannot_be_read_gets_its_sentence(template: str, sentence: str) -> None:
    with pytest.raises(MergeError) as caught:
        parse(template)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "attack",
    [
        "{{a.__class__.__mro__[1].__subclasses__()}}",
        "{{''.__class__}}",
        "{{7*7}}",
        "{{config}}{{self._TemplateReference__context}}",
        "{{a|default|attr('x')}}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{{'a'*10**9}}",
        "${7*7} <%= 7*7 %> #{7*7}",
    ],
)
def test_what_breaks_other_template_languages_is_a_name_a_text_or_refused(attack: str) -> None:
    try:
        text = render(parse(attack), {"a": "A"})
    except MergeError:
        return
    assert "49" not in text
    assert "class" not in text
    assert len(text) <= len(attack)


def test_nesting_and_length_are_bounded() -> None:
    with pytest.raises(MergeError, match="deeper than 16"):
        parse("{{#if a}}" * 17)
    with pytest.raises(MergeError, match="deeper than 16"):
        parse("{{#if a}}" + "{{else if a}}" * 1000 + "{{/if}}")
    with pytest.raises(MergeError, match="deeper than 16"):
        parse("{{#each a}}{{else}}" * 1000)
    with pytest.raises(MergeError, match="longer than"):
        parse("x" * 1_000_001)


@given(st.text(alphabet='{}#/if else@a|"= \n', max_size=80))
def test_any_text_is_read_or_refused(template: str) -> None:
    try:
        nodes = parse(template)
    except MergeError:
        return
    assert isinstance(render(nodes, {"a": "{{b}}"}), str)


def test_a_value_is_never_read_as_a_template() -> None:
    assert render(parse("{{a}}"), {"a": "{{b}}", "b": "secret"}) == "{{b}}"


def test_missing_values_are_named() -> None:
    nodes = parse("{{a}}{{b|x}}{{#if c}}{{d}}{{/if}}{{e}}")
    assert names(nodes) == {"a", "b", "c", "d", "e"}
    assert missing(nodes, {"e": "1"}) == {"a"}


def test_attributes_become_text_and_nested_things_do_not() -> None:
    attributes = {
        "Name": "Ada",
        "n": 3,
        "yes": True,
        "no": False,
        "tags": ["a", "b"],
        "deep": {"x": 1},
        "z": None,
    }
    assert fields_of(attributes) == {
        "name": "Ada", "n": "3", "yes": "yes", "tags": "a, b", "tags.0": "a", "tags.1": "b",
    }  # fmt: skip


BOOKS = {"books": [{"Title": "Sea", "price": 3}, {"title": "Land"}], "tags": ["a", "", "b"], "none": []}


@pytest.mark.parametrize(
    ("template", "result"),
    [
        ("{{#each tags}}<{{this}}>{{/each}}", "<a><b>"),
        ("{{#each Books}}{{this.title}} {{this.price|?}};{{/each}}", "Sea 3;Land ?;"),
        ("{{#each books}}{{#if this.price}}{{this.price}}{{else}}-{{/if}}{{/each}}", "3-"),
        ("{{#each none}}x{{else}}nothing{{/each}}", "nothing"),
        ("{{#each nobody}}x{{/each}}!", "!"),
        ("{{#if books}}{{books}} books, {{books.1.title}}{{/if}}", "2 books, Land"),
        ("{{#if tags}}{{#each tags}}{{this}}{{/each}}{{/if}} {{tags}}", "ab a, b"),
    ],
)
def test_a_loop_goes_over_a_list(template: str, result: str) -> None:
    assert render(parse(template), fields_of(BOOKS)) == result


def test_a_loop_is_bounded_in_items_and_in_what_it_is_written_out_to() -> None:
    fields = fields_of({"a": [str(number) for number in range(1_000)]})
    assert render(parse("{{#each a}}.{{/each}}"), fields) == "." * MOST_ITEMS
    with pytest.raises(MergeError, match="more than 20,000 characters"):
        parse("{{#each a}}" + "x" * 20_001 + "{{/each}}")
    with pytest.raises(MergeError, match="more than 20,000 characters"):
        parse("{{#each a}}0123456789{{/each}}" * 1_000)


def test_what_is_missing_in_a_loop_is_named_without_its_number() -> None:
    nodes = parse("{{#each books}}{{this}}{{this.price}}{{/each}}")
    assert missing(nodes, fields_of(BOOKS)) == {"books.price"}
    assert without_default(nodes) == {"books.price"}
