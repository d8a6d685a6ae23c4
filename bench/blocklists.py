"""Sixty lists by a thousand addresses, each answer 20 ms away: ours beside pydnsbl.

Ours asks the self-test of each list too, and judges what it answers. pydnsbl (MIT) wants an older aiodns than
ours, so `uv` runs it in an environment of its own; its start is not counted. It is measured in both ways that
it has: address after address (`check`), and all at once (`bulk_check`).
"""

import subprocess
import time
from pathlib import Path
from sys import executable

from bench.slowly import further_away
from bench.table import Row, Table
from checks.blocklists.judge import Result
from checks.blocklists.look import survey
from checks.blocklists.shapes import custom
from checks.net.dns import Resolver
from tests.lab.nameservers import name_servers

DISTANCE = 0.02
LISTS = 60
ADDRESSES = 1_000
PEER_ADDRESSES = 100
PEER = """\
import asyncio, sys, time
asyncio.set_event_loop(asyncio.new_event_loop())
import aiodns, pydnsbl
from pydnsbl.providers import Provider
port, way, names, ips = int(sys.argv[1]), sys.argv[2], sys.argv[3].split(","), sys.argv[4].split(",")
checker = pydnsbl.DNSBLIpChecker([Provider(name) for name in names])
checker._resolver = aiodns.DNSResolver(
    nameservers=["127.0.0.1"], udp_port=port, tcp_port=port, timeout=5, tries=2, loop=checker._loop
)
began, cpu = time.perf_counter(), time.process_time()
results = checker.bulk_check(ips) if way == "bulk" else [checker.check(ip) for ip in ips]
print(time.perf_counter() - began, time.process_time() - cpu, sum(len(r.failed_providers) for r in results))
"""


def measure() -> Table:
    """One run of each over other addresses, so that no cache helps anybody."""
    names = [f"bl{n}.bench.test" for n in range(LISTS)]
    points = "\n".join(f"2.0.0.127.bl{n} 60 A 127.0.0.2" for n in range(LISTS))
    with (
        name_servers({"bench.test": points}) as servers,
        further_away(servers.authoritative, DISTANCE) as at,
    ):
        rows = [
            _ours(at, names, _addresses(1, ADDRESSES)),
            _peer("pydnsbl, one by one", "each", at, names, _addresses(2, PEER_ADDRESSES)),
            _peer("pydnsbl, in bulk", "bulk", at, names, _addresses(3, PEER_ADDRESSES)),
        ]
    title = f"Blocklists: lists x addresses a second, {DISTANCE * 1000:.0f} ms from DNS"
    return Table(title, "lists x addresses/s", rows)


def _addresses(block: int, count: int) -> list[str]:
    return [f"198.{18 + block}.{n // 250}.{n % 250 + 1}" for n in range(count)]


def _ours(server: tuple[str, int], names: list[str], addresses: list[str]) -> Row:
    zones = [custom(name, domains=False) for name in names]
    began, cpu = time.perf_counter(), time.process_time()
    with Resolver([server]) as resolver:
        looks = survey(resolver, addresses, zones).looks
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    told = sum(look.result is Result.NOT_LISTED for look in looks)
    if told != len(names) * len(addresses):
        raise RuntimeError(f"only {told} of {len(names) * len(addresses)} were answered")
    return Row("homing", [told / seconds], spent / told * 1e6)


def _peer(name: str, way: str, server: tuple[str, int], names: list[str], addresses: list[str]) -> Row:
    uv = Path(executable).with_name("uv")
    own = [
        str(uv),
        "run",
        "-q",
        "--isolated",
        "--no-project",
        "--with",
        "pydnsbl==1.1.7",
        "python",
        "-c",
        PEER,
    ]
    arguments = [str(server[1]), way, ",".join(names), ",".join(addresses)]
    done = subprocess.run([*own, *arguments], capture_output=True, text=True, check=True)
    seconds, spent, failed = map(float, done.stdout.split()[-3:])
    asked = len(names) * len(addresses)
    return Row(name, [(asked - failed) / seconds], spent / asked * 1e6)
