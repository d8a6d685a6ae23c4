"""The XML of an aggregate report as a stream of events: strictly first, tag by tag when it is broken.

Documents are bounded in depth, in the length of a text and in how long one tag may be; a DOCTYPE is refused,
so that there is no entity to expand and no file to fetch.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Protocol
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from checks.reports.model import Unreadable

DEEPEST = 16
LONGEST_TEXT = 2_000
LONGEST_TAG = 100_000
CHUNK = 16_384

NAMES = (
    ("feedback", "version", "report_metadata", "policy_published", "record", "generator"),
    ("org_name", "email", "extra_contact_info", "report_id", "date_range", "begin", "end", "error"),
    ("domain", "adkim", "aspf", "p", "sp", "np", "pct", "fo", "testing", "discovery_method"),
    (
        "row",
        "source_ip",
        "count",
        "policy_evaluated",
        "disposition",
        "dkim",
        "spf",
        "reason",
        "type",
        "comment",
    ),
    ("identifiers", "header_from", "envelope_from", "envelope_to"),
    ("auth_results", "selector", "scope", "result", "human_result"),
)
"""The elements of RFC 9990 and of RFC 7489 appendix C."""
TAG = re.compile(
    r"<(?P<close>/?)(?:[\w.-]{1,40}:)?(?P<name>"
    + "|".join(sorted((name for names in NAMES for name in names), key=len, reverse=True))
    + r")(?:\s[^<>]{0,2000})?(?P<empty>/?)>"
)


class Events(Protocol):
    """Who listens: names are local names, texts are bounded."""

    def start(self, name: str) -> None: ...
    def data(self, text: str) -> None: ...
    def end(self, name: str) -> None: ...


class _Refused(Exception):
    pass


class _Strict:
    """What expat tells, without namespaces and attributes."""

    def __init__(self, events: Events) -> None:
        self._events, self._depth = events, 0
        self.told = 0

    def start(self, tag: str, _: object) -> None:
        self._depth += 1
        self.told += 1
        if self._depth > DEEPEST:
            raise _Refused("its elements are nested too deep")
        self._events.start(tag.rpartition("}")[2])

    def end(self, tag: str) -> None:
        self._depth -= 1
        self.told += 1
        self._events.end(tag.rpartition("}")[2])

    def data(self, text: str) -> None:
        self._events.data(text)

    def close(self) -> None:
        """Expat asks for it."""


def tell_strictly(document: bytes, events: Events) -> Unreadable | None:
    """Tell `events` what is in the document. None when all of it is told, else why it is refused.

    Raises ParseError: not well-formed.
    """
    strict = _Strict(events)
    parser = DefusedXMLParser(target=strict, forbid_dtd=True)
    silent, told = 0, 0
    try:
        for at in range(0, len(document), CHUNK):
            parser.feed(document[at : at + CHUNK])
            silent = 0 if strict.told != told else silent + CHUNK
            told = strict.told
            if silent > LONGEST_TAG:
                return Unreadable("one of its tags or texts has no end")
        parser.close()
    except DefusedXmlException:
        return Unreadable("it declares a DOCTYPE or an entity, which no report needs")
    except _Refused as error:
        return Unreadable(str(error))
    return None


def tell_tag_by_tag(document: bytes, events: Events) -> None:
    """Tell what can still be made out: known tags count, everything between them is text."""
    text = document.decode("utf-8", "ignore")
    at = 0
    for found in TAG.finditer(text):
        _text(events.data, text[at : found.start()])
        at = found.end()
        if found["close"]:
            events.end(found["name"])
        else:
            events.start(found["name"])
            if found["empty"]:
                events.end(found["name"])


def _text(tell: Callable[[str], None], text: str) -> None:
    if text := text[:LONGEST_TEXT].strip():
        tell(unescape(text))


__all__ = ["Events", "ParseError", "tell_strictly", "tell_tag_by_tag"]
