"""`homing bounce classify`: what a mail that came back says, of whom, and whose fault it is."""

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli import options
from monitor.cli.classifying import document, line
from monitor.cli.main import Exit, say
from monitor.cli.shell import application, exits, run_typer
from monitor.problem import Problem
from sender.returns.understand import Kind, understand

EXAMPLES = """
homing bounce classify bounce.eml
homing bounce classify --jsonl Maildir/new/*
"""

app = application("Understand what came back.", EXAMPLES)


@app.callback()
def bounce() -> None:
    """Understand what came back."""


@app.command()
@exits
def classify(
    files: Annotated[list[Path], typer.Argument(help="Mails as they came in: bounces, reports, replies.")],
    as_json: options.Json = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One line a mail, in the order given.")] = False,
) -> int:
    """Say what each mail reports of each recipient: hard, soft, or nobody's fault there."""
    read = [(path, _results(path)) for path in files]
    if jsonl:
        for path, results in read:
            say(json.dumps({"file": str(path), **results[0], "results": results}, ensure_ascii=False))
    elif as_json:
        found = [{"file": str(path), **each} for path, results in read for each in results]
        say(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for path, results in read:
            say("\n".join(f"{path}: {line(each)}" for each in results))
    return Exit.CLEAN


def _results(path: Path) -> Sequence[Mapping[str, Any]]:
    """One for each recipient, the gravest first; one without a recipient for a mail that reports nothing."""
    try:
        returned = understand(path.read_bytes())
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error
    order = list(Kind)
    results = sorted(returned.results, key=lambda each: order.index(each.kind))
    if not results:
        return [document(None, returned.kind, None, "")]
    return [document(each.recipient, each.kind, each.verdict, each.diagnostic) for each in results]


run = functools.partial(run_typer, app, "bounce")
