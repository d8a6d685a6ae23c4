"""Adapter of the address suite."""

from sender.audience.addresses import AddressError, parse_address
from tests.corpus.cases import Case
from tests.corpus.suites import Output


def address(case: Case) -> Output:
    """Usable as an SMTP mailbox, with the forms that a list does not need but SMTP has."""
    try:
        parsed = parse_address(case.input["address"], quoted=True, literal=True)
    except AddressError as error:
        return {"valid": False, "error": str(error)}
    return {"valid": True, "normalized": parsed.mailbox, "ascii_domain": parsed.domain}
