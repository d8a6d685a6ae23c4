"""The table of invariants: what holds, the query that finds what breaks it, and what to do then."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from data.files import changed_files
from data.invariants import database, facts, mail

SHOWN = 5
RESTORE = "Stop Homing, keep a copy of the store as it is, and restore the last good backup."
REPORT = "This must not happen: keep a backup of the store and report it. Nothing else needs to be done."


@dataclass(frozen=True, slots=True)
class Rule:
    """A promise about rows. `query` finds the ids of those that break it; `noun` is what they are."""

    key: str
    holds: str
    noun: str
    query: Callable[[datetime], Select[Any]]
    mend: str = REPORT


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one check. `broken` counts; `examples` name at most some."""

    key: str
    holds: str
    broken: int
    examples: Sequence[str]
    mend: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A promise about the database itself, without which no other can be asked."""

    key: str
    holds: str
    find: Callable[[Connection], Sequence[str]]
    mend: str


UNTRUE = "The row is marked in `homing campaign recipients`; ask the receiving side by its Message-ID."
SENDERS = "Find out which program wrote the row: Homing refuses to. Tell the person concerned."

GROUNDS: tuple[Ground, ...] = (
    Ground("schema", "the schema is this version's", database.schema, "Run this version's `homing up` once."),
    Ground("references", "no row refers to one that is not there", database.orphans, RESTORE),
    Ground("guards", "the store refuses wrong moves", database.missing_guards, RESTORE),
    Ground("files", "an attachment is as it was stored", changed_files, RESTORE),
)
RULES: tuple[Rule, ...] = (
    Rule("one-row", "every recipient has one row", "recipient", mail.rows_twice),
    Rule("one-state", "every row has a state that exists", "recipient", mail.states_unheard_of),
    Rule("claims-held", "a claim has an owner and a lease", "recipient", mail.claims_without_holder),
    Rule(
        *("claims-alive", "a claim ends with its lease", "recipient", mail.claims_forgotten),
        "Nobody delivers from this store. Start `homing up` or `homing worker`: it takes them back.",
    ),
    Rule("sent-answered", "sent means that a server said yes", "recipient", mail.sent_without_answer, UNTRUE),
    Rule("named", "what may have left has a Message-ID", "recipient", mail.handed_over_unnamed),
    Rule("finished", "a finished campaign has nobody waiting", "campaign", mail.finished_and_open),
    Rule("frozen", "a campaign sends a copy of its content", "campaign", mail.started_without_content),
    Rule("consented", "lists are written to with consent", "recipient", mail.sent_without_consent, SENDERS),
    Rule(
        *("not-suppressed", "who is suppressed is not written to", "recipient", mail.sent_though_suppressed),
        SENDERS,
    ),
    Rule("not-left", "who has left is not written to", "recipient", mail.sent_though_they_left, SENDERS),
    Rule(
        *("confirmations", "a confirmation is asked for once a day", "recipient"),
        *(mail.confirmations_too_often, SENDERS),
    ),
    Rule(
        *("faults", "a fault of the sender costs no contact", "event", facts.hard_for_others_faults),
        "Look at the contact: homing suppression shows the entry, which can be lifted.",
    ),
    Rule("destinations", "a click leads where its campaign said", "event", facts.clicks_on_strange_links),
    Rule("machines", "a machine's hit says why", "event", facts.machines_without_evidence),
    Rule("conclusions", "a guess is no conclusion", "observation", facts.guesses_as_conclusions),
    Rule("unknowns", "what could not be told says since when", "observation", facts.unknown_and_silent),
)


def check(connection: Connection, now: datetime, *, deep: bool = False) -> Iterator[Result]:
    """Every invariant in turn. After damage or with another schema the others cannot be asked."""
    yield (pages := _pages(connection, deep=deep))
    if pages.broken:
        return
    for ground in GROUNDS:
        yield (result := _ground(connection, ground))
        if result.broken and ground.key == "schema":
            return
    for rule in RULES:
        yield _rule(connection, rule, now)


def _pages(connection: Connection, *, deep: bool) -> Result:
    faults = database.damage(connection, deep=deep)
    return Result("pages", "the database is not damaged", len(faults), faults[:SHOWN], RESTORE)


def _ground(connection: Connection, ground: Ground) -> Result:
    faults = ground.find(connection)
    return Result(ground.key, ground.holds, len(faults), faults[:SHOWN], ground.mend)


def _rule(connection: Connection, rule: Rule, now: datetime) -> Result:
    query = rule.query(now)
    count = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
    ids = connection.scalars(query.limit(SHOWN)).all() if count else []
    return Result(rule.key, rule.holds, count, [f"{rule.noun} {each}" for each in ids], rule.mend)
