"""Less on the screen: short entries, sources of the turn in view, words and numbers that stay together."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import USES_MAMBA, answer, ask

pytestmark = pytest.mark.browser

DECEMBER = "2023년 12월 논문 목록"
VISIBLE = """all => all.filter(one => {
  const box = one.getBoundingClientRect(), floor = document.querySelector('.composer').getBoundingClientRect().top;
  return box.top >= 0 && box.bottom <= floor;
}).length"""


# --- Entries ---------------------------------------------------------------------------------------------------------
def test_at_least_eight_entries_of_a_list_are_seen_at_once(page: Page) -> None:
    ask(page, DECEMBER)
    entries = page.locator(".prose > ol > li")
    assert entries.evaluate_all(VISIBLE) >= 8
    lines = entries.first.locator(".said").evaluate(
        "one => one.clientHeight / parseFloat(getComputedStyle(one).lineHeight)"
    )
    assert round(lines) <= 2
    assert entries.first.locator(".cite").is_visible()


def test_a_mark_tells_what_does_not_stand_beside_it(page: Page) -> None:
    ask(page, DECEMBER)
    entry = page.locator(".prose > ol > li").first
    entry.locator(".cite").hover()
    said = page.locator("[role=tooltip]").inner_text()
    title, sentence = entry.locator("a").first.inner_text(), entry.locator(".said").text_content()
    assert len(said) > 20
    assert title not in said
    assert sentence
    assert sentence[:30] not in said


# --- Sources ---------------------------------------------------------------------------------------------------------
def test_sources_belong_to_the_turn_in_view(page: Page) -> None:
    ask(page, DECEMBER)
    ask(page, "Gamba를 설명해 줘")
    expect(page.locator("#sources h3")).to_have_count(1)
    page.locator(".turn").first.evaluate("turn => turn.scrollIntoView({ block: 'start' })")
    expect(page.locator("#sources h3")).to_have_count(20)
    page.locator(".turn").last.evaluate("turn => turn.scrollIntoView({ block: 'start' })")
    expect(page.locator("#sources h3")).to_have_count(1)


def test_sources_are_closed_and_brought_back_and_the_text_stays_where_it_is(page: Page) -> None:
    ask(page, USES_MAMBA)
    page.evaluate(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(one => { window.moved += one.value; }))"
        ".observe({ type: 'layout-shift' })"
    )
    place = page.locator(".prose").bounding_box()
    page.click("#close-sources")
    expect(page.locator("#sources")).to_be_hidden()
    assert page.locator(".prose").bounding_box() == place
    ask(page, "Gamba를 설명해 줘")
    expect(page.locator("#sources")).to_be_hidden()
    page.reload()
    answer(page)
    expect(page.locator("#sources")).to_be_hidden()
    page.locator(".opens").last.click()
    expect(page.locator("#source-1")).to_be_visible()
    page.click("#close-sources")
    page.locator(".cite").first.click()
    expect(page.locator("#source-1")).to_be_visible()
    assert page.evaluate("window.moved ?? 0") < 0.02
