"""`homing domain verify`: every record on every name server, until all are live, and then a test message."""

import time
from typing import Annotated, Any

import typer

from checks import wording
from checks.authentication import Authentication
from checks.model import Profile
from checks.profiles import severity
from checks.verdict import is_fault
from data.own import all_own
from data.servers import Server as SendingServer
from data.states import OPEN
from monitor.app import App
from monitor.campaigns.progress import Follower
from monitor.cli.campaigns.following import NOBODY
from monitor.cli.campaigns.shared import Json, opened, tell
from monitor.cli.domains.shared import ByResolver, Name, Server, app, known, plain, told
from monitor.cli.main import Exit
from monitor.cli.shell import exits
from monitor.domains.planning import server_of
from monitor.domains.proving import Proof, prove, send_proof
from monitor.domains.verifying import Verified, document
from monitor.domains.verifying import verify as verify_once
from monitor.senses import Senses, open_senses

POLL_SECONDS = 0.2
BAD = frozenset({"failed", "skipped"})


@app.command("verify")
@exits
def verify(
    domain: Name,
    watch: Annotated[bool, typer.Option("--watch", help="Look again and again until all is live.")] = False,
    every: Annotated[float, typer.Option("--every", min=1, help="Seconds between two looks.")] = 30.0,
    by_resolver: ByResolver = False,
    by: Server = "",
    to: Annotated[
        str,
        typer.Option("--to", metavar="ADDRESS", help="Own address for the test message. Default: the first."),
    ] = "",
    send: Annotated[bool, typer.Option("--test/--no-test", help="End with a test message.")] = True,
    wait: Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for its reply.")] = 30.0,
    as_json: Json = False,
) -> int:
    """Ask every name server for every record; a domain that has them all may send campaigns.

    Exit codes: 0 ready, 1 something is absent or differs, 3 a name server could not be asked.
    """
    with opened() as instance, open_senses(instance.config) as senses:
        found = known(instance, domain)
        server = server_of(instance, found, by)
        seen = _look(instance, senses, found.domain, server, by_resolver)
        while watch and not seen.ready:
            if not as_json:
                typer.echo(
                    told(seen.looks) + f"\nLooked at {instance.now():%H:%M:%S} UTC; again in {every:g} s.\n"
                )
            time.sleep(every)
            seen = _look(instance, senses, found.domain, server, by_resolver)
        proof = _proof(instance, senses, seen, server, to, wait) if send and seen.ready else None
    return _tell(seen, proof, as_json)


def _look(
    instance: App, senses: Senses, name: str, server: SendingServer | None, by_resolver: bool
) -> Verified:
    world = senses.world(instance.now(), fresh=True)
    return verify_once(instance, known(instance, name), server, world, by_resolver=by_resolver)


def _proof(
    instance: App, senses: Senses, seen: Verified, server: SendingServer | None, to: str, wait: float
) -> Proof | None:
    with instance.store.read() as connection:
        mine = all_own(connection)
    if server is None or not (to or mine):
        missing = "sending server (--by)" if server is None else "own address (homing own add)"
        typer.echo(f"No test message: there is no {missing} to use.", err=True)
        return None
    campaign = send_proof(instance, seen.domain, server, to or mine[0].address)
    _await(instance, campaign.id, wait)
    return prove(instance, seen.domain, server, campaign, senses.world(instance.now(), fresh=True))


def _await(instance: App, campaign_id: int, seconds: float) -> None:
    """Until the message has its reply, or patience is over, or nobody is there to send it."""
    follower, until = Follower(instance, campaign_id), time.monotonic() + seconds
    while (progress := follower.look()).open and time.monotonic() < until:
        if not progress.worker:
            typer.echo(NOBODY, err=True)
            return
        time.sleep(POLL_SECONDS)


def _tell(seen: Verified, proof: Proof | None, as_json: bool) -> int:
    if as_json:
        tell(
            {"domain": plain(seen.domain), "ready": seen.ready, **document(seen.looks), "test": _plain(proof)}
        )
    else:
        typer.echo(told(seen.looks))
        name = seen.domain.domain
        typer.echo(f"{name} is ready to send." if seen.ready else f"{name} is not ready to send.")
        if proof:
            typer.echo(_shown(proof))
    if proof and proof.state in BAD:
        return Exit.FINDINGS
    if seen.ready:
        return Exit.CLEAN
    asked = any(word.seen in ("absent", "differs") for each in seen.looks for word in each.words)
    return Exit.FINDINGS if asked else Exit.COULD_NOT_TELL


def _shown(proof: Proof) -> str:
    said = f"{proof.state}: {proof.reply}" if proof.reply and proof.state not in OPEN else proof.state
    lines = [f"Test message to {proof.address}: {said}"]
    if proof.authentication:
        results = _results(proof.authentication)
        lines.append(
            "As a receiver sees it: " + ", ".join(f"{name} {value}" for name, value in results.items())
        )
    if proof.landed:
        lines.append(f"It lies in {proof.landed.folder or '?'}: {proof.landed.verdict}")
    lines.append(
        f"Score: {proof.score:g} of 10" if proof.score is not None else "Score: left open by look-ups"
    )
    faults = [each for each in proof.findings if is_fault(each)]
    lines += [f"  {each.code} ({severity(each, Profile.BULK)}) {wording.sentence(each)}" for each in faults]
    return "\n".join(lines)


def _results(found: Authentication) -> dict[str, str]:
    spf = {"SPF": found.spf.result.value} if found.spf else {}
    dkim = ", ".join(one.result.value for one in found.dkim) or "none"
    return {**spf, "DKIM": dkim, "DMARC": found.dmarc.result.value if found.dmarc else "none"}


def _plain(proof: Proof | None) -> dict[str, Any] | None:
    if proof is None:
        return None
    faults = [each for each in proof.findings if is_fault(each)]
    return {
        "address": proof.address,
        "state": proof.state,
        "reply": proof.reply,
        "authentication": _results(proof.authentication) if proof.authentication else None,
        "folder": proof.landed.folder if proof.landed else None,
        "placement": proof.landed.verdict.value if proof.landed else None,
        "score": proof.score,
        "findings": [{"code": each.code, "sentence": wording.sentence(each)} for each in faults],
    }
