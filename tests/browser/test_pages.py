"""Every page in Chromium, in every form, on a store that tells a story and on one that attacks."""

import pytest
from playwright.sync_api import Browser

from tests.browser.camera import SCREENSHOTS, SIZES, look, photograph, settle
from tests.browser.conftest import Pages

pytestmark = pytest.mark.browser

PAGES = {
    "now": "",
    "domains": "domains",
    "blocklists": "blocklists",
    "campaign": "campaign",
    "placement": "placement",
}
FORMS = [(size, mode) for size in SIZES for mode in ("light", "dark")]


@pytest.mark.parametrize(("size", "mode"), FORMS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands_still_without_a_complaint(
    chromium: Browser, pages: Pages, name: str, size: str, mode: str
) -> None:
    """Nothing is fetched from elsewhere, the browser complains of nothing, nothing is cut off sideways."""
    with look(chromium, f"{pages('story')}/{PAGES[name]}?range=30d", size=size, mode=mode) as seen:
        photograph(seen, SCREENSHOTS / f"{name}-{size}-{mode}.png")

        assert seen.exceptions == []
        assert seen.foreign == []
        assert seen.complaints == []
        assert seen.sideways == 0


@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_strangers_wrote_runs(chromium: Browser, pages: Pages, name: str) -> None:
    """Scripts, images, links and formulas in DNS answers, subjects, replies, names and notes."""
    with look(chromium, f"{pages('hostile')}/{PAGES[name]}?range=30d") as seen:
        links = seen.page.locator('a[href*="evil.test"], a[href^="javascript"], img[src*="evil.test"]')

        assert seen.dialogs == []
        assert seen.foreign == []
        assert seen.exceptions == []
        assert links.count() == 0


def test_the_scope_stays_when_the_page_changes(chromium: Browser, pages: Pages) -> None:
    """And it is in the address, so that a link shows a colleague the same."""
    with look(chromium, f"{pages('story')}/?domain=club.test&range=30d") as seen:
        seen.page.get_by_role("link", name="Domains").first.click()
        seen.page.get_by_role("heading", name="club.test").wait_for()
        settle(seen.page)

        assert "domain=club.test" in seen.page.url
        assert "range=30d" in seen.page.url


def test_a_condition_leads_to_its_reason_in_one_click(chromium: Browser, pages: Pages) -> None:
    with look(chromium, pages("story")) as seen:
        seen.page.get_by_role("link", name="Why?").first.click()
        seen.page.get_by_role("button", name="Evidence").first.wait_for()

        assert "domain=news.test" in seen.page.url


def test_a_square_of_the_matrix_opens_its_domain(chromium: Browser, pages: Pages) -> None:
    with look(chromium, f"{pages('story')}/domains") as seen:
        seen.page.locator(".bars .point path").first.click(force=True)
        seen.page.get_by_role("button", name="All domains").wait_for()

        assert "domain=" in seen.page.url
