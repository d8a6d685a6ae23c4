"""Who fetched: the mail programs and browsers that people use are people, the rest says what it is."""

import pytest

from sender.web.agents import Agent, judge_agent
from sender.web.machines import judge_request

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    "agent",
    [
        IPHONE,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Thunderbird/128.3.0",
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Microsoft Outlook 16.0.5134; ms-office)",
        "Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 Chrome/110.0 Mobile [FB_IAB/FB4A;FBAV/401;]",
        "Outlook-iOS/709.2226530.prod.iphone (3.24.1)",
    ],
)
def test_what_people_read_mail_with_is_a_person(agent: str) -> None:
    assert judge_agent(agent).agent is Agent.PERSON


@pytest.mark.parametrize(
    ("agent", "evidence"),
    [
        ("", "no User-Agent"),
        ("Mozilla/5.0", "Apple Mail Privacy Protection"),
        ("curl/8.5.0", "has not the form of a browser's"),
        ("Mozilla/5.0 (compatible; SomethingNew/1.0)", "`compatible`"),
        (IPHONE + " (compatible; Foobot/2.1)", "`bot`"),
        (IPHONE + " https://example.com", "`https:`"),
        ("Mozilla/5.0 (Barracuda Sentinel (EE))", "names no system"),
    ],
)
def test_a_machine_is_told_with_its_evidence(agent: str, evidence: str) -> None:
    verdict = judge_agent(agent)
    assert verdict.agent is Agent.MACHINE
    assert evidence in verdict.evidence


def test_a_mail_services_image_proxy_is_a_reader_whose_place_is_unknown() -> None:
    judged = judge_request(
        "GET", [(b"user-agent", b"Mozilla/5.0 (via ggpht.com GoogleImageProxy)")], "66.249.84.1"
    )
    assert judged.proxy
    assert not judged.machine


@pytest.mark.parametrize(
    ("method", "header", "client", "evidence"),
    [
        ("HEAD", (b"accept", b"*/*"), "192.0.2.1", "HEAD request"),
        ("GET", (b"sec-purpose", b"prefetch;anonymous-client-ip"), "192.0.2.1", "sec-purpose"),
        ("GET", (b"x-moz", b"prefetch"), "192.0.2.1", "x-moz"),
        ("GET", (b"accept", b"*/*"), "40.94.1.2", ""),
        ("GET", (b"accept", b"*/*"), "40.92.1.2", "Exchange Online Protection"),
        ("GET", (b"accept", b"*/*"), "209.222.82.7", "Barracuda"),
    ],
)
def test_a_browsers_name_does_not_hide_a_scanner(
    method: str, header: tuple[bytes, bytes], client: str, evidence: str
) -> None:
    judged = judge_request(method, [(b"user-agent", IPHONE.encode()), header], client)
    assert judged.machine is bool(evidence)
    assert evidence in judged.evidence
