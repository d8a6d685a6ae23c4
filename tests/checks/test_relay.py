"""Open relays: what a server's answer to a stranger says, and what it does not."""

import pytest

from checks.model import Finding, State
from checks.ports import NoRelay, ProbeFault, Relayed
from checks.smtp.relay import CHECK
from checks.wording import sentence
from tests.checks.examples.scene import Scene

HOST = "mx.example.com"
ZONE = {"example.com": {"MX": [[10, HOST]]}, HOST: {"A": ["9.9.9.10", "9.9.9.11"]}}


def answered(code: int | None, reply: str = "", fault: ProbeFault | None = None) -> list[Finding]:
    """What is found where the first address answers so, and the second refuses."""
    first = Relayed(HOST, "9.9.9.10", "nobody@x.invalid", code, reply, fault)
    second = Relayed(HOST, "9.9.9.11", "nobody@x.invalid", 554, "denied")
    return Scene(ZONE, relays={"9.9.9.10": first, "9.9.9.11": second}).look(CHECK)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (250, State.FAIL),
        (251, State.FAIL),
        (550, State.PASS),
        (554, State.PASS),
        (421, State.UNKNOWN),
        (451, State.UNKNOWN),
        (354, State.UNKNOWN),
        (99, State.UNKNOWN),
        (0, State.UNKNOWN),
    ],
)
def test_each_address_is_judged_by_its_own_answer(code: int, state: State) -> None:
    assert [(found.code, found.state) for found in answered(code, "so")] == [
        ("SMTP-006", state),
        ("SMTP-006", State.PASS),
    ]


@pytest.mark.parametrize("fault", list(ProbeFault))
def test_a_look_that_was_not_finished_is_unknown(fault: ProbeFault) -> None:
    [first, _] = answered(None, fault=fault)

    assert first.state is State.UNKNOWN


def test_the_sentence_shows_what_the_server_said() -> None:
    [first, second] = answered(250, "2.1.5 Ok")

    assert "250 2.1.5 Ok" in sentence(first)
    assert "554 denied" in sentence(second)


def test_nobody_is_asked_unless_somebody_wished_it() -> None:
    assert Scene(ZONE).look(CHECK) == []
    assert [asked.fault for asked in NoRelay().relay_all([(HOST, "9.9.9.10")])] == [ProbeFault.OFF]
