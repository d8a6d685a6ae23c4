"""Which addresses a policy passes: the set that two versions of a policy are compared by."""

from dataclasses import dataclass

from checks.ports import Address
from checks.spf.ranges import EVERYTHING, Ranges, first_match
from checks.spf.terms import Kind, Mechanism, Network, Result
from checks.spf.tree import Node, Step


@dataclass(frozen=True, slots=True)
class Authorised:
    """The addresses that pass whatever the message, and the terms whose answer depends on the message."""

    ranges: Ranges
    hidden: tuple[tuple[str, ...], ...] = ()
    """Paths of `ptr`, `exists` and macro terms that may pass more."""

    @property
    def networks(self) -> tuple[Network, ...]:
        """Collapsed, IPv4 first, in order."""
        return tuple(self.ranges.networks())


def authorised(node: Node) -> Authorised:
    """What the policy at `node` passes: the first match decides, as in check_host()."""
    return Passing().of(node)


class Passing:
    """`authorised` for the nodes of one tree, each domain worked out once."""

    def __init__(self) -> None:
        self._known: dict[str, Authorised] = {}

    def of(self, node: Node) -> Authorised:
        """The addresses that the policy at `node` passes; none where it has no record."""
        if node.record is None:
            return Authorised(Ranges())
        if node.domain not in self._known:
            found = [(self.by(step), _result(step) is Result.PASS) for step in node.steps]
            ranges = first_match([(one.ranges, passes) for one, passes in found])
            hidden = tuple(path for one, passes in found if passes for path in one.hidden)
            self._known[node.domain] = Authorised(ranges, hidden)
        return self._known[node.domain]

    def by(self, step: Step) -> Authorised:
        """The addresses that a step matches whatever the message; for an include those that pass there."""
        if step.child is not None and not step.hidden:
            return self.of(step.child)
        if step.hidden or not isinstance(step.term, Mechanism) or step.term.kind is Kind.PTR:
            return Authorised(Ranges(), (step.path,))
        return Authorised(_addresses(step, step.term))


def _addresses(step: Step, term: Mechanism) -> Ranges:
    if term.kind is Kind.ALL:
        return EVERYTHING
    if term.network is not None:
        return Ranges.of([term.network])
    if term.kind is Kind.EXISTS:
        return EVERYTHING if any(answer.records for answer in step.answers) else Ranges()
    addresses = [r.ip for answer in step.answers for r in answer.records if isinstance(r, Address)]
    return Ranges.near(addresses, term.prefix4, term.prefix6)


def _result(step: Step) -> Result:
    """What a match means; a redirect passes what its target passes (RFC 7208 section 6.1)."""
    return step.term.result if isinstance(step.term, Mechanism) else Result.PASS
