"""The pretend providers over real SMTP: they answer as theirs do, judge what they get, and file it."""

import mailbox
import smtplib
import ssl
from collections.abc import Iterator
from email.message import Message
from email.utils import parseaddr

import pytest

from monitor.sandbox import truth
from monitor.sandbox.filing import mailbox_path, open_mailbox
from monitor.sandbox.manners import COMMON, OWN, Blanks, Case, reply
from monitor.sandbox.providers import BY_KEY, PROVIDERS, Provider
from sender.delivery.backoff import matching
from tests.sandbox.correspondence import HELO, RETURN_PATH, Town, newsletter, town

pytestmark = pytest.mark.sockets


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    mail = tmp_path_factory.mktemp("mail")
    for provider in PROVIDERS:
        open_mailbox(mailbox_path(mail, f"finch@{provider.domain}"), provider)
    with town(mail) as running:
        yield running


@pytest.fixture(autouse=True)
def _as_in_the_beginning(there: Town) -> Iterator[None]:
    yield
    there.live.change(lambda _: truth.Truth())
    there.notes.clear()
    there.arrived.clear()


def deliver(there: Town, rcpt: str, message: bytes | None = None, helo: str = HELO) -> tuple[int, str]:
    """Hand one message over; (code, text) of the reply that decided."""
    provider = next(provider for provider in PROVIDERS if rcpt.endswith(f"@{provider.domain}"))
    with smtplib.SMTP(provider.ip, there.port, local_hostname=helo, timeout=5) as client:
        client.ehlo()
        client.mail(RETURN_PATH)
        code, text = client.rcpt(rcpt)
        if code == 250:
            code, text = client.data(message or newsletter(rcpt))
    return code, text.decode()


def filed(there: Town, rcpt: str, folder: str = "") -> list[Message]:
    path = mailbox_path(there.mail, rcpt)
    box: mailbox.Maildir = mailbox.Maildir(path / f".{folder}" if folder else path, create=False)
    return list(box)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.key)
def test_each_says_no_in_its_own_words(there: Town, provider: Provider) -> None:
    """A classifier that learns here must not have to unlearn in the world."""
    code, text = deliver(there, f"nobody.lee@{provider.domain}")

    words = reply(provider, Case.UNKNOWN, Blanks(ip="192.0.2.10", rcpt=f"nobody.lee@{provider.domain}"))
    assert code // 100 == 5
    assert text.splitlines()[0][:30] == words.splitlines()[0][4:34]


@pytest.mark.parametrize(
    ("rcpt", "code", "says"),
    [
        ("full.lee@gmail.test", 452, "4.2.2"),
        ("full.lee@outlook.test", 552, "5.2.2"),
        ("closed.lee@icloud.test", 550, "inactive email address"),
        ("returned.lee@gmail.test", 550, "5.1.1"),
        ("ann@gmail.test", 250, "2.0.0 OK"),
    ],
)
def test_an_address_behaves_by_its_first_word(there: Town, rcpt: str, code: int, says: str) -> None:
    got, text = deliver(there, rcpt)

    assert (got, says in text) == (code, True), text


def test_a_busy_mailbox_takes_the_second_attempt(there: Town) -> None:
    assert [deliver(there, "busy.lee@yahoo.test")[0] for _ in range(2)] == [450, 250]


def test_a_mailbox_is_not_at_another_provider(there: Town) -> None:
    """Each address answers for its own domain only."""
    with smtplib.SMTP(BY_KEY["gmail"].ip, there.port, local_hostname=HELO, timeout=5) as client:
        client.ehlo()
        client.mail(RETURN_PATH)
        assert client.rcpt("ann@yahoo.test")[0] == 554


def test_a_listed_address_is_refused_in_each_providers_words(there: Town) -> None:
    there.live.change(truth.listed("192.0.2.10", "zen.spamhaus.org", "127.0.0.3"))
    replies = {provider.key: deliver(there, f"ann@{provider.domain}") for provider in PROVIDERS}

    assert all(code >= 400 for code, _ in replies.values())
    assert "[BL21]" in replies["yahoo"][1]
    assert "(S3140)" in replies["outlook"][1]
    assert replies["gmail"][0] == 421

    there.live.change(truth.delisted("192.0.2.10", "zen.spamhaus.org"))
    assert deliver(there, "ann@yahoo.test")[0] == 250


def test_a_421_hangs_up(there: Town) -> None:
    """RFC 5321 section 3.8: a client that goes on must meet a closed connection."""
    there.live.change(truth.throttled("gmail"))
    with smtplib.SMTP(BY_KEY["gmail"].ip, there.port, local_hostname=HELO, timeout=5) as client:
        client.ehlo()
        client.mail(RETURN_PATH)
        code, text = client.rcpt("ann@gmail.test")
        assert (code, b"4.7.28" in text) == (421, True)
        assert client.sock is not None
        assert client.sock.recv(100) == b""


