"""A template that was read: text, fields and branches, and what can be asked of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

MOST_ITEMS = 50
"""A loop goes no further."""
THIS = "this"
ITEM = re.compile(r"\.\d+(?=\.|\Z)")


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
    """The fields that are written somewhere without a default; an item of a list is always there."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Branch):
            found |= without_default(node.then) | without_default(node.otherwise)
        elif isinstance(node, Field) and node.default is None and not node.name[-1].isdecimal():
            found.add(ITEM.sub("", node.name))
    return frozenset(found)


def missing(nodes: Nodes, fields: Mapping[str, str]) -> frozenset[str]:
    """The fields that would come out empty for this person: no value and no default."""
    return frozenset(
        ITEM.sub("", part.name)
        for part in walk(nodes, fields)
        if isinstance(part, Field) and part.default is None and not fields.get(part.name)
    )


def unrolled(body: Nodes, name: str) -> Nodes:
    """A loop over the list `name`, written out for each item that there may be."""
    items = (f"{name}.{number}" for number in range(MOST_ITEMS))
    return tuple(Branch(Condition(item), _about(body, item), ()) for item in items)


def _about(nodes: Nodes, item: str) -> Nodes:
    """The nodes with {{this}} and {{this.…}} standing for `item`."""
    return tuple(_one_about(node, item) for node in nodes)


def _one_about(node: Node, item: str) -> Node:
    match node:
        case Field():
            return replace(node, name=_named(node.name, item))
        case Branch(condition, then, otherwise):
            renamed = replace(condition, name=_named(condition.name, item))
            return Branch(renamed, _about(then, item), _about(otherwise, item))
    return node


def _named(name: str, item: str) -> str:
    return item + name[len(THIS) :] if name == THIS or name.startswith(f"{THIS}.") else name
