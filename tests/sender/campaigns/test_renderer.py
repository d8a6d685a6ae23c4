"""The message that leaves: whose it is, how it comes back, and what its author and its reader set."""

import email
import email.policy
import re
from datetime import timedelta

import pytest

from data.campaigns import MessageClass, freeze_content
from data.templates import save_template
from sender.campaigns.renderer import CampaignRenderer
from sender.delivery.envelope import Rendered, RenderFailed
from sender.tokens import Purpose, Tokens
from tests.sender.world import NOW, World

TOKENS = Tokens((b"k" * 32,))


def renderer(world: World) -> CampaignRenderer:
    return CampaignRenderer(world.store, TOKENS, lambda: NOW)


def rendered(world: World, **changes: object) -> tuple[Rendered, int]:
    recipient = world.recipient(world.campaign(**changes), world.subscriber("ada@x.test", first_name="Ada"))
    result = renderer(world).render(recipient)
    assert isinstance(result, Rendered)
    return result, recipient.id


def test_every_token_in_the_message_leads_back_to_its_recipient(world: World) -> None:
    result, recipient_id = rendered(world)
    text = result.message.decode().replace("=\r\n", "")
    links = dict(re.findall(r"https://t\.brand\.test/([a-z])/([\w-]+)", text))
    assert TOKENS.read_url(Purpose.OPEN, links["o"]) == (1, recipient_id)
    assert TOKENS.read_url(Purpose.CLICK, links["c"]) == (1, recipient_id)
    left = TOKENS.read_url(Purpose.UNSUBSCRIBE, links["u"])
    assert left is not None
    assert left[1:] == (world.list_id, recipient_id)
    assert f"<https://t.brand.test/u/{links['u']}>" in text
    local, _, domain = result.envelope_from.partition("@")
    assert domain == "rp.brand.test"
    assert TOKENS.read_mail(Purpose.BOUNCE, local.removeprefix("b+")) == (recipient_id,)
    mailto = re.search(r"mailto:unsub\+(\w+)@rp\.brand\.test", text)
    assert mailto
    assert TOKENS.read_mail(Purpose.UNSUBSCRIBE, mailto[1]) == left


def test_the_headers_name_the_list_and_the_sender(world: World) -> None:
    result, _ = rendered(world)
    message = email.message_from_bytes(result.message, policy=email.policy.default)
    assert message["From"] == "Brand <news@brand.test>"
    assert message["To"] == "ada@x.test"
    assert message["Subject"] == "Hi Ada"
    assert message["List-Id"] == "Brand News <news.brand.test>"
    assert re.fullmatch(r"c\d+:l\d+:campaign:brand-test", message["Feedback-ID"])
    assert message["Message-ID"] == f"<{result.message_id}>"
    assert "Auto-Submitted" not in message


def test_complaints_are_asked_for_at_the_return_path_and_say_whose_message_it_was(world: World) -> None:
    result, _ = rendered(world)
    message = email.message_from_bytes(result.message)
    assert message["CFBL-Address"] == "fbl@rp.brand.test; report=arf"
    assert TOKENS.read_mail(Purpose.BOUNCE, message["CFBL-Feedback-ID"]) == (1,)


def test_a_message_made_again_is_the_same_message(world: World) -> None:
    recipient = world.recipient(world.campaign(), world.subscriber("ada@x.test"))
    first = renderer(world).render(recipient)
    later = CampaignRenderer(world.store, TOKENS, lambda: NOW + timedelta(hours=3)).render(recipient)
    assert isinstance(first, Rendered)
    assert isinstance(later, Rendered)
    assert later.message_id == first.message_id
    assert later.message.partition(b"\r\n")[2] == first.message.partition(b"\r\n")[2], "all but the Date"


def test_a_started_campaign_keeps_the_content_that_it_started_with(world: World) -> None:
    campaign = world.campaign()
    recipient = world.recipient(campaign, world.subscriber("ada@x.test"))
    content = {"subject": "Then", "html": "<p>then</p>", "text": "", "preheader": ""}
    with world.store.write() as connection:
        freeze_content(connection, campaign.id, content)
        save_template(connection, "hello", NOW, subject="Now", html="<p>now</p>")
    result = renderer(world).render(recipient)
    assert isinstance(result, Rendered)
    assert b"Subject: Then\r\n" in result.message


def test_anonymous_tracking_says_the_campaign_and_not_the_person(world: World) -> None:
    result, _ = rendered(world, tracking="anonymous")
    links = dict(
        re.findall(r"https://t\.brand\.test/([oc])/([\w-]+)", result.message.decode().replace("=\r\n", ""))
    )
    assert TOKENS.read_url(Purpose.OPEN, links["o"]) is None
    assert TOKENS.read_url(Purpose.OPEN_ANONYMOUS, links["o"]) == (1,)
    assert TOKENS.read_url(Purpose.CLICK_ANONYMOUS, links["c"]) == (1,)


@pytest.mark.parametrize("message_class", [MessageClass.TRANSACTIONAL, MessageClass.CONFIRMATION])
def test_what_cannot_be_left_offers_no_leaving(world: World, message_class: MessageClass) -> None:
    result, _ = rendered(world, message_class=message_class)
    message = email.message_from_bytes(result.message)
    assert "List-Unsubscribe" not in message
    assert "List-Id" not in message
    assert ("Auto-Submitted" in message) is (message_class is MessageClass.CONFIRMATION)


def test_a_template_that_cannot_be_read_fails_with_its_sentence(world: World) -> None:
    with world.store.write() as connection:
        save_template(connection, "hello", NOW, subject="x", html="{{#if a}}")
    recipient = world.recipient(world.campaign(), world.subscriber("ada@x.test"))
    assert renderer(world).render(recipient) == RenderFailed(
        "Line 1, column 1: {{#if a}} is not closed by {{/if}}."
    )


def test_a_persons_name_that_hides_a_header_fails_the_message(world: World) -> None:
    evil = "=?utf-8?q?x=0D=0ABcc:_evil=40x.org?="
    recipient = world.recipient(world.campaign(), world.subscriber("ada@x.test", first_name=evil))
    result = renderer(world).render(recipient)
    assert isinstance(result, RenderFailed)
    assert "Subject" in result.reason
