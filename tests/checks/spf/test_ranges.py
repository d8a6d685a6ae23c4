"""Sets of addresses: what the authorised set of a policy is made of."""

from ipaddress import ip_network

from hypothesis import given
from hypothesis import strategies as st

from checks.spf.ranges import EVERYTHING, Ranges, first_match

NETWORKS = st.builds(
    lambda last, prefix: ip_network(f"192.0.2.{last}/{prefix}", strict=False),
    st.integers(0, 255),
    st.integers(26, 32),
)
SOME = [f"192.0.2.{last}" for last in range(256)]


@given(st.lists(st.tuples(st.lists(NETWORKS, max_size=3), st.booleans()), max_size=8))
def test_the_first_layer_that_matches_decides(layers: list[tuple[list[object], bool]]) -> None:
    sets = [(Ranges.of(networks), wanted) for networks, wanted in layers]  # type: ignore[arg-type]

    found = first_match(sets)

    for ip in SOME:
        assert (ip in found) == next((wanted for ranges, wanted in sets if ip in ranges), False)


@given(st.lists(NETWORKS), st.lists(NETWORKS))
def test_union_and_difference_are_those_of_the_addresses(first: list[object], second: list[object]) -> None:
    a, b = Ranges.of(first), Ranges.of(second)  # type: ignore[arg-type]

    for ip in SOME:
        assert (ip in (a | b)) == (ip in a or ip in b)
        assert (ip in (a - b)) == (ip in a and ip not in b)
    assert (a <= b) == all(ip in b for ip in SOME if ip in a)


def test_networks_come_back_collapsed_and_in_order() -> None:
    ranges = Ranges.of(
        [ip_network("2001:db8::/33"), ip_network("2001:db8:8000::/33"), ip_network("192.0.2.1/32")]
    )

    assert [str(network) for network in ranges.networks()] == ["192.0.2.1/32", "2001:db8::/32"]
    assert ranges.count(4) == 1


def test_everything_is_both_versions() -> None:
    assert "255.255.255.255" in EVERYTHING
    assert "::" in EVERYTHING
