"""Where reports go: the URIs of `rua` and `ruf` (RFC 9989 section 4.7; RFC 7489 section 6.2 for the size)."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_SIZE = re.compile(r"!([0-9]+[kmgtKMGT]?)$")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LOCAL = re.compile(r"[^\s@,;!<>\"\\]+")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")


@dataclass(frozen=True, slots=True)
class ReportUri:
    """One valid URI; `domain` is where the reports go, `size` the limit that RFC 7489 allowed ("10m")."""

    text: str
    scheme: str
    address: str
    """The mail address of a mailto: URI, else the URI without its size."""
    domain: str
    size: str = ""


def parse_uris(value: str | None) -> tuple[tuple[ReportUri, ...], tuple[str, ...]]:
    """A comma-separated list -> (the valid URIs, what is wrong with the others)."""
    if value is None:
        return (), ()
    parsed = [parse_uri(part.strip()) for part in value.split(",")]
    return tuple(u for u in parsed if isinstance(u, ReportUri)), tuple(
        u for u in parsed if isinstance(u, str)
    )


def parse_uri(text: str) -> ReportUri | str:
    """One URI, or what is wrong with it."""
    if not text:
        return "an empty address stands in the list"
    if not text.isascii() or not text.isprintable() or " " in text:
        return f"'{text[:80]}' has characters that no URI has"
    scheme = _SCHEME.match(text)
    if scheme is None:
        return f"'{text[:80]}' is no URI; a mail address needs mailto: before it"
    size = _SIZE.search(text)
    bare = text[: size.start()] if size else text
    domain, address = _destination(scheme.group()[:-1].lower(), bare)
    if not domain:
        return f"'{text[:80]}' has no valid address after {scheme.group()}"
    return ReportUri(
        text, scheme.group()[:-1].lower(), address, domain, size.group(1).lower() if size else ""
    )


def _destination(scheme: str, bare: str) -> tuple[str, str]:
    """(domain, address) of a URI; the domain is "" when there is none."""
    try:
        parts = urlsplit(bare)
        host = parts.hostname or ""
    except ValueError:
        return "", bare
    if scheme != "mailto":
        return (host if _is_host(host) else ""), bare
    address = unquote(parts.path)
    local, _, domain = address.rpartition("@")
    valid = _LOCAL.fullmatch(local) is not None and _is_host(domain)
    return (domain.lower().removesuffix(".") if valid else ""), address


def _is_host(name: str) -> bool:
    labels = name.removesuffix(".").split(".")
    return len(labels) > 1 and len(name) < 254 and all(len(x) < 64 and _HOST.fullmatch(x) for x in labels)
