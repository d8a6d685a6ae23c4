"""Answers the suites about header fields."""

from checks.addresslist import addresses
from checks.authres import parse
from checks.received import parse as parse_received
from tests.corpus.cases import Case
from tests.corpus.suites import Output


def authentication_results(case: Case) -> Output:
    found = parse(case.input["header"])
    results = [
        {"method": each.method, "result": each.result, "properties": dict(each.properties)}
        for each in found.results
    ]
    return {"authserv_id": found.server, "results": results}


def address_list(case: Case) -> Output:
    return {"addresses": [{"address": address} for address in addresses(case.input["header"])]}


def received(case: Case) -> Output:
    found = parse_received(case.input["header"])
    at = found.at
    offset = at.utcoffset() if at else None
    date = at and {
        "y": at.year,
        "m": at.month,
        "d": at.day,
        "h": at.hour,
        "mi": at.minute,
        "s": at.second,
        "tz": int(offset.total_seconds() // 60) if offset is not None else 0,
    }
    return {
        "from": found.from_name or None,
        "by": found.by or None,
        "from_ip": found.from_ip or None,
        "for": found.for_address or None,
        "date": date,
    }
