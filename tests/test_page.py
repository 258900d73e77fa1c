"""The page as a person meets it: the real program over the real seeds, in a real Chromium.

Pictures of what is looked at go to build/screens; `make screenshots` takes the whole series.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from app import main as serve
from tests.browsing import GAMBA, MAMBA, PICTURES, USES_MAMBA, WITHIN
from tests.browsing import answer as _answer
from tests.browsing import ask as _ask
from tests.browsing import kept_chats as _kept
from tests.browsing import links as _links
from tests.browsing import look as _look
from tests.browsing import open_page as _open
from tests.doubles import entry, write_day
from tests.openai_server import Script, openai_server
from tests.serving import REPOSITORY, ingest, serving, started

PICTURE_HOSTS = {"cdn-uploads.huggingface.co", "cdn-thumbnails.huggingface.co", "cdn-avatars.huggingface.co"}

pytestmark = pytest.mark.browser


# --- Answers ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("question", ["which papers used Mamba?", USES_MAMBA])
def test_the_page_answers_which_papers_used_mamba_with_mamba_and_gamba_and_nothing_else(
    page: Page, question: str
) -> None:
    answer = _ask(page, question)
    assert _links(page) == {MAMBA, GAMBA}
    assert page.locator("#sources h3 a").evaluate_all("all => all.map(a => a.href)") == [GAMBA, MAMBA]
    assert ("2편" if "논문" in question else "2 papers") in answer
    assert re.search(r"오프라인 답변 · \d+\.\d\d초", answer)


def test_a_mark_shows_its_quote_and_leads_to_its_card(page: Page) -> None:
    _ask(page, USES_MAMBA)
    mark = page.locator(".cite[data-n='2']").last
    mark.hover()
    tip = page.locator("[role=tooltip]")
    assert "Transformer" in tip.inner_text()  # what the summary says besides the sentence that stands beside the mark
    mark.focus()
    page.keyboard.press("Enter")
    focused = page.evaluate("document.activeElement.id")
    assert focused == "source-2"
    card = page.locator("#source-2")
    assert card.locator("blockquote").count() == 1
    card.locator("summary").click()
    assert card.locator("mark").count() == 1
    assert card.locator("details li").count() == 8
    doors = card.locator(".doors a").evaluate_all("all => all.map(a => a.href)")
    assert doors[:2] == [MAMBA, MAMBA.replace("abs", "pdf")]
    assert doors[2].endswith("/#/p/2312.00752")


def test_a_card_asks_about_its_author_its_day_and_its_neighbours(page: Page) -> None:
    _ask(page, USES_MAMBA)
    page.locator("#source-2 .people button", has_text="Tri Dao").click()
    assert "Tri Dao" in _answer(page)
    assert page.locator("[data-testid=user]").last.inner_text() == "Tri Dao의 논문은?"
    page.locator("#source-1 .line button.plainlink").click()
    assert "2023-12-04" in _answer(page)
    assert page.locator(".turn").last.locator(".chip", has_text="2023-12-04").count() == 1
    page.locator("#source-1", has_text="비슷한 논문").locator(".doors button").click()
    _answer(page)
    assert page.locator(".turn").last.locator(".chip.kind").inner_text() == "비슷한 논문"


def test_long_author_lists_are_folded_past_six(page: Page) -> None:
    _ask(page, "Merlin 논문을 설명해 줘")
    people = page.locator("#source-1 .people")
    assert people.locator("button").count() == 7
    people.get_by_text("외 5명").click()
    assert people.locator("button").count() == 12


def test_a_chip_that_is_taken_away_answers_anew_and_an_empty_answer_says_what_would_help(page: Page) -> None:
    answer = _ask(page, "2019년에 Mamba를 사용한 논문은?")
    assert "2편" in page.locator(".rescue").inner_text()
    page.locator(".rescue button").first.click()
    answer = _answer(page)
    assert "모두 2편" in answer
    page.locator(".chip", has_text="사용").locator(".x").click()
    expect(page.locator(".turn .chips .x")).to_have_count(1)
    page.locator(".chip", has_text="용어 Mamba").locator(".x").click()  # the last one
    page.get_by_text("남은 조건이 없어").wait_for()
    assert "모두 77편" in _answer(page)
    page.wait_for_selector(".next button")
    _look(page, "state-no-constraint")
    page.locator(".next button").first.click()
    _answer(page)
    assert page.locator(".reply.none").count() == 0
    assert page.locator(".turn").count() == 2


def test_a_chip_can_be_changed_and_the_next_question_means_the_changed_answer(page: Page) -> None:
    _ask(page, "2023년 12월 논문 중 표가 가장 많은 3편은?")
    page.locator(".chip", has_text="상위 3").locator("button").first.click()
    page.locator(".chipform input").fill("2")
    page.keyboard.press("Enter")
    page.locator(".chip", has_text="상위 2").wait_for()
    _answer(page)
    assert page.locator(".prose ol > li").count() == 2
    assert "2편" in _ask(page, "그중 2023년 것만 보여 줘")


def test_a_chip_of_few_choices_is_chosen_from_and_what_is_taken_from_a_paper_leaves_the_index(page: Page) -> None:
    _ask(page, USES_MAMBA)
    page.locator(".turn .chip select").first.select_option("언급")
    page.get_by_text("언급한 논문은 모두 2편").wait_for()
    page.locator(".turn .chip.kind select").select_option("편수")
    expect(page.locator(".turn .chip.kind select")).to_have_value("편수")
    assert "2편" in _answer(page)
    _ask(page, "Gamba를 설명해 줘")
    page.locator(".turn").last.locator(".chip .x").click()
    page.get_by_text("남은 조건이 없어").wait_for()
    expect(page).to_have_url(re.compile("plan="))


def test_next_questions_can_all_be_answered(page: Page) -> None:
    _ask(page, "2024년 3월 28일 논문은?")
    page.wait_for_selector(".next button")
    for at in range(page.locator(".next button").count()):
        page.locator(".next button").nth(at).click()
        _answer(page)
        assert page.locator(".turn").last.locator(".reply.none").count() == 0
        page.click("#clear")
        _ask(page, "2024년 3월 28일 논문은?")
        page.wait_for_selector(".next button")


def test_starters_come_from_the_index_and_are_answered_by_a_click(page: Page) -> None:
    offered = page.locator(".starters button").all_inner_texts()
    assert len(offered) == 6
    assert "2024년 6월 11일 논문 요약해 줘" in offered
    for question in offered:
        page.locator(".starters button", has_text=question).click()
        _answer(page)
        assert page.locator(".reply.none").count() == 0, question
        page.click("#clear")


def test_the_last_question_can_be_edited_asked_again_and_cleared(page: Page) -> None:
    _ask(page, "Mamba를 사용한 논문은 몇 편이야?")
    page.locator("[aria-label='질문 고치기']").click()
    page.locator(".editform textarea").fill("Gamba를 설명해 줘")
    page.keyboard.press("Enter")
    page.locator("[data-testid=user]", has_text="Gamba").wait_for()
    assert "Gaussian Splatting" in _answer(page)
    assert page.locator(".turn").count() == 1
    page.locator("[aria-label='다시 답하기']").click()
    assert "Gaussian Splatting" in _answer(page)
    page.click("#clear")
    assert page.locator(".turn").count() == 0
    assert page.locator(".starters").is_visible()


@pytest.mark.parametrize("question", ["Mamba와 Gamba를 비교해 줘", "누가 논문을 가장 많이 썼어?"])
def test_words_and_numbers_of_a_table_stand_in_one_line(page: Page, question: str) -> None:
    page.set_viewport_size({"width": 420, "height": 900})
    _ask(page, question)
    cells = page.locator(".turn [data-testid=bot] td")
    assert cells.count() > 6
    split = cells.evaluate_all(
        """all => all.flatMap(cell => {
          const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
          for (let text; (text = walk.nextNode());)
            for (const word of text.data.matchAll(/[^\\s-]+/g)) {
              const range = document.createRange();
              range.setStart(text, word.index);
              range.setEnd(text, word.index + word[0].length);
              if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(word[0]);
            }
          return found;
        })"""
    )
    assert split == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 420  # the table scrolls by itself


def test_an_answer_is_copied_with_the_addresses_of_its_sources(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _ask(page, USES_MAMBA)
    page.locator("[aria-label='복사']").click()
    expect(page.locator(".toast")).to_have_text("복사했습니다")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "모두 2편" in copied
    assert f"[2] Mamba: Linear-Time Sequence Modeling with Selective State Spaces — {MAMBA}" in copied


# --- Sets ------------------------------------------------------------------------------------------------------------
def test_a_set_can_be_sorted_filtered_paged_and_taken_along(page: Page) -> None:
    _ask(page, "2023년 12월 논문 목록")
    page.click("[data-view=table]")
    status = page.locator(".set [role=status]")
    total = int(re.search(r"(\d+)편 중 1–20", status.inner_text())[1])  # type: ignore[index]
    assert total > 20
    page.locator("th button", has_text="득표").click()
    column = [text for text in page.locator(".set tbody tr td:nth-child(3)").all_inner_texts() if text != "–"]
    assert column == sorted(column, key=int, reverse=True)
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("득표")
    page.locator(".set [aria-label='다음']").click()
    assert f"{total}편 중 21–" in status.inner_text()
    page.locator(".set input").fill("dahua lin")
    rows = page.locator(".set tbody tr")
    assert rows.count() >= 2
    assert all("21–" not in text for text in [status.inner_text()])
    with page.expect_download() as given:
        page.get_by_role("button", name="BibTeX").click()
    text = Path(given.value.path()).read_text(encoding="utf-8")
    assert text.count("@misc{") == rows.count() < total  # what is shown
    assert "Order of authors not known" in text
    with page.expect_download() as given:
        page.get_by_role("button", name="CSV").click()
    text = Path(given.value.path()).read_text(encoding="utf-8")
    assert text.startswith("\ufeffarxiv_id,title,date,votes,authors,url")
    shown = rows.locator("td:nth-child(1) a, td:nth-child(2) a").evaluate_all(
        "all => all.map(a => a.href.match(/\\d{4}\\.\\d{5}/)[0])"
    )
    assert re.findall(r"^(\d{4}\.\d{5}),", text, re.MULTILINE) == list(
        dict.fromkeys(shown)
    )  # in the order that is shown


def test_bars_by_month_lead_to_a_month(page: Page) -> None:
    _ask(page, "Transformer를 사용한 논문의 월별 추이는?")
    page.wait_for_selector(".bars .ink")
    months = page.locator(".bars .column[role=button]:not([aria-hidden])")
    named = months.evaluate_all("all => all.map(bar => bar.getAttribute('aria-label'))")
    assert all(re.fullmatch(r"20\d\d-\d\d · \d+편", name) for name in named)
    months.first.focus()
    page.keyboard.press("Enter")
    page.locator(".chip", has_text="2023-12").first.wait_for()
    assert "2023" in _answer(page)


# --- Filters, links, days --------------------------------------------------------------------------------------------
def test_filters_set_by_hand_are_seen_in_the_plan_and_a_link_opens_them_again(page: Page, chromium: Browser) -> None:
    page.click("#filters")
    page.locator(".filterpanel input").nth(0).fill("2024-01-01")
    page.locator(".filterpanel input").nth(0).press("Tab")
    page.locator(".filterpanel").get_by_text("적용").click()
    assert "시작일 2024-01-01" in page.locator(".chips.active").inner_text()
    answer = _ask(page, USES_MAMBA)
    assert "1편" in answer
    assert "from=2024-01-01" in page.url
    again = _open(chromium, page.url)
    assert "1편" in _answer(again)
    assert again.locator("[data-testid=user]").inner_text() == USES_MAMBA
    assert "시작일 2024-01-01" in again.locator(".chips.active").inner_text()
    again.locator(".turn .chip", has_text="2024").locator(".x").click()
    again.get_by_text("모두 2편").wait_for()
    assert again.locator(".chips.active .chip").count() == 0
    again.context.close()


def test_the_language_of_summaries_is_a_filter_like_the_others(chromium: Browser, site: str) -> None:
    page = _open(chromium, site, "en-US")
    page.click("#filters")
    page.get_by_label("Summarised in").select_option("en")
    page.get_by_text("Apply", exact=True).click()
    assert "English summary" in page.locator(".chips.active").inner_text()
    assert "with a summary in English" in _ask(page, "Which papers used Mamba?")
    assert "summary=en" in page.url
    again = _open(chromium, page.url, "en-US")
    assert "with a summary in English" in _answer(again)
    again.locator(".turn .chip", has_text="English summary").locator(".x").click()
    expect(again.locator(".chips.active .chip")).to_have_count(0)
    assert "summary in English" not in _answer(again)
    assert "summary=" not in again.url.split("plan=")[0]
    page.context.close()
    again.context.close()


def test_the_newest_day_stands_by_votes_and_a_paper_is_asked_about_by_one_click(page: Page) -> None:
    page.wait_for_selector(".day li")
    assert "2024-06-11" in page.locator(".dayhead").inner_text()
    scores = [int(re.match(r"\d+", t)[0]) for t in page.locator(".day .score").all_inner_texts()]  # type: ignore[index]
    assert scores == sorted(scores, reverse=True)
    page.locator("[aria-label='이전 날']").click()
    page.get_by_text("2024-03-28 (목) ·").wait_for()
    title = page.locator(".day li a").first.inner_text()
    page.locator(".day li [aria-label^='이 논문에 대해 묻기']").first.click()
    assert title in _answer(page)


# --- What stays in the browser ---------------------------------------------------------------------------------------
def test_chats_stay_with_one_person_and_can_be_renamed_opened_taken_along_and_deleted(
    page: Page, chromium: Browser, site: str
) -> None:
    first, second = page, _open(chromium, site)
    _ask(first, USES_MAMBA)
    assert "논문은 모두 18편" not in _ask(second, "그중 2024년 것만 보여 줘")  # no earlier question here to mean
    assert "Mamba" not in second.locator("#side").inner_text()
    assert "1편" in _ask(first, "그중 2024년 것만 보여 줘")
    first.reload()
    first.wait_for_selector(".starters button, .turn")
    first.click("#clear")
    row = first.locator(".chatlist li").last
    row.hover()
    row.locator("[aria-label^='이름 바꾸기']").click()
    row.locator("input").fill("맘바 조사")
    first.keyboard.press("Enter")
    first.locator(".chatlist .open", has_text="맘바 조사").click()
    expect(first.locator(".turn")).to_have_count(2)
    _answer(first)
    assert _links(first) == {GAMBA}  # the follow-up still means the question before it
    here = first.locator(".chatlist li", has_text="맘바 조사")
    here.hover()
    with first.expect_download() as given:
        here.locator("[aria-label^='내보내기']").click()
    assert MAMBA in Path(given.value.path()).read_text(encoding="utf-8")
    here.locator("[aria-label^='삭제']").click()
    first.locator("dialog .danger").click()
    expect(first.locator(".chatlist li", has_text="맘바 조사")).to_have_count(0)
    assert not [chat for chat in _kept(first) if chat["title"] == "맘바 조사"]
    assert [turn["q"] for chat in _kept(second) for turn in chat["turns"]] == ["그중 2024년 것만 보여 줘"]
    second.context.close()


def test_settings_change_the_language_the_answers_and_the_theme_and_are_remembered(page: Page) -> None:
    page.click("#settings")
    page.locator("dialog input[name=ui][value=en]").check()
    page.locator("dialog input[name=answer][value=en]").check()
    page.locator("dialog input[name=theme][value=dark]").check()
    page.keyboard.press("Escape")
    assert "2 papers" in _ask(page, USES_MAMBA)
    page.goto(urlsplit(page.url)._replace(query="", fragment="").geturl())
    page.wait_for_selector(".starters button")
    assert page.locator("h1").inner_text() == "What shall we look up?"
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 26)"


def test_a_verdict_is_one_private_line_with_what_an_evaluation_needs(page: Page, seeds_home: Path) -> None:
    kept = seeds_home / ".local" / "share" / "nonmun" / "feedback" / "feedback.jsonl"
    _ask(page, USES_MAMBA)
    with page.expect_response("**/page/verdict"):
        page.get_by_role("button", name="도움이 됐습니다").click()
    assert json.loads(kept.read_text(encoding="utf-8").splitlines()[-1])["verdict"] == "up"
    page.locator("[aria-label='도움이 되지 않았습니다']").click()
    page.locator(".reason input").fill("빠진 논문이\n있습니다")
    with page.expect_response("**/page/verdict"):  # the verdict was sent before its reason
        page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_text("의견을 남겼습니다")
    said = json.loads(kept.read_text(encoding="utf-8").splitlines()[-1])
    assert (said["question"], said["verdict"], said["reason"]) == (USES_MAMBA, "down", "빠진 논문이 있습니다")
    assert said["papers"] == said["citations"] == ["2403.18795", "2312.00752"]
    assert said["plan"]["terms"] == ["Mamba"]
    assert "person" not in said
    assert kept.stat().st_mode & 0o777 == 0o600


# --- What leaves, and what gets in -----------------------------------------------------------------------------------
def test_nothing_leaves_the_browser_until_pictures_are_on_and_then_only_to_the_named_hosts(
    chromium: Browser, site: str, seeds_home: Path
) -> None:
    page = _open(chromium, site)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.route(re.compile(r"^https://"), lambda route: route.abort())
    page.reload()
    _ask(page, "2023년 12월 4일 논문은?")
    assert {urlsplit(url).hostname for url in requests if not url.startswith("blob:")} == {"127.0.0.1"}
    page.check("#pictures input")
    page.wait_for_selector("#sources .picture.lost", state="attached")
    expect(page.locator("#sources .picture.lost").first).to_be_hidden()  # no grey box is left
    page.wait_for_timeout(300)  # other pictures may be asked for, too
    outside = {urlsplit(url).hostname for url in requests} - {"127.0.0.1"}
    assert outside
    assert outside <= PICTURE_HOSTS
    page.reload()
    page.wait_for_selector("#pictures input", state="attached")
    assert page.locator("#pictures input").is_checked()
    assert (
        not (seeds_home / "refused.log").exists() or (seeds_home / "refused.log").read_text() == ""
    )  # nor from the server
    page.context.close()


@pytest.mark.parametrize(
    "question",
    [
        '<img src=x onerror="window.PWN=1"> 논문은?',
        "[arXiv](javascript:window.PWN=1) 논문을 알려 줘 ![](https://evil.example/x.png) 맘바",
        "- " * 900,
        "🙂🙂🙂",
        "\u202e논문은?\u2066",
    ],
)
def test_hostile_questions_run_nothing_and_leave_the_box_open(page: Page, question: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    _ask(page, question)
    assert page.evaluate("window.PWN") is None
    assert not [url for url in requests if "evil.example" in url]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.locator("[data-testid=user]").inner_text())
    assert "Gamba" in _ask(page, "맘바를 사용한 논문은?")


def test_hostile_digests_show_as_text(chromium: Browser, tmp_path: Path) -> None:
    write_day(
        tmp_path / "digests",
        "2024-06-11",
        entry(
            "2406.00001",
            'NightOwl: <img src=x onerror="window.PWN=1"> **bold** \u202egnp.exe',
            (
                "<script>window.PWN=1</script> 맘바를 사용합니다 [여기](javascript:alert(1)) ![](https://evil.example/p.png)",
                '<a href="https://evil.example">맘바</a> `code` $$x$$ [9] \u2067뒤집힌 글\u2069',
            ),
            authors=("<b>Han Sora</b>", "[Otto](https://evil.example)"),
        ),
    )
    ingest(tmp_path, tmp_path / "digests")
    with serving(tmp_path) as address:
        page = _open(chromium, address)
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        _ask(page, "2024년 6월 11일 논문은?")
        answer = _ask(page, "NightOwl을 설명해 줘")
        page.locator("#sources summary").evaluate_all("all => all.forEach(one => one.click())")
        assert page.evaluate("window.PWN") is None
        assert not [url for url in requests if "evil.example" in url]
        assert _links(page) == {"https://arxiv.org/abs/2406.00001"}
        assert "<script>window.PWN=1</script>" in answer
        assert '<a href="https://evil.example">' in answer
        shown = page.locator("#sources").inner_text()
        assert "<b>Han Sora</b>" in shown
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown + answer)
        assert page.locator("nonmun-page :is(script, form[action], iframe, img, b)").count() == 0
        _look(page, "hostile-digest")
        page.context.close()


def test_foreign_hosts_uploads_and_large_bodies_are_refused(site: str) -> None:
    def status(path: str = "", data: bytes | None = None, **headers: str) -> int:
        request = urllib.request.Request(f"{site}{path}", data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return int(reply.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    assert status(Host="evil.example") == 400
    assert status("/gradio_api/upload", b"x") == 404
    assert status("/gradio_api/queue/join", b"x" * 400_000) == 413
    assert status("/mcp/gradio_api/mcp/") == 404
    assert status("/gradio_api/mcp/") == 404
    assert status("/page/static/../page.py") == 404
    assert status("/page/static/%2e%2e/page.py") == 404
    with urllib.request.urlopen(site, timeout=60) as reply:
        assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_the_policy_is_as_strict_as_gradio_works_under(chromium: Browser, site: str) -> None:
    """Each directive that is not 'none' or 'self', and why; that nothing of the page breaks it."""
    with urllib.request.urlopen(site, timeout=60) as reply:
        said = reply.headers["Content-Security-Policy"].split("; ")
    policy = {name: set(values) for name, *values in (directive.split() for directive in said)}
    pictures = {f"https://{host}" for host in PICTURE_HOSTS}
    scripts = policy.pop("script-src")
    assert "'self'" in scripts
    assert all(
        re.fullmatch("'sha256-[A-Za-z0-9+/=]{44}'", one) for one in scripts - {"'self'"}
    )  # Gradio's own, by name
    assert policy == {
        "default-src": {"'none'"},  # frames, objects, workers and what else there may come to be
        "style-src": {"'self'", "'unsafe-inline'"},  # Gradio (Svelte) sets style attributes and adds style elements
        "img-src": {"'self'", *pictures},  # thumbnails, once a reader switched them on
        "media-src": pictures,
        "font-src": {"'self'"},  # Gradio's own fonts
        "manifest-src": {"'self'"},  # Gradio's page links to one
        "connect-src": {"'self'"},
        "frame-ancestors": {"'none'"},
        "base-uri": {"'self'"},  # Gradio sets it; with 'none' it says an error
        "form-action": {"'none'"},
    }
    page = chromium.new_context(locale="ko-KR").new_page()
    page.set_default_timeout(WITHIN)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(site)
    page.wait_for_selector(".starters button")
    _ask(page, "2023년 12월 논문 목록")
    page.click("[data-view=table]")
    with page.expect_download():
        page.get_by_role("button", name="BibTeX").click()
    page.click("#settings")
    assert not errors
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.PWN = 1' }))"
    )
    assert page.evaluate("window.PWN") is None
    page.context.close()


def test_an_address_open_to_others_needs_a_name_and_password(
    seeds_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for more, said in (
        ({}, "NONMUN_AUTH"),
        ({"NONMUN_AUTH": "kim:secret", "NONMUN_MCP": "on"}, "NONMUN_MCP_TOKEN"),
    ):
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        assert serve(["--store", str(seeds_home / "store"), "--host", "0.0.0.0"]) == 2
        refused = capsys.readouterr().err
        assert said in refused
        assert "Traceback" not in refused
        assert "secret" not in refused


# --- Care ------------------------------------------------------------------------------------------------------------
def test_enter_that_ends_a_hangul_syllable_does_not_send(page: Page) -> None:
    box = page.locator("#question textarea")
    box.focus()
    cdp = page.context.new_cdp_session(page)
    page.keyboard.type("맘바를 사용한 논문")
    cdp.send("Input.imeSetComposition", {"text": "은", "selectionStart": 1, "selectionEnd": 1})
    cdp.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    box.evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert page.locator(".turn").count() == 0
    cdp.send("Input.insertText", {"text": "은?"})
    assert box.input_value().startswith("맘바를 사용한 논문은")
    page.keyboard.press("Enter")
    assert "Gamba" in _answer(page)


def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.matches('#question textarea')")
    page.keyboard.type(USES_MAMBA)
    page.keyboard.press("Shift+Enter")
    assert page.locator(".turn").count() == 0
    page.keyboard.press("Enter")
    _answer(page)
    assert page.evaluate("document.activeElement.matches('#question textarea')")
    expect(page.locator("[role=status].sr")).to_have_text("답변이 준비되었습니다. 논문 2편, 출처 2편.")
    wanted, seen = {"skip", "clear", "today", "settings", "cite", "filters"}, set()
    page.locator("body").evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    for _ in range(200):  # more than the page has stops
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " const box = e.closest('div.box') ? getComputedStyle(e.closest('div.box')).boxShadow : 'none';"
            " return [e.id || e.className.baseVal || e.className || e.tagName, s.outlineStyle !== 'none' || box !== 'none'] })()"
        )
        if name != "BODY":
            assert outline, name
        seen.add(str(name))
        if wanted <= seen:
            break
    assert wanted <= seen


def test_axe_finds_nothing_serious(page: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = []

    def run() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found.append(axe.run(page))

    page.wait_for_selector(".day li")
    run()
    _ask(page, "2023년 12월 논문 목록")
    page.wait_for_selector(".next")
    run()
    page.click("[data-view=table]")
    page.wait_for_selector(".set tbody tr")
    run()
    page.click("[data-view=months]")
    page.click("#filters")
    run()
    page.keyboard.press("Escape")
    page.click("#settings")
    run()
    bad = [
        (v["id"], v["impact"], v["nodes"][0]["html"][:120], v["nodes"][0].get("failureSummary", "")[:200])
        for result in found
        for v in result.response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert not bad
    assert any(result.response["passes"] for result in found)


def test_korean_lines_break_between_words_and_the_page_fits_a_narrow_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for question in (
        "2024년 6월 11일 논문 요약해 줘",
        "VideoBooth와 Merlin을 비교해 줘",
        "Transformer 논문의 월별 추이는?",
    ):
        _ask(page, question)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    style = page.locator(".prose").first.evaluate(
        "e => [getComputedStyle(e).wordBreak, parseFloat(getComputedStyle(e).lineHeight) / parseFloat(getComputedStyle(e).fontSize)]"
    )
    assert style[0] == "keep-all"
    assert style[1] >= 1.6
    page.locator(".opens").last.click()
    assert page.locator("#sources").bounding_box()["width"] <= 360  # type: ignore[index]
    page.keyboard.press("Escape")
    page.click("#menu")
    assert page.locator("#side").is_visible()


# --- States ----------------------------------------------------------------------------------------------------------
def test_a_page_without_an_index_says_so_follows_the_ingest_and_goes_on_by_itself(
    chromium: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path) as address:
        page = _open(chromium, address, ready=False)
        page.get_by_text("아직 색인이 없습니다").wait_for()
        assert page.locator("#question textarea").is_disabled()
        _look(page, "state-empty")
        (tmp_path / "store").mkdir(exist_ok=True)
        note = tmp_path / "store" / "progress.json"
        note.write_text('{"stage": "embed", "done": 400, "total": 1158}')
        page.get_by_text("색인을 만드는 중입니다").wait_for()
        assert page.locator("[role=progressbar]").get_attribute("aria-valuenow") == "35"
        _look(page, "state-indexing")
        ingest(tmp_path, REPOSITORY / "seeds")
        assert not note.exists()
        page.wait_for_selector(".starters button")
        assert "Gamba" in _ask(page, USES_MAMBA)
        (tmp_path / "store" / "CURRENT").write_text("gen-999999")
        _ask(page, "Gamba를 설명해 줘")
        said = page.locator(".problem").inner_text()
        assert "색인을 열 수 없습니다. 색인 파일이 손상되었습니다. 다이제스트로 색인을 다시 만들어 주세요." in said
        assert "gen-999999" in said
        assert page.locator("#question textarea").is_enabled()
        _look(page, "state-store-broken")
        page.reload()
        page.get_by_text("색인을 열 수 없습니다").wait_for()
        page.get_by_text("색인 파일이 손상되었습니다. 다이제스트로 색인을 다시 만들어 주세요.").wait_for()
        _look(page, "state-unreachable")
        page.context.close()
        page = _open(chromium, address, "en-US", ready=False)
        page.get_by_text("The index cannot be opened").wait_for()
        page.get_by_text("Its files are damaged. Please build it anew from the digests.").wait_for()
        page.context.close()


class Mortal(NamedTuple):
    """A server behind a trusted proxy that a test may stop."""

    address: str
    stop: Callable[[], None]
    started_in: float  # seconds


@pytest.fixture(scope="module")
def mortal(seeds_home: Path) -> Iterator[Mortal]:
    began = time.perf_counter()
    with contextlib.ExitStack() as stack:
        log = seeds_home / "mortal.log"
        address, _ = stack.enter_context(started(seeds_home, log, NONMUN_TRUSTED_PROXY="127.0.0.1"))
        yield Mortal(address, stack.close, time.perf_counter() - began)


def test_from_start_to_an_answered_question_and_to_first_paint_it_does_not_take_long(
    chromium: Browser, mortal: Mortal
) -> None:
    opened = time.perf_counter()
    page = _open(chromium, mortal.address)
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert "Gamba" in _ask(page, USES_MAMBA)
    took = mortal.started_in + time.perf_counter() - opened
    page.context.close()
    assert took < 60  # docs/load.md has the figures of an idle machine
    assert painted < 30_000


def test_a_server_at_its_limits_says_so_politely_and_answers_others(chromium: Browser, mortal: Mortal) -> None:
    page = _open(chromium, mortal.address)
    busy = json.dumps({"type": "error", "code": "busy", "message": ""})
    page.route(
        "**/page/ask", lambda route: route.fulfill(status=200, body=busy + "\n")
    )  # as tests/web/test_answering.py has it
    _ask(page, "Gamba를 설명해 줘")
    assert "차례를 받지 못했습니다" in page.locator(".problem").inner_text()
    _look(page, "state-busy")
    page.unroute("**/page/ask")
    page.locator(".problem button").click()
    assert "Gaussian Splatting" in _answer(page)
    other = _open(chromium, mortal.address, extra_http_headers={"X-Forwarded-For": "203.0.113.9"})
    ended, over = threading.Event(), threading.Event()

    def flood() -> None:  # on and on: a moment without questions is one in which another is taken
        n = 0
        while not ended.is_set():
            n += 1
            connection = _asking(mortal.address, "안녕", n, **{"X-Forwarded-For": "203.0.113.9"})
            if connection.recv(12) == b"HTTP/1.1 429":
                over.set()
            connection.close()

    flooding = [threading.Thread(target=flood) for _ in range(3)]
    for one in flooding:
        one.start()
    try:
        assert over.wait(60)
        for _ in range(8):  # a question that comes just as another is taken again is answered
            _ask(other, USES_MAMBA)
            if other.locator(".problem").count():
                break
    finally:
        ended.set()
        for one in flooding:
            one.join()
    assert "같은 네트워크에서 온 질문이 너무 많습니다" in other.locator(".problem").inner_text()
    _look(other, "state-address-limited")
    assert "Gamba" in _ask(page, USES_MAMBA)  # others are not held up
    page.context.close()
    other.context.close()


def _asking(address: str, question: str, person: int, **headers: str) -> socket.socket:
    """Ask as one of many people, and do not wait for the answer."""
    body = json.dumps({"question": question, "person": str(person)}).encode()
    lines = [
        "POST /page/ask HTTP/1.1",
        f"Host: {urlsplit(address).netloc}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    connection = socket.create_connection(("127.0.0.1", urlsplit(address).port or 80), timeout=60)
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
    return connection


def test_a_very_long_answer_is_folded_and_opens(page: Page) -> None:
    _ask(page, "2023년 12월 논문 목록")
    prose = page.locator(".prose")
    assert prose.bounding_box()["height"] < 900  # type: ignore[index]
    _look(page, "state-long-answer")
    page.get_by_role("button", name="펼쳐 보기").click()
    assert prose.bounding_box()["height"] > 1_200  # type: ignore[index]
    assert page.locator(".prose ol > li").count() == 20


@pytest.fixture(scope="module")
def written(seeds_home: Path) -> Iterator[tuple[str, Script]]:
    """The page with a scripted language model behind it."""
    with (
        openai_server() as script,
        serving(seeds_home, OPENAI_BASE_URL=script.url, NONMUN_MODEL="scripted", NONMUN_LLM_TIMEOUT="4") as address,
    ):
        yield address, script


def test_a_models_words_stream_with_their_sources_and_can_be_stopped(
    chromium: Browser, written: tuple[str, Script]
) -> None:
    address, script = written
    script.say(
        "Gamba는 한 시점의 이미지에서 3D를 복원합니다 [1]. ",
        "Mamba 기반 순차 네트워크를 씁니다 [1]. ",
        "끝으로 이 방법은 빠릅니다 [1].",
    )
    page = _open(chromium, address)
    answer = _ask(page, "Gamba를 설명해 줘")
    assert "scripted 답변" in answer
    assert re.search(r"토큰 (약 )?[\d,]+개 · 비용 정보 없음", answer)
    _look(page, "state-model-wrote")
    assert page.locator(".prose .cite").count() >= 2
    assert page.locator("#source-1").count() == 1
    script.mode, script.hang = "hang", 3.0
    page.fill("#question textarea", "VideoBooth를 설명해 줘")
    page.keyboard.press("Enter")
    page.wait_for_selector("#source-1:has-text('VideoBooth')")  # the sources are there while the model still writes
    page.click("#stop")
    page.get_by_text("여기에서 멈췄습니다.").wait_for()
    assert page.locator("#question textarea").is_enabled()
    page.context.close()


def test_a_model_that_is_down_leaves_the_offline_answer_with_a_notice(
    chromium: Browser, written: tuple[str, Script]
) -> None:
    address, script = written
    script.mode, script.status = "status", 500
    page = _open(chromium, address)
    answer = _ask(page, "Gamba를 설명해 줘")
    assert "오프라인 답변" in answer
    assert "서버 오류" in page.locator(".notice").inner_text()
    _look(page, "state-model-down")
    script.say("<img src=x onerror=window.PWN=1> [arXiv](https://evil.example) Gamba는 3D를 복원합니다 [1]. ")
    answer = _ask(page, "Gamba가 뭐야?")
    assert page.evaluate("window.PWN") is None
    assert not [link for link in _links(page) if "evil" in link]
    page.context.close()


# --- Looks -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_looks_of_the_main_states(chromium: Browser, site: str, width: int, locale: str) -> None:
    def look(name: str) -> None:
        for scheme in ("dark", "light") if PICTURES else ("light",):  # they differ in colours alone
            page.emulate_media(color_scheme=scheme)
            _look(page, f"{width}-{scheme}-{locale[:2]}-{name}")

    size = {"width": width, "height": 900 if width > 500 else 844}
    page = _open(chromium, site, locale, viewport=size, reduced_motion="reduce")
    korean = locale.startswith("ko")
    page.wait_for_selector(".day li")
    look("1-start")
    _ask(page, USES_MAMBA if korean else "Which papers used Mamba?")
    page.wait_for_selector(".next button")
    look("2-set")
    _ask(page, "2023년 12월 논문 중 표가 가장 많은 10편은?" if korean else "Top 10 papers by votes in December 2023")
    page.locator(".turn").last.locator("[data-view=table]").click()
    page.wait_for_selector(".set tbody tr")
    look("3-table")
    _ask(page, "Transformer 논문의 월별 추이는?" if korean else "Transformer papers by month")
    page.wait_for_selector(".bars .ink")
    look("4-months")
    _ask(page, "PowerInfer는 4090에서 얼마나 빨라?" if korean else "How fast is PowerInfer on a 4090?")
    page.wait_for_selector(".turn:last-child .next button")
    if width < 500:
        page.locator(".opens").last.click()
    look("5-fact")
    page.keyboard.press("Escape")
    if width < 500:
        page.click("#menu")
    page.click("#settings")
    look("6-settings")
    page.context.close()


# --- Speed -----------------------------------------------------------------------------------------------------------
def test_nine_others_who_ask_at_once_do_not_keep_a_reader_waiting(chromium: Browser, site: str) -> None:
    over = threading.Event()

    def keep_asking(person: int) -> None:
        while not over.is_set():
            body = json.dumps({"question": USES_MAMBA, "person": f"{person}-{time.monotonic_ns()}"}).encode()
            request = urllib.request.Request(
                f"{site}/page/ask", data=body, headers={"content-type": "application/json"}
            )
            with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=60) as reply:
                reply.read()

    page = _open(chromium, site)
    others = [threading.Thread(target=keep_asking, args=(person,)) for person in range(9)]
    for other in others:
        other.start()
    try:
        waits = []
        for question in (USES_MAMBA, "Gamba를 사용한 논문은?", "2024년 6월 11일 논문은?"):
            page.fill("#question textarea", question)
            waits.append(
                page.evaluate(
                    "() => new Promise(done => { const start = performance.now(), n = document.querySelectorAll('.foot').length;"
                    " new MutationObserver((_, watch) => { if (document.querySelectorAll('.foot').length > n) { watch.disconnect();"
                    " requestAnimationFrame(() => done(performance.now() - start)); } }).observe(document.querySelector('#chat'), { childList: true, subtree: true });"
                    " document.querySelector('#ask').click(); })"
                )
            )
            page.wait_for_timeout(300)
    finally:
        over.set()
        for other in others:
            other.join()
    assert sorted(waits)[1] < 30_000
    page.context.close()


# --- The end ---------------------------------------------------------------------------------------------------------
def test_zero_results_limits_and_a_server_that_is_gone_are_said_plainly(chromium: Browser, mortal: Mortal) -> None:
    page = _open(chromium, mortal.address)
    _ask(page, "2031년에 나온 Mamba 논문은?")
    assert page.locator(".reply.none").count() == 1
    page.wait_for_selector(".rescue button")
    _look(page, "state-zero-results")
    for _ in range(10):  # a question that comes just as another is taken again is answered
        page.evaluate(
            "async () => { const { person } = JSON.parse(localStorage.getItem('nonmun.settings.1'));"
            " await Promise.all(Array.from({ length: 40 }, () => fetch('/page/ask', { method: 'POST',"
            " headers: { 'content-type': 'application/json' }, body: JSON.stringify({ question: '안녕', person }) }).then(r => r.text()))) }"
        )
        _ask(page, USES_MAMBA)
        if page.locator(".problem").count():
            break
    assert "몇 초 뒤에" in page.locator(".problem").inner_text()
    _look(page, "state-rate-limited")
    mortal.stop()
    _ask(page, USES_MAMBA)
    assert "서버에 연결하지 못했습니다" in page.locator(".problem").last.inner_text()
    _look(page, "state-server-gone")
    page.context.close()
