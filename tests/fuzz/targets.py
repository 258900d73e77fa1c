"""What is fuzzed: from any bytes a case, what the product makes of it, and what must hold of that.

A target is timed over `run` alone; `check` then looks at what came out. Shared by the long run (`make fuzz`) and by the
short one of the test suite.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from rag.answers.answer import MARK, Answer, Citation
from rag.answers.gate import Gate
from rag.answers.markup import MAX_TEXT
from rag.corpus.catalogue import Catalogue
from rag.corpus.digests import Digest, find_digests, parse_digest, read_digest
from rag.corpus.manifest import Manifest, paper_nodes
from rag.corpus.mentions import statements
from rag.corpus.papers import Entry, Paper, merge, parse_arxiv_id
from rag.errors import NonmunError
from rag.index.ingest import ingest
from rag.language.text import Language, clean
from rag.pipeline import Pipeline
from rag.questions.plan import Plan
from rag.questions.reader import MAX_QUESTION, understand
from rag.questions.reading import Reading, Turn
from rag.settings import read_settings
from rag.wiring import embedder
from vectorstore.store import open_store
from web.views import answer_view, html_of

REPOSITORY = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).parent / "corpus"
LIMIT = 0.1  # seconds of this thread's processor time that a case may take


@dataclass(frozen=True)
class Target:
    """`longest` bytes make a case; `words` are pieces of its language, for mutation; `limit` is the time that it may take."""

    name: str
    run: Callable[[bytes], Any]
    check: Callable[[Any], None]
    longest: int
    words: tuple[str, ...]
    limit: float = LIMIT

    def seeds(self) -> list[bytes]:
        """Return the inputs that are kept: written by hand, and those that once found a fault."""
        return _kept(self.name)


@cache
def _kept(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def _text(data: bytes) -> str:
    """Any bytes as text; what is no UTF-8 becomes lone surrogates, which Python hands around too."""
    return data.decode("utf-8", "surrogateescape")


@cache
def papers() -> dict[str, Paper]:
    """Return the papers of the sample digests, newest first."""
    entries: dict[str, list[Entry]] = {}
    for path in find_digests(REPOSITORY / "seeds"):
        for entry in read_digest(path, REPOSITORY / "seeds").entries:
            entries.setdefault(entry.arxiv_id, []).append(entry)
    merged = sorted(map(merge, entries.values()), key=lambda p: (-p.date.toordinal(), p.arxiv_id))
    return {paper.arxiv_id: paper for paper in merged}


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of the sample papers."""
    return Catalogue(papers())


# --- Digests ---------------------------------------------------------------------------------------------------------
FILES = (
    "2024-06-11.md",
    "2024/06/11.md",
    "README.md",
    "",
    "가\udcff.md",
    "2024-13-45.en.md",
    "../../etc/2024-06-11.md",
    "a\x00.md",
)


def run_digest(data: bytes) -> tuple[Digest, Manifest, int]:
    """Read a digest as an ingest does, as far as the nodes that would be embedded. The first byte names the file."""
    digest = parse_digest(data[1:], FILES[data[0] % len(FILES)] if data else "")
    manifest = Manifest("e", "a", {}).with_digests([digest], ["/"], prune=False)
    return digest, manifest, sum(len(paper_nodes(paper)) for paper in manifest.papers().values())


def check_digest(made: tuple[Digest, Manifest, int]) -> None:
    """Check that every text is clean, every id an arXiv id, and that the manifest reads back as it was."""
    digest, manifest, nodes = made
    assert len({(e.arxiv_id, e.date, e.language) for e in digest.entries}) == len(digest.entries)
    for entry in digest.entries:
        assert parse_arxiv_id(entry.arxiv_id) == entry.arxiv_id
        said = [entry.title, *entry.authors, *(text for b in entry.bullets for text in (b.text, b.section) if text)]
        assert all(text == clean(text) != "" for text in said)
        assert entry.media is None or entry.media.url.lower().startswith("https:")
        json.dumps(said, ensure_ascii=False).encode()
    for problem in (*digest.failed, *digest.warnings):
        assert problem.file == digest.file
        assert problem.reason
        assert len(problem.reason) < 400
        assert "\n" not in problem.reason
    assert digest.entries or digest.failed or digest.warnings
    assert Manifest.from_bytes(b"".join(manifest.parts()), "here") == manifest
    assert nodes >= len(manifest.papers())


