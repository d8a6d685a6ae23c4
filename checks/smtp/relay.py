"""Whether the hosts that take a domain's mail would pass a stranger's mail on to anybody."""

from collections.abc import Iterator

from checks.check import Check
from checks.model import Evidence, Finding, Scope, Severity, State, Target, Value
from checks.mx import mx_servers
from checks.ports import ProbeFault, Relayed, World


def check(target: Target, world: World) -> Iterator[Finding]:
    """SMTP-006: does an MX address accept a recipient that is nobody's. Says nothing unless asked to probe.

    An acceptance is taken as it is given, at RCPT: whether the server would throw the message away later
    could only be told by sending one.
    """
    if not world.relay.on:
        return
    servers = mx_servers(world.dns, target.domain)
    for asked in world.relay.relay_all(servers):
        yield _judge(asked, world)


def _judge(asked: Relayed, world: World) -> Finding:
    subject = f"{asked.host} [{asked.address}]"
    reply = f"{asked.code} {asked.reply}"[:200].rstrip() if asked.code is not None else ""
    shown = reply or f"failed: {asked.fault.value if asked.fault else 'no reply'} ({asked.note})"
    line = f"RCPT TO:<{asked.recipient}>\n{shown}"
    seen = (Evidence(asked.host, "SMTP", line, resolver=asked.address, at=world.now),)
    args: dict[str, Value] = {"recipient": asked.recipient, "reply": reply}
    state = _state(asked)
    if state is State.UNKNOWN:
        args["why"] = asked.note or f"it answered {reply}"
        args["fault"] = (asked.fault or ProbeFault.NOT_NOW).value
    return Finding("SMTP-006", state, subject, args, seen)


def _state(asked: Relayed) -> State:
    """A deferral (4xx) decides nothing; nor does a code that RCPT does not have (RFC 5321 section 4.3.2)."""
    of_class = {2: State.FAIL, 5: State.PASS}
    return of_class.get(asked.code // 100, State.UNKNOWN) if asked.code is not None else State.UNKNOWN


CHECK = Check(
    name="relay",
    run=check,
    cites="RFC 5321 section 3.6.2, RFC 2505 section 2.1",
    codes={"SMTP-006": Severity.CRITICAL},
    scopes=frozenset({Scope.AUDIT}),
)
