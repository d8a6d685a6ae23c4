"""Key records as they are met: read, or told exactly where they break."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dkim.key import KeyType, looks_like_key, parse_key
from checks.dkim.tags import parse_tags
from tests.fakes.dkim_keys import ED25519, RSA512, RSA1024, RSA2048


@pytest.mark.parametrize(("key", "bits"), [(RSA512, 512), (RSA1024, 1024), (RSA2048, 2048)])
def test_an_rsa_key_is_measured(key: str, bits: int) -> None:
    parsed = parse_key(f"v=DKIM1; k=rsa; p={key}")
    assert (parsed.type, parsed.bits, parsed.flaws) == (KeyType.RSA, bits, ())


def test_an_ed25519_key_has_32_octets() -> None:
    assert parse_key(f"v=DKIM1; k=ed25519; p={ED25519}").public is not None
    assert "32 octets, not 3" in str(parse_key("v=DKIM1; k=ed25519; p=AAAA").flaws[0])


def test_white_space_inside_the_key_is_allowed() -> None:
    """RFC 6376 section 3.6.1: FWS may stand anywhere in base64."""
    spaced = " ".join(RSA1024[i : i + 20] for i in range(0, len(RSA1024), 20))
    assert parse_key(f"p= {spaced}\t").bits == 1024


def test_an_empty_key_is_revoked_and_a_missing_one_is_a_flaw() -> None:
    assert parse_key("v=DKIM1; p=").revoked
    assert not parse_key("v=DKIM1; k=rsa").revoked
    assert "no p= tag" in str(parse_key("v=DKIM1; k=rsa").flaws[0])


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("v=DKIM1; p=MII!GfMA", "“!” is no base64 at character 15"),
        ("v=DKIM1; p=MIG=fMA0", "“=” is no base64 at character 15"),
        ("v=DKIM1; p=MIGfM", "the base64 is cut short at character 17"),
        (
            "v=DKIM1; p=-----BEGIN PUBLIC KEY-----MIG",
            "the PEM header was published with the key at character 12",
        ),
        ("v=DKIM1; p=AAAA", "p= is no RSA public key at character 12"),
        ("v=DKIM1\\; p=AAAA", "a stray \\ of the zone file at character 8"),
        ('v=DKIM1; k="rsa"; p=AAAA', 'a stray " of the zone file at character 12'),
        ("v=DKIM1; k=rsa p=AAAA", "there is no p= tag with a key at character 1"),
        ("v=DKIM1; p=; p=AAAA", "the tag p= appears twice at character 14"),
        ("v=DKIM1;; p=", "nothing between two semicolons at character 9"),
        ("v=DKIM1; key; p=", "“key” is not of the form tag=value at character 10"),
        ("v=DKIM1; k=dsa; p=AAAA", "“dsa” is an unknown key type at character 19"),
    ],
)
def test_a_broken_record_is_told_where_it_breaks(text: str, flaw: str) -> None:
    assert flaw in [str(each) for each in parse_key(text).flaws]


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("v=DKIM1; p=", ""),
        ("p=", ""),
        ("p=; v=DKIM1", "v=DKIM1 is not the first tag"),
        ("v=dkim1; p=", "v=dkim1 is not v=DKIM1"),
    ],
)
def test_the_version_comes_first_or_not_at_all(text: str, flaw: str) -> None:
    assert parse_key(text).version_flaw == flaw


def test_flags_services_and_hashes_are_lists() -> None:
    key = parse_key(f"v=DKIM1; t=y:s; s=email : other; h=sha1; p={RSA1024}")
    assert (key.testing, key.strict, key.serves_mail, key.takes_sha256) == (True, True, True, False)
    assert not parse_key(f"s=other; p={RSA1024}").serves_mail


def test_other_txt_records_are_no_keys() -> None:
    assert not looks_like_key("v=spf1 -all")
    assert looks_like_key("k=rsa; p=")


@given(st.text(max_size=200))
def test_whatever_is_published_is_taken_apart_without_a_crash(text: str) -> None:
    key = parse_key(text)
    assert key.public is None or not key.flaws
    assert all(0 <= flaw.at <= len(text) for flaw in parse_tags(text).flaws)
