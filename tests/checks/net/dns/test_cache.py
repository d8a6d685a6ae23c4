"""For how long what may be believed."""

from dataclasses import replace

import pytest

from checks.net.dns.cache import Cache, lifetime
from checks.ports import Answer, Got, Question, Soa, Why

QUESTION = Question("example.com", "A")
FOUND = Answer(QUESTION, Got.RECORDS, ttl=300)
FAILED = Answer(QUESTION, Got.FAILED, why=Why.TIMEOUT)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (FOUND, 300),
        (replace(FOUND, ttl=0), 0),
        (replace(FOUND, ttl=10_000_000), 86_400),
        (Answer(QUESTION, Got.NXDOMAIN, ttl=600, soa=Soa("com", 1, 600)), 600),
        (Answer(QUESTION, Got.NODATA, ttl=86_400, soa=Soa("com", 1, 86_400)), 10_800),
        (Answer(QUESTION, Got.NODATA), 0),
        (FAILED, 5),
        (Answer(QUESTION, Got.FAILED, why=Why.BUDGET), 0),
    ],
)
def test_lifetimes_follow_the_ttl_and_the_soa(answer: Answer, seconds: int) -> None:
    """RFC 2308 section 5 for absence, RFC 9520 section 3.2 for failures."""
    assert lifetime(answer) == seconds


def test_what_is_left_of_the_ttl_is_told() -> None:
    cache = Cache()
    cache.put(FOUND, 1000.0)
    kept = cache.get(QUESTION, 1100.5)
    assert kept is not None
    assert (kept.ttl, kept.from_cache) == (200, True)
    assert cache.get(QUESTION, 1300.0) is None


def test_a_failure_does_not_push_out_what_may_still_be_believed() -> None:
    cache = Cache()
    cache.put(FOUND, 0.0)
    cache.put(FAILED, 10.0)
    kept = cache.get(QUESTION, 20.0)
    assert kept is not None
    assert kept.got is Got.RECORDS


def test_the_cache_is_bounded_and_drops_what_was_used_longest_ago() -> None:
    """Ten thousand domains must not fill the memory."""
    cache = Cache(size=2)
    for name in ("a", "b"):
        cache.put(replace(FOUND, question=Question(name, "A")), 0.0)
    cache.get(Question("a", "A"), 1.0)
    cache.put(replace(FOUND, question=Question("c", "A")), 2.0)
    assert cache.get(Question("b", "A"), 3.0) is None
    assert cache.get(Question("a", "A"), 3.0) is not None
    assert len(cache) == 2
