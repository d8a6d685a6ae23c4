"""docs/blocklists.md, made from the table (`make docs`)."""

from collections.abc import Iterator

from checks.blocklists.dead import DEAD
from checks.blocklists.findings import bucket
from checks.blocklists.table import ZONES
from checks.blocklists.zone import Code, Zone

INTRO = """# Blocklists

Made by `make docs` from `checks/blocklists/`; change that.

A list counts only while its test entries (RFC 5782 section 5) are as they must be, asked through the same
resolver: an entry that must be there is there, one that must not be there is not. Answers from
127.255.255.0/24 and REFUSED mean that the list does not answer your resolver; they are never listings. One
note names all such lists.

Asked by default: tiers 1 and 2 that need no key and no registration. `[[blocklists]]` in `homing.toml` adds
others, takes lists out (`enabled = false`) and holds keys; a key serves all lists of its operator and is
shown nowhere.

| tier | meaning |
|---|---|
| 1 | decides whether mail arrives: pages somebody |
| 2 | heeded by some receivers: shown, told about in the digest |
| 3 | small or special: off unless asked for |
"""


def page() -> str:
    """The whole Markdown page."""
    return "\n".join([INTRO, *(line for zone in ZONES for line in _zone(zone)), *_dead()])


def _zone(zone: Zone) -> Iterator[str]:
    kinds = ", ".join(sorted(zone.kinds))
    asked = "asked by default" if zone.asked_by_default else f"needs {zone.needs}" if zone.needs else "off"
    yield f"## {zone.title}"
    yield ""
    yield f"`{zone.name}` · {kinds} · tier {zone.tier} · {asked} · operator: {zone.family}"
    yield ""
    yield "| answer | means | finding |"
    yield "|---|---|---|"
    yield from (_code(code) for code in zone.meanings)
    yield from (f"| {pattern} | refused: {why} | BL-008 |" for pattern, why in zone.refusals)
    yield ""
    yield from (f"{text}\n" for text in (zone.terms, f"{zone.how} {zone.delist}".strip()) if text)


def _code(code: Code) -> str:
    finding = bucket(code)
    weight = f"{finding} ({code.severity.value})" if finding else "–"
    return f"| {code.pattern} | {code.label} ({code.kind.value}) | {weight} |"


def _dead() -> Iterator[str]:
    yield "## Lists that are never asked"
    yield ""
    yield "| list | why |"
    yield "|---|---|"
    yield from (f"| {name} | {fate} |" for name, fate in sorted(DEAD.items()))
    yield ""
