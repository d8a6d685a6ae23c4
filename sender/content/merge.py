"""The merge language: fields, defaults and conditions, and nothing that a hostile template could use.

    Hello {{first_name|friend}},
    {{#if plan == "gold"}}…{{else if city}}…{{else}}…{{/if}}   {{#unless city}}…{{/unless}}
    {{#each books}}{{this.title}} {{/each}}

A name is looked up in one flat mapping: there are no attributes, calls or filters, and a loop is written out
when it is read, so that rendering takes time and memory in proportion to the template and its values (the
sandboxes of larger template languages do not bound that). Names are compared in lower case.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sender.content.nodes import MOST_ITEMS, Branch, Condition, Field, Node, Nodes, unrolled, walk
from sender.content.problem import ContentError

LONGEST_TEMPLATE = 1_000_000
"""Characters; ten times what Gmail shows of a message."""
LONGEST_TAG = 300
LONGEST_VALUE = 20_000
LONGEST_LIST = 1_000
DEEPEST = 16

NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,63}"
SLOT = re.compile(r"@[a-z]+[0-9]*\Z")
IN_LINK = "@link "
"""Written before the name by `links.mark_fields`, never by an author."""
FIELD = re.compile(rf"({NAME})\s*(?:\|\s*(.*?))?\s*\Z", re.DOTALL)
FILTER = re.compile(r"default\s*[:(=]|[a-z_]+\s*:\s*[\"'“]")
"""Of Liquid, Jinja or Handlebars: as a default it would be printed to people as it stands."""
CONDITION = re.compile(rf"(if|unless)\s+({NAME})\s*(?:(==|!=)\s*(?:\"([^\"]*)\"|'([^']*)'))?\s*\Z")

EACH = re.compile(rf"each\s+({NAME})\s*\Z")


class MergeError(ContentError):
    """A template that cannot be read; the message says where and what to do."""


def parse(source: str, *, slots: bool = False) -> Nodes:
    """Read a template; raises `MergeError`. `slots` also admits Homing's own fields such as {{@open}}."""
    if len(source) > LONGEST_TEMPLATE:
        raise MergeError(f"The template is longer than {LONGEST_TEMPLATE:,} characters.")
    return _Reader(source, slots).until_end()


def render(nodes: Nodes, fields: Mapping[str, str]) -> str:
    """The text with every field filled in as it is; whoever needs HTML escapes the fields (`compile`)."""
    return "".join(
        part if isinstance(part, str) else fields.get(part.name) or part.default or ""
        for part in walk(nodes, fields)
    )


def fields_of(attributes: Mapping[str, Any]) -> dict[str, str]:
    """A contact's attributes as merge fields; what has no plain form (`as_text`) is left out."""
    fields: dict[str, str] = {}
    for name, value in attributes.items():
        if text := as_text(value):
            fields[name.lower()] = text
        if isinstance(value, list):
            _add_items(fields, name.lower(), value)
    return fields


def _add_items(fields: dict[str, str], name: str, items: Sequence[Any]) -> None:
    """`name.0`, `name.1` … and, for objects, `name.0.key`; a list of objects reads as their number."""
    there = [item for item in items[:MOST_ITEMS] if isinstance(item, dict) or as_text(item)]
    for number, item in enumerate(there):
        fields[f"{name}.{number}"] = as_text(item) or str(number + 1)
        for key, value in item.items() if isinstance(item, dict) else ():
            if text := as_text(value):
                fields[f"{name}.{number}.{str(key).lower()}"] = text
    if there:
        fields.setdefault(name, str(len(there)))


def as_text(value: Any) -> str:
    """A JSON value as people write it; "" for what has no such form."""
    match value:
        case str():
            return value[:LONGEST_VALUE]
        case bool():
            return "yes" if value else ""
        case int() | float():
            return str(value)
        case [*items]:
            texts = (as_text(item) for item in items[:LONGEST_LIST] if not isinstance(item, list))
            return ", ".join(filter(None, texts))[:LONGEST_VALUE]
    return ""