def test_what_passes_is_filed_with_the_receivers_judgement(there: Town) -> None:
    assert deliver(there, "finch@gmail.test")[0] == 250
    (copy,) = filed(there, "finch@gmail.test", "Promotions")

    results = " ".join(copy["Authentication-Results"].split())
    assert results.startswith("mx.gmail.test; dkim=pass header.d=harbour.test header.s=s1; spf=pass")
    assert "dmarc=pass (p=REJECT) header.from=harbour.test" in results
    assert parseaddr(copy["Return-Path"])[1] == RETURN_PATH
    assert "192.0.2.10" in copy["Received"]
    assert there.arrived == [], "an open or a click at a seed would be a made-up reader's"


def test_a_letter_to_one_person_is_no_promotion(there: Town) -> None:
    rcpt = "finch@gmail.test"
    before = len(filed(there, rcpt))
    deliver(there, rcpt, newsletter(rcpt, bulk=False))

    assert len(filed(there, rcpt)) == before + 1


def test_a_changed_message_fails_its_signature_but_spf_still_carries_it(there: Town) -> None:
    deliver(there, "ann@gmail.test", newsletter("ann@gmail.test").replace(b"One", b"Won"))

    (delivered,) = there.arrived
    assert not delivered.judgement.dkim_good
    assert delivered.judgement.dmarc == "pass"


@pytest.mark.parametrize(("key", "says"), [("gmail", "5.7.26"), ("outlook", "5.7.509"), ("yahoo", "5.7.9")])
def test_a_forger_is_refused_by_policy(there: Town, key: str, says: str) -> None:
    """Unsigned, from an address that is not Harbour's, under p=reject."""
    rcpt = f"ann@{BY_KEY[key].domain}"
    code, text = deliver(there, rcpt, newsletter(rcpt, signed=False), helo="elsewhere.test")

    assert (code // 100, says in text) == (5, True), text
    assert there.arrived == []


def test_a_sender_whose_dns_is_silent_is_asked_to_come_again(there: Town) -> None:
    there.live.change(truth.dns_down("harbour.test"))

    assert deliver(there, "ann@gmx.test")[0] == 451


def test_some_mailboxes_never_see_it(there: Town) -> None:
    """Outlook's share of junk is the largest; the same mailboxes in every run."""
    for number in range(40):
        deliver(there, f"reader{number}@outlook.test")
    junk = [delivered.envelope.rcpt for delivered in there.arrived if delivered.junk]

    assert 4 <= len(junk) <= 20


def test_starttls_is_offered_and_the_letter_goes_through_it(there: Town) -> None:
    """Gmail defers mail in clear; the certificates are nobody's, as with most of the world's mail servers."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP(BY_KEY["gmail"].ip, there.port, local_hostname=HELO, timeout=5) as client:
        client.starttls(context=context)
        client.sendmail(RETURN_PATH, ["ann@gmail.test"], newsletter("ann@gmail.test"))

    (delivered,) = there.arrived
    assert delivered.judgement.dmarc == "pass"
    assert delivered.envelope.ip == "192.0.2.10"


def test_each_reply_is_noted(there: Town) -> None:
    deliver(there, "ann@gmail.test")
    deliver(there, "nobody.lee@gmx.test")

    assert [(key, rcpt, text[:3]) for key, rcpt, text in there.notes] == [
        ("gmail", "ann@gmail.test", "250"),
        ("gmx", "nobody.lee@gmx.test", "550"),
    ]


def test_every_text_is_a_wellformed_reply() -> None:
    """RFC 5321 section 4.2.1: the same code on each line, a dash on all but the last, 512 octets."""
    blanks = Blanks("192.0.2.10", "somebody.with.a.long.name@outlook.test", "harbour.test", "AB0000000001")
    for provider in PROVIDERS:
        for case in {*COMMON, *OWN.get(provider.key, {})}:
            *earlier, last = reply(provider, case, blanks).split("\r\n")
            assert all(line[:4] == f"{last[:3]}-" for line in earlier), (provider.key, case)
            assert last[3] == " "
            assert all(len(line) < 510 for line in (*earlier, last))


def test_a_mailbox_in_trouble_never_slows_a_whole_provider_down() -> None:
    """What one mailbox answers meets no back-off rule: else the demonstration would crawl."""
    blanks = Blanks("192.0.2.10", "busy.lee@some.test", "harbour.test", "AB00000001")
    of_mailboxes = (Case.UNKNOWN, Case.CLOSED, Case.FULL, Case.BUSY, Case.GREYLISTED)
    for provider in PROVIDERS:
        for case in of_mailboxes:
            text = reply(provider, case, blanks)
            assert list(matching(provider.key, int(text[:3]), text[4:])) == [], (provider.key, case)


@pytest.mark.parametrize("case", [Case.THROTTLED, Case.LISTED])
def test_what_a_provider_says_of_the_sender_slows_it_down(case: Case) -> None:
    """Not each of them names a list or a rate: Gmail speaks of reputation, GMX of a block list."""
    blanks = Blanks("192.0.2.10", "ann@some.test", "harbour.test", "AB00000001")
    silent = []
    for provider in PROVIDERS:
        text = reply(provider, case, blanks)
        if not list(matching(provider.key, int(text[:3]), text[4:])):
            silent.append(provider.key)

    assert silent == []
