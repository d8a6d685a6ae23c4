"""`homing bimi DOMAIN`, or `--svg FILE`: the record, the logo, the mark certificate."""

import json
from pathlib import Path
from typing import Annotated

import typer

from checks.bimi.svg import svg_faults, svg_oddities
from monitor.cli import options
from monitor.cli.main import Exit, say
from monitor.cli.mta_sts import one_check
from monitor.cli.shell import single
from monitor.problem import Problem

MAX_FILE = 4_000_000


@options.checking
def bimi(
    domain: Annotated[str, typer.Argument(metavar="[DOMAIN]", help="The domain in From.")] = "",
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Judge a logo file instead of a domain.")
    ] = None,
    *,
    manner: options.Manner,
) -> int:
    """The BIMI record of a domain with its logo and mark certificate, or a logo before it is published."""
    if sum((bool(domain), svg is not None, manner.jsonl)) != 1:
        raise Problem("give a domain, or --svg FILE, or --jsonl. Try `homing bimi --svg logo.svg`.")
    return one_check("bimi", domain, manner) if svg is None else _logo(svg, manner.as_json)


def _logo(file: Path, as_json: bool) -> int:
    try:
        with file.open("rb") as opened:
            document = opened.read(MAX_FILE)
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from None
    faults, oddities = svg_faults(document), svg_oddities(document)
    code = Exit.FINDINGS if faults else Exit.CLEAN
    if as_json:
        say(json.dumps({"valid": not faults, "faults": faults, "oddities": oddities}, indent=2))
        return code
    say(f"{file} {'does not keep' if faults else 'keeps'} to SVG Tiny PS.")
    for sentence in (*faults, *oddities):
        say(f"  - {sentence}")
    return code


run = single(
    "bimi",
    bimi,
    """homing bimi example.com
    homing bimi --svg logo.svg""",
)
