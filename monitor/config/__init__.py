"""Configuration: flag over environment over file over default, checked as a whole before anything starts."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from monitor.config.complaints import sentences
from monitor.config.environment import overlay
from monitor.config.lines import Path, line_of
from monitor.config.schema import Config, split_nameserver
from monitor.problem import Problem

__all__ = ["Config", "Loaded", "load", "load_config", "split_nameserver"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The checked configuration, and who said each key that is not a default."""

    config: Config
    origins: Mapping[Path, str]


def load_config(path: FilePath) -> Config:
    """The configuration of the file at `path` (which need not exist) under this process's environment."""
    return load(path).config


def load(
    path: FilePath,
    environment: Mapping[str, str] = os.environ,
    flags: Mapping[Path, Any] | None = None,
) -> Loaded:
    """Read, overlay and check. Raises Problem with one sentence a line for everything that is wrong."""
    text = _text(path)
    document = _parse(path, text)
    origins = dict(overlay(document, environment))
    for key, value in (flags or {}).items():
        _set(document, key, value)
        origins[key] = "--" + "-".join(str(part) for part in key)

    def place(key: Path) -> str:
        line = line_of(text, key)
        return origins.get(key) or (f"{path}:{line}" if line else str(path))

    try:
        return Loaded(Config.model_validate(document), origins)
    except ValidationError as error:
        raise Problem("\n".join(sentences(error, Config, place))) from error


def _text(path: FilePath) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"Cannot read the configuration {path}: {error}.") from error


def _parse(path: FilePath, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Problem(f"{path}: not valid TOML: {error}.") from error


def _set(document: dict[str, Any], key: Path, value: Any) -> None:
    *parents, last = key
    node: Any = document
    for part in parents:
        node = node.setdefault(part, {}) if isinstance(node, dict) else node[part]
    node[last] = value
