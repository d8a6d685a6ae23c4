"""A token is read only by who made it, for what it was made."""

from hypothesis import given
from hypothesis import strategies as st

from sender.tokens import Purpose, Tokens, new_token_keys, tokens_from

TOKENS = Tokens((b"k" * 32,))
NUMBERS = st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=4)


@given(st.sampled_from(Purpose), NUMBERS)
def test_the_numbers_come_back_for_the_same_purpose_only(purpose: Purpose, numbers: list[int]) -> None:
    token = TOKENS.url(purpose, *numbers)
    for other in Purpose:
        assert TOKENS.read_url(other, token) == (tuple(numbers) if other is purpose else None)


@given(NUMBERS)
def test_the_form_for_addresses_survives_upper_case(numbers: list[int]) -> None:
    """Some servers hand a bounce back to the local part in capitals."""
    token = TOKENS.mail(Purpose.BOUNCE, *numbers)
    assert token == token.lower()
    assert TOKENS.read_mail(Purpose.BOUNCE, token.upper()) == tuple(numbers)


@given(st.text(max_size=100))
def test_nothing_that_was_made_up_is_read(token: str) -> None:
    assert TOKENS.read_url(Purpose.CLICK, token) is None
    assert TOKENS.read_mail(Purpose.BOUNCE, token) is None


@given(st.integers(0, 2**40), st.integers(0, 200), st.integers(1, 255))
def test_one_changed_byte_makes_it_worthless(number: int, at: int, change: int) -> None:
    import base64

    raw = bytearray(
        base64.urlsafe_b64decode((token := TOKENS.url(Purpose.OPEN, number)) + "=" * (-len(token) % 4))
    )
    raw[at % len(raw)] ^= change
    assert TOKENS.read_url(Purpose.OPEN, base64.urlsafe_b64encode(raw).decode().rstrip("=")) is None


def test_a_return_path_with_the_longest_token_is_a_valid_local_part() -> None:
    """RFC 5321 section 4.5.3.1.1: 64 octets."""
    assert len("unsub+" + TOKENS.mail(Purpose.UNSUBSCRIBE, 2**40, 2**24, 2**48)) <= 64


def test_old_tokens_are_read_after_the_key_was_replaced() -> None:
    """Unsubscribe links must work for years."""
    old = new_token_keys()
    token = tokens_from(old).url(Purpose.UNSUBSCRIBE, 7)
    renewed = tokens_from(new_token_keys() + old)
    assert renewed.read_url(Purpose.UNSUBSCRIBE, token) == (7,)
    assert renewed.url(Purpose.UNSUBSCRIBE, 7) != token


def test_the_numbers_cannot_be_seen_or_counted() -> None:
    """Neighbouring recipients share no prefix."""
    first, second = (TOKENS.url(Purpose.OPEN, number) for number in (1000, 1001))
    assert first[:4] != second[:4]
