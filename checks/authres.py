"""What a receiver says of a message's authentication: the Authentication-Results field (RFC 8601)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LONGEST = 20_000
"""Octets of one field that are looked at."""

METHOD = re.compile(r"\s*([A-Za-z0-9_-]+)\s*(?:/\s*\d+\s*)?=\s*([A-Za-z0-9_.-]+)")
PROPERTY = re.compile(r'([A-Za-z0-9_-]+\s*\.\s*[A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]+)')
SERVER = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^\s;]+)')


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result: "spf", "pass", {"smtp.mailfrom": "example.com"}; method and result lower-case."""

    method: str
    result: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One field. Believe it only if `server` is a name that the receiver itself uses (section 7.1)."""

    server: str
    results: tuple[Result, ...]

    def result(self, method: str) -> str:
        """The best of a method's results, since one good signature is enough; "" when it was not tried."""
        found = [each.result for each in self.results if each.method == method]
        return "pass" if "pass" in found else next(iter(found), "")


def parse(value: str) -> AuthenticationResults:
    """The field's value, folded or not. What cannot be read is left out; it never raises."""
    server, *rest = _parts(value[:LONGEST])
    named = SERVER.match(server)
    return AuthenticationResults(_plain(named[1]).lower() if named else "", tuple(_results(rest)))


def _results(parts: list[str]) -> Iterator[Result]:
    for part in parts:
        if head := METHOD.match(part):
            pairs = PROPERTY.findall(part, head.end())
            properties = {re.sub(r"\s", "", name).lower(): _plain(given) for name, given in pairs}
            yield Result(head[1].lower(), head[2].lower(), properties)


def _parts(text: str) -> list[str]:
    """Cut at each semicolon, without comments; those nest, and a quoted string holds neither (RFC 5322)."""
    parts: list[list[str]] = [[]]
    depth, quoted, escaped = 0, False, False
    for char in text:
        if not (escaped or quoted) and char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
        elif not depth and not (escaped or quoted) and char == ";":
            parts.append([])
        elif not depth:
            quoted ^= char == '"' and not escaped
            parts[-1].append(char)
        escaped = char == "\\" and not escaped
    return ["".join(part) for part in parts]


def _plain(text: str) -> str:
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text
