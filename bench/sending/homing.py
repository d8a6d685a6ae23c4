"""Homing's worker with every guarantee on: `python -m bench.sending.homing STORE_URL`.

Waits for a line on standard input, delivers whatever is due, and prints what it needed as JSON.
"""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import Connection

from bench.sending.letter import Used
from checks.net.clock import SystemClock
from data.recipients import Recipient, Refusal
from data.store import Store, open_store
from sender.audience.consent import refusals
from sender.campaigns.renderer import CampaignRenderer
from sender.delivery.dkim import Key, Signer
from sender.delivery.engine import Engine, Parts
from sender.tokens import Tokens
from tests.fakes.zone import ZoneDns


def engine_parts(store: Store) -> Parts:
    """Everything as a worker has it, but for a key of its own and names that nobody looks up."""
    clock = SystemClock()
    signer = Signer((Key("example.com", "bench", rsa.generate_private_key(65537, 2048)),))

    def consent(connection: Connection, rows: Sequence[Recipient]) -> Mapping[int, Refusal]:
        return refusals(connection, rows, clock.now())

    return Parts(
        store=store,
        dns=ZoneDns({}),
        clock=clock,
        renderer=CampaignRenderer(store, Tokens([b"bench" * 8]), clock.now),
        consent=consent,
        signer=lambda _domain: signer,
    )


def main(url: str) -> None:
    store = open_store(url)
    engine = Engine(engine_parts(store))
    print("ready", flush=True)
    sys.stdin.readline()
    began, spent = time.perf_counter(), time.process_time()
    sent = engine.work_once()
    used = Used(sent, time.perf_counter() - began, time.process_time() - spent)
    print(json.dumps(asdict(used) | {"commits": engine.commits}), flush=True)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
