"""Answers the suites about header fields."""

from checks.authres import parse
from tests.corpus.cases import Case
from tests.corpus.suites import Output


def authentication_results(case: Case) -> Output:
    found = parse(case.input["header"])
    results = [
        {"method": each.method, "result": each.result, "properties": dict(each.properties)}
        for each in found.results
    ]
    return {"authserv_id": found.server, "results": results}
