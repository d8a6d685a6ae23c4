"""`homing reply classify`: what a server's reply means, and whose fault it is."""

import functools
import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from monitor.cli import options
from monitor.cli.classifying import document, line
from monitor.cli.lines import answer_lines, text_of
from monitor.cli.main import Exit, say
from monitor.cli.shell import application, exits, run_typer
from monitor.problem import Problem
from sender.returns.categories import Effect
from sender.returns.classify import Verdict
from sender.returns.classify import classify as classified
from sender.returns.understand import Kind

EXAMPLES = """
homing reply classify "550 5.1.1 The email account that you tried to reach does not exist"
homing reply classify --jsonl < replies.jsonl
"""
KINDS: Mapping[Effect, Kind] = {Effect.HARD: Kind.HARD, Effect.SOFT: Kind.SOFT}

app = application("Understand a server's reply.", EXAMPLES)


@app.callback()
def reply() -> None:
    """Understand a server's reply."""


@app.command()
@exits
def classify(
    text: Annotated[str, typer.Argument(help="The reply, codes and words.")] = "",
    as_json: options.Json = False,
    jsonl: options.Jsonl = False,
    skip: options.Skip = 0,
) -> int:
    """Say what a reply means: hard, soft, or nothing against the recipient."""
    if jsonl:
        return answer_lines(lambda asked: told(text_of(asked, "text", required=True)), skip=skip)
    if not text:
        raise Problem("no reply was given. Put it in quotes: homing reply classify '550 5.1.1 unknown user'")
    say(json.dumps(told(text), ensure_ascii=False, indent=2) if as_json else line(told(text)))
    return Exit.CLEAN


def told(text: str) -> Mapping[str, Any]:
    """The document of one reply: that of a bounce without a recipient."""
    verdict = classified(text)
    return document(None, _kind(verdict), verdict, text)


def _kind(verdict: Verdict) -> Kind:
    return KINDS.get(verdict.effect, Kind.NONE)


run = functools.partial(run_typer, app, "reply")
