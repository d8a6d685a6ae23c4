"""`--follow`: pace, time left, the states by provider, and the last replies, until it is done."""

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from data.attempts import Said
from data.campaigns import Campaign
from data.states import OPEN, State
from monitor.app import App
from monitor.campaigns.document import headline, results
from monitor.campaigns.progress import Follower, Progress, until_done
from monitor.cli.campaigns.shared import tell
from monitor.cli.main import Exit

EVERY_SECONDS = 1.0
SHOWN = (State.SENT, State.DEFERRED, State.FAILED, State.UNKNOWN, State.SKIPPED)
NOBODY = "No worker runs, so nothing is sent. Start `homing up` or `homing worker`."


def follow(instance: App, campaign: Campaign, *, as_json: bool = False) -> int:
    """Until nothing is under way. Ctrl-C ends the watching, never the campaign."""
    look = Follower(instance, campaign.id).look
    try:
        last = _live(look) if sys.stdout.isatty() and not as_json else _lines(look, as_json=as_json)
    except KeyboardInterrupt:
        typer.echo(f'No longer followed; it goes on. homing campaign status "{campaign.name}"', err=True)
        return Exit.INTERRUPTED
    with instance.store.read() as connection:
        document = results(connection, last.campaign)
    if as_json:
        tell({"campaign": document})
    else:
        typer.echo(f"“{campaign.name}” is {headline(document)}.")
    return Exit.CLEAN


def _wait() -> None:
    time.sleep(EVERY_SECONDS)


def _live(look: Callable[[], Progress]) -> Progress:
    with Live(console=Console(), auto_refresh=False) as live:

        def shown() -> Progress:
            seen = look()
            live.update(picture(seen), refresh=True)
            return seen

        return until_done(shown, _wait)


def _lines(look: Callable[[], Progress], *, as_json: bool) -> Progress:
    said: list[str] = []

    def shown() -> Progress:
        seen = look()
        line = json.dumps(plain(seen), ensure_ascii=False) if as_json else summary(seen)
        if said[-1:] != [line]:
            typer.echo(line, err=as_json)
            said.append(line)
        return seen

    return until_done(shown, _wait)


def summary(seen: Progress) -> str:
    """One line: "1,204 of 5,000 done, 310.0/s, 13 s left; sent 1,150, deferred 30, failed 24"."""
    parts = ", ".join(f"{state} {seen.total(state):,}" for state in SHOWN if seen.total(state))
    rate = f", {seen.rate:,.1f}/s" if seen.rate else ""
    left = f", {told(seen.left)} left" if seen.left else ""
    line = f"{seen.all - seen.open:,} of {seen.all:,} done{rate}{left}"
    return f"{line}; {parts}" if parts else line if seen.worker else f"{line}. {NOBODY}"


def told(span: timedelta) -> str:
    """ "13 s", "4 min", "2 h 10 min"."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds} s"


def picture(seen: Progress) -> Group:
    """The same with a row for each provider, and the last replies that were no plain acceptance."""
    table = Table(box=None, pad_edge=False)
    table.add_column("provider")
    for heading in ("waiting", *SHOWN):
        table.add_column(str(heading), justify="right")
    for provider in sorted({name for name, _ in seen.counts}):
        table.add_row(provider or "(not looked up yet)", *_cells(seen, provider))
    parts: list[Any] = [Text(summary(seen), "bold"), table]
    if seen.open and not seen.worker:
        parts.append(Text(NOBODY, "yellow"))
    if seen.replies:
        parts += [Text("last replies", "dim"), *(Text(reply(each), no_wrap=True) for each in seen.replies)]
    return Group(*parts)


def _cells(seen: Progress, provider: str) -> list[str]:
    waiting = sum(seen.counts.get((provider, state), 0) for state in OPEN if state is not State.DEFERRED)
    return [f"{waiting:,}", *(f"{seen.counts.get((provider, state), 0):,}" for state in SHOWN)]


def reply(said: Said) -> str:
    """ "12:04:31  gmail  450 4.7.28 Gmail has detected …"."""
    code = " ".join(filter(None, (str(said.code or ""), said.enhanced)))
    words = said.response if code and said.response.startswith(code) else f"{code} {said.response}".strip()
    return f"{said.at:%H:%M:%S}  {said.provider or '-'}  {said.result}  {' '.join(words.split())[:160]}"


def plain(seen: Progress) -> dict[str, Any]:
    """A line for programs."""
    providers: dict[str, dict[str, int]] = {}
    for (provider, state), number in seen.counts.items():
        providers.setdefault(provider, {})[state.value] = number
    return {
        "at": seen.at.isoformat(),
        "state": seen.campaign.state.value,
        "done": seen.all - seen.open,
        "of": seen.all,
        "rate": round(seen.rate, 2) if seen.rate is not None else None,
        "seconds_left": seen.left.total_seconds() if seen.left is not None else None,
        "providers": providers,
        "worker": seen.worker,
        "replies": [reply(each) for each in seen.replies],
    }
