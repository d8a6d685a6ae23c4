"""What is asked of a provider's API, and what comes back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `path` begins with a slash and holds the query; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # the keys are in there
    body: bytes = field(default=b"", repr=False)


def json_request(path: str, document: Any, headers: Mapping[str, str]) -> Request:
    """A POST of a JSON document."""
    body = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    return Request("POST", path, {"content-type": "application/json", **headers}, body)


@dataclass(frozen=True)
class Reply:
    """A whole answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def document(self) -> Any:
        """The body as JSON; None if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def field(self, name: str) -> str:
        """A text or number of the document's top, as text; "" if it is not there."""
        value = self.document.get(name) if isinstance(self.document, dict) else None
        return str(value) if isinstance(value, str | int | float) else ""

    @property
    def retry_after(self) -> float:
        """Seconds (RFC 9110 section 10.2.3), an hour at most; 0 if it does not say, or gives a date."""
        said = self.headers.get("retry-after", "").strip()
        return min(float(said), 3600.0) if said.isdecimal() and len(said) < 8 else 0.0


@dataclass(frozen=True, slots=True)
class Lost:
    """No whole answer. `handed_over`: all of the call had been written, so that it may have been obeyed."""

    why: str
    handed_over: bool
