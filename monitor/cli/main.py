"""The table of commands, and the exit codes. A command's module is imported only when it is run."""

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from importlib import import_module

from monitor.problem import Problem


class Exit(IntEnum):
    """What the shell learns (docs/commands.md)."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    COULD_NOT_TELL = 3
    BUG = 4
    INTERRUPTED = 130
    BROKEN_PIPE = 141  # what the shell reports for a program that SIGPIPE ends


GRAVEST = (Exit.BUG, Exit.FINDINGS, Exit.USAGE, Exit.COULD_NOT_TELL)


def gravest(codes: Iterable[Exit]) -> Exit:
    """The exit code of several things that were judged."""
    met = set(codes)
    return next((code for code in GRAVEST if code in met), Exit.CLEAN)


Command = Callable[[Sequence[str]], int]

SECTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Check": {
        "check": ("monitor.cli.check", "Audit a sending domain: SPF, DKIM, DMARC, blocklists and more."),
        "mta-sts": ("monitor.cli.mta_sts", "The MTA-STS policy of a domain, and its MX."),
        "bimi": ("monitor.cli.bimi", "The BIMI record, logo and certificate, or a logo file."),
        "blocklists": ("monitor.cli.blocklists", "Look addresses and domains up on blocklists."),
        "verify": ("monitor.cli.verify", "Authenticate a message: SPF, DKIM, DMARC and ARC."),
        "spf": ("monitor.cli.spf", "Evaluate SPF for one address and envelope sender."),
        "dmarc": ("monitor.cli.dmarc", "Find the DMARC policy of a domain."),
        "report": ("monitor.cli.report", "Read what receivers report: DMARC and TLS reports."),
        "doctor": ("monitor.cli.doctor", "Examine the resolver and this machine."),
    },
    "Run": {
        "init": ("monitor.cli.init", "Write a first, commented configuration."),
        "config": ("monitor.cli.config", "Check the configuration, and see what is in force."),
        "up": ("monitor.cli.up", "Start everything and watch over it, until Ctrl-C."),
        "history": ("monitor.cli.history", "What a domain's records say, since when, and what changed."),
        "diff": ("monitor.cli.diff", "What a domain's records mean now that they did not mean then."),
        "reputation": ("monitor.cli.reputation", "Our own composite of what is known of a sender."),
        "timeline": ("monitor.cli.timeline", "What happened that may matter to mail, on one axis."),
        "incident": ("monitor.cli.incident", "What is wrong, since when, on what evidence."),
        "alert": ("monitor.cli.alert", "Try the channels, see what was told, silence what need not be."),
    },
    "Send": {
        "domain": ("monitor.cli.domains.command", "Sending domains: what to publish, and whether it is."),
        "keys": ("monitor.cli.domains.keys", "DKIM keys: make, publish, rotate, revoke."),
        "list": ("monitor.cli.list", "Mailing lists, and how many people stand where."),
        "contact": ("monitor.cli.contact", "People: bring them in, look at one, let one go."),
        "address": ("monitor.cli.address", "What can be told of addresses without writing to them."),
        "suppression": ("monitor.cli.suppression", "Who is not written to, whatever a list says."),
        "segment": ("monitor.cli.segment", "Filters over people, kept by name."),
        "template": ("monitor.cli.template", "Store, look at and check what campaigns say."),
        "campaign": ("monitor.cli.campaigns.command", "Make campaigns, send them, see what became of them."),
        "send-test": ("monitor.cli.campaigns.trying", "Send a template to yourself."),
        "server": ("monitor.cli.servers.command", "The ways that mail leaves: add, test, pause, share."),
        "warmup": ("monitor.cli.warmup", "Let a young server grow, one mailbox provider at a time."),
        "own": ("monitor.cli.own", "The addresses of your own, which tests go to."),
        "bounce": ("monitor.cli.bounce", "Say what a mail that came back means, and for whom."),
        "reply": ("monitor.cli.reply", "Say what a server's reply means."),
        "webhook": ("monitor.cli.webhook", "What providers report: addresses, secrets, and what came."),
        "seed": ("monitor.cli.seed", "Mailboxes of your own that show where mail lands."),
        "placement": ("monitor.cli.placement", "Send a letter to the seeds, and see where it landed."),
    },
    "Keep": {
        "backup": ("monitor.cli.backup", "Copy the store into one file, while it is in use."),
        "restore": ("monitor.cli.restore", "Put a backup back; nothing is sent from it by itself."),
        "prune": ("monitor.cli.prune", "Delete what has been kept for long enough."),
        "verify-store": ("monitor.cli.verify_store", "Check what the store promises, from outside."),
    },
    "The parts of `up`, each by itself": {
        "sandbox": ("monitor.sandbox.command", "Run the made-up world, or change it while it runs."),
        "web": ("monitor.processes.web", "Answer opens, clicks and unsubscribes."),
        "dashboard": ("dashboards.command", "Serve the pages."),
        "scheduler": ("monitor.processes.scheduler", "Decide what is due when."),
        "worker": ("monitor.processes.worker", "Do what is due."),
        "inbound": ("monitor.processes.inbound", "Take bounces and reports in by SMTP."),
        "notifier": ("monitor.processes.notifier", "Tell people, and miss a scheduler that stopped."),
    },
}
"""heading -> name -> (module with `run(arguments) -> int`, one line of help)"""

COMMANDS: Mapping[str, tuple[str, str]] = {
    name: command for section in SECTIONS.values() for name, command in section.items()
}


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code."""
    return ending(dispatch, arguments)


