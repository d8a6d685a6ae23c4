"""`homing reputation show|history|formula`: our own composite, with everything that it rests on."""

import functools
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any

import typer

from data import reputation
from data.reputation import Kept
from monitor.app import App, open_app
from monitor.cli import options
from monitor.cli.shell import application, exits, run_typer
from monitor.cli.tables import told
from monitor.problem import Problem
from monitor.reputation.compute import every_score, kept
from monitor.reputation.formula import INPUTS, MOST_UNKNOWN

EXAMPLES = """
homing reputation show example.com
homing reputation show 192.0.2.25 --json
homing reputation show example.com --provider gmail
homing reputation history example.com --days 30
homing reputation formula
"""

app = application("Our own composite of what is known of a sender (docs/reputation.md).", EXAMPLES)
Provider = Annotated[
    str, typer.Option("--provider", help="At this mailbox provider; all of them if left out.")
]


@app.command("show")
@exits
def show(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="A domain, an address or a provider.")],
    provider: Provider = "",
    as_json: options.Json = False,
) -> int:
    """The score now, and what each input costs, how fresh it is and where it comes from.

    Example: `homing reputation show example.com --provider gmail`
    """
    with open_app() as instance:
        found = _now(instance, subject.lower(), provider)
    return told(_document(found), as_json, "\n".join(_lines(found)))


def _now(instance: App, subject: str, provider: str) -> Kept:
    now = instance.now()
    with instance.store.read() as connection:
        every = list(every_score(connection, now))
    fitting = [each for each in every if (each.subject, each.provider) == (subject, provider)]
    if not fitting:
        known = ", ".join(dict.fromkeys(each.subject for each in every)) or "nothing yet"
        raise Problem(f"{subject} is not scored{f' at {provider}' if provider else ''}. Scored are: {known}.")
    return kept(fitting[0], now)


@app.command("history")
@exits
def past(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="A domain, an address or a provider.")],
    provider: Provider = "",
    days: Annotated[int, typer.Option("--days", min=1, help="How far back.")] = 30,
    as_json: options.Json = False,
) -> int:
    """The scores as they were, day by day.

    Example: `homing reputation history example.com --json`
    """
    with open_app() as instance, instance.store.read() as connection:
        found = reputation.scores(
            connection, subject.lower(), provider, instance.now() - timedelta(days=days)
        )
    lines = [f"{each.day:%Y-%m-%d}  {_figure(each)}" for each in found] or ["Nothing was kept yet."]
    return told({"scores": [_document(each) for each in found]}, as_json, "\n".join(lines))


@app.command("formula")
@exits
def formula(as_json: options.Json = False) -> int:
    """Which inputs there are, what they weigh, and how they cost.

    Example: `homing reputation formula --json`
    """
    document = {
        "most_unknown": MOST_UNKNOWN,
        "inputs": [
            {
                "name": each.name,
                "title": each.title,
                "weight": each.weight,
                "curve": list(each.curve),
                "says": each.says,
            }
            for each in INPUTS
        ],
    }
    lines = [f"{each.weight:>4.0f}  {each.title}: {each.says}" for each in INPUTS]
    return told(document, as_json, "\n".join(["100 less what each costs, at most:", *lines]))


def _figure(each: Kept) -> str:
    if each.score is None:
        return f"no score: too much is unknown (at worst {each.low:.0f})"
    return f"{each.score:.0f}" + (f" (at worst {each.low:.0f})" if each.low < each.score else "")


def _lines(each: Kept) -> list[str]:
    where = f" at {each.provider}" if each.provider else ""
    return [f"{each.subject}{where}: {_figure(each)} of 100", *(_part(part) for part in each.parts)]


def _part(part: Mapping[str, Any]) -> str:
    if part["value"] is None:
        return f"  {'?':>5}  of {part['weight']:>3.0f}  {part['title']}: not known, {part['why']}"
    value = f"{part['value']:.4g}"
    return (
        f"  {-part['cost']:>5.1f}  of {part['weight']:>3.0f}  {part['title']}: {value} "
        f"({part['source']}, n = {part['of']:,}, as of {part['at'][:16]}Z)"
    )


def _document(each: Kept) -> dict[str, Any]:
    parts: Sequence[Mapping[str, Any]] = each.parts
    return {
        "kind": each.kind, "subject": each.subject, "provider": each.provider,
        "day": each.day.date().isoformat(), "at": each.at.isoformat(), "score": each.score,
        "at_worst": each.low, "inputs": [dict(part) for part in parts],
    }  # fmt: skip


run = functools.partial(run_typer, app, "reputation")
