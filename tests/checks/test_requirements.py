"""The providers' cards: what is passed, what fails, and what nobody could tell."""

from checks.model import Finding, Profile, State
from checks.requirements import PROVIDERS, Card, cards
from checks.score import score

DOMAIN = "example.com"


def card(key: str, found: list[Finding]) -> Card:
    return next(card for card in cards(found) if card.provider.key == key)


def state(card: Card, key: str) -> State:
    return next(row.state for row in card.rows if row.requirement.key == key)


def finding(code: str, found: State, subject: str = DOMAIN) -> Finding:
    return Finding(code, found, subject, {"why": "no answer"})


def test_a_row_passes_when_every_rule_behind_it_was_examined_and_holds() -> None:
    found = [finding(code, State.PASS) for code in ("RDNS-001", "RDNS-002")]

    assert state(card("gmail", found), "ptr") is State.PASS
    assert card("gmail", found).summary == "Gmail 2/12"


def test_one_address_at_fault_fails_the_row() -> None:
    found = [finding("RDNS-001", State.PASS, "9.9.9.9"), finding("RDNS-001", State.FAIL, "9.9.9.10")]

    assert state(card("gmail", found), "ptr") is State.FAIL


def test_what_was_not_examined_or_not_answered_is_never_passed() -> None:
    assert state(card("gmail", []), "ptr") is State.UNKNOWN
    found = [finding("RDNS-001", State.PASS, "9.9.9.9"), finding("RDNS-001", State.UNKNOWN, "9.9.9.10")]
    assert state(card("gmail", found), "ptr") is State.UNKNOWN


def test_rows_that_need_mail_or_a_console_say_what_they_need() -> None:
    rows = {row.requirement.key: row for row in card("gmail", []).rows}

    assert rows["spam-rate"].state is State.UNKNOWN
    assert rows["spam-rate"].note == "needs the provider's console"


def test_every_provider_names_its_page_and_asks_for_something() -> None:
    for provider in PROVIDERS:
        assert provider.source.startswith("https://")
        assert len({row.key for row in provider.rows}) == len(provider.rows)


def test_the_score_takes_points_once_a_rule_and_never_goes_below_zero() -> None:
    assert score([finding("RDNS-001", State.PASS)], Profile.BULK) == 10.0
    one = [finding("RDNS-001", State.FAIL, "9.9.9.9")]
    two = [*one, finding("RDNS-001", State.FAIL, "9.9.9.10")]
    assert score(one, Profile.BULK) == score(two, Profile.BULK)
    everything = [
        finding(code, State.FAIL) for code in ("RDNS-001", "RDNS-002", "MX-001", "HYG-003", "STS-001")
    ]
    assert score(everything, Profile.BULK) == 0.0


def test_there_is_no_score_while_something_that_weighs_is_open() -> None:
    assert score([finding("RDNS-001", State.UNKNOWN)], Profile.BULK) is None
