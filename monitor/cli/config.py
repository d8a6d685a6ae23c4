"""`homing config check|show|schema`: what the configuration says, and whether it can be."""

import functools
import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic.json_schema import GenerateJsonSchema

from monitor.cli import options
from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.config import Config, load
from monitor.config.schema import span_text
from monitor.config.shown import DEFAULT, settings
from monitor.home import locate

EXAMPLES = """
homing config check
homing config show --origin
homing config schema > homing.schema.json
"""

app = application("Check the configuration, and see what is in force.", EXAMPLES)
File = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help="This file; Homing's own homing.toml.")
]


@app.command("check")
@exits
def check(file: File = None) -> int:
    """Say everything that is wrong with the configuration, each with its line. Starts and changes nothing."""
    path = file or locate().config_path
    load(path)
    typer.echo(
        f"{path} is right." if path.exists() else f"There is no {path}: every setting has its default."
    )
    return Exit.CLEAN


@app.command("show")
@exits
def show(
    file: File = None,
    origin: Annotated[bool, typer.Option("--origin", help="Who said it: file and line, variable.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Defaults too.")] = False,
    as_json: options.Json = False,
) -> int:
    """The settings in force: environment over file over default. Secrets are not shown."""
    path = file or locate().config_path
    loaded = load(path)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = [each for each in settings(loaded, path, text) if everything or each.origin != DEFAULT]
    if as_json:
        document = {"schema_version": 1, "settings": [asdict(each) for each in found]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return Exit.CLEAN
    if not found:
        typer.echo("Every setting has its default: --all shows them.")
        return Exit.CLEAN
    for each in found:
        typer.echo(f"{each.name} = {_toml(each.value)}{f'  # {each.origin}' if origin else ''}")
    return Exit.CLEAN


@app.command("schema")
@exits
def schema() -> int:
    """The JSON Schema of homing.toml, for editors that complete and check as you type."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Config.model_json_schema(schema_generator=Schema),
    }
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    return Exit.CLEAN


class Schema(GenerateJsonSchema):
    """Writes defaults as the file has them: pydantic would say PT15M for "15m"."""

    def encode_default(self, dft: Any) -> Any:
        return span_text(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


run = functools.partial(run_typer, app, "config")
