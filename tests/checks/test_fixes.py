"""The record that mends a finding, as people paste it."""

import json

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.zone
import pytest

from checks.change import Change
from checks.fixes import SYNTAXES, TTL, bind, cloudflare, quoted, route53

SPF = Change("example.com", "TXT", "v=spf1 +all", "v=spf1 mx -all")


def test_bind_shows_what_goes_as_a_comment_and_what_comes_as_a_record() -> None:
    assert bind(SPF) == (
        f'; example.com. {TTL} IN TXT "v=spf1 +all"\nexample.com. {TTL} IN TXT "v=spf1 mx -all"'
    )


def test_what_bind_is_given_is_what_the_zone_then_says() -> None:
    """Read back by another library: long, quoted and odd texts come through unchanged."""
    for text in ("v=DKIM1; k=rsa; p=" + "A" * 392, 'say "hi" \\ done', "grüße", ""):
        record = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.TXT, quoted(text))
        assert b"".join(record.strings) == text.encode()  # type: ignore[attr-defined]


def test_route53_upserts_the_whole_set_and_deletes_when_nothing_is_left() -> None:
    upsert = json.loads(route53(SPF))["Changes"][0]
    assert upsert["Action"] == "UPSERT"
    assert upsert["ResourceRecordSet"]["ResourceRecords"] == [{"Value": '"v=spf1 mx -all"'}]
    gone = json.loads(route53(Change("example.com", "MX", "0 .", "")))["Changes"][0]
    assert (gone["Action"], gone["ResourceRecordSet"]["ResourceRecords"]) == ("DELETE", [{"Value": "0 ."}])


def test_cloudflare_deletes_the_old_and_creates_the_new() -> None:
    assert [line.split()[0] for line in cloudflare(SPF).splitlines()] == ["DELETE", "POST"]
    assert cloudflare(Change("example.com", "TXT", "", "new")).startswith("POST")


@pytest.mark.parametrize("syntax", sorted(SYNTAXES))
def test_every_syntax_can_say_that_a_record_goes(syntax: str) -> None:
    assert "old value" in SYNTAXES[syntax](Change("example.com", "TXT", "old value", ""))


@pytest.mark.parametrize("syntax", sorted(SYNTAXES))
def test_every_syntax_says_the_new_record(syntax: str) -> None:
    said = SYNTAXES[syntax](SPF)

    assert "example.com" in said
    assert "v=spf1 mx -all" in said
