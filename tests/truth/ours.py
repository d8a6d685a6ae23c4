"""What Homing concludes in each cell: its real checks over its real resolver."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime

from checks.audit import run
from checks.blocklists.table import BY_NAME
from checks.model import Finding, SendingIp, Target
from checks.net.dns import Resolver
from checks.ports import World
from tests.lab.faultdns import FaultDns, Traits
from tests.truth.table import CELLS, LIST, Cell, Truth
from tests.truth.zone import zone

TIMEOUT = 3.0
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def conclusions() -> Mapping[Cell, Truth]:
    """All cells at once, each in a thread of its own."""
    with ExitStack() as stack:
        worlds = {rewrites: _world(stack, rewrites=rewrites) for rewrites in (False, True)}
        pool = stack.enter_context(ThreadPoolExecutor(len(CELLS)))
        found = pool.map(lambda cell: conclude(cell, worlds[cell.fault.rewrites]), CELLS)
        return dict(zip(CELLS, found, strict=True))


def _world(stack: ExitStack, *, rewrites: bool) -> World:
    traits = Traits(rewrites=rewrites, validates=True)
    server = stack.enter_context(FaultDns(zone(rewrites=rewrites), traits))
    resolver = stack.enter_context(Resolver([server.address], TIMEOUT))
    return World(resolver, NOW, blocklists=(BY_NAME[LIST],))


def conclude(cell: Cell, world: World) -> Truth:
    target = Target(cell.domain, ips=(SendingIp(cell.ip),), selectors=("s1",))
    return read(cell, run(cell.kind.check, target, world))


def read(cell: Cell, findings: Sequence[Finding]) -> Truth:
    for (code, state), truth in cell.kind.reads.items():
        if any(finding.code == code and finding.state is state for finding in findings):
            return truth
    return Truth.UNKNOWN
