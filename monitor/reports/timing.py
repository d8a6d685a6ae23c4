"""Where the time of an audit went: `--timing`."""

from checks.trace import Trace


def timing(name: str, trace: Trace) -> str:
    """How many look-ups there were, and the longest chain of those that waited for each other."""
    chain = trace.longest()
    total = sum(look.milliseconds for look in chain)
    lines = [f"{name}: {len(trace.looks)} look-ups; the longest chain has {len(chain)} ({total:.0f} ms)"]
    lines += [
        f"  {look.milliseconds:7.1f} ms  {look.question.name} {look.question.rdtype}  ({look.check})"
        for look in chain
    ]
    return "\n".join(lines)
