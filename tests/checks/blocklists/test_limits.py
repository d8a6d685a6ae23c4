"""Blocklists are asked within their terms."""

import re
from dataclasses import replace

import pytest

from checks.blocklists.limits import PER_DAY, limits, scope
from checks.blocklists.table import BY_NAME, DEFAULT, ZONES
from checks.blocklists.zone import Zone


@pytest.mark.parametrize(
    "zone", [zone for zone in ZONES if "questions a day" in zone.terms], ids=lambda z: z.name
)
def test_the_budget_is_what_the_terms_say(zone: Zone) -> None:
    """The sentence that people read and the number that holds us are one."""
    said = re.search(r"below ([\d,]+) questions a day", zone.terms)
    assert said
    assert PER_DAY[scope(zone.name)] == int(said[1].replace(",", ""))


def test_every_list_is_paced_and_an_operators_lists_together() -> None:
    made = limits(DEFAULT)
    assert {scope(zone.name) for zone in DEFAULT} == set(made)
    assert scope("zen.spamhaus.org") == scope("dbl.spamhaus.org") == "spamhaus.org"


def test_the_key_of_a_list_is_no_part_of_the_name_of_its_limit() -> None:
    """The names of limits may be shown; a key may not."""
    keyed = replace(BY_NAME["zen.spamhaus.org"], key="a" * 26)
    assert list(limits([keyed])) == ["dq.spamhaus.net"]