class _Reader:
    """One pass over the source; each character is looked at once."""

    def __init__(self, source: str, slots: bool) -> None:
        self.source = source
        self.slots = slots
        self.at = 0
        self.depth = 0
        self.in_loop = False
        self.written_out = 0
        """Characters that the loops are when they are written out."""
        self._opened_at = 0
        self._end_of_tag = 0

    def until_end(self) -> Nodes:
        nodes, stopped_by = self._nodes()
        if stopped_by:
            self.at = self._opened_at
            raise self._error(f"{{{{{stopped_by}}}}} without an {{{{#if …}}}} before it")
        return nodes

    def _nodes(self) -> tuple[Nodes, str]:
        """Nodes up to a closing tag or the end; returns the tag that stopped us, "" at the end."""
        nodes: list[Node] = []
        while True:
            start = self.source.find("{{", self.at)
            if start < 0:
                nodes.append(self.source[self.at :])
                self.at = len(self.source)
                return _tidy(nodes), ""
            nodes.append(self.source[self.at : start])
            self.at = start
            tag = self._tag()
            if _ends(tag):
                return _tidy(nodes), tag
            nodes.append(self._block(tag) if tag.startswith("#") else self._field(tag))

    def _tag(self) -> str:
        end = self.source.find("}}", self.at + 2, self.at + 2 + LONGEST_TAG)
        if end < 0:
            raise self._error("a {{ that is not closed by }}")
        tag = self.source[self.at + 2 : end].strip()
        self._end_of_tag = end + 2
        self._opened_at = self.at
        if _ends(tag):
            self.at = self._end_of_tag
        return tag

    def _field(self, tag: str) -> Field:
        in_link = self.slots and tag.startswith(IN_LINK)
        match = FIELD.match(tag.removeprefix(IN_LINK) if in_link else tag)
        if match and FILTER.match(match[2] or ""):
            raise self._error(f"{{{{{tag}}}}} has a filter of another language; write {{{{name|default}}}}")
        if match:
            field = Field(match[1].lower(), match[2], in_link)
        elif self.slots and SLOT.match(tag):
            field = Field(tag)
        else:
            raise self._error(f"{{{{{tag}}}}} is not a field; write {{{{name}}}} or {{{{name|default}}}}")
        self.at = self._end_of_tag
        return field

    def _block(self, tag: str) -> Branch:
        return self._loop(tag) if tag[1:].split(maxsplit=1)[:1] == ["each"] else self._branch(tag)

    def _loop(self, tag: str) -> Branch:
        match = EACH.match(tag[1:])
        if not match:
            raise self._error(f"{{{{{tag}}}}} is not a loop; write {{{{#each name}}}}")
        if self.in_loop:
            raise self._error("a loop inside a loop")
        opened_at, self.at = self.at, self._end_of_tag
        self._deeper()
        self.in_loop = True
        body, stop = self._nodes()
        self.in_loop = False
        self.written_out += MOST_ITEMS * (self.at - opened_at)
        if self.written_out > LONGEST_TEMPLATE:
            raise self._error(
                f"loops whose insides have more than {LONGEST_TEMPLATE // MOST_ITEMS:,} characters"
            )
        otherwise: Nodes = ()
        if stop == "else":
            otherwise, stop = self._nodes()
        self.depth -= 1
        if stop != "/each":
            self.at = opened_at
            raise self._error(f"{{{{{tag}}}}} is not closed by {{{{/each}}}}")
        name = match[1].lower()
        return Branch(Condition(f"{name}.0"), unrolled(body, name), otherwise)

    def _branch(self, tag: str) -> Branch:
        condition = self._condition(tag.removeprefix("#"))
        word = tag[1:].split(maxsplit=1)[0]
        opened_at, self.at = self.at, self._end_of_tag
        self._deeper()
        branch, stop = self._rest(condition)
        self.depth -= 1
        if stop != f"/{word}":
            self.at = opened_at
            raise self._error(f"{{{{{tag}}}}} is not closed by {{{{/{word}}}}}")
        return branch

    def _rest(self, condition: Condition) -> tuple[Branch, str]:
        """What follows a condition, with the `{{else if …}}` after it; returns what stopped it, too."""
        then, stop = self._nodes()
        otherwise: Nodes = ()
        if stop == "else":
            otherwise, stop = self._nodes()
        elif stop.startswith("else"):
            self.at, after = self._opened_at, self.at
            another = self._condition(stop.removeprefix("else").strip())
            self.at = after
            self._deeper()
            branch, stop = self._rest(another)
            self.depth -= 1
            otherwise = (branch,)
        return Branch(condition, then, otherwise), stop

    def _condition(self, written: str) -> Condition:
        match = CONDITION.match(written)
        if not match:
            raise self._error(
                f'{{{{#{written}}}}} is not a condition; write {{{{#if name}}}} or {{{{#if name == "x"}}}}'
            )
        word, name, operator, double, single = match.groups()
        equals = None if operator is None else (double if double is not None else single)
        return Condition(name.lower(), equals, (word == "unless") is not (operator == "!="))

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._error(f"conditions nested deeper than {DEEPEST}")

    def _error(self, what: str) -> MergeError:
        line = self.source.count("\n", 0, self.at) + 1
        column = self.at - self.source.rfind("\n", 0, self.at)
        return MergeError(f"Line {line}, column {column}: {what}.")


def _ends(tag: str) -> bool:
    """Whether the tag closes the stretch before it: {{else}}, {{else if …}}, {{/if}}."""
    return tag.startswith("/") or tag.split(None, 1)[:1] == ["else"]


def _tidy(nodes: Sequence[Node]) -> Nodes:
    return tuple(node for node in nodes if node != "")
