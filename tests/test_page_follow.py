"""Following on the page: the star below an answer, the count in the side and in the digest, the news, and the reader's own order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import USES_MAMBA, ask, look, open_page
from tests.serving import ingest, nonmun, serving

pytestmark = pytest.mark.browser
LOOKS = [("ko-KR", 1440, "light"), ("en-US", 390, "dark")]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {"NONMUN_FOLLOW": str(tmp_path_factory.mktemp("book") / "follow.sqlite")}


@pytest.fixture(scope="module")
def followed(seeds_home: Path, book: dict[str, str]) -> Iterator[str]:
    with serving(seeds_home, **book) as address:
        yield address


def follow(home: Path, book: dict[str, str], question: str, name: str) -> None:
    """Follow a question whose papers are all still to be told."""
    nonmun(home, "follow", "add", question, "--name", name, "--all", **book)


def test_a_star_follows_a_question_and_takes_it_back(chromium: Browser, followed: str) -> None:
    page = open_page(chromium, followed)
    ask(page, USES_MAMBA)
    star = page.locator(".followstar")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".toast")).to_have_text("새 논문이 들어오면 ‘따라가는 질문’에 알려 드립니다")
    page.locator("#followed").click()
    expect(page.locator(".savedlist .newslink")).to_have_text([USES_MAMBA])
    page.locator(".savedlist li button").click()
    expect(page.locator(".savedlist")).to_have_count(0)
    page.locator(".leaf p", has_text="별표를 누르면").wait_for()
    ask(page, "Mamba가 뭐야?")
    expect(page.locator(".turn").last.locator(".followstar")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize(("locale", "width", "scheme"), LOOKS)
def test_news_are_counted_opened_and_then_seen(
    chromium: Browser, followed: str, seeds_home: Path, book: dict[str, str], locale: str, width: int, scheme: str
) -> None:
    name = f"new-{width}"
    follow(seeds_home, book, "Mamba를 언급한 논문은?", name)
    page = open_page(chromium, followed, locale, viewport={"width": width, "height": 844}, color_scheme=scheme)
    line = page.locator(".newsline a")
    expect(line).to_contain_text("새 논문" if locale == "ko-KR" else "new")
    look(page, f"followed-digest-{width}")
    line.click()
    expect(page.locator("[data-part=new] li")).not_to_have_count(0)
    assert page.locator("[data-part=new] .why").count() > 0
    look(page, f"followed-news-{width}")
    page.goto(f"{followed}/#/followed")
    page.locator(f".savedlist [data-name={name}], .savedlist li").first.wait_for()
    look(page, f"followed-list-{width}")
    page.goto(followed)
    page.wait_for_selector(".day ol li")
    expect(page.locator(".newsline")).to_have_count(0)
    page.context.close()


def digest(folder: Path, day: str, arxiv_id: str, title: str, said: str) -> None:
    """Write the digest of a day with one paper."""
    folder.mkdir(exist_ok=True)
    entry = f"### [{title}](https://arxiv.org/abs/{arxiv_id})\n\nVote: 3\n\nAuthors: Ada Lee\n\n- {said}\n"
    (folder / f"{day}.md").write_text(f"## Daily Papers ({day})\n\n{entry}", "utf-8")


def test_what_another_program_indexes_is_counted_on_a_page_that_stays_open(chromium: Browser, tmp_path: Path) -> None:
    folder, wings = tmp_path / "digests", "FlapNet을 사용해 나방의 비행을 예측합니다."
    digest(folder, "2024-06-11", "2406.00001", "Butterfly Net", "FlapNet을 사용해 나비의 날갯짓을 배웁니다.")
    ingest(tmp_path, folder)
    nonmun(tmp_path, "follow", "add", "FlapNet을 언급한 논문은?", "--name", "flap")
    with serving(tmp_path) as address:
        page = open_page(chromium, address)
        expect(page.locator(".newsline")).to_have_count(0)
        digest(folder, "2024-06-12", "2406.00002", "Moth Wing", wings)
        ingest(tmp_path, folder)
        expect(page.locator(".newsline a")).to_contain_text("새 논문 1편")
        page.locator(".newsline a").click()
        expect(page.locator("[data-part=new] .why")).to_have_text(wings)
        page.context.close()


@pytest.mark.parametrize(("locale", "width", "scheme"), LOOKS)
def test_from_five_stars_on_the_digest_has_the_readers_own_order(
    chromium: Browser, followed: str, locale: str, width: int, scheme: str
) -> None:
    page = open_page(chromium, followed, locale, viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.wait_for_selector(".day ol li")
    stars = page.locator(".day ol .star")
    for at in range(4):
        stars.nth(at).click()
        expect(stars.nth(at)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".day .tabs")).to_have_count(0)
    stars.nth(4).click()
    _own_order(page, width)
    page.context.close()


def _own_order(page: Page, width: int) -> None:
    page.locator(".day .tabs button").nth(1).click()
    expect(page.locator(".whyline").first).to_be_visible()
    assert page.locator(".whyline").first.locator("a").count() == 2
    look(page, f"for-you-{width}")
    first = page.locator(".day ol li > div > a").first.inner_text()
    page.locator(".whyline button").first.click()
    expect(page.locator(".day ol li > div > a").first).not_to_have_text(first)
    page.locator(".day .tabs button").first.click()
    expect(page.locator(".whyline")).to_have_count(0)
