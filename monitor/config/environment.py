"""Settings from the environment: `HOMING__WEB__PORT=8080`, and `HOMING__CHANNELS__HOOK__SECRET_FILE=/run/x`.

An entry of a list is named by its number from one, or by its own name.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from monitor.config.lines import Path
from monitor.problem import Problem

PREFIX = "HOMING__"
FILE_SUFFIX = "_FILE"


def overlay(document: dict[str, Any], environment: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Write the environment's settings over `document`; yields each path with the variable that set it."""
    for variable in sorted(name for name in environment if name.startswith(PREFIX)):
        name, value = _read(variable, environment[variable])
        yield _put(document, name, value, variable), variable


def _read(variable: str, value: str) -> tuple[str, str]:
    name = variable.removeprefix(PREFIX)
    if not name.endswith(FILE_SUFFIX):
        return name, value
    try:
        return name.removesuffix(FILE_SUFFIX), FilePath(value).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{variable}: cannot read {value} ({error}).") from error


def _put(document: dict[str, Any], name: str, value: str, variable: str) -> Path:
    *parents, last = name.lower().split("__")
    node: Any = document
    path: Path = ()
    for part in parents:
        key = _key(node, part)
        if key is None:
            raise Problem(f'{variable}: there is no entry "{part}" to set this on.')
        node = node.setdefault(key, {}) if isinstance(node, dict) else node[key]
        path = (*path, key)
    if not isinstance(node, dict):
        raise Problem(f'{variable}: "{".".join(parents)}" is not a section.')
    node[last] = _value(value)
    return (*path, last)


def _key(node: Any, part: str) -> str | int | None:
    if isinstance(node, dict):
        return part
    if not isinstance(node, list):
        return None
    for index, entry in enumerate(node):
        named = str(entry.get("name", "")) if isinstance(entry, dict) else ""
        if part in (str(index + 1), named.lower().replace("-", "_")):
            return index
    return None


def _value(text: str) -> Any:
    """Lists and tables as TOML writes them; everything else stays text, which the schema converts."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
