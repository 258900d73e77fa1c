"""What is kept, told, printed and measured: on a phone in Korean and on a wide screen in English."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.browsing import GAMBA, MAMBA, STILL, Reader, answer, ask, kept_chats, links, look, open_page

pytestmark = pytest.mark.browser

# Adds up how far the page moves by itself.
MOVES = """() => { window.moved = 0; new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.moved += one.value;
}).observe({ type: 'layout-shift', buffered: true }); }"""

# Returns the words before each citation mark that begins a line.
ALONE = """marks => marks.filter(mark => {
  const before = mark.previousSibling;
  if (!(before instanceof Text) && !before?.previousSibling) return false;
  const range = document.createRange();
  range.selectNodeContents(before instanceof Text && !before.data.trim() ? before.previousSibling : before);
  const lines = [...range.getClientRects()];
  return mark.getBoundingClientRect().top > lines.at(-1).bottom;
}).map(mark => mark.parentElement.textContent)"""


# Waits for the changes before it: the database reads only after what was asked to be written earlier is safe.
WRITTEN = """() => new Promise((done, failed) => {
  const opening = indexedDB.open("nonmun");
  opening.onerror = failed;
  opening.onsuccess = () => {
    const reading = opening.result.transaction("saved").objectStore("saved").getAll();
    reading.onsuccess = () => { opening.result.close(); done(reading.result); };
  };
})"""

# Counts what is cut off at the bottom.
CUT = "all => all.filter(one => one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflow === 'hidden').length"


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found
    return dict(found)


# --- Nothing is lost (1 to 4) ----------------------------------------------------------------------------------------
def test_chats_of_two_tabs_both_stay(reader: Reader, tab: Page) -> None:
    ask(tab, reader.word("explain"))
    chats = tab.locator(".chatlist .open")
    expect(chats.first).to_have_text(reader.word("explain"))
    before = chats.count()
    other = reader.open()
    ask(other, reader.word("uses"))
    expect(chats).to_have_count(before + 1)  # the first tab hears of it
    ask(tab, reader.word("compare"))
    kept = [[turn["q"] for turn in chat["turns"]] for chat in kept_chats(tab)]
    assert [reader.word("explain"), reader.word("compare")] in kept
    assert [reader.word("uses")] in kept
    other.close()


def test_a_chat_opens_where_it_ended_with_the_sources_of_that_answer(reader: Reader, tab: Page) -> None:
    ask(tab, reader.word("month"))
    ask(tab, reader.word("explain"))
    tab.goto(reader.site)
    tab.wait_for_selector(".starters button")
    if not reader.wide:
        tab.click("#menu")
    tab.locator(".chatlist .open").first.click()
    expect(tab.locator(".turn .foot")).to_have_count(2)
    expect(tab.locator(".turn").last.locator(".bubble")).to_be_in_viewport()
    expect(tab.locator("#sources h3")).to_have_count(1)


def test_the_address_of_a_chat_of_another_browser_says_so(reader: Reader, tab: Page) -> None:
    said = reader.says("이 브라우저에 없는 대화입니다", "This browser does not have that chat")
    tab.goto(f"{reader.site}/c/nosuchchat")
    expect(tab.locator(".toast")).to_have_text(said)
    tab.goto(f"{reader.site}/healthz")
    tab.goto(f"{reader.site}/#/c/%E0%A4%A")  # cut in the middle of a letter
    expect(tab.locator(".toast")).to_have_text(said)


def test_a_refresh_in_mid_answer_asks_again_and_a_draft_comes_back(reader: Reader, tab: Page) -> None:
    tab.route("**/page/ask", lambda route: None)
    tab.fill("#question textarea", reader.word("uses"))
    tab.keyboard.press("Enter")
    tab.locator(".wait").wait_for()
    tab.fill("#question textarea", "RWKV")
    tab.unroute("**/page/ask")
    tab.reload()
    assert reader.says("모두 2편", "2 papers") in answer(tab)
    expect(tab.locator("#question textarea")).to_have_value("RWKV")


def test_a_server_that_is_gone_is_told_above_the_question_and_its_answer_comes_later(reader: Reader, tab: Page) -> None:
    ask(tab, reader.word("uses"))
    tab.context.set_offline(True)
    strip = tab.locator(".strip p")
    expect(strip).to_contain_text(reader.says("서버와 연결이 끊겼습니다", "The server is gone"))
    tab.fill("#question textarea", reader.word("only_2024"))
    tab.keyboard.press("Enter")
    tab.locator(".problem").wait_for()
    expect(tab.locator(".problem")).to_contain_text(reader.says("서버에 연결하지 못했습니다", "could not be reached"))
    look(tab, f"state-server-away-{reader.says('ko', 'en')}")
    strips, bubble, sources = box(strip), box(tab.locator(".bubble").last), tab.locator("#sources h3").count()
    tab.context.set_offline(False)
    assert bubble["y"] >= strips["y"] + strips["height"]
    assert sources == 0  # those of the answer before are not this turn's
    tab.locator(".turn").last.locator(".foot").wait_for()
    answer(tab)
    assert links(tab) == {GAMBA}
    expect(strip).to_have_count(0)


def test_both_versions_of_an_edited_question_stay_and_a_chat_is_exported(reader: Reader, tab: Page) -> None:
    ask(tab, reader.word("uses"))
    ask(tab, reader.word("only_2024"))
    first = tab.locator(".turn").first
    first.hover()
    first.locator(f"[aria-label='{reader.says('질문 고치기', 'Edit the question')}']").click()
    tab.locator(".editform textarea").fill(reader.word("explain"))
    tab.keyboard.press("Enter")
    expect(tab.locator(".versions")).to_have_text(reader.says("2개 중 2번째 질문", "Question 2 of 2"))
    answer(tab)
    if not reader.wide:
        tab.click("#menu")
    row = tab.locator(".chatlist li").first
    row.hover()
    with tab.expect_download() as given:
        row.locator(f"[aria-label^='{reader.says('내보내기', 'Export')}']").click()
    said = Path(given.value.path()).read_text(encoding="utf-8")
    assert f"## {reader.word('uses')}" in said
    assert f"## {reader.word('explain')}" in said
    assert f"[1] Gamba: Marry Gaussian Splatting with Mamba for single view 3D reconstruction — {GAMBA}" in said
    tab.reload()
    expect(tab.locator("[data-testid=user]")).to_have_text([reader.word("explain")])
    before = tab.locator(f"[aria-label='{reader.says('앞선 질문 보기', 'Show the earlier question')}']")
    before.click()
    expect(tab.locator("[data-testid=user]")).to_have_text([reader.word("uses"), reader.word("only_2024")])
    assert links(tab) == {GAMBA}
    assert before.is_disabled()


# --- Less on the screen (6, 7, 9) ------------------------------------------------------------------------------------
def test_the_count_comes_first_and_entries_are_short(reader: Reader, tab: Page) -> None:
    said = ask(tab, reader.word("month"))
    tab.evaluate(STILL)
    assert reader.says("편", "papers") in said.split("\n1.")[0]
    count = tab.locator(".prose > p").first
    expect(count).to_be_in_viewport()
    floor = box(tab.locator(".composer"))["y"]
    entries = tab.locator(".prose > ol > li")
    boxes = [box(entries.nth(at)) for at in range(8)]
    assert sum(one["y"] + one["height"] <= floor for one in boxes) >= (8 if reader.wide else 3)
    lines = entries.first.locator(".said").evaluate(
        "one => one.clientHeight / parseFloat(getComputedStyle(one).lineHeight)"
    )
    assert round(lines) <= (2 if reader.wide else 3)
    assert entries.first.locator(".cite").is_visible()


def test_the_date_and_the_votes_of_a_paper_take_no_line_of_their_own_and_stand_in_one(
    reader: Reader, tab: Page
) -> None:
    ask(tab, reader.word("month"))
    tab.wait_for_selector(".next button")  # the answer is drawn once more when they come
    entries = tab.locator(".prose > ol > li")
    assert entries.count() == 20
    tops = entries.evaluate_all(
        "all => all.map(one => one.querySelector('.meta').getBoundingClientRect().top - one.querySelector('.said').getBoundingClientRect().top)"
    )
    assert max(map(abs, tops)) < 6  # beside the first words of the sentence
    ask(tab, reader.says("Transformer가 뭐야?", "What is a Transformer?"))
    sources = tab.locator(".turn").last.locator(".prose li > ul > li")
    said = sources.evaluate_all("all => all.map(one => one.innerText)")
    assert said
    assert not [one for one in said if "\n" in one]  # one run of words, not columns


def test_scrolling_changes_the_sources(reader: Reader, tab: Page) -> None:
    ask(tab, reader.word("month"))
    ask(tab, reader.word("explain"))
    expect(tab.locator("#sources h3")).to_have_count(1)
    tab.locator(".turn").first.evaluate("turn => turn.scrollIntoView({ block: 'start' })")
    expect(tab.locator("#sources h3")).to_have_count(20)
    tab.locator(".turn").last.evaluate("turn => turn.scrollIntoView({ block: 'start' })")
    expect(tab.locator("#sources h3")).to_have_count(1)


def test_examples_of_the_help_are_buttons_that_are_answered(reader: Reader, tab: Page) -> None:
    for question in (reader.says("도움말", "help"), reader.says("너는 뭘 할 수 있어?", "What can you do?")):
        ask(tab, question)
        before = tab.locator(".turn").count()
        offer = tab.locator(".turn").last.locator(".prose .offer").first
        offered = offer.inner_text()
        offer.click()
        tab.locator(".turn").nth(before).wait_for()
        answer(tab)
        assert tab.locator("[data-testid=user]").last.inner_text() == offered
        assert tab.locator(".turn").last.locator(".reply.none").count() == 0


# --- What people look for (10, 11, 15, 16) ---------------------------------------------------------------------------
def test_the_page_of_a_paper_copies_bibtex_and_an_unknown_paper_leads_to_arxiv(reader: Reader, tab: Page) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(f"{reader.site}/#/p/2312.00752")
    paper = tab.locator(".paper")
    expect(paper.locator("h1")).to_contain_text("Mamba: Linear-Time")
    assert paper.locator(".people button").count() == 2
    expect(paper.locator("section", has_text=reader.says("비슷한 논문", "More like this")).locator("a")).to_have_count(
        5
    )
    paper.get_by_role("button", name="BibTeX").click()
    expect(tab.locator(".toast")).to_have_text(reader.says("복사했습니다", "Copied"))
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@misc{")
    assert "eprint = {2312.00752}" in copied
    tab.goto(f"{reader.site}/#/p/1234.56789")
    expect(paper.locator(".none")).to_contain_text("1234.56789")
    assert paper.locator("a").get_attribute("href") == "https://arxiv.org/abs/1234.56789"


def test_a_paper_is_saved_read_noted_and_taken_along_and_its_note_comes_back_with_its_star(
    reader: Reader, tab: Page
) -> None:
    ask(tab, reader.word("uses"))
    if not reader.wide:
        tab.locator(".opens").last.click()
    tab.locator("#source-2 .star").click()
    expect(tab.locator("#source-2 .star")).to_have_attribute("aria-pressed", "true")
    if not reader.wide:
        tab.keyboard.press("Escape")
    expect(tab.locator("#saved .count")).to_have_text("1")
    reader.menu(tab, "#saved")
    row = tab.locator(".savedlist [data-id='2312.00752']")
    row.locator("[type=checkbox]").check()
    row.locator("textarea").press_sequentially("세미나 seminar")
    assert [(paper["read"], paper["note"]) for paper in tab.evaluate(WRITTEN)] == [(True, "세미나 seminar")]
    with tab.expect_download() as given:
        tab.locator(f".paper [aria-label='{reader.says('내보내기', 'Export')}']").click()
    said = Path(given.value.path()).read_text(encoding="utf-8")
    assert f"- [x] [Mamba: Linear-Time Sequence Modeling with Selective State Spaces]({MAMBA})" in said
    assert "세미나 seminar" in said
    star = row.locator(".star")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "false")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    tab.reload()
    expect(row.locator("textarea")).to_have_value("세미나 seminar")
    expect(row.locator("[type=checkbox]")).to_be_checked()
    look(tab, f"saved-{reader.says('ko', 'en')}")
    row.locator(".star").click()
    expect(row.locator(".star")).to_have_attribute("aria-pressed", "false")
    expect(tab.locator("#saved .count")).to_have_text("")


def test_a_thumb_is_pressed_by_one_click_and_stays_so_and_its_form_is_in_sight(reader: Reader, tab: Page) -> None:
    ask(tab, reader.word("month"))
    thumb = tab.get_by_role("button", name=reader.says("도움이 되지 않았습니다", "Not helpful"))
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    expect(tab.locator(".reason input")).to_be_in_viewport(ratio=1)
    tab.reload()
    expect(thumb).to_have_attribute("aria-pressed", "true")


def test_enter_apply_a_click_outside_and_a_question_set_filters(reader: Reader, tab: Page) -> None:
    panel, chips = tab.locator(".filterpanel"), tab.locator(".chips.active")
    tab.click("#filters")
    tab.fill(".filterpanel [name=votes]", "3")
    tab.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    expect(chips).to_contain_text(reader.says("3표 이상", "3+ votes"))
    tab.click("#filters")
    tab.fill(".filterpanel [name=author]", "Tri Dao")
    tab.get_by_role("button", name=reader.says("적용", "Apply"), exact=True).click()
    expect(chips).to_contain_text("Tri Dao")
    tab.click("#filters")
    tab.fill(".filterpanel [name=votes]", "")
    tab.mouse.click(200, 20)
    expect(panel).to_be_hidden()
    expect(chips.locator(".chip")).to_have_count(1)
    tab.click("#filters")
    tab.fill(".filterpanel [name=author]", "Zike Wu")
    ask(tab, reader.word("uses"))  # a question sets what is filled in
    expect(panel).to_be_hidden()
    expect(chips).to_contain_text("Zike Wu")
    assert links(tab) == {GAMBA}


# --- Text and weight (18, 20) ----------------------------------------------------------------------------------------
def test_no_citation_mark_begins_a_line(reader: Reader, tab: Page) -> None:
    ask(tab, reader.word("compare"))
    marks = tab.locator(".prose td .cite")
    assert marks.count() > 4
    for width in range(280, 760, 40):
        tab.locator(".prose").evaluate("(prose, width) => { prose.style.width = `${width}px`; }", width)
        assert marks.evaluate_all(ALONE) == []


def test_print_holds_every_answer_whole_and_its_sources_in_black_on_white(reader: Reader, tab: Page) -> None:
    ask(tab, reader.word("month"))
    ask(tab, reader.word("compare"))
    tab.emulate_media(color_scheme="dark", media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(tab.locator("#cards .printed")).to_have_text([reader.word("month"), reader.word("compare")])
    expect(tab.locator("#cards .card")).to_have_count(22)
    expect(tab.locator(".prose").first).to_have_css("max-height", "none")  # no fold
    assert tab.locator(".prose .said").evaluate_all(CUT) == 0
    assert tab.locator(".scroller").evaluate("one => getComputedStyle(one).overflowY") == "visible"
    assert tab.locator("#cards .card").last.is_visible()
    assert tab.evaluate("getComputedStyle(document.querySelector('.prose')).color") == "rgb(30, 34, 38)"
    for hidden in (".composer", ".tabs", ".foot", "#side"):
        assert tab.locator(hidden).first.is_hidden()
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(tab.locator("#cards .card")).to_have_count(2)


def test_the_first_load_is_light_nothing_moves_and_the_second_loads_hardly_anything(
    reader: Reader, chromium: Browser
) -> None:
    sizes: dict[str, int] = {}

    def note(request: Request) -> None:
        if "/page/" in request.url:
            sizes[request.url] = request.sizes()["responseBodySize"]

    size = {"width": 1440, "height": 900} if reader.wide else {"width": 390, "height": 844}
    page = open_page(chromium, "about:blank", reader.says("ko-KR", "en-US"), ready=False, viewport=size)
    page.on("requestfinished", note)
    page.add_init_script(f"({MOVES})()")
    page.goto(reader.site)
    page.wait_for_selector(".day li")
    ask(page, reader.word("uses"))
    page.wait_for_selector(".next button")
    page.evaluate(STILL)
    assert len(sizes) <= 25
    assert sum(sizes.values()) < 300_000
    script = next(url for url in sizes if "page.js" in url)
    assert sizes[script] < 80_000  # compressed
    assert page.evaluate("window.moved") < 0.02
    page.reload()
    page.wait_for_selector(".turn .foot")
    assert page.evaluate("name => performance.getEntriesByName(name)[0].transferSize", script) == 0
    page.context.close()
