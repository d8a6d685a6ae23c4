"""`homing prune [--dry-run]`: delete what has been kept for long enough."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from data.retention import Pruned
from monitor.app import open_app
from monitor.cli.main import Exit
from monitor.cli.shell import single
from monitor.pruning import prune_store

EXAMPLES = """
homing prune --dry-run
homing prune --json
"""


def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> int:
    """Delete what is older than `[retention]` of homing.toml says. The worker does the same once a day.

    Never goes: contacts, consent, suppression, recipients, and whatever is open or waits.
    """
    with open_app() as app:
        done = prune_store(app, dry=dry_run)
    _print_json(done, dry=dry_run) if as_json else _print(done, dry=dry_run)
    return Exit.CLEAN


def _print_json(done: Sequence[Pruned], *, dry: bool) -> None:
    rows = [
        {
            "keep": each.key,
            "table": each.table,
            "rows": each.rows,
            "before": each.before.isoformat() if each.before else None,
        }
        for each in done
    ]
    typer.echo(json.dumps({"schema_version": 1, "dry_run": dry, "pruned": rows}))


def _print(done: Sequence[Pruned], *, dry: bool) -> None:
    for each in done:
        since = f"older than {each.before:%Y-%m-%d}" if each.before else "kept for ever"
        typer.echo(f"{each.rows:>10,}  {each.table} ({each.key}), {since}")
    total = sum(each.rows for each in done)
    typer.echo(f"{total:,} rows {'would go' if dry else 'are gone'}.")


run = single("prune", prune, EXAMPLES)
