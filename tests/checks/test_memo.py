"""The memory of one look."""

from checks.memo import Memo
from checks.ports import Got, Question
from tests.fakes.zone import ZoneDns


def test_a_question_is_asked_once_and_answered_in_order() -> None:
    dns = ZoneDns({"a.example": {"A": ["192.0.2.1"]}, "b.example": {}})
    memo = Memo(dns)
    first, second = Question("a.example", "A"), Question("b.example", "A")

    memo.ask_all([first, second, first])
    answers = memo.ask_all([second, first])

    assert [answer.got for answer in answers] == [Got.NODATA, Got.RECORDS]
    assert memo.ask("a.example", "A").texts == ("192.0.2.1",)
    assert dns.asked == [first, second]


def test_a_fresh_question_goes_down_every_time() -> None:
    dns = ZoneDns({})
    memo = Memo(dns)
    memo.ask("a.example", "A")
    memo.ask("a.example", "A", fresh=True)

    assert len(dns.asked) == 2
    assert len(dns.asked_fresh) == 1
