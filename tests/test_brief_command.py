"""`nonmun brief` as people and other programs use it, over the sample digests."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rag.cli import main


@pytest.fixture
def store(seeds_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.chdir(tmp_path)
    return str(next(seeds_home.glob("**/CURRENT")).parent)


def test_a_brief_is_markdown_with_its_sources(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["brief", "--since", "2023-12-01", "--until", "2023-12-31", "--store", store]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# 논문 브리핑: 2023년 12월\n\n2023년 12월 다이제스트에는 논문 ")
    assert "**표를 가장 많이 받은 논문**" in text
    assert "\n## 출처\n\n1. [" in text


def test_a_brief_is_a_page_of_its_own(store: str, tmp_path: Path) -> None:
    out = tmp_path / "brief.html"
    flags = [
        "--since",
        "2023-12-01",
        "--until",
        "2023-12-31",
        "--format",
        "html",
        "--language",
        "en",
        "--out",
        str(out),
    ]
    assert main(["brief", *flags, "--store", store]) == 0
    page = out.read_text(encoding="utf-8")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "<h1>Papers in December 2023</h1>" in page
    marks, places = _anchors(page)
    assert marks
    assert marks <= places
    assert "<script" not in page


def test_a_brief_is_json_for_other_programs(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--since", "2024-06-11", "--format", "json", "--language", "en", "--store", store]
    assert main(["brief", *flags]) == 0
    made = json.loads(capsys.readouterr().out)
    assert list(made) == [
        "language",
        "period",
        "before",
        "most_voted",
        "groups",
        "rising",
        "falling",
        "new",
        "papers",
        "text",
        "citations",
    ]
    assert made["period"] == {"from": "2024-06-11", "to": "2024-06-11", "digests": 1, "papers": 14}
    votes = [paper["votes"] for paper in made["papers"] if paper["votes"] is not None]
    assert len(made["papers"]) == 14
    assert votes == sorted(votes, reverse=True)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--since", "2019-01-01", "--until", "2019-12-31"], "첫 다이제스트보다 앞선 기간입니다."),
        (["--since", "2024-06-11", "--until", "2024-06-01"], "--until 2024-06-01 lies before --since 2024-06-11. Swap them."),
    ],
)  # fmt: skip
def test_a_range_without_digests_is_told_in_a_sentence(
    flags: list[str], said: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["brief", *flags, "--store", store]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert said in error


def _anchors(page: str) -> tuple[set[str], set[str]]:
    """Return where marks lead to, and the places there are."""
    marks: set[str] = set()
    places: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            values = dict(attrs)
            href = values.get("href") or ""
            if href.startswith("#"):
                marks.add(href[1:])
            if values.get("id"):
                places.add(str(values["id"]))

    Reader().feed(page)
    return marks, places
