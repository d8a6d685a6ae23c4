"""What was said while we were connected, as the same events as what comes back by mail.

The delivery engine asks `category_of` for each answer, and hands over what it settled in the transaction
that settles it, so that a failure and its consequences are stored together or not at all.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from checks.model import Again
from data.events import whose
from data.states import State
from sender.delivery.ledger import Settled
from sender.delivery.outcome import Outcome, Result
from sender.delivery.outcome import Phase as Step
from sender.returns.categories import Category
from sender.returns.charge import Report, charge
from sender.returns.classify import Phase, Verdict, classify

PHASES = {
    Step.MAIL: Phase.MAIL,
    Step.RCPT: Phase.RCPT,
    Step.DATA: Phase.DATA,
    Step.DOT: Phase.DATA,
    Step.CALL: Phase.UNKNOWN,
}


def verdict_of(outcome: Outcome) -> Verdict:
    """The classifier's reading of a transport's answer; an API's own table has read it already."""
    if outcome.category:
        return Verdict(Category(outcome.category), outcome.again is Again.NEVER, None, outcome.enhanced)
    return classify(outcome.text, status=outcome.enhanced, phase=PHASES.get(outcome.phase, Phase.CONNECT))


def category_of(outcome: Outcome, provider: str) -> str:  # noqa: ARG001 - texts name their provider
    """What the delivery engine keeps of an answer that was not an acceptance."""
    if outcome.result is Result.UNKNOWN:
        return "unknown"
    if outcome.category:
        return outcome.category
    if not outcome.code and outcome.phase.before_mail:
        return Category.CONNECTION.value
    return verdict_of(outcome).category.value


def note_settled(connection: Connection, told: Sequence[Settled]) -> None:
    """Charge the rows that failed for good with what was said of them."""
    failed = [each for each in told if each.settlement.state is State.FAILED and each.outcome is not None]
    people = whose(connection, [each.row.id for each in failed])
    for each in failed:
        assert each.outcome is not None
        who = people.get(each.row.id)
        if who is None:
            continue
        key = f"smtp:{each.row.id}:{each.row.fence}"
        verdict = verdict_of(each.outcome)
        charge(connection, Report(who, verdict, each.outcome.text, each.settlement.at, key, "smtp"))
