"""Amazon SES against a server that checks signatures and answers as published."""

from collections.abc import Iterator

import pytest

from checks.model import Again
from data import recipients
from data.states import State
from data.store import Store
from sender.delivery.outcome import Phase, Result
from sender.delivery.smtp.transaction import Mail
from sender.delivery.transports import BadServer
from sender.delivery.transports.base import Transport
from tests.fakes.campaign import NOON
from tests.fakes.providers.serving import Answer, Fault, Served, serving
from tests.fakes.providers.ses import KEY, REGION, SECRET, SesAccount
from tests.sender.delivery.http.sending import LETTER, MAIL, campaign, deliver, probe, transport

pytestmark = pytest.mark.sockets


@pytest.fixture
def account() -> SesAccount:
    return SesAccount(now=NOON)


@pytest.fixture
def served(account: SesAccount) -> Iterator[Served]:
    with serving(account.obey) as up:
        yield up


def ses(served: Served, secret: str = SECRET, **settings: object) -> Transport:
    return transport("ses", secret, {"url": served.url, "region": REGION, "access_key": KEY, **settings})


def test_a_message_is_taken_as_it_is_with_the_recipients_token(served: Served, account: SesAccount) -> None:
    (outcome,) = deliver(ses(served, configuration_set="campaigns"), MAIL)

    assert outcome is not None
    assert (outcome.result, outcome.code) == (Result.ACCEPTED, 200)
    assert outcome.text == "accepted as 0102018c-000001-000000"
    ((message, tags),) = account.taken
    assert message["Subject"] == "Hello"
    assert tags == {"homing": "token"}
    assert served.calls[0].document["ConfigurationSetName"] == "campaigns"


def test_one_connection_carries_many_messages(served: Served, account: SesAccount) -> None:
    outcomes = deliver(ses(served), MAIL, MAIL, MAIL)

    assert [each.result for each in outcomes if each] == [Result.ACCEPTED] * 3
    assert len(account.taken) == 3
    assert served.connections == 1


def test_nothing_is_handed_over_that_is_not_on_disk(served: Served, account: SesAccount) -> None:
    assert deliver(ses(served), MAIL, ready=False) == [None]
    assert (served.calls, account.taken) == ([], [])


@pytest.mark.parametrize("fault", [Fault.HANG_UP, Fault.GIBBERISH, Fault.STALL])
def test_a_lost_answer_is_unknown_and_never_tried_again_by_itself(
    served: Served, account: SesAccount, fault: Fault
) -> None:
    served.next.append(fault)
    (outcome,) = deliver(ses(served, seconds=0.3), MAIL)

    assert outcome is not None
    assert (outcome.result, outcome.phase) == (Result.UNKNOWN, Phase.CALL)
    assert len(account.taken) == 1


@pytest.mark.parametrize(
    ("answer", "result", "phase", "again", "category"),
    [
        (Answer(500, {"message": "x"}), Result.UNKNOWN, Phase.CALL, Again.LATER, ""),
        (Answer(502, body=b"<html>"), Result.UNKNOWN, Phase.CALL, Again.LATER, ""),
        (Answer(200, body=b"{"), Result.UNKNOWN, Phase.CALL, Again.LATER, ""),
        (Answer(503, {}), Result.DEFERRED, Phase.CALL, Again.LATER, "remote_temporary"),
        (Answer(301, {}), Result.DEFERRED, Phase.AUTH, Again.NEVER, "sender_config"),
        (Answer(418, {}), Result.DEFERRED, Phase.CALL, Again.LATER, "protocol"),
    ],
)
def test_what_every_provider_may_answer(
    served: Served, answer: Answer, result: Result, phase: Phase, again: Again, category: str
) -> None:
    served.next.append(answer)
    (outcome,) = deliver(ses(served), MAIL)

    assert outcome is not None
    assert (outcome.result, outcome.phase, outcome.again) == (result, phase, again)
    assert outcome.category == category


@pytest.mark.parametrize(
    ("status", "kind", "said", "phase", "category"),
    [
        (429, "TooManyRequestsException", "Maximum sending rate exceeded.", Phase.CALL, "throttled"),
        (429, "TooManyRequestsException", "Daily message quota exceeded.", Phase.AUTH, "throttled"),
        (400, "MessageRejected", "The message contains a virus.", Phase.CALL, "content"),
        (400, "MailFromDomainNotVerifiedException", "x", Phase.AUTH, "sender_config"),
        (404, "NotFoundException", "Configuration set does not exist.", Phase.AUTH, "sender_config"),
    ],
)
def test_published_errors_are_told_apart(
    served: Served, status: int, kind: str, said: str, phase: Phase, category: str
) -> None:
    served.next.append(
        Answer(status, {"message": said}, {"x-amzn-ErrorType": f"{kind}:", "Retry-After": "7"})
    )
    (outcome,) = deliver(ses(served), MAIL)

    assert outcome is not None
    assert (outcome.phase, outcome.category, outcome.wait) == (phase, category, 7.0)
    assert outcome.text == f"{kind}: {said}"


def test_a_wrong_key_says_something_of_the_server_and_not_of_the_message(served: Served) -> None:
    (outcome,) = deliver(ses(served, secret="not the secret"), MAIL)

    assert outcome is not None
    assert (outcome.result, outcome.phase, outcome.again) == (Result.DEFERRED, Phase.AUTH, Again.NEVER)
    assert "InvalidSignatureException" in outcome.text


def test_an_address_that_ses_cannot_take_is_refused_before_asking(served: Served) -> None:
    (outcome,) = deliver(ses(served), Mail("", "jörg@example.net", LETTER, "t"))

    assert outcome is not None
    assert (outcome.result, outcome.enhanced) == (Result.REFUSED, "5.6.7")
    assert served.calls == []


def test_an_account_can_be_looked_at_without_sending(served: Served, account: SesAccount) -> None:
    found = probe(ses(served))
    assert found.outcome.result is Result.ACCEPTED
    assert "it may send 14 a second" in found.facts

    account.enabled = False
    assert probe(ses(served)).outcome.again is Again.NEVER
    assert account.taken == []


def test_an_address_inside_our_network_is_not_called(served: Served) -> None:
    """Whoever can change the DNS must not be able to point our keys at a neighbour."""
    url = served.url.replace("http:", "https:")
    way = transport("ses", SECRET, {"url": url, "region": REGION, "access_key": KEY, "private": False})
    (outcome,) = deliver(way, MAIL)

    assert outcome is not None
    assert (outcome.result, outcome.phase) == (Result.DEFERRED, Phase.LOOKUP)
    assert "not public" in outcome.text
    assert served.connections == 0


def test_keys_never_go_out_in_clear() -> None:
    with pytest.raises(BadServer, match="https"):
        transport(
            "ses", SECRET, {"url": "http://127.0.0.1", "region": REGION, "access_key": KEY, "private": False}
        )


def test_a_campaign_goes_out_through_ses(store: Store) -> None:
    """Through all floors: claimed, on disk before the call, sent; whom SES refuses fails alone."""
    account = SesAccount()
    with serving(account.obey) as served:
        account.now = NOON
        settings = {"url": served.url, "region": REGION, "access_key": KEY, "connections": 4}
        served.next.append(Answer(400, {"message": "virus"}, {"x-amzn-ErrorType": "MessageRejected"}))
        campaign(store, 30, "ses", SECRET, settings)

    with store.read() as connection:
        found = dict(recipients.counts(connection, 1))
    assert found == {State.SENT: 29, State.FAILED: 1}
    assert len({message["To"] for message, _ in account.taken}) == 29
    assert served.connections <= 4
