"""The merge language: fields, defaults and conditions, and nothing that a hostile template could use.

    Hello {{first_name|friend}},
    {{#if plan == "gold"}}…{{else if city}}…{{else}}…{{/if}}   {{#unless city}}…{{/unless}}

A name is looked up in one flat mapping: there are no attributes, calls, loops or filters, so that rendering
takes time and memory in proportion to the template and its values (the sandboxes of larger template
languages do not bound that). Names are compared in lower case.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sender.content.problem import ContentError

LONGEST_TEMPLATE = 1_000_000
"""Characters; ten times what Gmail shows of a message."""
LONGEST_TAG = 300
LONGEST_VALUE = 20_000
DEEPEST = 16

NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,63}"
SLOT = re.compile(r"@[a-z]+[0-9]*\Z")
IN_LINK = "@link "
"""Written before the name by `links.mark_fields`, never by an author."""
FIELD = re.compile(rf"({NAME})\s*(?:\|\s*(.*?))?\s*\Z", re.DOTALL)
CONDITION = re.compile(rf"(if|unless)\s+({NAME})\s*(?:(==|!=)\s*(?:\"([^\"]*)\"|'([^']*)'))?\s*\Z")


class MergeError(ContentError):
    """A template that cannot be read; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value to be filled in; `default` stands where there is none."""

    name: str
    default: str | None = None
    in_link: bool = False
    """Percent-encoded on the way (RFC 3986 section 2.1)."""

    def value(self, fields: Mapping[str, str]) -> str:
        """This person's value, "" without one."""
        value = fields.get(self.name, "")
        return quote(value, safe="/") if self.in_link else value


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds if the field has a value or, with `equals`, that value; `negated` turns it round."""

    name: str
    equals: str | None = None
    negated: bool = False

    def holds(self, fields: Mapping[str, str]) -> bool:
        value = fields.get(self.name, "")
        return (bool(value) if self.equals is None else value == self.equals) is not self.negated


@dataclass(frozen=True, slots=True)
class Branch:
    condition: Condition
    then: "Nodes"
    otherwise: "Nodes"


Node = str | Field | Branch
Nodes = tuple[Node, ...]


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


def walk(nodes: Nodes, fields: Mapping[str, str]) -> Iterator[str | Field]:
    """The nodes in order, with every branch decided."""
    for node in nodes:
        if isinstance(node, Branch):
            yield from walk(node.then if node.condition.holds(fields) else node.otherwise, fields)
        else:
            yield node


def names(nodes: Nodes) -> frozenset[str]:
    """Every field that the template speaks of, in conditions too."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Field):
            found.add(node.name)
        elif isinstance(node, Branch):
            found |= {node.condition.name} | names(node.then) | names(node.otherwise)
    return frozenset(found)


def without_default(nodes: Nodes) -> frozenset[str]:
    """The fields that are written somewhere without a default."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Branch):
            found |= without_default(node.then) | without_default(node.otherwise)
        elif isinstance(node, Field) and node.default is None:
            found.add(node.name)
    return frozenset(found)


def missing(nodes: Nodes, fields: Mapping[str, str]) -> frozenset[str]:
    """The fields that would come out empty for this person: no value and no default."""
    return frozenset(
        part.name
        for part in walk(nodes, fields)
        if isinstance(part, Field) and part.default is None and not fields.get(part.name)
    )


def fields_of(attributes: Mapping[str, Any]) -> dict[str, str]:
    """A contact's attributes as merge fields; what has no plain form (`as_text`) is left out."""
    return {name.lower(): text for name, value in attributes.items() if (text := as_text(value))}


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
            return ", ".join(filter(None, (as_text(item) for item in items if not isinstance(item, list))))
    return ""


class _Reader:
    """One pass over the source; each character is looked at once."""

    def __init__(self, source: str, slots: bool) -> None:
        self.source = source
        self.slots = slots
        self.at = 0
        self.depth = 0
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
            nodes.append(self._branch(tag) if tag.startswith("#") else self._field(tag))

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
        if match:
            field = Field(match[1].lower(), match[2], in_link)
        elif self.slots and SLOT.match(tag):
            field = Field(tag)
        else:
            raise self._error(f"{{{{{tag}}}}} is not a field; write {{{{name}}}} or {{{{name|default}}}}")
        self.at = self._end_of_tag
        return field

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
