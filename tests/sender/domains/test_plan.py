"""What each way out asks of a domain, as records."""

from dataclasses import replace

import pytest

from data.sending_domains import SendingDomain
from sender.domains.plan import WAYS, Plan, Present
from sender.domains.snippets import SNIPPETS

DOMAIN = SendingDomain(
    1, "brand.test", "s1", "bounce.brand.test", "https://track.brand.test",
    ips=("192.0.2.25", "2001:db8::25"),
    helo="mail.brand.test", inbound_host="mail.brand.test", tracking_target="app.brand.test",
)  # fmt: skip
PLAN = Plan(DOMAIN, WAYS["smtp"], "s1._domainkey.brand.test", "v=DKIM1; k=rsa; p=AAAA")


def told(plan: Plan) -> list[tuple[str, str, str, str]]:
    return [(wanted.what, wanted.name, wanted.type, wanted.value) for wanted in plan.records()]


def test_own_addresses_need_everything() -> None:
    assert told(PLAN) == [
        ("SPF", "brand.test", "TXT", "v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 ~all"),
        ("DKIM", "s1._domainkey.brand.test", "TXT", "v=DKIM1; k=rsa; p=AAAA"),
        ("DMARC", "_dmarc.brand.test", "TXT", "v=DMARC1; p=none"),
        ("return path", "bounce.brand.test", "MX", "10 mail.brand.test."),
        ("SPF of the return path", "bounce.brand.test", "TXT", "v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 -all"),
        ("tracking", "track.brand.test", "CNAME", "app.brand.test."),
        ("HELO", "mail.brand.test", "A", "192.0.2.25"),
        ("HELO", "mail.brand.test", "AAAA", "2001:db8::25"),
        ("PTR", "25.2.0.192.in-addr.arpa", "PTR", "mail.brand.test."),
        ("PTR", f"5.2.{'0.' * 22}8.b.d.0.1.0.0.2.ip6.arpa", "PTR", "mail.brand.test."),
    ]


def test_without_addresses_the_host_stands_for_them() -> None:
    bare = replace(PLAN, domain=replace(DOMAIN, ips=()))
    assert told(bare)[0][3] == "v=spf1 a:mail.brand.test ~all"
    assert {wanted.what for wanted in bare.records()}.isdisjoint({"PTR", "HELO"})


def test_a_provider_signs_and_has_addresses_of_its_own() -> None:
    ses = replace(PLAN, way=WAYS["ses"], region="eu-west-1")
    assert told(ses) == [
        ("SPF", "brand.test", "TXT", "v=spf1 include:amazonses.com ~all"),
        ("DMARC", "_dmarc.brand.test", "TXT", "v=DMARC1; p=none"),
        ("return path", "bounce.brand.test", "MX", "10 feedback-smtp.eu-west-1.amazonses.com."),
        ("SPF of the return path", "bounce.brand.test", "TXT", "v=spf1 include:amazonses.com -all"),
        ("tracking", "track.brand.test", "CNAME", "app.brand.test."),
    ]


@pytest.mark.parametrize(
    ("present", "before", "value"),
    [
        (Present("v=spf1 mx -all"), "v=spf1 mx -all", "v=spf1 mx ip4:192.0.2.25 ip6:2001:db8::25 -all"),
        (Present("v=spf1 ip4:192.0.2.0/24 -all", passes=True), "", "v=spf1 ip4:192.0.2.0/24 -all"),
    ],
)
def test_what_is_there_is_changed_as_little_as_it_must_be(present: Present, before: str, value: str) -> None:
    wanted = replace(PLAN, present=present).records()[0]
    assert (wanted.before, wanted.value) == (before, value)


def test_a_policy_that_is_there_is_left_alone() -> None:
    plan = replace(PLAN, present=Present(dmarc="v=DMARC1; p=reject"))
    assert ("DMARC", "_dmarc.brand.test", "TXT", "v=DMARC1; p=reject") in told(plan)


@pytest.mark.parametrize("kind", SNIPPETS)
def test_every_way_out_has_a_snippet_with_the_domain_s_own_names(kind: str) -> None:
    said = SNIPPETS[kind](DOMAIN, 2525)
    assert any(name in said for name in ("bounce.brand.test", "mail.brand.test", "brand.test"))
