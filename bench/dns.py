"""Questions a second of the DNS adapter on one core, beside bare aiodns and dnspython, against knot.

The name server runs on whatever core is left. Each contender asks for other names in every run, so that no
cache (aiodns cannot switch its own off) helps anybody.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aiodns
import dns.resolver

from bench.table import Row, Table
from checks.net.dns import Resolver
from checks.ports import Question
from tests.lab.nameservers import name_servers

QUESTIONS = 5_000
SLOW_QUESTIONS = 1_000
RUNS = 3
IN_FLIGHT = 200

Ask = Callable[[tuple[str, int], list[str]], int]


def measure() -> Table:
    """Half of the names exist, half do not, as on blocklists."""
    hosts = "\n".join(f"n{i} 300 A 127.0.0.{i % 250 + 2}" for i in range(0, RUNS * QUESTIONS, 2))
    with name_servers({"bench.test": hosts}) as servers, _one_core():
        rows = [
            _row("homing", _ours, QUESTIONS, servers.authoritative),
            _row("aiodns", _aiodns, QUESTIONS, servers.authoritative),
            _row("dnspython, one thread", _dnspython, SLOW_QUESTIONS, servers.authoritative),
        ]
    return Table("DNS: questions a second on one core", "questions/s", rows, goal=3_000)


def _row(name: str, ask: Ask, questions: int, server: tuple[str, int]) -> Row:
    rates, cpu = [], 0.0
    for run in range(RUNS):
        names = [f"n{i}.bench.test" for i in range(run * questions, (run + 1) * questions)]
        began, spent = time.perf_counter(), time.process_time()
        answered = ask(server, names)
        rates.append(questions / (time.perf_counter() - began))
        cpu += time.process_time() - spent
        if answered != questions:
            raise RuntimeError(f"{name}: only {answered} of {questions} were answered")
    return Row(name, rates, cpu / (RUNS * questions) * 1e6)


def _ours(server: tuple[str, int], names: list[str]) -> int:
    with Resolver([server]) as resolver:
        return sum(answer.ok for answer in resolver.ask_all([Question(name, "A") for name in names]))


def _aiodns(server: tuple[str, int], names: list[str]) -> int:
    return asyncio.run(_ask_aiodns(server, names))


async def _ask_aiodns(server: tuple[str, int], names: list[str]) -> int:
    resolver = aiodns.DNSResolver(nameservers=[f"{server[0]}:{server[1]}"])
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def ask(name: str) -> bool:
        async with gate:
            try:
                await resolver.query_dns(name, "A")
            except aiodns.error.DNSError as error:
                return bool(error.args[0] in (aiodns.error.ARES_ENOTFOUND, aiodns.error.ARES_ENODATA))
            return True

    return sum(await asyncio.gather(*map(ask, names)))


def _dnspython(server: tuple[str, int], names: list[str]) -> int:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [server[0]], server[1]
    answered = 0
    for name in names:
        try:
            resolver.resolve(name, "A")
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            pass
        except dns.exception.DNSException:
            continue
        answered += 1
    return answered


@contextmanager
def _one_core() -> Iterator[None]:
    """Hold this process to one core while the servers, already running, may use the others."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
