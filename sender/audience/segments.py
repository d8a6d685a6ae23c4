"""The language of segments: a line that people can read, and the typed rule that it means.

    country is DE and (tagged vip or clicked campaign "Spring sale" within 90 days) and not opened

The grammar, where WORD may stand in double quotes and DAY is like 2026-11-23:

    rule      = each (("and" | "or") each)*     "and" binds before "or"; "not" before both
    each      = "not" each | "(" rule ")" | condition
    condition = NAME "is" ["not"] (WORD | "set" | "one" "of" "(" WORD ("," WORD)* ")")
              | NAME ("contains" | "starts" "with") WORD
              | NAME ("=" | "<" | "<=" | ">" | ">=") NUMBER
              | NAME ("before" | "on" | "after") DAY | NAME "within" N "days"
              | "tagged" WORD | "on" "list" WORD ["as" ("subscribed" | "unconfirmed" | "unsubscribed")]
              | ("received" | "opened" | "clicked") ["campaign" WORD] ["within" N "days"]
              | "address" "at" WORD | "added" ("before" | "after") DAY | "added" "within" N "days"

A NAME in quotes is always an attribute, also where it reads like a word of the grammar.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from data.lists import Member
from data.rules import (
    LONGEST_NUMBER,
    NUMBER,
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

LONGEST = 4_000
DEEPEST = 20
MOST_DAYS = 36_500
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(<=|>=|[<>=(),])|([^\s"<>=(),]+))')
RESERVED = frozenset({"and", "or", "not"})
WHEN: Mapping[str, Order] = {"before": Order.BELOW, "on": Order.EQUAL, "after": Order.ABOVE}
MATCHES: Mapping[str, Match] = {"contains": Match.CONTAINS, "starts": Match.STARTS_WITH}


class SegmentError(ValueError):
    """The rule cannot be read; the message says where and what would be right there."""


@dataclass(frozen=True, slots=True)
class Token:
    """`quoted` words are never words of the grammar; `at` counts signs from 0."""

    text: str
    at: int
    quoted: bool = False


def read_rule(text: str) -> Rule:
    """The rule that a line means; raises `SegmentError`."""
    if len(text) > LONGEST:
        raise SegmentError(f"The rule is longer than {LONGEST} signs.")
    if "\x00" in text or not text.isprintable():
        raise SegmentError("The rule has a sign that cannot be printed. Write it on one line.")
    return _Reader(text, [*_tokens(text)]).whole()


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    end = len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if found is None:
            raise SegmentError(f"A quote is opened at sign {text.index(chr(34), at) + 1} and never closed.")
        quoted, sign, word = found.groups()
        place = found.start() + len(found[0]) - len(found[0].lstrip())
        if quoted is not None:
            yield Token(re.sub(r"\\(.)", r"\1", quoted), place, quoted=True)
        else:
            yield Token(sign or word, place)
        at = found.end()


class _Reader:
    """Recursive descent, one method for each line of the grammar."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.next = 0
        self.depth = 0

    def whole(self) -> Rule:
        rule = self._either()
        if self.next < len(self.tokens):
            raise self._wrong("“and”, “or” or the end")
        return rule

    def _either(self) -> Rule:
        several = [self._both()]
        while self._take("or"):
            several.append(self._both())
        return several[0] if len(several) == 1 else AnyOf(tuple(several))

    def _both(self) -> Rule:
        several = [self._each()]
        while self._take("and"):
            several.append(self._each())
        return several[0] if len(several) == 1 else AllOf(tuple(several))

    def _each(self) -> Rule:
        self.depth += 1
        if self.depth > DEEPEST:
            raise SegmentError(f"The rule is nested more than {DEEPEST} deep.")
        try:
            if self._take("not"):
                return Not(self._each())
            if self._take("("):
                rule = self._either()
                self._expect(")")
                return rule
            return self._condition()
        finally:
            self.depth -= 1

    def _condition(self) -> Rule:
        for word, read in STARTS.items():
            if self._peek(word) and not self._reads_as_attribute():
                self.next += 1
                return read(self, word)
        return self._attribute()

    def _reads_as_attribute(self) -> bool:
        """`added` and the like may be attributes too: what follows decides."""
        after = self.tokens[self.next + 1] if self.next + 1 < len(self.tokens) else None
        return after is not None and not after.quoted and after.text in ("is", "contains", "starts", *"<>=")

    def tagged(self, _: str) -> Rule:
        return Tagged(self._word("a tag"))

    def listed(self, _: str) -> Rule:
        self._expect("list")
        name = self._word("the name of a list")
        if not self._take("as"):
            return OnList(name)
        state = self._word("subscribed, unconfirmed or unsubscribed")
        if state not in list(Member):
            raise self._wrong("subscribed, unconfirmed or unsubscribed", back=1)
        return OnList(name, Member(state))

    def behaved(self, word: str) -> Rule:
        campaign = self._word("the name of a campaign") if self._take("campaign") else ""
        days = self._days() if self._take("within") else None
        return Behaved(Deed(word), campaign, days)

    def address(self, _: str) -> Rule:
        self._expect("at")
        return AtDomain(self._word("a domain").lower())

    def added(self, _: str) -> Rule:
        if self._take("within"):
            return AddedWithin(self._days())
        if self._take("before"):
            return Added(Order.BELOW, self._day())
        if self._take("after"):
            return Added(Order.AT_LEAST, self._day() + timedelta(days=1))
        raise self._wrong("“before”, “after” or “within”")

    def _attribute(self) -> Rule:
        name = self._name()
        token = self._peeked()
        if self._take("is"):
            return self._is(name)
        if token and not token.quoted and token.text in MATCHES:
            self.next += 1
            if token.text == "starts":
                self._expect("with")
            return Text(name, MATCHES[token.text], self._word("a word"))
        if token and not token.quoted and token.text in list(Order):
            self.next += 1
            return Number(name, Order(token.text), self._number())
        if token and not token.quoted and token.text in WHEN:
            self.next += 1
            return Day(name, WHEN[token.text], self._day())
        if self._take("within"):
            return DayWithin(name, self._days())
        raise self._wrong("“is”, “contains”, “starts with”, “<”, “before” or “within”")

    def _is(self, name: str) -> Rule:
        negated = self._take("not")
        rule: Rule
        if self._take("set"):
            rule = Text(name, Match.SET)
        elif self._take("one"):
            self._expect("of")
            rule = AnyOf(tuple(Text(name, Match.IS, word) for word in self._words()))
        else:
            rule = Text(name, Match.IS, self._word("a word"))
        return Not(rule) if negated else rule

    def _words(self) -> list[str]:
        self._expect("(")
        words = [self._word("a word")]
        while self._take(","):
            words.append(self._word("a word"))
        self._expect(")")
        return words

    def _name(self) -> str:
        token = self._peeked()
        if token is None or not NAME.fullmatch(token.text) or (not token.quoted and token.text in RESERVED):
            raise self._wrong("a condition, such as: country is DE")
        self.next += 1
        return token.text

    def _word(self, what: str) -> str:
        token = self._peeked()
        if token is None or (not token.quoted and token.text in ("(", ")", ",", *Order)):
            raise self._wrong(what)
        self.next += 1
        return token.text

    def _number(self) -> float:
        text = self._word("a number")
        if not NUMBER.fullmatch(text) or len(text) > LONGEST_NUMBER:
            raise self._wrong("a number such as 18 (for texts, write “is”)", back=1)
        return float(text)

    def _days(self) -> int:
        text = self._word("a number of days")
        if not re.fullmatch("[0-9]{1,5}", text) or not 0 < int(text) <= MOST_DAYS:
            raise self._wrong(f"a number of days from 1 to {MOST_DAYS}", back=1)
        if not self._take("days") and not self._take("day"):
            raise self._wrong("“days”")
        return int(text)

    def _day(self) -> date:
        try:
            return date.fromisoformat(self._word("a day, such as 2026-11-23"))
        except ValueError:
            raise self._wrong("a day, such as 2026-11-23", back=1) from None

    def _peeked(self) -> Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def _peek(self, text: str) -> bool:
        token = self._peeked()
        return token is not None and token.text == text and not token.quoted

    def _take(self, text: str) -> bool:
        found = self._peek(text)
        self.next += found
        return found

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise self._wrong(f"“{text}”")

    def _wrong(self, wanted: str, back: int = 0) -> SegmentError:
        place = self.next - back
        if place >= len(self.tokens):
            return SegmentError(f"The rule ends where {wanted} should follow.")
        token = self.tokens[place]
        return SegmentError(f"At sign {token.at + 1} stands “{token.text}”, where {wanted} should stand.")


STARTS: Mapping[str, Callable[[_Reader, str], Rule]] = {
    "tagged": _Reader.tagged,
    "on": _Reader.listed,
    "received": _Reader.behaved,
    "opened": _Reader.behaved,
    "clicked": _Reader.behaved,
    "address": _Reader.address,
    "added": _Reader.added,
}
"""The words that begin a condition which is about no attribute."""
