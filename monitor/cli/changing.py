"""What `homing history` and `homing diff` share: whose records, and a change in words."""

from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import Connection

from data import targets
from monitor.changes import Changed
from monitor.problem import Problem

Domain = Annotated[str, typer.Argument(metavar="DOMAIN", help="A domain that is watched.")]


def must_be_watched(connection: Connection, domain: str) -> None:
    """Raises Problem."""
    if targets.find(connection, domain) is None:
        raise Problem(
            f"{domain} is not watched, so nothing is known of its past. Put it under [[targets]] in "
            "homing.toml; its history begins with its first look."
        )


def change_lines(change: Changed) -> list[str]:
    head = f"  {utc(change.at)}  {change.kind.value}  {change.subject}"
    return [head, *(f"      {each.sentence}" for each in change.differences)]


def utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
