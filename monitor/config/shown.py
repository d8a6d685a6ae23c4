"""The configuration in force, a line for each setting, with who said it. Secrets are not among the values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, SecretStr

from monitor.config import Loaded
from monitor.config.complaints import dotted
from monitor.config.lines import Path, line_of
from monitor.config.schema import span_text

HIDDEN = "********"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Setting:
    """`value` as JSON has it, lengths of time as people write them; `origin`: "homing.toml:12" …"""

    name: str
    value: Any
    origin: str


def settings(loaded: Loaded, path: FilePath, text: str) -> Iterator[Setting]:
    """Every setting, defaults included. `text` is what the file at `path` says."""
    for key, value, given in _walk(loaded.config, ()):
        origin = _origin(key, loaded.origins, path, text) if given else DEFAULT
        yield Setting(dotted(key), _plain(value), origin)


def _walk(model: BaseModel, above: Path) -> Iterator[tuple[Path, Any, bool]]:
    """(key, value, whether somebody gave it) of a section and what is below."""
    for name, value in model:
        key, given = (*above, name), name in model.model_fields_set
        if isinstance(value, BaseModel):
            yield from _walk(value, key)
        elif isinstance(value, list | tuple) and value and isinstance(value[0], BaseModel):
            for number, entry in enumerate(value):
                yield from _walk(entry, (*key, number))
        else:
            yield key, value, given


def _origin(key: Path, origins: Mapping[Path, str], path: FilePath, text: str) -> str:
    line = line_of(text, key)
    return origins.get(key) or (f"{path}:{line}" if line else str(path))


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return HIDDEN if value.get_secret_value() else ""
    if isinstance(value, timedelta):
        return span_text(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
