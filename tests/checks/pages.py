"""The pages of docs/checks, made from the wording, the catalog and the examples (`make docs`)."""

import json
from collections.abc import Iterator
from pathlib import Path

from checks.catalog import CHECKS, CODES
from checks.check import Level
from checks.model import Severity
from checks.wording import WORDING
from tests.checks.blocklists.page import page as lists
from tests.checks.examples import examples
from tests.checks.examples.scene import Scene

DOCS = Path(__file__).resolve().parents[2] / "docs" / "checks"
LISTS = DOCS.parent / "blocklists.md"


def pages() -> list[str]:
    """One page a family of codes that has examples, by its name in lower case."""
    return sorted({code.rpartition("-")[0].lower() for code in examples()})


def page(name: str) -> str:
    """The Markdown of a family's page."""
    codes = sorted(code for code in CODES if code.rpartition("-")[0].lower() == name)
    check = next((check for check in CHECKS if codes[0] in check.codes), None)
    head = [f"# {name.upper()}", "", "Made by `make docs` from the wording and the tests; change those.", ""]
    if check:
        head += [f"Check `{check.name}` · {check.cites}", ""]
    return "\n".join([*head, *(line for code in codes for line in _code(code))])


def _code(code: str) -> Iterator[str]:
    words = WORDING[code]
    yield f"## {code}: {words.title}"
    yield ""
    yield f"**{_level(CODES[code])}** · {words.sentence}"
    yield ""
    yield f"What to do: {words.fix}"
    yield ""
    if words.cites:
        yield f"Source: {words.cites}"
        yield ""
    if example := examples().get(code):
        yield from _scene("Raised by", example.raises)
        yield from _scene("Not raised by", example.keeps)


def _level(level: Level) -> str:
    if isinstance(level, Severity):
        return level.value
    return ", ".join(f"{state.value}: {severity.value}" for state, severity in level.items())


def _scene(title: str, scene: Scene) -> Iterator[str]:
    yield f"{title}:"
    yield ""
    yield "```"
    yield from _zone_lines(scene)
    yield "```"
    yield ""


def _zone_lines(scene: Scene) -> Iterator[str]:
    for name, types in scene.zone.items():
        for rdtype, records in types.items():
            for record in [records] if isinstance(records, str) else records:
                yield f"{name}. {rdtype} {_rdata(rdtype, record)}"
    for url, fetched in scene.pages.items():
        yield f"GET {url} -> {fetched.status} {fetched.content_type}".rstrip()
        yield from (f"    {line}" for line in fetched.body.decode("utf-8", "replace").splitlines())
    for address, seen in scene.servers.items():
        yield f"SMTP {address}: {seen.tls_version or 'clear text'}"
    for address, asked in scene.relays.items():
        yield f"SMTP {address}: RCPT TO:<{asked.recipient}> -> {asked.code} {asked.reply}"
    yield from (f"sending address {ip}" for ip in scene.ips)
    yield from (f"HELO {helo}" for helo in scene.helos)


def _rdata(rdtype: str, record: object) -> str:
    if rdtype == "TXT" and isinstance(record, list):
        return " ".join(json.dumps(part, ensure_ascii=False) for part in record)
    return " ".join(map(str, record)) if isinstance(record, list | tuple) else str(record)


def write() -> None:
    """Write every page."""
    DOCS.mkdir(parents=True, exist_ok=True)
    for name in pages():
        (DOCS / f"{name}.md").write_text(page(name), "utf-8")
    LISTS.write_text(lists(), "utf-8")


if __name__ == "__main__":
    write()
