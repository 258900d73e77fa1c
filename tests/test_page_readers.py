"""Readers who sign in: their chats follow them from one browser to another, nobody sees another's, and they add digests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browsing import GAMBA, USES_MAMBA, WITHIN, ask, links, open_page
from tests.doubles import OWL, entry, write_day
from tests.serving import quick_hash, serving

pytestmark = pytest.mark.browser
PASSWORD = "소나무는 늘 푸르다"

# Waits for what the page reads from its database: a change comes after all that was begun before it.
READ = """async () => {
  const own = (await indexedDB.databases()).find(one => one.name.startsWith("nonmun-"));
  await new Promise((done, failed) => {
    const opening = indexedDB.open(own.name);
    opening.onerror = failed;
    opening.onsuccess = () => {
      opening.result.transaction(["chats", "answers", "saved"], "readwrite").oncomplete = () => {
        opening.result.close();
        done();
      };
    };
  });
}"""


@pytest.fixture(scope="module")
def library(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A page where kim and lee sign in, whose chats are kept on the server, and who may add digests."""
    home = tmp_path_factory.mktemp("readers")
    shutil.copytree(seeds_home / "store", home / "store")
    accounts, shelf = home / "accounts", home / "shelf"
    accounts.write_text("".join(f"{name}:{quick_hash(PASSWORD)}\n" for name in ("kim", "lee")), encoding="utf-8")
    write_day(shelf, "2024-06-13", OWL)
    with serving(
        home, NONMUN_AUTH_FILE=str(accounts), NONMUN_CHATS="server", NONMUN_UPLOADS="on", NONMUN_UPLOAD_FROM=str(shelf)
    ) as address:
        yield address, shelf


def _sign_in(page: Page, name: str) -> None:
    page.locator("input").nth(1).fill(PASSWORD)
    assert page.locator("nonmun-page").count() == 0
    page.locator("input").nth(0).fill(name)
    page.get_by_role("button").click()
    page.wait_for_selector("#question textarea:enabled")


@cache
def _cookies(chromium: Browser, address: str, name: str) -> Any:
    """What a browser of this reader holds once the reader has signed in."""
    page = open_page(chromium, address, ready=False)
    _sign_in(page, name)
    held = page.context.cookies()
    page.context.close()
    return held


def _signed_in(chromium: Browser, address: str, name: str, **options: Any) -> Page:
    """A browser of its own in which this reader has signed in."""
    context = chromium.new_context(**{"locale": "ko-KR", "viewport": {"width": 1440, "height": 900}, **options})
    context.add_cookies(_cookies(chromium, address, name))
    page = context.new_page()
    page.set_default_timeout(WITHIN)
    page.clock.install()
    page.goto(address)
    page.wait_for_selector("#question textarea:enabled")
    return page


@pytest.mark.parametrize(
    ("locale", "question", "narrower", "said", "delete"),
    [
        ("ko-KR", USES_MAMBA, "그중 2024년 것만 보여 줘", "이 서버에 저장", "삭제"),
        ("en-US", "Which papers used Mamba?", "only those of 2024", "kept on this server", "Delete"),
    ],
)
def test_a_chat_follows_its_reader_to_another_browser_and_reaches_nobody_else(
    chromium: Browser, library: tuple[str, Path], locale: str, question: str, narrower: str, said: str, delete: str
) -> None:
    address, _ = library
    first = _signed_in(chromium, address, "kim", locale=locale)
    ask(first, question)
    expect(first.locator(".fine")).to_contain_text(said)
    phone = _signed_in(chromium, address, "kim", locale=locale, viewport={"width": 390, "height": 844})
    phone.click("#menu")
    phone.locator(".chatlist .open", has_text=question).click()
    expect(phone.locator(".turn .foot")).to_have_count(1)
    assert GAMBA in links(phone)
    ask(phone, narrower)
    stranger = _signed_in(chromium, address, "lee", locale=locale)
    stranger.wait_for_selector(".starters button")
    expect(stranger.locator(".chatlist .open")).to_have_count(0)
    first.reload()
    expect(first.locator(".turn .foot")).to_have_count(2)  # what was asked on the phone is here
    first.locator(".chatlist li").first.hover()
    first.locator(f".chatlist [aria-label^='{delete}']").first.click()
    first.locator("dialog .danger").click()
    expect(first.locator(".chatlist .open")).to_have_count(0)
    phone.clock.fast_forward(10_000)
    expect(phone.locator(".chatlist .open")).to_have_count(0)  # the phone hears of it by itself
    for page in (first, phone, stranger):
        page.context.close()


