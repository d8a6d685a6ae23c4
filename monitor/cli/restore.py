"""`homing restore FILE`: put a backup in the store's place; whatever it was sending waits."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.main import Exit, complain
from monitor.cli.shell import single
from monitor.config import load_config
from monitor.home import locate, prepare
from monitor.problem import Problem
from monitor.restoring import Restored, put_back
from monitor.storecheck import verify
from monitor.storeplace import reach, store_url

EXAMPLES = """
homing restore backups/homing-20261123-120000.db
homing restore --replace /mnt/safe/homing.db
"""


def restore(
    file: Annotated[Path, typer.Argument(help="What `homing backup` wrote.", show_default=False)],
    replace: Annotated[bool, typer.Option("--replace", help="In place of a store that is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> int:
    """Put a backup in the store's place. Nothing is sent from it by itself.

    Campaigns that were sending wait until a person resumes them: what was sent after the backup is not in
    it. Alerts that waited are not told any more. Homing must not run; what was there is backed up first.
    """
    home = prepare(locate())
    if not file.is_file():
        raise Problem(f"There is no file {file}.")
    url = store_url(home, load_config(home.config_path))
    done = put_back(home, url, file.absolute(), datetime.now(UTC), replace=replace)
    store = reach(url, read_only=True)
    broken = [result for result in verify(store, home, datetime.now(UTC)) if result.broken]
    store.close()
    _print_json(done) if as_json else _print(done)
    for result in broken:
        complain(
            f"homing: not as it should be: {result.holds} ({', '.join(result.examples)}). {result.mend}", 0
        )
    return Exit.FINDINGS if broken else Exit.CLEAN


def _print_json(done: Restored) -> None:
    document = {
        "schema_version": 1,
        "store": done.store,
        "taken_at": done.taken_at.isoformat() if done.taken_at else None,
        "kept": str(done.kept) if done.kept else None,
        "held": list(done.held),
        "alerts_given_up": done.alerts,
    }
    typer.echo(json.dumps(document, ensure_ascii=False))


def _print(done: Restored) -> None:
    when = f" as it was on {done.taken_at:%Y-%m-%d %H:%M} UTC" if done.taken_at else ""
    typer.echo(f"{done.store} is restored{when}.")
    if done.kept:
        typer.echo(f"What was there before is in {done.kept}.")
    if done.alerts:
        typer.echo(f"{done.alerts} alerts that waited are not told any more.")
    for name in done.held:
        typer.echo(f"Campaign {name!r} waits: let it go only if you are sure what was sent since the backup.")


run = single("restore", restore, EXAMPLES)
