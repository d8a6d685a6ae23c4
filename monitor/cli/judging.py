"""What the commands share that judge one thing: --json, --sarif, --jsonl, --timing and the exit code.

A command says how one thing is judged from its keys, which are its long options: a line of `--jsonl` gives
them, or the command line itself.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from checks.model import Finding, Profile, Report, Scope, State, Target
from checks.ports import World
from checks.trace import Trace
from checks.verdict import Unknowns, decide
from monitor.cli import options
from monitor.cli.asking import Asking, asking
from monitor.cli.auditing import profile_of
from monitor.cli.lines import answer_lines, text_of, time_of
from monitor.cli.main import Exit, complain, gravest, say
from monitor.cli.options import Manner
from monitor.cli.telling import EXITS
from monitor.reports.sarif import sarif
from monitor.reports.timing import timing

Keys = Mapping[str, Any]


@dataclass(frozen=True)
class Judged:
    """One thing judged: its document, its words, and the findings that decide about the exit code."""

    subject: str
    document: Mapping[str, Any]
    words: str
    findings: tuple[Finding, ...]
    verdict: State = State.PASS
    """Beside the findings: a failure counts as one of them, unknown as a question left open."""


Judge = Callable[[Keys, World], Judged]
"""Raises Problem for keys that make no sense."""


@dataclass(frozen=True)
class _Court:
    """Judges things one after the other, and keeps the exit codes that they lead to."""

    judge: Judge
    world: Asking
    manner: Manner
    codes: set[Exit]

    def __call__(self, keys: Keys) -> tuple[Judged, Report]:
        now = time_of(keys, options.moment(self.manner.at))
        profile = profile_of(text_of(keys, "profile")) or self.manner.profile
        world, trace = self.world.world(now), Trace(time.perf_counter)
        judged = self.judge(
            {**keys, "profile": profile.value}, replace(world, dns=trace.follow(world.dns, ""))
        )
        if self.manner.timing:
            complain(timing(judged.subject, trace), 0)
        self.codes.update({self._code(judged.findings, profile), self._verdict(judged.verdict)})
        target = Target(judged.subject, profile=profile)
        return judged, Report(target, Scope.AUDIT, now, judged.findings)

    def _verdict(self, verdict: State) -> Exit:
        failing = verdict is State.FAIL or (verdict is State.UNKNOWN and self.manner.unknown is Unknowns.FAIL)
        if failing:
            return Exit.FINDINGS
        waiting = verdict is State.UNKNOWN and self.manner.unknown is Unknowns.WARN
        return Exit.COULD_NOT_TELL if waiting else Exit.CLEAN

    def _code(self, findings: Iterable[Finding], profile: Profile) -> Exit:
        return EXITS[decide(findings, profile, self.manner.fail_on, self.manner.unknown)]


def judge_all(judge: Judge, keys: Keys, manner: Manner) -> int:
    """Judge what the command line says, or each line of stdin, and print it. Returns the exit code."""
    with asking(manner.nameserver or (), manner.timeout) as world:
        court = _Court(judge, world, manner, set())
        if manner.jsonl:
            return answer_lines(lambda line: court(line)[0].document, skip=manner.skip, codes=court.codes)
        judged, report = court(keys)
    if manner.as_sarif:
        say(json.dumps(sarif([report]), ensure_ascii=False, indent=2))
    elif manner.as_json:
        say(json.dumps(judged.document, ensure_ascii=False, indent=2))
    else:
        say(judged.words)
    return gravest(court.codes)