def test_what_a_reader_opens_or_types_stays_when_the_chats_come_late(
    chromium: Browser, library: tuple[str, Path]
) -> None:
    page = _signed_in(chromium, library[0], "kim", viewport={"width": 390, "height": 844})
    ask(page, "Gamba를 설명해 줘")
    held: list[Route] = []
    for address in (library[0], page.url):
        late = page.context.new_page()
        late.route("**/page/chats?since=*", lambda route: held.append(route))
        with late.expect_request("**/page/chats?since=*"):
            late.goto(address)
        late.fill("#question textarea", "맘바")
        late.keyboard.press("Home")
        late.click("#menu")
        late.keyboard.press("Tab")
        before = late.evaluate("document.activeElement.outerHTML")
        while held:
            held.pop().continue_()
        expect(late.locator(".chatlist .open", has_text="Gamba")).to_have_count(1)
        if address == page.url:
            late.locator(".turn .foot").wait_for()
        late.evaluate(READ)
        assert late.evaluate("document.activeElement.outerHTML") == before
        expect(late.locator("nonmun-page")).to_have_attribute("data-drawer", "side")
        late.keyboard.press("Escape")
        expect(late.locator("#question textarea")).to_have_value("맘바")
        if address == library[0]:
            assert late.locator("#question textarea").evaluate("box => box.selectionStart") == 0
        late.close()
    page.context.close()


def test_two_readers_of_one_browser_do_not_see_each_others_chats(chromium: Browser, library: tuple[str, Path]) -> None:
    address, _ = library
    page = _signed_in(chromium, address, "kim")
    ask(page, "Gamba를 설명해 줘")
    page.click("#clear")
    page.fill("#question textarea", "나만 알 질문")
    page.goto("about:blank")  # else the page may go to the sign-in by itself at the same moment
    page.context.clear_cookies()
    page.go_back()
    _sign_in(page, "lee")
    page.wait_for_selector(".starters button")
    expect(page.locator(".chatlist .open")).to_have_count(0)
    assert "Gamba" not in page.locator("#side").inner_text()
    page.evaluate(READ)
    expect(page.locator("#question textarea")).to_have_value("")
    page.context.close()


def test_what_was_asked_while_the_server_was_away_is_kept_there_once_it_is_back(
    chromium: Browser, library: tuple[str, Path]
) -> None:
    address, _ = library
    page = _signed_in(chromium, address, "lee")
    page.route("**/page/chats/*", lambda route: route.abort())
    ask(page, USES_MAMBA)
    page.wait_for_selector(".next button")
    page.unroute("**/page/chats/*")
    page.clock.fast_forward(10_000)  # until the page looks at the server again
    again = _signed_in(chromium, address, "lee")
    again.locator(".chatlist .open", has_text=USES_MAMBA).wait_for()
    page.context.close()
    again.context.close()


def test_digests_are_added_from_the_page_and_what_could_not_be_read_is_told(
    chromium: Browser, library: tuple[str, Path], tmp_path: Path
) -> None:
    address, shelf = library
    page = _signed_in(chromium, address, "kim")
    page.click("#add")
    day = write_day(tmp_path, "2024-06-12", OWL)
    other = tmp_path / "notes.pdf"
    other.write_bytes(b"%PDF")
    large = tmp_path / "2024-06-14.md"
    large.write_text("# 큰 파일\n" + "가" * 200_000, encoding="utf-8")
    page.locator("dialog input[type=file]").first.set_input_files([day, other, large])
    report = page.locator("dialog")
    expect(report).to_contain_text("새 논문 1편")
    expect(report.locator(".problems li")).to_have_count(2)
    expect(report.locator(".problems")).to_contain_text("notes.pdf")
    expect(report.locator(".problems")).to_contain_text("320 KB보다 큽니다")
    box = report.get_by_label("서버의 폴더")
    expect(box).to_have_value(str(shelf))
    box.fill("/etc")
    page.get_by_role("button", name="색인하기").click()
    expect(report).to_contain_text("허용한 폴더를")
    box.fill(str(shelf))
    page.get_by_role("button", name="색인하기").click()
    expect(report).to_contain_text("바뀐 논문 1편")
    page.keyboard.press("Escape")
    assert "NightOwl" in ask(page, "NightOwl을 설명해 줘")
    page.context.close()


