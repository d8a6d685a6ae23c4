"""What `contact import` says: the progress, the document and the lines."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sender.audience.importing.columns import Means
from sender.audience.importing.job import File, Outcome

FATES: Mapping[str, str] = {
    "new": "new",
    "updated": "known, with something new",
    "unchanged": "known, nothing new",
    "unsubscribed": "unsubscribed by the file",
    "cleaned": "suppressed by the file",
    "unconfirmed": "of them wait for their own confirmation",
    "duplicate": "twice in the file",
    "suppressed": "suppressed, and stay so",
    "left_before": "left before, and stay away",
    "rejected": "rejected",
}
ODDITIES: Mapping[str, str] = {
    "bad_address": "no address",
    "bad_row": "no row",
    "no_consent": "without a date of consent: give --consented-at, or --map COLUMN=consent_at",
    "no_mail": "at domains that take no mail",
    "unknown_domain": "at domains of which nothing could be told",
    "typo": "at domains that look mistyped",
    "role": "offices such as info@",
    "disposable": "throw-away addresses",
    "free": "at free mail providers",
    "consent_1y": "agreed more than a year ago",
    "consent_2y": "agreed more than two years ago",
}


@contextmanager
def progress(total: int) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal; told how much is done and how many rows that is."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), TextColumn("{task.fields[rows]:,} rows"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total, rows=0)

        def tell(done: int, rows: int) -> None:
            bar.update(task, completed=done, rows=rows)

        yield tell


def document(file: File, outcome: Outcome, rejected: Path | None) -> dict[str, Any]:
    """The result for programs (docs/commands.md)."""
    shape, mapped = file.shape, file.mapped
    return {
        "import": outcome.import_id,
        "dry_run": outcome.import_id is None,
        "already_done": outcome.already,
        "resumed_after": outcome.resumed,
        "file": {
            "name": file.path.name, "sha256": file.looked.sha256, "encoding": shape.encoding,
            "encoding_certain": file.looked.certain, "delimiter": shape.delimiter,
            "origin": mapped.origin.value, "status": mapped.status.value,
            "columns": {
                heading: column.name or column.means.value
                for heading, column in zip(mapped.headings, mapped.columns, strict=True)
            },
        },
        "counts": {name: outcome.counts.get(name, 0) for name in ("rows", *FATES, *ODDITIES)},
        "mistyped": [{"domain": domain, "meant": meant} for domain, meant in outcome.mistyped],
        "risk": {
            "level": outcome.risk.level.value, "expected_bounces": outcome.risk.expected_bounces,
            "reasons": list(outcome.risk.reasons),
        },
        "rejected_rows": str(rejected) if rejected else None,
    }  # fmt: skip


def lines(file: File, outcome: Outcome, said: Mapping[str, Any]) -> Iterator[str]:
    """The same for people."""
    counts, risk = outcome.counts, outcome.risk
    yield _headline(file, outcome)
    meanings = [
        f"{heading} → {column.name or column.means.value}"
        for heading, column in zip(file.mapped.headings, file.mapped.columns, strict=True)
        if column.means is not Means.NOTHING
    ]
    yield f"Read as {file.shape.encoding}, {file.mapped.origin}: {', '.join(meanings)}"
    yield f"{counts.get('rows', 0):>9,} rows"
    for name, words in {**FATES, **ODDITIES}.items():
        if counts.get(name):
            yield f"{counts[name]:>9,} {words}"
    for domain, meant in outcome.mistyped:
        yield f"{domain}: did they mean {meant}?"
    yield f"Risk: {risk.level}, {100 * risk.expected_bounces:.1f} % bounces to be expected"
    yield from (f"  {reason}" for reason in risk.reasons)
    if said["rejected_rows"] and not outcome.already:
        yield f"Rows that were not taken, with the reason: {said['rejected_rows']}"


def _headline(file: File, outcome: Outcome) -> str:
    name = file.path.name
    if outcome.import_id is None:
        return f"A dry run of {name}: nothing is stored."
    if outcome.already:
        return f"Import {outcome.import_id} has done exactly this already; nothing was done now."
    resumed = f", taken up after {outcome.resumed:,} rows" if outcome.resumed else ""
    return f"Import {outcome.import_id} of {name} is done{resumed}."
