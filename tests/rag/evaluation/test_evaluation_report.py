"""The report of an evaluation as a person opens it, in a real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rag.evaluation import Outcome, Reply, parse_case, results
from rag.evaluation.report import render_html


@pytest.mark.browser
def test_the_report_fits_a_desktop_and_a_phone_and_asks_the_network_for_nothing(
    tmp_path: Path,
    chromium: Browser,
) -> None:
    outcomes = []
    for n in range(24):
        for language in ("ko", "en"):
            line = {
                "id": f"{n}-{language}",
                "twin": str(n),
                "kind": "count",
                "language": language,
                "question": "논문은 몇 편?" * 9,
            }
            case = parse_case({**line, "relevant": {"must": ["2312.00752"]}, "answerable": True})
            outcomes.append(Outcome(case, Reply("answered", None, "1편입니다."), {"exact": float(n % 3 > 0)}, 2.0))
    page_file = tmp_path / "report.html"
    page_file.write_text(render_html(results("seeds.jsonl", outcomes)), "utf-8")
    for width in (1280, 390):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(page_file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("svg").count() > 3
        page.locator("details summary").first.click()
        assert page.locator("details pre").first.is_visible()
        assert asked == [page_file.as_uri()]
        page.close()
