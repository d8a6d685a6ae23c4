"""`homing placement run|show`: send a campaign's letter to the seeds, and see where it landed."""

import functools
import json
from typing import Annotated, Any

import typer

from data import campaigns, placement
from data.placement import Verdict
from monitor.app import open_app
from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.placement.drop import summary_of
from monitor.placement.start import start_test
from monitor.placement.summary import Provider
from monitor.problem import Problem

EXAMPLES = """
homing placement run "The Friday letter"
homing placement show
homing placement show 3 --json
"""

app = application("Send a letter to the seeds, and see where it landed.", EXAMPLES)


@app.command("run")
@exits
def begin(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign whose letter is sent.")],
) -> int:
    """Send a campaign's letter to every seed; the worker reads them until the deadline."""
    with open_app() as instance:
        with instance.store.read() as connection:
            like = campaigns.find_campaign(connection, campaign)
            known = [each.name for each in campaigns.all_campaigns(connection)]
        if like is None:
            raise Problem(f"there is no campaign “{campaign}”. There are: {', '.join(known) or 'none'}.")
        test_id = start_test(instance, like)
    typer.echo(f"Test {test_id} is under way. `homing placement show {test_id}` tells where it landed.")
    return Exit.CLEAN


@app.command("show")
@exits
def show(
    test: Annotated[int | None, typer.Argument(metavar="[TEST]", help="Its number; the last one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> int:
    """Where each seed's message of a test is, how long it took, and what the receiver said of it."""
    with open_app() as instance, instance.store.read() as connection:
        number = test if test is not None else placement.last_test(connection)
        found = placement.find_test(connection, number) if number is not None else None
        if found is None:
            raise Problem("there is no such test. `homing placement run CAMPAIGN` begins one.")
        rows = placement.results(connection, found.id)
        providers = summary_of(connection, found.id, instance.now())
    if as_json:
        document = {
            "schema_version": 1, "test": found.id, "state": found.state, "seeds": [*map(_told, rows)],
            "providers": [*map(_summed, providers)],
        }  # fmt: skip
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        typer.echo(f"Test {found.id}, {found.state}, begun {found.started_at:%Y-%m-%d %H:%M} UTC")
        typer.echo("\n".join(_line(row) for row in rows))
        typer.echo("\n".join(["", *map(_provider, providers)]))
    bad = any(row.landed.verdict in (Verdict.SPAM, Verdict.MISSING) for row in rows)
    return Exit.FINDINGS if bad else Exit.CLEAN


def _summed(each: Provider) -> dict[str, Any]:
    inbox = each.inbox
    return {
        "provider": each.name, "inbox": inbox.hits, "of": inbox.n, "low": round(inbox.low, 4),
        "high": round(inbox.high, 4), "spam": each.spam, "missing": each.missing, "left_out": each.left_out,
        "baseline": round(each.baseline, 4), "worse": each.worse,
    }  # fmt: skip


def _provider(each: Provider) -> str:
    if not each.inbox.n:
        return f"{each.name:12} no verdict yet"
    worse = f"  worse than the usual {100 * each.baseline:.0f} %" if each.worse else ""
    left = f", {each.left_out} left out" if each.left_out else ""
    return f"{each.name:12} inbox {each.inbox.hits} of {each.inbox.n} ({each.inbox.interval}){left}{worse}"


def _told(row: placement.Result) -> dict[str, Any]:
    return {
        "seed": row.seed,
        "provider": row.provider,
        "verdict": row.landed.verdict.value,
        "folder": row.landed.folder,
        "delay_seconds": row.landed.delay_seconds,
        "authentication": dict(row.landed.authentication),
        "note": row.landed.note,
    }


def _line(row: placement.Result) -> str:
    landed = row.landed
    delay = f"{landed.delay_seconds:.1f} s" if landed.delay_seconds is not None else ""
    said = ", ".join(f"{method} {result}" for method, result in landed.authentication.items())
    parts = (
        f"{landed.verdict.value:13}",
        f"{row.seed:28}",
        f"{landed.folder:14}",
        f"{delay:>8}",
        said,
        landed.note,
    )
    return "  ".join(parts).rstrip()


run = functools.partial(run_typer, app, "placement")
