"""Adapters of the SPF suites."""

from checks.spf.evaluate import evaluate
from checks.spf.terms import Result
from tests.corpus.cases import NOW, Case
from tests.corpus.suites import Output


def evaluation(case: Case) -> Output:
    """check_host(); "DEFAULT" is the suite's word for an explanation that the domain does not give."""
    asked = case.input
    verdict = evaluate(
        case.dns(silent="error."),
        ip=asked["ip"],
        mail_from=asked["mailfrom"],
        helo=asked["helo"],
        now=NOW,
        receiver=asked.get("receiver") or "unknown",
    )
    output: Output = {"result": verdict.result.value}
    if verdict.result is Result.FAIL:
        output["explanation"] = verdict.explanation or "DEFAULT"
    return output
