"""Adapters of the suites about blocklists."""

from checks.blocklists.judge import Result, interpret
from checks.blocklists.shapes import custom
from checks.blocklists.table import BY_NAME
from tests.corpus.cases import Case
from tests.corpus.suites import Output

ON_IT = (Result.LISTED, Result.POLICY, Result.INFO)


def answer(case: Case) -> Output:
    """What one A record of one list means; a list that is not in the table is judged like one's own."""
    zone = BY_NAME.get(case.input["zone"]) or custom(case.input["zone"])
    reading = interpret(zone, [case.input["answer"]])
    return {
        "listed": reading.result in ON_IT,
        "blocked": reading.result is Result.REFUSED,
        "whitelist": reading.result is Result.ALLOWED,
        "symbol": " ".join(reading.labels),
    }
