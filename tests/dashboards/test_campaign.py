"""A campaign's numbers in words."""

from dashboards.pieces.campaign import ACTIONS, bounce_table, consequence, provider_table, stages, tiles
from data.panels.outcomes import Counts
from data.panels.replies import Bounce
from sender.returns.categories import CONSEQUENCES, Action, Fault

COUNTS = Counts(
    provider="gmail",
    audience=100,
    waiting=10,
    skipped=5,
    accepted=75,
    deferred=4,
    failed=5,
    unknown=1,
    attempts=90,
    bounced_later=3,
    opened=30,
    machine_opened=12,
    clicked=6,
    machine_clicked=2,
    unsubscribed=1,
    complained=1,
)


def test_every_consequence_has_its_words() -> None:
    assert set(ACTIONS) == set(Action)
    assert {consequence(category.value) for category in CONSEQUENCES} == set(CONSEQUENCES.values())


def test_a_class_of_another_version_is_nobodys_fault() -> None:
    assert consequence("invented").fault is Fault.NONE
    assert consequence("").action is Action.REVIEW


def test_a_block_is_told_as_ours() -> None:
    row = bounce_table([Bounce("blocked_ip", "outlook", 7, 550, "5.7.1", "blocked")]).iloc[0]

    assert row["class"] == "blocked ip"
    assert row["whose fault"] == "sender"
    assert row["code"] == "550 5.7.1"


def test_rates_leave_out_what_has_no_answer() -> None:
    by_label = {tile.label: tile for tile in tiles(COUNTS)}

    assert by_label["Bounced"].value == "10.0 %"  # 8 of 75 accepted + 5 refused
    assert by_label["Accepted"].value == "88.2 %"  # 75 of 85 attempted
    assert by_label["Opened"].value == "41.7 %"  # 30 of 72 delivered
    assert by_label["Opened"].detail == "30 · 12 machine"
    assert by_label["No answer"].detail == "waits for a person"
    assert by_label["Audience"].detail == "14 to go · 5 skipped"


def test_the_funnel_only_narrows() -> None:
    counts = [stage.count for stage in stages(COUNTS)]

    assert counts == sorted(counts, reverse=True)


def test_a_provider_without_mail_has_no_rates() -> None:
    row = provider_table([Counts(provider="web", audience=3, waiting=3)], {}).iloc[0]

    assert row["delivered %"] is None
    assert row["pace"] == ""
