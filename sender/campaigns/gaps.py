"""Which merge fields would come out empty, for how many of a list's subscribers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from data.campaigns import Campaign
from data.merging import attributes_of_list
from data.templates import template_by_id
from sender.campaigns.renderer import content_of, source_of
from sender.content.compile import Source, nodes_of
from sender.content.merge import fields_of
from sender.content.nodes import Nodes, missing
from sender.content.sample import GIVEN

SOME = 20_000


@dataclass(slots=True)
class Gap:
    """A field without value and without default, and one address that it is missing for."""

    people: int = 0
    example: str = ""


@dataclass(slots=True)
class Gaps:
    """`people` were looked at; `fields` are those that some of them lack, the most frequent first."""

    people: int = 0
    fields: dict[str, Gap] = field(default_factory=dict)

    def sentences(self) -> list[str]:
        return [
            f"{{{{{name}}}}} is empty for {gap.people:,} of {self.people:,} people, {gap.example} among "
            f"them. Give it a default: {{{{{name}|…}}}}"
            for name, gap in self.fields.items()
        ]


def gaps_of_list(connection: Connection, source: Source, list_id: int) -> Gaps:
    """Every subscriber is asked, as the conditions turn out for each. Raises `MergeError`."""
    return gaps(source, attributes_of_list(connection, list_id))


def gaps_of_campaign(connection: Connection, campaign: Campaign) -> Gaps:
    """The same for a campaign's template and list, of an even choice of the people, so that it takes seconds.

    Raises `MergeError`.
    """
    if campaign.list_id is None:
        return Gaps()
    source = source_of(content_of(template_by_id(connection, campaign.template_id)))
    return gaps(source, attributes_of_list(connection, campaign.list_id, SOME))


def gaps(source: Source, people: Iterable[tuple[str, Mapping[str, Any]]]) -> Gaps:
    parts = nodes_of(source)
    found = Gaps()
    for address, attributes in people:
        found.people += 1
        for name in _empty(parts, attributes):
            gap = found.fields.setdefault(name, Gap(example=address))
            gap.people += 1
    found.fields = dict(sorted(found.fields.items(), key=lambda each: -each[1].people))
    return found


def _empty(parts: Iterable[Nodes], attributes: Mapping[str, Any]) -> frozenset[str]:
    fields = fields_of(attributes) | dict.fromkeys(GIVEN, "given")
    return frozenset().union(*(missing(nodes, fields) for nodes in parts))
