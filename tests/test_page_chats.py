"""What a reader has asked is never lost: two tabs, refresh, Back and Forward, bookmarks, links, and a server that goes away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import GAMBA, MAMBA, USES_MAMBA, answer, ask, kept_chats, links, open_page

pytestmark = pytest.mark.browser

ONLY_2024 = "그중 2024년 것만 보여 줘"
NO_ANSWER = re.compile(r"/page/ask$")


def _again(page: Page) -> None:
    page.reload()
    page.wait_for_selector("#question textarea:enabled")


def _questions(page: Page) -> list[str]:
    return page.locator("[data-testid=user]").all_inner_texts()


def _titles(page: Page) -> list[str]:
    return page.locator(".chatlist .open").all_inner_texts()


# --- Tabs ------------------------------------------------------------------------------------------------------------
def test_two_tabs_that_go_on_with_one_chat_lose_neither_question(page: Page) -> None:
    ask(page, USES_MAMBA)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".turn .foot")).to_have_count(1)
    ask(page, "그중 2023년 것만 보여 줘")
    ask(other, ONLY_2024)
    expect(page.locator(".versions")).to_have_text("2개 중 1번째 질문")  # this tab hears of it
    (chat,) = kept_chats(page)
    assert {turn["q"] for turn in chat["turns"]} == {USES_MAMBA, ONLY_2024, "그중 2023년 것만 보여 줘"}
    page.locator("[aria-label='다음 질문 보기']").click()
    expect(page.locator("[data-testid=user]")).to_have_text([USES_MAMBA, ONLY_2024])


def test_chats_of_an_earlier_version_are_taken_over_once(chromium: Browser, site: str) -> None:
    page = open_page(chromium, site)
    turns = [{"q": USES_MAMBA, "plan": None, "filters": None, "answer": None},
             {"q": ONLY_2024, "plan": None, "filters": None, "answer": None}]  # fmt: skip
    old = [{"id": "abc", "title": "맘바 조사", "named": True, "at": 5, "turns": turns}]
    page.evaluate("old => localStorage.setItem('nonmun.chats.1', old)", json.dumps(old))
    _again(page)
    page.locator(".chatlist .open", has_text="맘바 조사").click()
    expect(page.locator(".turn .foot")).to_have_count(2)
    assert links(page) == {GAMBA}  # the second question means the first
    assert page.evaluate("localStorage.getItem('nonmun.chats.1')") is None
    page.context.close()


# --- Addresses -------------------------------------------------------------------------------------------------------
def test_refresh_and_a_bookmark_bring_a_chat_back_with_what_a_follow_up_means(page: Page) -> None:
    ask(page, USES_MAMBA)
    ask(page, ONLY_2024)
    bookmark = page.url
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if NO_ANSWER.search(request.url) else None)
    _again(page)
    expect(page.locator(".turn .foot")).to_have_count(2)
    assert _questions(page) == [USES_MAMBA, ONLY_2024]
    assert links(page) == {GAMBA}
    page.click("#clear")
    page.goto(bookmark)
    expect(page.locator(".turn .foot")).to_have_count(2)
    assert not asked  # what was there is shown and not asked again
    assert len(kept_chats(page)) == 1


def test_a_link_carries_the_questions_that_a_follow_up_needs(chromium: Browser, page: Page) -> None:
    ask(page, USES_MAMBA)
    ask(page, ONLY_2024)
    stranger = open_page(chromium, page.url)
    expect(stranger.locator(".turn .foot")).to_have_count(2)
    answer(stranger)
    assert _questions(stranger) == [USES_MAMBA, ONLY_2024]
    assert links(stranger) == {GAMBA}
    stranger.go_back()  # the link is not asked a second time
    assert len(kept_chats(stranger)) == 1
    stranger.context.close()


def test_back_and_forward_lead_through_chats(page: Page) -> None:
    ask(page, USES_MAMBA)
    page.click("#clear")
    ask(page, "Gamba를 설명해 줘")
    page.go_back()
    expect(page.locator(".turn")).to_have_count(0)
    page.go_back()
    expect(page.locator("[data-testid=user]")).to_have_text([USES_MAMBA])
    assert links(page) == {MAMBA, GAMBA}
    page.go_forward()
    page.go_forward()
    expect(page.locator("[data-testid=user]")).to_have_text(["Gamba를 설명해 줘"])
    expect(page.locator(".chatlist li")).to_have_count(2)


def test_the_title_of_the_tab_names_the_chat_and_the_page_is_our_own(page: Page, site: str) -> None:
    assert page.title() == "논문 Nonmun"
    ask(page, USES_MAMBA)
    expect(page).to_have_title(f"{USES_MAMBA} · 논문 Nonmun")
    page.click("#clear")
    expect(page).to_have_title("논문 Nonmun")
    said = page.request.get(site).text()
    head = said[: said.index("<body")]
    assert re.findall(r'<meta property="og:title" content="([^"]+)"', head) == ["논문 Nonmun"]
    assert "Click to try out the app" not in head
    assert "teamGradio" not in head
    assert "raw.githubusercontent.com" not in head
    manifest = page.request.get(f"{site}/manifest.json").json()
    assert manifest["name"] == "논문 Nonmun"
    assert all(page.request.get(site + icon["src"]).ok for icon in manifest["icons"])
    icon = page.locator("link[rel=icon]").first.get_attribute("href")
    assert icon
    assert "image/svg+xml" in page.request.get(site + icon).headers["content-type"]


def test_a_draft_that_was_not_sent_comes_back_with_its_chat(page: Page) -> None:
    page.fill("#question textarea", "보내지 않은 첫 질문")
    _again(page)
    expect(page.locator("#question textarea")).to_have_value("보내지 않은 첫 질문")
    ask(page, USES_MAMBA)
    page.fill("#question textarea", "이어서 물으려던 것")
    page.click("#clear")
    expect(page.locator("#question textarea")).to_have_value("")
    page.go_back()
    expect(page.locator("#question textarea")).to_have_value("이어서 물으려던 것")
    _again(page)
    expect(page.locator("#question textarea")).to_have_value("이어서 물으려던 것")


# --- A server that stays away ----------------------------------------------------------------------------------------
def test_an_answer_that_was_stopped_stays_stopped(page: Page) -> None:
    page.route(NO_ANSWER, lambda route: None)
    page.fill("#question textarea", USES_MAMBA)
    page.keyboard.press("Enter")
    page.click("#stop")
    page.get_by_text("여기에서 멈췄습니다.").wait_for()
    expect(page.locator(".talk")).to_have_attribute("aria-busy", "false")  # it is kept now
    page.unroute(NO_ANSWER)
    _again(page)
    page.get_by_text("여기에서 멈췄습니다.").wait_for()
    page.get_by_role("button", name="다시 답하기").click()
    assert "2편" in answer(page)


def test_a_table_that_does_not_come_says_so_and_can_be_tried_again(page: Page) -> None:
    ask(page, USES_MAMBA)
    page.route("**/page/set", lambda route: route.abort())
    page.click("[data-view=table]")
    page.get_by_text("논문 목록을 불러오지 못했습니다.").wait_for()
    page.unroute("**/page/set")
    page.get_by_role("button", name="다시 시도").click()
    expect(page.locator(".set tbody tr")).to_have_count(2)


# --- The list of chats -----------------------------------------------------------------------------------------------
def test_the_sixty_first_chat_pushes_none_out_and_a_full_browser_says_so(chromium: Browser, site: str) -> None:
    page = open_page(chromium, site)
    old = [{"id": f"chat{n}", "title": f"대화 {n}", "at": n, "turns": []} for n in range(60)]
    page.evaluate("old => localStorage.setItem('nonmun.chats.1', old)", json.dumps(old))
    _again(page)
    ask(page, USES_MAMBA)
    expect(page.locator(".chatlist li")).to_have_count(61)
    assert "대화 0" in _titles(page)
    page.evaluate("IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; 0")
    ask(page, "Gamba를 설명해 줘")
    strip = page.locator(".strip")
    strip.get_by_text("더 저장할 자리가 없습니다").wait_for()
    with page.expect_download() as given:
        strip.get_by_role("button", name="모두 내보내기").click()
    said = json.loads(Path(given.value.path()).read_text(encoding="utf-8"))
    assert len(said) == 61
    page.context.close()


def test_chats_are_found_and_pinned_and_opening_one_leaves_the_list_as_it_was(page: Page) -> None:
    for question in (USES_MAMBA, "Gamba를 설명해 줘", "Merlin 논문을 설명해 줘"):
        ask(page, question)
        page.click("#clear")
    order = ["Merlin 논문을 설명해 줘", "Gamba를 설명해 줘", USES_MAMBA]
    assert _titles(page) == order
    page.locator(".chatlist .open", has_text="Gamba를").click()
    expect(page.locator(".turn .foot")).to_have_count(1)
    answer(page)
    assert _titles(page) == order
    row = page.locator(".chatlist li").last
    row.hover()
    row.locator("[aria-label^='위에 고정']").click()
    expect(page.locator(".chatlist .open").first).to_have_text(USES_MAMBA)
    _again(page)
    expect(page.locator(".chatlist .open").first).to_have_text(USES_MAMBA)
    page.fill("#side input[type=search]", "merlin")
    expect(page.locator(".chatlist .open")).to_have_text(["Merlin 논문을 설명해 줘"])


def test_a_chat_is_exported_with_its_answers_and_sources_though_it_is_not_open(page: Page) -> None:
    ask(page, USES_MAMBA)
    page.click("#clear")
    row = page.locator(".chatlist li").first
    row.hover()
    with page.expect_download() as given:
        row.locator("[aria-label^='내보내기']").click()
    said = Path(given.value.path()).read_text(encoding="utf-8")
    assert f"## {USES_MAMBA}" in said
    assert "모두 2편" in said
    assert f"[2] Mamba: Linear-Time Sequence Modeling with Selective State Spaces — {MAMBA}" in said


# --- Weight ----------------------------------------------------------------------------------------------------------
