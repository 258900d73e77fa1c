"""An answer's Markdown as HTML: the subset it has, and nothing else of what a digest or a model may write."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.answer import escape
from rag.answers.markup import MAX_TEXT, render

LINK = "https://arxiv.org/abs/2312.00752"
TITLES = {1: "Mamba: Linear-Time", 2: "Gamba"}
ALLOWED = {
    "p",
    "br",
    "ol",
    "ul",
    "li",
    "a",
    "strong",
    "code",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "span",
}


def shown(text: str) -> str:
    return render(text, {LINK}, TITLES).replace("\u00a0", " ")


class Tags(HTMLParser):
    """Collects the elements and their attributes, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def tags(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    parser.close()
    return parser


def test_a_list_answer_is_a_list_with_its_quotes_set_in() -> None:
    html = shown(
        f"맘바를 쓴 논문은 2편입니다.\n\n1. [Mamba]({LINK}) · 2023-12-04 · 3표 [1]\n   - 선형 시간에 동작합니다. [1]\n2. 감바 [2]"
    )
    assert html.startswith("<p>맘바를 쓴 논문은 2편입니다.</p>")
    assert re.sub(r"<a .*?</a>", "A", html).endswith(
        '<ol><li>A <span class="meta"><span class="whole">2023-12-04</span> · 3표 A</span>'
        '<ul><li><span class="said">선형 시간에 동작합니다.</span><span class="marks">A</span></li></ul></li><li>감바 A</li></ol>'
    )
    assert f'<a href="{LINK}" target="_blank" rel="noopener noreferrer">Mamba</a>' in html
    assert '<a class="cite" href="#source-2" data-n="2" aria-label="[2] Gamba">2</a>' in html


def test_a_comparison_is_a_table_whose_cells_break_where_they_say() -> None:
    html = shown("| 논문 | 핵심 내용 |\n|---|---|\n| 맘바 | a \\| b<br>둘째 [1] |")
    assert [tag for tag, _ in tags(html).found] == [
        "div",
        "table",
        "thead",
        "tr",
        "th",
        "th",
        "tbody",
        "tr",
        "td",
        "td",
        "br",
        "a",
    ]
    assert "a | b" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[여기](javascript:alert(1))", "[x](data:text/html,hi)",
        "![](https://evil.example/p.png)", "![a][1]\n\n[1]: https://evil.example", f"[arXiv]({LINK}@evil.example)",
        "[https://arxiv.org](https://evil.example)", '[x](https://arxiv.org/abs/2312.00752" onclick="x)', "<https://evil.example>",
        "**<b onmouseover=x>굵게</b>**", "`<i>코드</i>`", "| <u>표</u> | <form action=x> |", "# <h1>제목</h1>", "[9] [0] [123]",
        '[x" onmouseover="y](https://arxiv.org/abs/2312.00752)',
    ],
)  # fmt: skip
def test_what_is_not_of_the_subset_shows_as_text(text: str) -> None:
    found = tags(shown(text)).found
    for tag, attributes in found:
        assert tag in ALLOWED
        assert set(attributes) <= {
            "href",
            "target",
            "rel",
            "class",
            "data-n",
            "aria-label",
            "start",
            "scope",
            "tabindex",
        }
        assert attributes.get("href", LINK) == LINK or (tag == "a" and attributes["href"] in ("#source-1", "#source-2"))
    assert "evil.example" not in str([attributes for _, attributes in found])


@given(st.text(alphabet="ab가나<>&\"'[]()*`|\\-1.# \n!:/", max_size=200))
def test_no_text_makes_other_elements_or_loses_its_letters(text: str) -> None:
    seen = tags(shown(text))
    assert {tag for tag, _ in seen.found} <= ALLOWED
    assert [c for c in seen.text if c in "ab가나"] == [c for c in text if c in "ab가나"]


@given(st.text(alphabet="ab가<>&[]()*`|\\$~_ !", min_size=1, max_size=60))
def test_escaped_text_comes_out_as_it_was(text: str) -> None:
    said = " ".join(text.split())
    assert tags(shown(f"x {escape(text)}")).text == f"x {said}".strip()


@pytest.mark.parametrize("piece", ["- ", "> ", "[", "![a](", "**", "`", "| ", "  - a\n", "[1]", "\\", "1. "])
def test_long_repetitions_take_linear_time(piece: str) -> None:
    started = time.perf_counter()
    shown(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 30


def test_what_is_too_long_is_cut() -> None:
    assert len(shown("가" * (MAX_TEXT + 5_000))) < MAX_TEXT + 50


def test_no_line_begins_with_a_particle_or_a_comma() -> None:
    assert '<span class="whole">)와</span> 감바' in shown("맘바(Mamba)와 감바")
    html = shown(f"[1]은 [Mamba (S6)]({LINK})를 쓰고, **감바!**는 [1], [2]를 씁니다.")
    plain = re.sub(r"<a .*?</a>", "A", html)
    assert (
        plain
        == '<p><span class="whole">A은</span> A&#8288;를 쓰고, <strong>감바!</strong>&#8288;는 <span class="whole">A,</span> <span class="whole">A를</span> 씁니다.</p>'
    )


def test_no_line_begins_with_an_ellipsis() -> None:
    assert shown("다단계 추론 … [1]") == shown("다단계 추론\u00a0… [1]") != shown("다단계 추론... [1]")


def test_a_link_in_bold_is_a_link() -> None:
    assert shown(f"**[Mamba]({LINK})** 논문과 가까운 논문") == (
        f'<p><strong><a href="{LINK}" target="_blank" rel="noopener noreferrer">Mamba</a></strong> 논문과 가까운 논문</p>'
    )
