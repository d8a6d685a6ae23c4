"""checkdmarc's DMARC parser reads the same records as ours; where they differ, RFC 9989 says who is right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dmarc.record import Flaw, is_dmarc, parse
from checks.dmarc.uri import ReportUri, parse_uri
from tests.oracles import checkdmarc


def valid(text: str) -> bool:
    """Without faults; a missing p is none here, since a record may do with reports alone."""
    return is_dmarc(text) and all(fault.flaw is Flaw.NO_POLICY for fault in parse(text).faults)


_VALUES = {
    "p": ["none", "Reject", "QUARANTINE", "foo"],
    "sp": ["none", "reject", "bar"],
    "np": ["none", "reject", "bar"],
    "t": ["y", "n", "x"],
    "psd": ["y", "n", "u", "x"],
    "fo": ["0", "1", "d:s", "2"],
    "adkim": ["r", "S"],
    "pct": ["50", "abc"],
    "xyz": ["1"],
}
_TAG = st.sampled_from([f"{name}={value}" for name, values in _VALUES.items() for value in values])


@settings(max_examples=200, deadline=None)
@given(
    tags=st.lists(_TAG, max_size=5, unique_by=lambda tag: tag.partition("=")[0]),
    gap=st.sampled_from(["; ", ";", " ; "]),
)
def test_both_find_the_same_records_valid(tags: list[str], gap: str) -> None:
    text = gap.join(["v=DMARC1", *tags])

    assert valid(text) == checkdmarc.dmarc_valid(text)


@pytest.mark.parametrize(
    "text",
    [
        "v=DMARC1; p=none; adkim=strict",  # section 4.8: the value is discarded, so it does nothing
        "v=DMARC1; p=none; fo=0:1",  # section 4.7: they exclude each other
    ],
)
def test_where_it_is_lenient_we_say_what_receivers_ignore(text: str) -> None:
    assert not valid(text)
    assert checkdmarc.dmarc_valid(text)


@pytest.mark.parametrize(
    "text",
    [
        "mailto:a@b.example",
        "mailto:a@b.example!10m",
        "https://b.example/x",
        "a@b.example",
        "mailto:",
        "x",
        "__mailto:a@b.example",
    ],
)
def test_both_take_the_same_report_addresses(text: str) -> None:
    assert isinstance(parse_uri(text), ReportUri) == checkdmarc.uri_valid(text)
