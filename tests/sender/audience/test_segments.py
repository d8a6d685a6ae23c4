"""The language of segments: what each line means, and what is said of a line that means nothing."""

from datetime import date

import pytest

from data.lists import Member
from data.rules import (
    Added,
    AddedWithin,
    AllOf,
    AnyOf,
    AtDomain,
    Behaved,
    Day,
    DayWithin,
    Deed,
    Match,
    Not,
    Number,
    OnList,
    Order,
    Rule,
    Tagged,
    Text,
)
from sender.audience.segments import SegmentError, read_rule

DE = Text("country", Match.IS, "DE")


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("country is DE", DE),
        ('  "country" is "DE"  ', DE),
        ("country is not DE", Not(DE)),
        ("country is set", Text("country", Match.SET)),
        ("country is not set", Not(Text("country", Match.SET))),
        ('country is "set"', Text("country", Match.IS, "set")),
        ("country is one of (DE, AT)", AnyOf((DE, Text("country", Match.IS, "AT")))),
        ('city contains "New \\"York\\""', Text("city", Match.CONTAINS, 'New "York"')),
        ("city starts with Ber", Text("city", Match.STARTS_WITH, "Ber")),
        ("age >= 18", Number("age", Order.AT_LEAST, 18.0)),
        ("age<-2.5", Number("age", Order.BELOW, -2.5)),
        ("born before 2000-01-01", Day("born", Order.BELOW, date(2000, 1, 1))),
        ("born within 30 days", DayWithin("born", 30)),
        ("tagged vip", Tagged("vip")),
        ("on list news", OnList("news")),
        ("on list news as unconfirmed", OnList("news", Member.UNCONFIRMED)),
        ("opened", Behaved(Deed.OPENED)),
        ("not opened within 1 day", Not(Behaved(Deed.OPENED, days=1))),
        ('clicked campaign "Spring sale" within 90 days', Behaved(Deed.CLICKED, "Spring sale", 90)),
        ("received campaign spring", Behaved(Deed.RECEIVED, "spring")),
        ("address at Gmail.com", AtDomain("gmail.com")),
        ("added within 7 days", AddedWithin(7)),
        ("added before 2026-11-23", Added(Order.BELOW, date(2026, 11, 23))),
        ("added after 2026-11-23", Added(Order.AT_LEAST, date(2026, 11, 24))),
        ("opened is yes", Text("opened", Match.IS, "yes")),
        ('"not" is x', Text("not", Match.IS, "x")),
        ("tagged a or tagged b and tagged c", AnyOf((Tagged("a"), AllOf((Tagged("b"), Tagged("c")))))),
        ("(tagged a or tagged b) and tagged c", AllOf((AnyOf((Tagged("a"), Tagged("b"))), Tagged("c")))),
        ("not not tagged a", Not(Not(Tagged("a")))),
        ("이름 is x or tagged y", None),
    ],
)
def test_a_line_means_its_rule(line: str, meaning: Rule | None) -> None:
    if meaning is None:
        with pytest.raises(SegmentError):
            read_rule(line)
    else:
        assert read_rule(line) == meaning


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "The rule ends where a condition, such as: country is DE should follow."),
        ("country DE", "At sign 9 stands “DE”, where “is”, “contains”, “starts with”"),
        ("country is", "The rule ends where a word should follow."),
        (
            "age > old",
            "At sign 7 stands “old”, where a number such as 18 (for texts, write “is”) should stand.",
        ),
        ("(tagged a", "The rule ends where “)” should follow."),
        ("tagged a tagged b", "At sign 10 stands “tagged”, where “and”, “or” or the end should stand."),
        ('tagged "a', "A quote is opened at sign 8 and never closed."),
        ("opened within 0 days", "where a number of days from 1 to 36500 should stand."),
        ("born before yesterday", "where a day, such as 2026-11-23 should stand."),
        ("on list news as gone", "where subscribed, unconfirmed or unsubscribed should stand."),
        ("a is b\nor c is d", "The rule has a sign that cannot be printed. Write it on one line."),
        ("not " * 21 + "tagged a", "The rule is nested more than 20 deep."),
        ("(" * 3000, "The rule is nested more than 20 deep."),
        ("x" * 4001, "The rule is longer than 4000 signs."),
    ],
)
def test_a_line_that_means_nothing_gets_its_sentence(line: str, sentence: str) -> None:
    with pytest.raises(SegmentError) as said:
        read_rule(line)

    assert sentence in str(said.value)
