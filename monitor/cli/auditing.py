"""What `homing check` was asked to do, as targets and audits; several domains are audited side by side."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from checks.audit import audit
from checks.blocklists.zone import without_keys
from checks.catalog import UnknownCheckError, chosen
from checks.model import Profile, Report, Scope, SendingIp, Target
from checks.trace import Trace
from monitor.cli.asking import Asking, address_of, domain_of
from monitor.cli.lines import in_order, text_of
from monitor.problem import Problem


@dataclass(frozen=True)
class Asked:
    """One target and which checks to run on it ("" in `only`: all)."""

    target: Target
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audited:
    """A finished audit, and the trace of its look-ups."""

    report: Report
    trace: Trace = field(compare=False)


def asked(
    domain: str,
    ips: Iterable[str] = (),
    selectors: Iterable[str] = (),
    helos: Iterable[str] = (),
    profile: Profile = Profile.BULK,
    only: str = "",
) -> Asked:
    """What a person typed, normalised. Raises Problem."""
    target = Target(
        domain_of(domain),
        tuple(SendingIp(address_of(text)) for text in ips),
        tuple(domain_of(text) for text in selectors),
        tuple(text.strip() for text in helos),
        profile,
    )
    return Asked(target, known_checks(only))


def known_checks(only: str) -> tuple[str, ...]:
    """The names in "spf,dkim". Raises Problem for a check that does not exist."""
    names = tuple(name for name in only.replace(" ", "").split(",") if name)
    try:
        chosen(Scope.AUDIT, names)
    except UnknownCheckError as error:
        raise Problem(str(error)) from None
    return names


def of_line(line: Mapping[str, Any], profile: Profile, only: str = "") -> Asked:
    """A line of `--jsonl`: the keys are the long options, with `domain` for the domain. Raises Problem.

    `profile` and `only` stand in where the line does not say.
    """
    return asked(
        text_of(line, "domain", required=True),
        texts_of(line, "ip"),
        texts_of(line, "selector"),
        texts_of(line, "helo"),
        profile_of(text_of(line, "profile")) or profile,
        ",".join(texts_of(line, "only")) or only,
    )


def texts_of(line: Mapping[str, Any], key: str) -> Sequence[str]:
    """A text or a list of texts under a key. Raises Problem."""
    value = line.get(key) or []
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise Problem(f"“{key}” must be a text or a list of texts")
    return values


def profile_of(text: str) -> Profile | None:
    """The profile that a text names; None for "". Raises Problem."""
    try:
        return Profile(text) if text else None
    except ValueError:
        names = ", ".join(profile.value for profile in Profile)
        raise Problem(f"there is no profile “{text}”; there are: {names}") from None


def run_audit(one: Asked, world: Asking, now: datetime) -> Audited:
    """Audit one target."""
    seen = world.world(now)
    trace = Trace(time.perf_counter, hide=partial(without_keys, seen.blocklists or ()))
    return Audited(audit(one.target, seen, Scope.AUDIT, one.only, trace), trace)


def run_audits(several: Sequence[Asked], world: Asking, now: datetime) -> Iterator[Audited]:
    """Audit them side by side; finished ones come in the order of the targets."""
    yield from in_order(lambda one: run_audit(one, world, now), several)
