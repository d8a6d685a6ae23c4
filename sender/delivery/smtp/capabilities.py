"""What a server said it can do, from its answer to EHLO (RFC 5321 section 4.1.1.1)."""

from dataclasses import dataclass

from sender.delivery.smtp.replies import Reply


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Only what a client acts on. `size` is 0 where there is no fixed limit (RFC 1870 section 3)."""

    pipelining: bool = False
    eight_bit: bool = False
    smtputf8: bool = False
    starttls: bool = False
    announces_size: bool = False
    size: int = 0
    auth: frozenset[str] = frozenset()


def capabilities(reply: Reply) -> Capabilities:
    """Read a 250 answer to EHLO; unknown keywords and bad parameters are passed over."""
    words = [line.upper().replace("AUTH=", "AUTH ", 1).split() for line in reply.lines[1:]]
    offered = {line[0]: line[1:] for line in words if line}
    auth = {mechanism for line in words if line and line[0] == "AUTH" for mechanism in line[1:]}
    limit = next(iter(offered.get("SIZE", [])), "0")
    return Capabilities(
        pipelining="PIPELINING" in offered,
        eight_bit="8BITMIME" in offered,
        smtputf8="SMTPUTF8" in offered,
        starttls="STARTTLS" in offered,
        announces_size="SIZE" in offered,
        size=int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 19 else 0,
        auth=frozenset(auth),
    )
