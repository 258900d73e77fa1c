"""Less on the screen: short entries, sources of the turn in view, words and numbers that stay together."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import GAMBA, USES_MAMBA, answer, ask, links

pytestmark = pytest.mark.browser

DECEMBER = "2023년 12월 논문 목록"
VISIBLE = """all => all.filter(one => {
  const box = one.getBoundingClientRect(), floor = document.querySelector('.composer').getBoundingClientRect().top;
  return box.top >= 0 && box.bottom <= floor;
}).length"""

# Answers as the server does, but holds the next questions back until `arrives()` is called.
LATE_QUESTIONS = """() => {
  const own = window.fetch;
  window.fetch = async (path, options) => {
    const reply = await own(path, options);
    if (path !== '/page/ask') return reply;
    const lines = (await reply.text()).trim().split('\\n').filter(line => JSON.parse(line).type !== 'next');
    const body = new ReadableStream({ start(stream) {
      const send = line => stream.enqueue(new TextEncoder().encode(line + '\\n'));
      lines.forEach(send);
      window.arrives = () => { send(JSON.stringify({ type: 'next', questions: ['나중에 온 질문'] })); stream.close(); };
    } });
    return new Response(body);
  };
}"""


# --- Entries ---------------------------------------------------------------------------------------------------------
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


def test_a_long_topic_leaves_the_views_on_its_line(page: Page) -> None:
    ask(page, "2023년에 나온 이미지와 텍스트를 함께 이해하는 멀티모달 모델 논문 목록")
    places = [page.locator(f".answerhead {part}").bounding_box() for part in (".chips", ".order", ".tabs")]
    tops = [place["y"] for place in places if place]
    assert len(tops) == 3
    assert max(tops) - min(tops) < 12


# --- Sources ---------------------------------------------------------------------------------------------------------
def test_sources_that_a_reader_asks_for_stay_until_the_reader_scrolls_on(page: Page) -> None:
    ask(page, USES_MAMBA)
    ask(page, "Gamba를 설명해 줘")
    page.locator(".turn").first.locator(
        ".cite"
    ).last.click()  # the click scrolls, and the later turn is in view as well
    expect(page.locator("#source-2")).to_be_visible()
    page.wait_for_timeout(200)  # what would take them away comes after the click
    expect(page.locator("#sources h3")).to_have_count(2)
    page.locator(".scroller").evaluate("one => one.scrollTo(0, one.scrollHeight)")
    expect(page.locator("#sources h3")).to_have_count(1)


def test_sources_are_closed_and_brought_back_and_the_text_stays_where_it_is(page: Page) -> None:
    ask(page, USES_MAMBA)
    page.evaluate(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(one => { window.moved += one.value; }))"
        ".observe({ type: 'layout-shift' })"
    )
    expect(page.locator("#sources h3").first).to_be_visible()  # the answer is drawn once more when its sources come
    expect(page.locator(".prose")).to_be_visible()
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


# --- Questions -------------------------------------------------------------------------------------------------------
def test_the_bubble_follows_the_chips(page: Page) -> None:
    ask(page, "2019년에 Mamba를 사용한 논문은?")
    page.locator(".rescue button").first.click()
    answer(page)
    bubble = page.locator("[data-testid=user]")
    expect(bubble).to_contain_text("고침")
    assert "2019" not in bubble.inner_text()
    assert "Mamba" in bubble.inner_text()
    page.reload()
    expect(bubble).to_contain_text("고침")


def test_next_questions_that_arrive_leave_the_form_that_a_reader_fills_in(page: Page) -> None:
    page.evaluate(LATE_QUESTIONS)
    page.fill("#question textarea", USES_MAMBA)
    page.keyboard.press("Enter")
    page.locator(".turn .foot").wait_for()
    page.locator(".chip", has_text="용어 Mamba").locator("button").first.click()
    page.locator(".chipform input").fill("Gamba")
    page.evaluate("window.arrives()")
    page.locator(".next button", has_text="나중에 온 질문").wait_for()
    expect(page.locator(".chipform input")).to_have_value("Gamba")


# --- Verdicts --------------------------------------------------------------------------------------------------------
# --- Filters ---------------------------------------------------------------------------------------------------------
def test_a_filter_and_the_dates_of_a_question_meet(page: Page) -> None:
    page.click("#filters")
    page.fill(".filterpanel [name=start]", "2024-01-01")
    page.keyboard.press("Enter")
    ask(page, "2024년 6월 이전에 Mamba를 사용한 논문은?")
    assert links(page) == {GAMBA}
    ask(page, "2023년에 Mamba를 사용한 논문은?")
    assert page.locator(".turn").last.locator(".reply.none").count() == 1


# --- Text ------------------------------------------------------------------------------------------------------------
def test_no_markdown_is_on_the_screen(page: Page) -> None:
    for question in ("Gamba와 비슷한 논문은?", "Mamba와 Gamba를 비교해 줘", "Gamba의 저자는?"):
        said = ask(page, question)
        assert "](" not in said, question
        assert "**" not in said, question


# --- Keyboard --------------------------------------------------------------------------------------------------------
