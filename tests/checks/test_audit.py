"""An audit loses nothing: not to a check that breaks, and not to one that waits."""

from collections.abc import Iterator
from datetime import UTC, datetime

from checks import audit as auditing
from checks.check import Check
from checks.model import Finding, Scope, SendingIp, Severity, State, Target
from checks.net.fibres import Signal
from checks.ports import Answer, Dns, World
from tests.fakes.zone import ZoneDns

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TARGET = Target("example.com", (SendingIp("192.0.2.1"),))


class NoDns:
    """A world in which nothing may be asked."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"asked: {name}")


def world() -> World:
    dns: Dns = NoDns()  # type: ignore[assignment]
    return World(dns, NOW)


def broken(target: Target, world: World) -> Iterator[Finding]:
    """Yields once, then breaks."""
    del world
    yield Finding("X-001", State.FAIL, target.domain)
    raise ZeroDivisionError("no such number")


def test_a_check_that_breaks_keeps_what_it_found_and_says_so() -> None:
    check = Check("broken", broken, "-", {"X-001": Severity.HIGH})
    found = auditing.run(check, TARGET, world())
    assert [finding.code for finding in found] == ["X-001", "BUG-001"]
    assert found[1].state is State.UNKNOWN
    assert found[1].args["error"] == "ZeroDivisionError: no such number"
    assert "in broken" in str(found[1].args["traceback"])


def test_a_code_that_was_not_declared_is_a_bug() -> None:
    check = Check("broken", broken, "-", {"X-002": Severity.HIGH})
    assert [finding.code for finding in auditing.run(check, TARGET, world())] == ["BUG-001"]


def test_no_check_waits_for_another() -> None:
    """Each of five checks waits until all have begun: run one after another they would never end."""
    met: list[str] = []
    everybody = Signal()

    def meeting(target: Target, world: World) -> Iterator[Finding]:
        del world
        met.append(target.domain)
        if len(met) == 5:
            everybody.set()
        everybody.wait()
        yield Finding("X-001", State.PASS, target.domain)

    checks = tuple(Check(f"meeting{n}", meeting, "-", {"X-001": Severity.HIGH}) for n in range(5))
    report = auditing.gather(checks, TARGET, world(), Scope.AUDIT)
    assert [finding.state for finding in report.findings] == [State.PASS] * 5
    assert (report.target, report.scope, report.now) == (TARGET, Scope.AUDIT, NOW)


def test_only_checks_of_addresses_wait_until_these_are_known() -> None:
    """A slow SPF tree must not hold up the MX check."""
    asked = Signal()

    class SlowDns(ZoneDns):
        def ask(self, name: str, rdtype: str, *, fresh: bool = False) -> Answer:
            asked.wait()  # for ever, unless the check that needs no addresses runs meanwhile
            return super().ask(name, rdtype, fresh=fresh)

    def early(target: Target, world: World) -> Iterator[Finding]:
        asked.set()
        yield Finding("X-001", State.PASS, str(target.ips))

    def late(target: Target, world: World) -> Iterator[Finding]:
        yield Finding("X-002", State.PASS, target.ips[0].ip)

    checks = [
        Check("late", late, "-", {"X-002": Severity.HIGH}, of_addresses=True),
        Check("early", early, "-", {"X-001": Severity.HIGH}),
    ]
    dns = SlowDns({"example.com": {"TXT": [["v=spf1 ip4:192.0.2.9 -all"]]}})
    report = auditing.gather(checks, Target("example.com"), World(dns, NOW), Scope.AUDIT)
    assert [finding.subject for finding in report.findings] == ["192.0.2.9", "()"]
    assert [sending.origin for sending in report.target.ips] == ["SPF ip4:192.0.2.9"]
