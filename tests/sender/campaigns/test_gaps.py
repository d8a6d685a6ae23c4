"""Before a campaign starts it is known for how many people a field would come out empty."""

from data.merging import attributes_of_list
from sender.campaigns.gaps import gaps, gaps_of_campaign, gaps_of_list
from sender.content.compile import Source
from tests.sender.world import World

SOURCE = Source(
    "Hi {{first_name}}", "<p>{{city|there}} {{#if plan}}{{seats}}{{/if}} {{email}} {{unsubscribe_url}}</p>"
)


def test_people_without_a_value_are_counted_field_by_field_as_conditions_turn_out() -> None:
    people = [
        ("a@x.test", {"First_Name": "Ada"}),
        ("b@x.test", {"plan": "gold"}),
        ("c@x.test", {"first_name": ""}),
    ]

    found = gaps(SOURCE, people)

    assert found.people == 3
    assert {name: (gap.people, gap.example) for name, gap in found.fields.items()} == {
        "first_name": (2, "b@x.test"),
        "seats": (1, "b@x.test"),
    }
    assert found.sentences()[0] == (
        "{{first_name}} is empty for 2 of 3 people, b@x.test among them. Give it a default: {{first_name|…}}"
    )


def test_only_subscribers_are_asked(world: World) -> None:
    world.subscriber("a@x.test", first_name="Ada")
    world.subscriber("b@x.test")
    with world.store.read() as connection:
        found = gaps_of_list(connection, SOURCE, world.list_id)
    assert found.people == 2
    assert found.fields["first_name"].people == 1


def test_of_a_large_list_an_even_choice_is_asked(world: World) -> None:
    for number in range(10):
        world.subscriber(f"p{number}@x.test")
    with world.store.read() as connection:
        some = [*attributes_of_list(connection, world.list_id, 5)]
        everybody = [*attributes_of_list(connection, world.list_id, 10)]
    assert (len(some), len(everybody)) == (5, 10)


def test_a_campaign_asks_its_own_list_with_its_own_template(world: World) -> None:
    world.subscriber("a@x.test")
    with world.store.read() as connection:
        found = gaps_of_campaign(connection, world.campaign())
    assert found.fields["first_name"].people == 1
