"""What is told of a template and the people of a list, beside what is told of the template alone."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from data.lists import find_list
from data.merging import attributes_of_list
from data.templates import Template
from monitor.problem import Problem
from sender.campaigns.gaps import Gaps, gaps_of_list
from sender.content.compile import Source
from sender.content.formats import Format
from sender.content.merge import fields_of
from sender.content.review import Level, Remark, review
from sender.content.sample import failures

TRIED = 100
"""People for whom a message is really made."""


def checked(
    connection: Connection, template: Template, source: Source, audience: str, now: datetime
) -> tuple[Sequence[Remark], Gaps]:
    """The remarks, the worst first, and whom a value is missing for; "" for no list. Raises Problem."""
    try:
        remarks = list(review(source, {}, now, first_line=first_line(template)))
    except ValueError as error:
        return [Remark(Level.BLOCK, "cannot-be-made", str(error))], Gaps()
    if not audience:
        return remarks, Gaps()
    found = find_list(connection, audience)
    if found is None:
        raise Problem(f"there is no list {audience}.")
    missing = gaps_of_list(connection, source, found.id)
    remarks += [*_failing(connection, source, found.id, now), *_missing(missing)]
    return sorted(remarks, key=lambda remark: [*Level].index(remark.level)), missing


def first_line(template: Template) -> int | None:
    """Of the HTML in what the author wrote; None where the HTML was made from something else."""
    if template.format != Format.HTML:
        return None
    return 1 + max(0, template.source.count("\n") - template.html.count("\n"))


def _failing(connection: Connection, source: Source, list_id: int, now: datetime) -> Iterator[Remark]:
    some = attributes_of_list(connection, list_id, TRIED)
    people = [(address, fields_of(attributes)) for address, attributes in some]
    for address, sentence in failures(source, people, now):
        yield Remark(Level.BLOCK, "cannot-be-made", f"No message can be made for {address}. {sentence}")


def _missing(gaps: Gaps) -> Iterator[Remark]:
    """A field that nobody has is a slip of the pen."""
    for gap, sentence in zip(gaps.fields.values(), gaps.sentences(), strict=True):
        nobody = gap.people == gaps.people
        yield Remark(
            Level.BLOCK if nobody else Level.WARN, "unknown-field" if nobody else "missing-value", sentence
        )