# --- Questions -------------------------------------------------------------------------------------------------------
DAYS = (date(2024, 6, 12), date.min, date(2026, 11, 21), date.max)


def run_question(data: bytes) -> tuple[Reading, Reading]:
    """Understand a question, alone and after an answer. The first byte says on what day, and after how many papers."""
    how = data[0] if data else 0
    asked, day, book = _text(data[1:])[:MAX_QUESTION], DAYS[how % 4], catalogue()
    papers = tuple(book.papers)[: (0, 1, 2, 77)[how // 4 % 4]]
    plan = Plan("list", terms=("Mamba",)) if how & 16 else Plan("explain", papers=papers[:1])
    before = Turn(Reading("Mamba", "ko", plan, "Mamba", about=("Mamba",)), papers)
    return understand(asked, book, day), understand(asked, book, day, before=before)


def check_reading(made: tuple[Reading, Reading]) -> None:
    """Check that every plan keeps its own rules, names only what is there, and can be written down."""
    book = catalogue()
    for reading in (part for one in made for part in (one, *one.later)):
        plan = reading.plan
        assert not (plan.date_from and plan.date_to) or plan.date_from < plan.date_to
        assert {*plan.papers} <= book.papers.keys()
        assert all(book.authors.person(name) == name for name in plan.authors)
        assert sum(map(len, (*plan.terms, *plan.topics, *plan.not_terms, *plan.not_topics))) <= 2 * MAX_QUESTION
        assert plan.skip >= 0
        assert plan.limit is None or plan.limit >= 0
        assert len(reading.query) <= 2 * MAX_QUESTION
        json.dumps(plan.as_json(), ensure_ascii=False).encode()


# --- Whole questions -------------------------------------------------------------------------------------------------
_EARLIER = (
    (),
    ("Mamba를 사용한 논문은?",),
    ("papers of June 11, 2024", "how many?"),
    ("Tri Dao의 논문", "그중 2024년 것만"),
)
WHOLE_LIMIT = 2.0  # seconds for a whole question; groups of a large set take their time
STORE = os.environ.get("NONMUN_TEST_STORE", "")  # an index of the real digests; read before tests clear the environment


@cache
def pipeline() -> Pipeline:
    """Return the pipeline over the index that NONMUN_TEST_STORE names, else over one of the sample digests, made now."""
    folder = Path(tempfile.mkdtemp(prefix="nonmun-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = STORE or str(folder / "store")
    settings = read_settings({"store": store, "engine": "offline"}, {"HOME": str(folder)}, folder / "no.env")
    if not STORE:
        ingest(open_store(settings.store, folder), embedder(settings), [REPOSITORY / "seeds"])
    return Pipeline(settings)


def run_answer(data: bytes) -> Answer | NonmunError:
    """Answer these bytes as a question. The first byte says on what day, after which questions and in which language."""
    how = data[0] if data else 0
    language: Language | None = (None, "ko", "en", None)[how // 16 % 4]  # type: ignore[assignment]
    try:
        return pipeline().ask(_text(data[1:]), _EARLIER[how // 4 % 4], DAYS[how % 4], language)
    except NonmunError as error:  # a sentence is an answer too; anything else is what is looked for
        return error


def check_answer(answer: Answer | NonmunError) -> None:
    """Check that an answer says something, cites papers of the index by marks that it has, and can be written down."""
    if isinstance(answer, NonmunError):
        assert str(answer).strip()
        return
    known = pipeline().snapshot().catalogue.papers
    assert answer.text.strip()
    assert answer.status in ("answered", "no_evidence", "refused")
    assert {*answer.papers} <= known.keys()
    assert {citation.paper.arxiv_id for citation in answer.citations} <= known.keys()
    assert {int(n) for n in MARK.findall(answer.text)} <= {citation.n for citation in answer.citations}
    json.dumps(answer.as_json(), ensure_ascii=False).encode()


# --- Days of digests -------------------------------------------------------------------------------------------------
_ASKED = ("어제 나온 논문", "지난 100년 논문은 몇 편?", "papers of last week", "다음 달 논문", "2월 30일 논문")


def run_days(data: bytes) -> tuple[Digest, list[Reading]]:
    """Read a digest whose header, or file name, says these bytes, and ask for its days on the first, the last and other days."""
    said, in_name = _text(data[1:]), bool(data and data[0] % 2)
    text = f"## Daily Papers ({'' if in_name else said})\n\n### [OwlNet](https://arxiv.org/abs/2406.00001)\n\n- OwlNet은 빠릅니다.\n"
    digest = parse_digest(text.encode("utf-8", "surrogateescape"), f"{said}.md" if in_name else "notes.md")
    book = Catalogue({paper.arxiv_id: paper for paper in ([merge(list(digest.entries))] if digest.entries else [])})
    asked = (*_ASKED, f"{said} 논문", f"papers of {said}")
    return digest, [understand(question[:MAX_QUESTION], book, day) for question in asked for day in DAYS]


def check_days(made: tuple[Digest, list[Reading]]) -> None:
    """Check that a digest is of a day that digests can be of, or reported, and that every reading has days in order."""
    digest, readings = made
    latest = date.today().toordinal() + 366
    assert all(date(1991, 1, 1) <= entry.date and entry.date.toordinal() <= latest for entry in digest.entries)
    assert digest.entries or digest.failed
    for reading in readings:
        plan = reading.plan
        assert not (plan.date_from and plan.date_to) or plan.date_from < plan.date_to
        json.dumps(plan.as_json(), ensure_ascii=False).encode()


# --- What the page shows ---------------------------------------------------------------------------------------------
ELEMENTS = {*"p br ol ul li a strong code div table thead tbody tr th td span".split()}
ATTRIBUTES = {*"href target rel class data-n aria-label start scope tabindex".split()}


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.depth = self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.depth += tag != "br"
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1


def _answer(text: str) -> Answer:
    """An answer that says `text`, and whose sources say it too: as title, section, bullet and author."""
    lines = [line for part in text.split("\n") if (line := clean(part))][:8] or ["빈 글입니다."]
    data = f"## 2024-06-11\n### [{lines[0]}](https://arxiv.org/abs/2406.00001)\nAuthors: {lines[-1]}\n" + "".join(
        f"- {line}\n" for line in lines
    )
    entries = parse_digest(data.encode("utf-8", "replace"), "2024-06-11.md").entries
    cited = [
        Citation(n, paper, "use", statements(paper)[:3])
        for n, paper in enumerate([*(merge([e]) for e in entries), *list(papers().values())[:2]], 1)
    ]
    found = tuple(citation.paper.arxiv_id for citation in cited)
    return Answer(text, "ko", "answered", None, Plan("list", terms=(lines[0],)), text, found, (), tuple(cited))


def run_view(data: bytes) -> tuple[Answer, str, dict[str, Any]]:
    """Show an answer whose text, title, bullets and author are these bytes."""
    answer = _answer(_text(data)[:MAX_TEXT])
    return answer, html_of(answer.text, answer), answer_view(answer, catalogue())


def check_view(made: tuple[Answer, str, dict[str, Any]]) -> None:
    """Check that nothing but the renderer's own elements, attributes and links came out, and that it is JSON."""
    answer, html, view = made
    page = _Elements()
    page.feed(html)
    page.close()
    links = {citation.paper.url for citation in answer.citations} | {f"#source-{c.n}" for c in answer.citations}
    for tag, attributes in page.found:
        assert tag in ELEMENTS, tag
        assert set(attributes) <= ATTRIBUTES, attributes
        assert attributes.get("href", "#source-1") in links, attributes
    assert page.depth == 0
    assert page.deepest <= 8
    json.dumps(view)
    assert all(card["url"].startswith("https://arxiv.org/abs/") for card in view["citations"])


# --- What a model writes ---------------------------------------------------------------------------------------------
def run_gate(data: bytes) -> tuple[str, Gate, tuple[Citation, ...]]:
    """Pass these bytes through the gate as a model's words, in pieces. The first byte says in which language and size."""
    how = data[0] if data else 0
    text, size = _text(data[1:]), 1 + how % 50
    cited = tuple(
        Citation(n, paper, None, statements(paper)[:3]) for n, paper in enumerate(list(papers().values())[:3], 1)
    )
    gate = Gate(cited, "ko" if how & 64 else "en", "3편", "근거 없음" if how & 128 else None)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    return "".join(gate.filter(pieces)), gate, cited


_ADDRESS = re.compile(r"https?://|\]\([^\s()]*\)", re.IGNORECASE)


def check_gate(made: tuple[str, Gate, tuple[Citation, ...]]) -> None:
    """Check that what passed holds no address, no markup that acts, and no mark without a source."""
    text, gate, cited = made
    assert gate.dropped >= gate.foreign >= 0
    assert {int(n) for n in MARK.findall(text)} <= {citation.n for citation in cited}, text
    assert not re.search(r"(?<!\\)[<>`|~$]", text), text
    assert not _ADDRESS.search(text), text


TARGETS = {
    target.name: target
    for target in (
        Target(
            "digests", run_digest, check_digest, 4096,
            ("\n", "\r\n", "### [", "](", ")", "https://arxiv.org/abs/2406.00001", "- ", "* ", "1) ", "**", "__", ":", "Vote: ", "Authors: ", "## ",
             "# ", "2024-06-11", "가나다를", "\u1112\u1161\u11ab", "\uff9d", "\u200b", "\u202e", "![](", "[Watch Video]", "<video src='", "'>", "***", "+", ",",
             "['", "', \"", "\ufeff", "\x00", "\u2028", "v2", ".pdf", "arxiv.org", "https://", "@", "```", "> "),
        ),
        Target(
            "questions", run_question, check_reading, 3000,
            ("Mamba", "맘바", "Dahua Lin", "Linn", "LoRA", "확산 모델", "논문", "papers", "를", "을", "은", "와", "이", "가", "로", "의", " ", ",", "?",
             "사용한", "쓴", "언급한", "제외하고", "말고", "비교", "비슷한", "몇 편", "월별", "표", "10표 이상", "20표 이하", "가장", "많은", "순으로", "상위 3",
             "top 3", "2024년", "3월", "지난주", "6/11", "between", "and", "or", "또는", "without", "by", "저자", "who wrote", "how many", "2312.00752",
             "그중", "두 번째", "it", "the", "use", "used", "요약", "알려줘", "있어", "한", "하는", "non-", "(", ")", "영어로", "표로", "그럼", "what about",
             "https://arxiv.org/abs/", "<b>", "](", "\u1106\u1161\u11b7\u1107\u1161", "\uffb0", "\u200b", "\u202e", "😀", "\uff11", "ſ", "ı", "K"),
        ),
        Target(
            "days", run_days, check_days, 200,
            ("2024", "-", "/", ".", "0001", "9999", "10000", "12", "31", "02", "30", "W", "24", "60", "년", "월", "일", "주차", "분기", "상반기", "June", "Feb", "Q",
             "th", "of", "week", "year", "어제", "최근", "전", "이후", "부터", "까지", "~", " ", "\u200b", "\uff11", "⑩", "Ⅻ", "½", "-0", "+", "e3", ","),
            1.0,  # 28 questions
        ),
        Target(
            "markup", run_view, check_view, 4096,
            ("- ", "1. ", "  - ", "| a | b |\n", "|---|", "**", "`", "[1]", "[2]", "[x](https://arxiv.org/abs/2406.00001)", "](javascript:alert(1))",
             "![](https://evil.example/a.png)", "<script>", "<img src=x onerror=", "&lt;", "&#x6a;", "\\", "> ", "# ", "\n\n", "가나다", "$$", "\\href{",
             "<br>", "\u202e", "\u2028", "2024-06-11", "\"", "'"),
        ),
        Target(
            "gate", run_gate, check_gate, 4096,
            ("[1]", "[2, 3]", "[9]", ". ", "。", "\n", "- ", "1. ", "OwlNet", "63%", "11.69배", "6억 4500만", "2024년 3월 28일", "https://evil.example",
             "www.", "arxiv:", "](", "![", "<b>", "“", "”", "'", "e.g. ", "입니다", "reaches", "2401.00001", "cs.CL/0101001", "**", "\u202e", "#", ":", "x", "·"),
        ),
    )
}  # fmt: skip
_QUESTIONS = TARGETS["questions"]
TARGETS["answers"] = Target("answers", run_answer, check_answer, 3000, _QUESTIONS.words, WHOLE_LIMIT)