def test_a_folder_that_is_dropped_is_read_with_all_that_lies_in_it(
    chromium: Browser, library: tuple[str, Path], tmp_path: Path
) -> None:
    page = _signed_in(chromium, library[0], "kim")
    for month, n in (("06", "71"), ("07", "72")):
        write_day(
            tmp_path / "mine" / month, f"2024-{month}-20", entry(f"24{month}.000{n}", f"Drop {n}", ("비를 셉니다.",))
        )
    (tmp_path / "mine" / ".DS_Store").write_bytes(b"\0\1")
    page.click("#add")
    drag = {"items": [], "files": [str(tmp_path / "mine")], "dragOperationsMask": 1}
    cdp = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        cdp.send("Input.dispatchDragEvent", {"type": kind, "x": 40, "y": 40, "data": drag})  # beside the box
    expect(page.locator("dialog")).to_contain_text("새 논문 2편")
    expect(page.locator("dialog .problems li")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize(
    ("locale", "width", "said"),
    [
        ("ko-KR", 390, ("다이제스트 파일(.md", "논문 제목 줄이 없습니다", "2건은 읽지 못했습니다", "색인할 수 있는 폴더가 아닙니다", "모두 2편", "이 폴더에는 다이제스트 파일이 없습니다")),
        ("en-US", 1440, ("Not a digest file (.md", "no paper heading", "2 could not be read", "cannot be indexed from", "2 papers", "no digest file in this folder")),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_told_in_the_readers_language_and_once(
    chromium: Browser, library: tuple[str, Path], tmp_path: Path, locale: str, width: int, said: tuple[str, ...]
) -> None:
    address, shelf = library
    page = _signed_in(chromium, address, "lee", locale=locale, viewport={"width": width, "height": 844})
    page.wait_for_selector(".starters button")
    if width < 860:
        page.click("#menu")
    page.click("#add")
    dialog, pdf, empty = page.locator("dialog"), tmp_path / "notes.pdf", tmp_path / "2024-06-15.md"
    pdf.write_bytes(b"%PDF")
    empty.write_text("논문이 없는 글\n", encoding="utf-8")
    dialog.locator("input[type=file]").first.set_input_files([pdf, empty])
    problems = dialog.locator(".problems li")
    expect(problems).to_have_count(2)
    expect(problems.nth(0)).to_contain_text(said[0])
    expect(problems.nth(1)).to_contain_text(said[1])
    expect(dialog.locator("[role=status]")).to_contain_text(said[2])
    dialog.locator("input[type=text]").fill("/etc")
    dialog.locator(".folders button").click()
    expect(dialog.locator("[role=status]")).to_contain_text(said[3])
    expect(problems).to_have_count(0)
    dialog.locator("input[type=file]").first.set_input_files([pdf, empty])  # the same once more, mended perhaps
    expect(problems).to_have_count(2)
    (shelf / "empty").mkdir(exist_ok=True)
    dialog.locator("input[type=text]").fill(str(shelf / "empty"))
    page.keyboard.press("Enter")
    expect(dialog.locator("[role=status]")).to_contain_text(said[5])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    expect(page.locator("#menu" if width < 860 else "#add")).to_be_focused()
    question = "Mamba를 사용한 논문은?" if locale == "ko-KR" else "Which papers used Mamba?"
    assert said[4] in ask(page, question)
    page.context.close()


def test_who_did_not_sign_in_can_add_nothing(chromium: Browser, site: str) -> None:
    page = open_page(chromium, site)
    expect(page.locator("#add")).to_be_hidden()
    assert page.request.post(f"{site}/page/uploads/file?name=2024-06-12.md", data=b"x").status == 404
    assert page.request.get(f"{site}/page/chats").status == 404
    page.context.close()
