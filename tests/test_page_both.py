"""The page on a phone in Korean and on a wide screen in English: what an issue's every number asks for, beside the other page tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from tests.browsing import GAMBA, MAMBA, STILL, Reader, answer, ask, links, open_page
from tests.doubles import entry, write_day
from tests.serving import ingest, serving

pytestmark = pytest.mark.browser

# Whether what has the focus, if anything, can be seen.
SEEN = """() => {
  const one = document.activeElement, shown = { opacityProperty: true, visibilityProperty: true };
  return one === document.body || (one.checkVisibility(shown) && one.getBoundingClientRect().width > 1);
}"""


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


# --- Nothing is lost (1 to 4) ----------------------------------------------------------------------------------------
def test_a_chat_is_found_pinned_bookmarked_and_opened_by_its_short_address(reader: Reader, page: Page) -> None:
    ask(page, reader.word("uses"))
    ask(page, reader.word("only_2024"))
    chat, turn = page.url.split("#/c/")[1].split("/")
    other = reader.open(f"/c/{chat}/{turn}")
    expect(other.locator(".turn .foot")).to_have_count(2)
    assert links(other) == {GAMBA}
    if not reader.wide:
        other.click("#menu")
    other.fill("#side input[type=search]", reader.says("사용한", "used"))
    expect(other.locator(".chatlist .open").first).to_have_text(reader.word("uses"))
    other.close()


# --- Less on the screen (6 to 9) -------------------------------------------------------------------------------------
def test_the_order_of_a_list_can_be_switched_and_its_count_stays(reader: Reader, page: Page) -> None:
    said = ask(page, reader.word("uses"))
    assert reader.says("모두 2편", "2 papers") in said
    order = page.locator(".order select")
    expect(order).to_have_value(reader.says("최신순", "Newest first"))
    order.select_option(reader.says("득표순", "By votes"))
    expect(page.locator("[data-testid=user]")).to_contain_text(reader.says("표가 많은 순", "most votes first"))
    answer(page)
    order.select_option(reader.says("최신순", "Newest first"))
    page.get_by_text(reader.says("논문은 모두 2편", "There are 2 papers")).wait_for()


def test_an_edited_plan_is_said_in_the_bubble_as_a_sentence(reader: Reader, page: Page) -> None:
    ask(page, reader.says("2023년에 Mamba를 사용한 논문은?", "Which papers used Mamba in 2023?"))
    page.locator(".chip", has_text="2023").locator("button").first.click()
    page.locator(".chipform input").nth(0).fill("2024-01-01")
    page.locator(".chipform input").nth(1).fill("2024-12-31")
    page.keyboard.press("Enter")
    bubble = page.locator("[data-testid=user]")
    expect(bubble).to_have_text(reader.says("2024년 Mamba를 사용한 논문 고침", "Papers that use Mamba in 2024 edited"))
    answer(page)
    assert links(page) == {GAMBA}


def test_a_refusal_has_no_sources_and_offers_questions_that_are_answered(reader: Reader, page: Page) -> None:
    ask(page, reader.word("uses"))
    expect(page.locator("#sources h3")).to_have_count(2)
    ask(page, reader.word("weather"))
    expect(page.locator("#sources h3")).to_have_count(0)
    page.locator(".next button").first.click()
    answer(page)
    assert page.locator(".turn").last.locator(".reply.none").count() == 0


def test_groups_stand_before_a_list_and_narrow_it(reader: Reader, page: Page) -> None:
    page.fill("#question textarea", reader.word("month"))
    page.keyboard.press("Enter")
    groups = page.locator(".prose .groups button")
    groups.first.click()  # as soon as it is there
    page.locator(".turn").nth(1).wait_for()
    said = answer(page)
    assert groups.count() >= 2
    label, count = groups.first.locator("span").all_inner_texts()
    assert reader.says(f"앞선 답에서 고른 논문은 모두 {count}편", f"{count} papers picked from the last answer") in said
    assert label in page.locator("[data-testid=user]").last.inner_text()


def test_the_groups_of_a_summary_narrow_it(reader: Reader, page: Page) -> None:
    ask(page, reader.says("2023년 12월 다이제스트 요약해 줘", "Summarise December 2023"))
    groups = page.locator(".prose > ul > li > .grouphead")
    assert groups.count() >= 3
    label, head = groups.last.inner_text(), groups.last.locator("..").inner_text().split("\n")[0]
    count = re.findall(r" · (\d+)", head)[0]
    groups.last.click()
    page.locator(".turn").nth(1).wait_for()
    said = answer(page)
    assert reader.says(f"앞선 답에서 고른 논문은 모두 {count}편", f"{count} papers picked from the last answer") in said
    assert label in page.locator("[data-testid=user]").last.inner_text()


def test_the_words_of_a_trend_do_not_wait_for_its_bars(reader: Reader, page: Page) -> None:
    held: list[Route] = []
    page.route("**/page/set", lambda route: held.append(route))
    said = ask(page, reader.says("Transformer 논문의 월별 추이는?", "Transformer papers by month"))
    assert reader.says("월별로 세었습니다", "by month") in said
    place = page.locator(".prose").bounding_box()
    while not held:
        page.wait_for_timeout(20)
    held.pop().continue_()
    page.locator(".bars .ink").first.wait_for()
    after = page.locator(".prose").bounding_box()
    assert place
    assert after
    assert abs(after["y"] - place["y"]) < 24


def test_a_click_counts_where_a_folded_answer_was_scrolled(reader: Reader, page: Page) -> None:
    ask(page, reader.word("month"))
    page.evaluate(STILL)
    group = page.locator(".prose .groups button").first
    page.locator(".prose").evaluate("text => { text.scrollTop = 30; }")  # as a search in the page does
    place = group.bounding_box()
    assert place
    page.mouse.move(place["x"] + 8, place["y"] + 8)
    page.mouse.down()
    page.mouse.up()
    page.locator(".turn").nth(1).wait_for()


def test_a_paper_that_fits_a_topic_less_surely_is_marked_as_near(reader: Reader, page: Page) -> None:
    ask(page, reader.word("video"))
    page.wait_for_selector(".next button")  # the answer is drawn once more when they come
    entries, near = page.locator(".prose > ol > li"), reader.says("가까움", "near")
    expect(entries.filter(has=page.locator(".tag.near"))).to_have_count(1)
    expect(entries.last.locator(".tag")).to_have_text(near)  # the most probable come first
    page.click("[data-view=table]")
    expect(page.locator(".set .tag")).to_have_text([near])


def test_a_comparison_is_a_table_and_on_a_phone_one_card_an_aspect(reader: Reader, page: Page) -> None:
    ask(page, reader.word("compare"))
    page.wait_for_selector(".next button")  # the answer is drawn once more when they come
    table = page.locator(".prose table")
    box = table.bounding_box()
    assert box
    assert box["width"] <= page.locator(".prose").bounding_box()["width"] + 1  # type: ignore[index]
    rows = page.locator(".prose tbody tr")
    assert rows.count() >= 5
    cells = rows.first.locator("td")
    tops = cells.evaluate_all("all => all.map(cell => cell.getBoundingClientRect().top)")
    assert (len(set(tops)) == 1) == reader.wide
    if not reader.wide:
        assert "Mamba" in (cells.nth(1).get_attribute("data-label") or "")
        assert cells.nth(1).evaluate("cell => getComputedStyle(cell, '::before').display") == "block"


def test_each_author_of_a_ranking_is_a_question(reader: Reader, page: Page) -> None:
    ask(page, reader.word("authors"))
    name = page.locator("td .author").first.inner_text()
    page.locator("td .author").first.click()
    page.locator(".turn").nth(1).wait_for()
    answer(page)
    assert name in page.locator("[data-testid=user]").last.inner_text()
    assert page.locator(".turn").last.locator(".reply.none").count() == 0


# --- What people look for (10 to 17) ---------------------------------------------------------------------------------
def test_saved_papers_can_be_narrowed_to_the_unread_and_the_list_exported_is_the_one_shown(
    reader: Reader, page: Page
) -> None:
    for paper in ("2403.18795", "2312.00752"):
        page.goto(f"{reader.site}/#/p/{paper}")
        page.locator(f".paper[data-id='{paper}'] .setbar .star").click()
        expect(page.locator(".paper .setbar .star")).to_have_attribute("aria-pressed", "true")
    reader.menu(page, "#saved")
    rows = page.locator(".savedlist li")
    expect(rows).to_have_count(2)
    rows.first.locator("[type=checkbox]").check()
    page.locator(".unread input").check()
    expect(rows).to_have_count(1)
    expect(page.locator(".unread input")).to_be_focused()
    with page.expect_download() as given:
        page.locator(f".paper [aria-label='{reader.says('내보내기', 'Export')}']").click()
    said = Path(given.value.path()).read_text(encoding="utf-8")
    assert said.count("- [ ]") == 1
    assert "- [x]" not in said
    page.locator(".unread input").uncheck()
    expect(rows).to_have_count(2)
    reader.menu(page, "#settings")
    page.locator("dialog [name=theme][value=dark]").check()
    page.locator("dialog [name=theme][value=system]").check()
    page.keyboard.press("Escape")
    expect(rows).to_have_count(2)  # the page that was built anew shows what the one before showed


def test_the_feed_has_a_calendar_with_weekdays_and_a_day_a_week_or_a_month(reader: Reader, page: Page) -> None:
    reader.menu(page, "#today")
    head = page.locator(".dayhead .cut")
    expect(head).to_contain_text(reader.says("2024-06-11 (화)", "2024-06-11 (Tue)"))
    expect(page.locator(".weekday")).to_have_count(7)
    expect(page.locator(".weekday").first).to_have_text(reader.says("일", "Sun"))
    expect(page.locator("[data-day='2024-06-11'] .count")).not_to_be_empty()
    spans = page.locator(".spans button")
    spans.nth(1).click()
    expect(head).to_contain_text("2024-06-09 ~ 06-15")
    spans.nth(2).click()
    expect(head).to_contain_text(reader.says("2024년 6월", "June 2024"))
    page.locator(f"[aria-label='{reader.says('이전 달', 'Month before')}']").click()
    expect(page.locator(".monthbar strong")).to_have_text(reader.says("2024년 5월", "May 2024"))
    page.locator(f"[aria-label='{reader.says('이전 날', 'Day before')}']").click()
    expect(head).to_contain_text(reader.says("2024년 3월", "March 2024"))
    page.locator(f"[aria-label='{reader.says('이전 날', 'Day before')}']").click()
    expect(head).to_contain_text(reader.says("2023년 12월", "December 2023"))
    groups, entries = page.locator(".feedgroups button"), page.locator(".day ol > li")
    every = entries.count()
    count = int(groups.nth(1).inner_text().split()[-1])
    groups.nth(1).click()
    expect(entries).to_have_count(count)
    assert 0 < count < every
    page.locator(f"[aria-label='{reader.says('다음 날', 'Day after')}']").click()
    expect(head).to_contain_text(reader.says("2024년 3월", "March 2024"))
    spans.nth(0).click()
    expect(head).to_contain_text("2024-03-28")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")


def test_what_came_since_the_last_visit_is_marked_and_shown_by_one_click(reader: Reader, page: Page) -> None:
    page.evaluate("localStorage.setItem('nonmun.visit.1', JSON.stringify('2024-03-28')); sessionStorage.clear()")
    page.reload()
    page.wait_for_selector(".day li")
    reader.menu(page, "#today")
    since = page.locator(".newsince")
    expect(since).to_contain_text(reader.says("새 다이제스트 1일 치", "1 digest,"))
    expect(page.locator("[data-day='2024-06-11']")).to_have_class("isnew")
    expect(page.locator(".day ol .fresh").first).to_have_text(reader.says("새로", "new"))
    since.click()
    expect(page.locator(".dayhead .cut")).to_contain_text("2024-06-11")
    page.reload()  # a refresh takes nothing for seen
    page.wait_for_selector(".day li")
    expect(page.locator(".day ol .fresh").first).to_be_visible()


def test_pictures_stand_in_the_feed_once_they_are_on(reader: Reader, page: Page) -> None:
    asked: list[str] = []
    page.route(re.compile(r"^https://"), lambda route: (asked.append(route.request.url), route.abort()))
    reader.menu(page, "#today")
    page.locator(".calendar").wait_for()
    assert not asked
    page.locator(".feedtools .switch input").check()
    page.wait_for_selector(".day .picture", state="attached")
    page.locator(".feedtools .switch input").uncheck()
    expect(page.locator(".day .picture")).to_have_count(0)


def test_a_filter_that_no_paper_can_meet_is_refused_with_a_word(reader: Reader, page: Page) -> None:
    page.click("#filters")
    page.fill(".filterpanel [name=start]", "2024-06-11")
    page.fill(".filterpanel [name=end]", "2024-01-01")
    page.keyboard.press("Enter")
    warning = page.locator(".filterpanel [role=alert]")
    expect(warning).to_contain_text("2024-06-11")
    expect(warning).to_contain_text("2024-01-01")
    expect(page.locator(".filterpanel")).to_be_visible()
    page.fill(".filterpanel [name=end]", "2024-12-31")
    page.keyboard.press("Enter")
    expect(page.locator(".filterpanel")).to_be_hidden()
    expect(page.locator(".chips.active .chip")).to_have_count(2)


def test_a_table_finds_sentences_opens_papers_and_names_its_file_by_question_and_day(
    reader: Reader, page: Page
) -> None:
    ask(page, reader.word("month"))
    page.click("[data-view=table]")
    rows = page.locator(".set tbody tr")
    expect(rows).to_have_count(20)
    telling = rows.first.locator(".telling").inner_text()
    title = rows.first.locator("a").inner_text()
    word = max((one for one in re.findall(r"[\w-]{4,}", telling) if one.lower() not in title.lower()), key=len)
    page.locator(".set input").fill(word)
    expect(rows.first).to_contain_text(title)
    assert rows.count() < 20
    with page.expect_download() as given:
        page.get_by_role("button", name="CSV").click()
    assert re.fullmatch(
        rf"{re.sub('[^0-9A-Za-z가-힣]+', '-', reader.word('month'))}-\d{{4}}-\d\d-\d\d\.csv",
        given.value.suggested_filename,
    )
    written = Path(given.value.path()).read_text(encoding="utf-8")
    assert written.startswith("\ufeff")
    assert word in written
    assert written.count("https://arxiv.org/abs/") == rows.count()
    rows.first.locator("a").click()
    expect(page.locator(".paper h1")).to_have_text(title)


# --- Text and keys (18, 19) ------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page over digests with LaTeX."""
    home = tmp_path_factory.mktemp("formulas")
    write_day(
        home / "digests",
        "2024-06-11",
        entry(
            "2406.00001",
            r"LoopNet: Attention in $O(\sqrt{n})$ Time",
            (
                r"LoopNet은 계산량을 $\mathcal{O}(n^{2})$에서 $\frac{1}{2}n$으로 줄이고 \textsc{Echo}를 씁니다.",
                r"학습에는 $5와 $7이 들며, 매개변수 $\theta_i$는 $\unknown{x}$로 둡니다.",
            ),
            votes=3,
            authors=("Han Sora",),
        ),
    )
    ingest(home, home / "digests")
    with serving(home) as address:
        yield address


