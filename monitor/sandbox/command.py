"""`homing sandbox`: run the made-up world, or change it while it runs."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.main import Exit
from monitor.cli.shell import application, exits, run_typer
from monitor.home import SANDBOX_FOLDER, Home, locate
from monitor.problem import Problem
from monitor.processes.child import die_with_supervisor, log_to_stderr
from monitor.sandbox import place, truth
from monitor.sandbox.blocklists import BY_ZONE
from monitor.sandbox.providers import BY_KEY
from monitor.sandbox.serving import serve
from monitor.sandbox.truth import Step

SPEED = "HOMING_SANDBOX_SPEED"
"""In the environment: how many times as fast people, bounces and the story run."""

EXAMPLES = """
homing sandbox list 192.0.2.10
homing sandbox list 192.0.2.10 --zone bl.spamcop.net
homing sandbox lose s1._domainkey.harbour.test
homing sandbox silence harbour.test
homing sandbox throttle gmail
"""

app = application("The made-up world of `homing up --sandbox`: change it, and watch Homing notice.", EXAMPLES)


@app.command("serve")
@exits
def serve_command() -> int:
    """Run the world until Ctrl-C; `homing up --sandbox` does it for you."""
    log_to_stderr()
    die_with_supervisor()
    home = sandbox_home()
    asyncio.run(serve(home, place.load(home), float(os.environ.get(SPEED, "1"))))
    return Exit.CLEAN


@app.command("list")
@exits
def list_command(subject: str, zone: str = "zen.spamhaus.org") -> int:
    """Put an address or a domain on a blocklist."""
    return _happens(truth.listed(subject, _zone(zone)), f"{subject} is on {zone}.")


@app.command()
@exits
def delist(subject: str, zone: str = "zen.spamhaus.org") -> int:
    """Take an address or a domain off a blocklist."""
    return _happens(truth.delisted(subject, _zone(zone)), f"{subject} is off {zone}.")


@app.command()
@exits
def lose(name: str) -> int:
    """Let a name disappear from DNS: s1._domainkey.harbour.test, say."""
    return _happens(truth.lost(name.lower()), f"{name} is gone from DNS.")


@app.command()
@exits
def restore(name: str) -> int:
    """Give a name its first records back."""
    return _happens(truth.restored(name.lower()), f"{name} is as it was.")


@app.command()
@exits
def silence(domain: Annotated[str, typer.Argument()] = "") -> int:
    """Let a domain's name servers fall silent; without a domain, stop the whole DNS."""
    if domain:
        return _happens(truth.dns_down(domain.lower()), f"The name servers of {domain} are silent.")
    return _happens(truth.resolver_down(), "The sandbox's DNS is stopped.")


@app.command()
@exits
def answer(domain: Annotated[str, typer.Argument()] = "") -> int:
    """Let a domain's name servers answer again; without a domain, start the DNS."""
    if domain:
        return _happens(truth.dns_up(domain.lower()), f"The name servers of {domain} answer.")
    return _happens(truth.resolver_up(), "The sandbox's DNS answers.")


@app.command()
@exits
def throttle(provider: str) -> int:
    """Let a provider defer all mail."""
    return _happens(truth.throttled(_provider(provider)), f"{provider} defers all mail.")


@app.command()
@exits
def ease(provider: str) -> int:
    """Let a provider take mail again."""
    return _happens(truth.eased(_provider(provider)), f"{provider} takes mail.")


def sandbox_home() -> Home:
    """The sandbox that is meant: `$HOMING_HOME` if it is one, else ./.sandbox. Raises Problem for neither."""
    named = locate()
    home = named if named.is_sandbox else Home(Path.cwd() / SANDBOX_FOLDER)
    place.load(home)
    return home


def _happens(step: Step, says: str) -> int:
    truth.change(place.truth_of(sandbox_home()), step)
    typer.echo(says)
    return Exit.CLEAN


def _zone(zone: str) -> str:
    if zone not in BY_ZONE:
        raise Problem(f"The sandbox has no list {zone}. It has: {', '.join(sorted(BY_ZONE))}.")
    return zone


def _provider(key: str) -> str:
    if key not in BY_KEY:
        raise Problem(f"The sandbox has no provider {key}. It has: {', '.join(BY_KEY)}.")
    return key


def run(arguments: Sequence[str]) -> int:
    """Without arguments, run the world: that is how `homing up` starts it."""
    return run_typer(app, "sandbox", arguments or ["serve"])
