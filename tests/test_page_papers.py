"""The page of a paper and the saved papers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import GAMBA, answer, look, open_page

pytestmark = pytest.mark.browser


def test_a_paper_has_a_page_with_all_that_is_known_of_it(chromium: Browser, site: str) -> None:
    page = open_page(chromium, f"{site}/p/2403.18795", ready=False, permissions=["clipboard-read", "clipboard-write"])
    paper = page.locator(".paper")
    expect(paper.locator("h1")).to_have_text(
        "Gamba: Marry Gaussian Splatting with Mamba for single view 3D reconstruction"
    )
    expect(page).to_have_title(
        "Gamba: Marry Gaussian Splatting with Mamba for single view 3D reconstruction · 논문 Nonmun"
    )
    assert paper.locator(".doors a").evaluate_all("all => all.map(a => a.href)") == [GAMBA, GAMBA.replace("abs", "pdf")]
    assert "2024-03-28" in paper.locator(".line").inner_text()
    assert "7표" in paper.locator(".line").inner_text()
    assert paper.locator(".people button").count() == 7
    assert paper.locator("[lang=ko] li").count() > 3
    assert paper.locator("section", has_text="비슷한 논문").locator("a").count() == 5
    look(page, "paper")
    paper.get_by_role("button", name="BibTeX 복사").click()
    expect(page.locator(".toast")).to_have_text("복사했습니다")
    assert "eprint = {2403.18795}" in page.evaluate("navigator.clipboard.readText()")
    paper.get_by_role("button", name="Markdown 복사").click()
    page.wait_for_function(f"async () => (await navigator.clipboard.readText()).includes(']({GAMBA})')")
    paper.get_by_role("button", name="링크 복사").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).endsWith('/p/2403.18795')")
    near = paper.locator("section", has_text="비슷한 논문").locator("a").first
    title = near.inner_text()
    near.click()
    expect(page.locator(".paper h1")).to_have_text(title)
    page.go_back()
    expect(page.locator(".paper h1")).to_contain_text("Gamba")
    page.get_by_role("button", name="이 논문에 대해 묻기").click()
    assert "Gamba" in answer(page)
    expect(page.locator(".paper")).to_have_count(0)
    page.go_back()
    expect(page.locator(".paper h1")).to_contain_text("Gamba")
    page.context.close()


def test_a_page_names_the_papers_that_mention_it_and_an_unknown_paper_is_said_to_be_unknown(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/p/2312.00752")
    naming = page.locator(".paper section", has_text="이 논문을 언급한 논문")
    expect(naming.locator("a")).to_have_text(
        ["Gamba: Marry Gaussian Splatting with Mamba for single view 3D reconstruction"]
    )
    page.goto(f"{site}/p/1234.56789")
    page.get_by_text("1234.56789 논문은 색인된 다이제스트에 없습니다.").wait_for()
