"""Generated names and chosen ones, from the wild."""

import pytest

from checks.rdns.generic import looks


@pytest.mark.parametrize(
    ("name", "ip"),
    [
        ("dyn-192-0-2-25.isp.example", "192.0.2.25"),
        ("25.2.0.192.in-addr.isp.example", "192.0.2.25"),
        ("p5b2a1c3d.dip0.t-ipconnect.example", "91.42.28.61"),
        ("c-192-0-2-25.hsd1.ca.comcast.net", "192.0.2.25"),
        ("cpe-192-0-2-25.cable.isp.example", "192.0.2.25"),
        ("ec2-203-0-113-7.compute-1.amazonaws.example", "203.0.113.7"),
        ("192000002025.isp.example", "192.0.2.25"),
        ("ppp12.isp.example", "192.0.2.25"),
        ("clients17.isp.example", "192.0.2.25"),
        ("20010db8000000000000000000000025.v6.isp.example", "2001:db8::25"),
    ],
)
def test_names_that_a_machine_made_are_generic(name: str, ip: str) -> None:
    assert looks(name, ip).generic
    assert looks(name, ip).because


@pytest.mark.parametrize(
    ("name", "ip"),
    [
        ("mail.example.com", "192.0.2.25"),
        ("mail-pj1-f41.google.com", "209.85.216.41"),
        ("a8-50.smtp-out.amazonses.com", "54.240.8.50"),
        ("o1.ptr9999.sendgrid.net", "192.0.2.25"),
        ("mail-192-0-2-25.esp.example", "192.0.2.25"),
        ("static.25.2.0.192.clients.your-server.example", "192.0.2.25"),
        ("mail.dsl.example", "192.0.2.25"),
        ("broadbandshop.example.com", "192.0.2.25"),
        ("natalie.example.com", "192.0.2.25"),
    ],
)
def test_names_that_a_person_chose_are_not(name: str, ip: str) -> None:
    assert not looks(name, ip).generic


def test_weak_words_alone_do_not_make_a_name_generic() -> None:
    assert looks("vps.example.com", "192.0.2.25").score == 1