def ending(command: Command, arguments: Sequence[str]) -> int:
    """Run `command`; whatever goes wrong becomes a sentence on stderr and an exit code, never a traceback."""
    try:
        code = command(arguments)
        sys.stdout.flush()
    except Problem as error:
        return complain(_refusal(error, arguments), Exit.USAGE)
    except KeyboardInterrupt:
        return complain("homing: stopped.", Exit.INTERRUPTED)
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:
        return complain(_bug(error, arguments), Exit.BUG)
    return code


def dispatch(arguments: Sequence[str]) -> int:
    """Find the command and run it; `--help` and `--version` are answered here, without its libraries."""
    first = arguments[0] if arguments else "--help"
    if first in ("-h", "--help", "help"):
        return _help(arguments[1:])
    if first in ("-V", "--version"):
        from monitor.version import running

        return say(f"homing {running()}")
    if first not in COMMANDS:
        raise Problem(_unknown(first))
    module, _ = COMMANDS[first]
    command: Command = import_module(module).run
    return command(arguments[1:])


def say(text: str) -> int:
    """Print to stdout, where data goes; returns success."""
    print(text)  # noqa: T201
    return Exit.CLEAN


def complain(text: str, code: int) -> int:
    """Print to stderr, where everything goes that is not data; returns `code`."""
    print(text, file=sys.stderr)  # noqa: T201
    return code


def _refusal(problem: Problem, arguments: Sequence[str]) -> str:
    """The sentence, or for a program that asked for JSON the same as a document."""
    if "--json" not in arguments:
        return f"homing: {problem}"
    import json

    return json.dumps({"code": "usage", "message": str(problem)})


def _help(topic: Sequence[str]) -> int:
    if topic:
        return dispatch([*topic, "--help"])
    from monitor.cli.help import overview

    return say(overview(SECTIONS))


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    hint = f" Did you mean `homing {near[0]}`?" if near else ""
    kind = "option" if name.startswith("-") else "command"
    return f"there is no {kind} `{name}`.{hint} `homing --help` lists the commands."


def _reader_left() -> int:
    """The reader of our output is gone (`| head`): say nothing more, not even at interpreter exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.BROKEN_PIPE


def _bug(error: Exception, arguments: Sequence[str]) -> str:
    """Keep the traceback in a file of its own, and say where."""
    said = "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile(
        "w", prefix="homing-fault-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(f"homing {arguments[0] if arguments else ''}\n\n{said}")
    return (
        f"homing: this is a fault of Homing itself ({type(error).__name__}), not of your domain.\n"
        f"The traceback is in {file.name}. Please report it."
    )