def test_formulas_are_drawn_and_prices_and_unknown_commands_stay_text(
    reader: Reader, chromium: Browser, formulas: str
) -> None:
    page = open_page(chromium, f"{formulas}/#/p/2406.00001", reader.says("ko-KR", "en-US"), ready=False)
    paper = page.locator(".paper")
    expect(paper.locator("h1 math msqrt")).to_have_count(1)
    bullets = paper.locator(".bullets li")
    expect(bullets.first.locator("math")).to_have_count(2)
    expect(bullets.first.locator("math mfrac")).to_have_count(1)
    expect(bullets.first).to_contain_text("Echo")
    assert "textsc" not in bullets.first.inner_text()
    expect(bullets.nth(1).locator("math")).to_have_count(1)
    said = bullets.nth(1).inner_text()
    assert "$5와 $7이" in said
    assert r"$\unknown{x}$" in said
    ask(page, "LoopNet을 설명해 줘")
    expect(page.locator(".prose math").first).to_be_visible()
    tall = page.locator(".prose math").first.bounding_box()
    assert tall
    assert tall["height"] > 4
    if not reader.korean:  # the sign of a foreign sentence is not cut off with its end
        ask(page, "Papers of June 11, 2024")
        expect(page.locator(".turn").last.locator(".said > .meta + .foreign")).to_have_text("KO")
    page.context.close()


