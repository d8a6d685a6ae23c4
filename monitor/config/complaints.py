"""Turns a failed validation into sentences: where, what, what to write instead."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from monitor.config.lines import Path

Place = Callable[[Path], str]
"""Says where a key was set: "homing.toml:12" or "HOMING__WEB__PORT"."""


def sentences(error: ValidationError, schema: type[BaseModel], place: Place) -> Iterator[str]:
    for fault in error.errors():
        path = _without_tags(fault["loc"], schema)
        yield f"{place(path)}: {_sentence(fault['type'], fault['msg'], path, schema)}"


def _sentence(kind: str, message: str, path: Path, schema: type[BaseModel]) -> str:
    name = dotted(path)
    if kind == "extra_forbidden":
        return f'"{name}" is not a setting.{_did_you_mean(path, schema)}'
    if kind == "missing":
        return f'"{name}" is missing.'
    return f'"{name}": {_plain(message).rstrip(".")}.'


def _plain(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:] if message.startswith("Input ") else message


def _did_you_mean(path: Path, schema: type[BaseModel]) -> str:
    known = sorted(_fields(path[:-1], schema))
    close = get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
    if close:
        return f' Did you mean "{close[0]}"?'
    return f" Known here: {', '.join(known)}." if known else ""


def dotted(path: Path) -> str:
    """("targets", 0, "ips") as people write it: targets[1].ips, counted from one."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def _fields(path: Path, schema: type[BaseModel]) -> set[str]:
    models: list[type[BaseModel]] = [schema]
    for part in path:
        if isinstance(part, str):
            fields = [model.model_fields[part] for model in models if part in model.model_fields]
            models = [model for field in fields for model in _models(field.annotation)]
    return {name for model in models for name in model.model_fields}


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models(argument)]


def _without_tags(location: Path, schema: type[BaseModel]) -> Path:
    """Pydantic puts the union's tag into the location (channels, 0, "webhook", "url"); the file has none."""
    path: Path = ()
    for position, part in enumerate(location):
        is_tag = position and isinstance(location[position - 1], int) and isinstance(part, str)
        if is_tag and part not in _fields(path, schema) and position + 1 < len(location):
            continue
        path = (*path, part)
    return path
