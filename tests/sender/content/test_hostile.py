"""Templates that would keep a careless reader busy for hours: each is read once, in time with its length."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from sender.content.compile import Letterhead, Person, Source, compile_campaign
from sender.content.formats import Format, Written, ready
from sender.content.markup import tags
from sender.content.merge import MergeError
from sender.content.review import review
from sender.content.text import text_from_html

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIZE = 60_000
PIECES = [
    "<", "<a ", '<a href="', "<a b='", "</a", "<!--", "<!--[if", "<![CDATA[", "<?x", "<title>", "<style>",
    "<a x y z ", "<div>", "<ul><li>", "<blockquote>", "<table><tr><td>", "<pre>x", "&", "{{a}}",
    "{{#if a}}{{else if a}}{{/if}}", '<a href="https://a.test/x">', '<img src="x">', "http://",
    "{{#each a}}{{else}}", "{{#each a}}{{#if b}}{{/if}}{{/each}}", "https://a.test/{{a}}", " ", "ä{{a}}",
]  # fmt: skip


def made(source: str) -> None:
    letterhead = Letterhead("", "a@b.test", "https://t.test")
    person = Person("a@b.test", "i@b.test", {"a": "x" * 20_000})
    compile_campaign(Source("s", source), letterhead).message(person, NOW)


READERS: list[Callable[[str], object]] = [
    lambda source: [*tags(source)],
    text_from_html,
    made,
    lambda source: review(Source("s", source), {}, NOW),
    lambda source: ready(Written(source, Format.HTML, inline=False)),
]


@pytest.mark.parametrize("piece", PIECES)
def test_whatever_is_repeated_is_read_or_refused(piece: str) -> None:
    """Each of these took more than a minute for a megabyte, or recursed until the process ended."""
    source = piece * (SIZE // len(piece))
    for read in READERS:
        with suppress(ValueError):
            read(source)


@pytest.mark.parametrize("source", ["{{a}}" * 10_000, "äöü{{a}}" * 10_000])
def test_a_long_value_in_many_places_is_refused_before_it_is_made(source: str) -> None:
    with pytest.raises(MergeError, match="5,000,000 is the most"):
        made(source)


def test_a_subject_is_bounded_as_written_and_as_filled_in() -> None:
    letterhead = Letterhead("", "a@b.test", "https://t.test")
    with pytest.raises(MergeError, match="longer than 1,000"):
        compile_campaign(Source("s" * 1_001, "x"), letterhead)
    compiled = compile_campaign(Source("{{a}}{{a}}", "x"), letterhead)
    with pytest.raises(MergeError, match="has 1,200 characters"):
        compiled.message(Person("a@b.test", "i@b.test", {"a": "x" * 600}), NOW)
