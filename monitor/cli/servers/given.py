"""What a person gives a server on the command line, as settings."""

from collections.abc import Sequence
from typing import Any

from monitor.problem import Problem
from monitor.servers.keeping import KINDS
from monitor.servers.presets import PRESETS


def made_of(kind: str, preset: str, settings: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The kind and the settings of a new server. Raises Problem."""
    given = pairs(settings)
    if not preset:
        if not kind:
            raise Problem(f"name a --kind ({', '.join(KINDS)}) or a --preset ({', '.join(PRESETS)}).")
        return kind, given
    if preset not in PRESETS:
        raise Problem(f"there is no preset “{preset}”. There are: {', '.join(PRESETS)}.")
    chosen = PRESETS[preset]
    if kind not in ("", chosen.kind):
        raise Problem(f"the preset {preset} is of kind {chosen.kind}, not {kind}.")
    if missing := [need for need in chosen.needs if need not in given]:
        raise Problem(f"{chosen.title} needs {', '.join(f'--set {each}=…' for each in missing)}.")
    return chosen.kind, {**chosen.settings, **given}


def pairs(settings: Sequence[str]) -> dict[str, Any]:
    """Settings as they were given, KEY=VALUE each. Raises Problem."""
    found: dict[str, Any] = {}
    for text in settings:
        key, separator, value = text.partition("=")
        if not separator or not key.strip():
            raise Problem(f"--set {text}: give it as KEY=VALUE.")
        if key.strip() == "secret":
            raise Problem("a key is never given as a setting: use --secret-file or --secret-env.")
        found[key.strip()] = value.strip()
    return found


def check_name(name: str) -> None:
    """Raises Problem for what cannot be a server's name."""
    if not name or len(name) > 60 or not all(letter.isalnum() or letter in "-_." for letter in name):
        raise Problem(f"“{name}” cannot be a server's name: letters, digits, - _ and . are what it may have.")
