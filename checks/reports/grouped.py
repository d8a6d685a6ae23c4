"""From addresses to the senders behind them: the addresses of one name together, with one standing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from checks.reports.senders import Basis, Named
from checks.reports.sources import Source, Standing


@dataclass(frozen=True, slots=True)
class Sender:
    """All addresses of one name. `standing`: that of most of its messages."""

    name: str
    basis: Basis
    standing: Standing
    messages: int
    stopped: int
    """Messages that fail DMARC, which is what p=reject would stop."""
    sources: Sequence[Source]

    @property
    def addresses(self) -> Sequence[str]:
        return list(dict.fromkeys(each.address for each in self.sources))


def grouped(found: Iterable[Source], name: Callable[[str], Named]) -> Sequence[Sender]:
    """The largest first. `name` gives the name of an address."""
    groups: dict[Named, list[Source]] = {}
    for source in found:
        groups.setdefault(name(source.address), []).append(source)
    senders = [_sender(named, sources) for named, sources in groups.items()]
    return sorted(senders, key=lambda each: (-each.messages, each.name))


def _sender(named: Named, sources: Sequence[Source]) -> Sender:
    messages: dict[Standing, int] = {}
    for source in sources:
        messages[source.standing] = messages.get(source.standing, 0) + source.messages
    most = max(messages, key=lambda standing: messages[standing])
    stopped = sum(source.stopped for source in sources)
    return Sender(named.name, named.basis, most, sum(messages.values()), stopped, sources)