def test_no_author_list_begins_a_line_with_a_comma(reader: Reader, page: Page) -> None:
    page.goto(f"{reader.site}/#/p/2403.18795")
    names = page.locator(".paper .people .whole")
    expect(names).to_have_count(5)
    assert all(text.endswith(",") for text in names.all_inner_texts())


def test_from_the_box_one_step_back_is_the_answer_and_what_is_hidden_takes_no_focus(reader: Reader, page: Page) -> None:
    ask(page, reader.word("uses"))
    page.wait_for_selector(".next button")
    page.focus("#question textarea")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.turn'))")
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML")
    assert page.locator("main:not([role])").count() == 1


def test_axe_finds_nothing_serious_in_the_feed_a_comparison_and_a_paper(reader: Reader, page: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(reduced_motion="reduce")
    reader.menu(page, "#today")
    page.locator(".calendar").wait_for()
    found = [axe.run(page)]
    ask(page, reader.word("compare"))
    found.append(axe.run(page))
    page.goto(f"{reader.site}/#/p/2403.18795")
    page.locator(".paper h1").wait_for()
    found.append(axe.run(page))
    bad = [
        (one["id"], one["nodes"][0]["html"][:160])
        for result in found
        for one in result.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert not bad


def page_size(reader: Reader) -> ViewportSize:
    return {"width": 1440, "height": 900} if reader.wide else {"width": 390, "height": 844}


# --- Ten tasks -------------------------------------------------------------------------------------------------------
def test_a_new_reader_finds_narrows_compares_saves_shares_and_comes_back(reader: Reader, chromium: Browser) -> None:
    size = page_size(reader)
    page = open_page(chromium, reader.site, reader.says("ko-KR", "en-US"), viewport=size)
    ask(page, reader.word("uses"))  # find
    page.locator(".next button", has_text="2024").first.click()  # narrow
    answer(page)
    assert links(page) == {GAMBA}
    page.locator(".turn").first.locator(".cite").last.click()  # look at a source
    card = page.locator("#source-2")
    expect(card).to_be_visible()
    card.locator(".star").click()  # save
    expect(card.locator(".star")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    ask(page, reader.word("compare"))  # compare
    assert page.locator(".prose table").last.is_visible()
    shared = page.url  # share
    stranger = open_page(chromium, shared, reader.says("ko-KR", "en-US"), ready=False)
    expect(stranger.locator(".turn .foot")).to_have_count(3)
    assert links(stranger) >= {MAMBA, GAMBA}
    stranger.context.close()
    again = page.context.new_page()  # come back
    page.close()
    again.goto(reader.site)
    again.wait_for_selector("#question textarea:enabled")
    if not reader.wide:
        again.click("#menu")
    expect(again.locator("#saved .count")).not_to_be_empty()
    again.locator(".chatlist .open").first.click()
    expect(again.locator(".turn .foot")).to_have_count(3)
    again.context.close()
