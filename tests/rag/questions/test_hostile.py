"""What somebody may put into a digest folder, a file or a question to harm: bounds in time and memory, and no way out."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import socket
import time
import tracemalloc
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.cli import main
from rag.corpus.catalogue import Catalogue
from rag.corpus.digests import MAX_BYTES, find_digests, parse_digest, read_digest
from rag.corpus.manifest import Manifest
from rag.language.patterns import Lazy
from rag.language.text import clean
from rag.questions.reader import MAX_QUESTION, understand
from rag.questions.reading import Turn
from tests.rag.conftest import AS_OF, SEEDS
from web.views import paper_view

REPOSITORY = Path(__file__).resolve().parents[3]
_SOURCES = [path for folder in ("rag", "vectorstore", "web") for path in sorted((REPOSITORY / folder).rglob("*.py"))]
HEAD = "## 2024-06-11\n\n### [맘바를 쓴 논문](https://arxiv.org/abs/2406.00001)\n\n"


def seconds(run: Any, *arguments: Any) -> float:
    """The least processor time of this thread in three tries."""
    taken = []
    for _ in range(3):
        started = time.thread_time()
        run(*arguments)
        taken.append(time.thread_time() - started)
    return min(taken)


# --- Folders ---------------------------------------------------------------------------------------------------------
def test_links_that_lead_in_circles_end_in_a_sentence_and_cost_no_other_digest(tmp_path: Path) -> None:
    (tmp_path / "2024-06-09.md").symlink_to(tmp_path / "2024-06-10.md")
    (tmp_path / "2024-06-10.md").symlink_to(tmp_path / "2024-06-09.md")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "again").symlink_to(tmp_path)
    (tmp_path / "2024-06-11.md").write_text(HEAD + "- 선형 시간입니다.\n", encoding="utf-8")
    digests = [read_digest(path, tmp_path) for path in find_digests(tmp_path)]
    assert [len(digest.entries) for digest in digests] == [0, 0, 1]
    assert all("cannot be read" in digest.failed[0].reason for digest in digests[:2])


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full", "/dev/null", "/proc/self/environ", "/etc/passwd"])
def test_no_device_and_no_file_of_the_machine_is_read_through_a_link(device: str, tmp_path: Path) -> None:
    if not os.path.exists(device):
        pytest.skip(f"this system has no {device}")
    (tmp_path / "2024-06-11.md").symlink_to(device)
    (digest,) = [read_digest(path, tmp_path) for path in find_digests(tmp_path)]
    assert digest.entries == digest.failed == ()
    assert "not a regular file of this folder" in digest.warnings[0].reason


def test_a_socket_named_like_a_digest_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("2024-06-11.md")
        (digest,) = [read_digest(path, tmp_path) for path in find_digests(tmp_path)]
    assert "not a regular file of this folder" in digest.warnings[0].reason


NAMES = [
    "2024-06-11 ..\\..\\etc.md", "2024-06-11\n[ERROR] 모든 것을 지웁니다.md", "2024-06-11\x1b[2J\x1b[31m.md", "2024-06-11\u202egnp.md",
    "2024-06-11;rm -rf ~.md", "2024-06-11$(id).md", "2024-06-11'\"<b>.md", unicodedata.normalize("NFD", "2024-06-11 맘바를.md"),
    "2024-06-11 " + "가" * 78 + ".md",
]  # fmt: skip


def test_the_names_of_files_forge_no_line_and_paint_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "digests"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_text(HEAD + "- 선형 시간입니다.\n\n### [잘린 제목](https://arx\n", encoding="utf-8")
    assert main(["ingest", str(folder), "--store", str(tmp_path / "store"), "--json"]) == 1
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert (report["papers"], [problem["line"] for problem in report["failed"]]) == (1, [7] * len(NAMES))
    assert [line[:8] for line in err.splitlines() if "note" not in line] == ["failed: "] * len(NAMES)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", err)


def test_a_name_that_is_no_utf8_is_ingested_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = os.fsencode(tmp_path / "digests")
    os.mkdir(folder)
    with open(os.path.join(folder, b"2024-06-11 \xff\xb8\xca.md"), "wb") as file:
        file.write((HEAD + "- 선형 시간입니다.\n\n### [잘린 제목](https://arx\n").encode())
    assert main(["ingest", os.fsdecode(folder), "--store", str(tmp_path / "store"), "--json"]) == 1
    report = json.loads(capsysbinary.readouterr().out)
    assert (report["papers"], report["failed"][0]["line"]) == (1, 7)


def test_a_question_that_is_no_text_is_answered_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "2024-06-11.md").write_text(HEAD + "- 선형 시간입니다.\n", encoding="utf-8")
    (tmp_path / "before").write_text("맘바를 쓴 논문은?\n", encoding="utf-8")
    assert main(["ingest", str(tmp_path / "digests"), "--store", str(tmp_path / "store")]) == 0
    for before in ([], ["--history", str(tmp_path / "before")]):
        capsysbinary.readouterr()
        asked = "그중 \udcff\x1b[31m\n[ERROR] 2024년 것만"
        assert main(["ask", asked, *before, "--store", str(tmp_path / "store"), "--as-of", "2024-06-12", "--json"]) == 0
        out = capsysbinary.readouterr().out
        assert json.loads(out)["question"] == "그중 [31m [ERROR] 2024년 것만"
        assert out.count(b"\n") == 1


def test_what_a_digest_links_to_is_never_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: asked.append(a) or [])
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: asked.append(address))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "digests").mkdir()
    said = "![](https://169.254.169.254/latest/meta-data)\n\n[Watch Video](https://127.0.0.1:1/a.mp4)\n\n- 맘바를 씁니다 ![](http://10.0.0.1/x) <img src=file:///etc/passwd>\n"
    (tmp_path / "digests" / "2024-06-11.md").write_text(HEAD + said, encoding="utf-8")
    assert main(["ingest", str(tmp_path / "digests"), "--store", str(tmp_path / "store")]) == 0
    assert main(["ask", "맘바를 사용한 논문은?", "--store", str(tmp_path / "store"), "--as-of", "2024-06-12"]) == 0
    assert "2406.00001" in capsys.readouterr().out
    assert asked == []


# --- Files -----------------------------------------------------------------------------------------------------------
_FILLS = ["### [a", "### ", "- x\n", "\n", "- ", "> ", "(", "](", "https://", "## 2024-", "Authors: a,", "[[[", "**", "\u200b", "가", "<video ", "![](", "\x00", "#"]  # fmt: skip


@pytest.mark.parametrize("piece", _FILLS)
def test_a_file_full_of_anything_is_read_in_bounds(piece: str) -> None:
    data = (HEAD + piece * (200_000 // len(piece.encode()))).encode()
    digest = parse_digest(data, "2024-06-11.md")
    assert seconds(parse_digest, data, "2024-06-11.md") < 1.2  # the slowest, "- x" fifty thousand times, takes 0.1
    assert len(digest.entries) <= 1
    assert len(digest.failed) <= 1_000
    assert len(digest.warnings) <= 1_001


@pytest.mark.parametrize("piece", ["### ", "- x\n", "\n"])
def test_reading_takes_no_more_memory_than_a_few_dozen_times_the_file(piece: str) -> None:
    data = (HEAD + piece * (100_000 // len(piece))).encode()
    tracemalloc.start()
    parse_digest(data, "2024-06-11.md")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * len(data)


def test_a_hundred_thousand_papers_in_one_file_are_all_read() -> None:
    text = "## 2024-06-11\n" + "".join(
        f"### [맘바 {i}](https://arxiv.org/abs/{2401 + i // 99_999}.{i % 99_999 + 1:05d})\n" for i in range(100_000)
    )
    assert len(text.encode()) < MAX_BYTES
    started = time.thread_time()
    digest = parse_digest(text.encode(), "2024-06-11.md")
    catalogue = Catalogue(Manifest("e", "a", {}).with_digests([digest], ["/"], prune=False).papers())
    assert time.thread_time() - started < 20
    assert (len(digest.entries), len(catalogue), len(digest.failed)) == (100_000, 100_000, 0)
    assert len(digest.warnings) <= 1_002  # none has a summary; the rest is counted


# --- What nobody can see, and odd spellings --------------------------------------------------------------------------
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u061c\u180e\U000e0041"


@given(st.lists(st.tuples(st.integers(0, 400), st.text(alphabet=UNSEEN, min_size=1, max_size=4)), max_size=12))
@example([(0, UNSEEN), (30, UNSEEN), (90, UNSEEN)])
def test_unseen_characters_anywhere_change_nothing_that_a_reader_is_shown(where: list[tuple[int, str]]) -> None:
    whole = (
        HEAD
        + "Vote: 12\n\nAuthors: Ada Kim, 김민수\n\n- **데이터**: 맘바를 사용합니다 <b>굵게</b> [x](javascript:alert(1)).\n"
    )
    text = whole
    for at, unseen in where:
        text = text[:at] + unseen + text[at:]
    plain, spiced = (parse_digest(t.encode(), "2024-06-11.md") for t in (whole, text))
    assert spiced.entries == plain.entries
    assert json.dumps([paper_view(p) for p in Manifest("e", "a", {}).with_digests([spiced], ["/"], prune=False).papers().values()])  # fmt: skip


@pytest.mark.parametrize(
    "question",
    ["Ｍａｍｂａ를 사용한 논문은?", "Mamba를 사용한 논문은？", unicodedata.normalize("NFD", "맘바를 사용한 논문은?"), "맘\u200b바를 사\u00ad용한 논문은?",
     "\u202eMamba\u202c를 사용한 논문은?", "<b>Mamba</b>를 사용한 논문은?"],
)  # fmt: skip
def test_an_odd_spelling_asks_for_the_same_set(question: str, catalogue: Catalogue) -> None:
    plan = understand(question, catalogue, AS_OF).plan
    assert (plan.kind, plan.relation) == ("list", "use")
    assert plan.terms in (("Mamba",), ("맘바",))


def test_full_width_digits_are_digits(catalogue: Catalogue) -> None:
    plan = understand("２０２３년 １２월 논문 중 표가 가장 많은 ３편", catalogue, AS_OF).plan
    assert (plan.date_from, plan.date_to, plan.limit) == (date(2023, 12, 1), date(2024, 1, 1), 3)


@given(
    st.text(
        alphabet="ㄱㅏㄴㅎㅢ가힣각\u1100\u1161\u11a8\u11ff\ua960\ud7b0\uffa1\uffc2\uffdc\u3164\u115f\u302e을는 논문?",
        max_size=60,
    )
)
def test_any_jumble_of_hangul_letters_old_half_and_decomposed_is_read(question: str) -> None:
    book = _seeds()
    reading = understand(question, book, AS_OF)
    assert reading.question == " ".join(clean(question).split())
    assert understand(unicodedata.normalize("NFD", question), book, AS_OF).plan == understand(unicodedata.normalize("NFC", question), book, AS_OF).plan  # fmt: skip


# --- Time ------------------------------------------------------------------------------------------------------------
_ROOMS = {"questions": MAX_QUESTION, "language": MAX_QUESTION, "corpus": 4_000}
"""How long a text the patterns of a room are given, in characters; a sentence's worth where a room is not named."""
_PATHS = {
    f"{path.parent.name}.{path.stem}": 1_000
    if path.stem in ("relations", "sorts", "sentences")
    else _ROOMS.get(path.parent.name, 1_000)
    for room in ("questions", "language", "corpus", "evidence", "answers")
    for path in sorted((REPOSITORY / "rag" / room).glob("*.py"))
    if path.stem != "patterns" and re.search(r"re\.compile\(|lazy\(", path.read_text(encoding="utf-8"))
}
SLOWEST = 500  # milliseconds for any question on a busy or a slow machine; an idle one takes 50
_PLAIN = ["a", "A", "가", " ", "1", "-", "(", "[", ".", ",", "'", "a ", "가 ", "1 ", "a1", "Aa", "1-", "A, ", "\n"]


def _patterns(held: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(held, re.Pattern | Lazy):
        yield held
    elif isinstance(held, dict | list | tuple | frozenset) and depth < 4:
        for one in [*held.keys(), *held.values()] if isinstance(held, dict) else held:
            yield from _patterns(one, depth + 1)


def _literals(tree: Any) -> Iterator[str]:
    """The runs of letters that a pattern asks for."""
    run = ""
    for op, value in tree:
        if op is parser.LITERAL:
            run += chr(value)
            continue
        if run:
            yield run
        run = ""
        if op is parser.BRANCH:
            for branch in value[1]:
                yield from _literals(branch)
        elif op is parser.SUBPATTERN:
            yield from _literals(value[3])
        elif op in (parser.MAX_REPEAT, parser.MIN_REPEAT):
            yield from _literals(value[2])
        elif op in (parser.ASSERT, parser.ASSERT_NOT):
            yield from _literals(value[1])
    if run:
        yield run


def _is_slow(scan: Callable[[str], None], text: str) -> bool:
    """Whether `text` takes more than 40 ms, and more than six times what a quarter of it takes, five times in a row.

    A busy machine counts its waiting as work, for a moment.
    """
    for _ in range(5):
        if seconds(scan, text) <= max(0.04, 6 * seconds(scan, text[: len(text) // 4])):
            return False
        time.sleep(0.2)
    return True


@pytest.mark.parametrize("module", _PATHS)
def test_no_pattern_is_slow_over_repetitions_of_what_it_looks_for(module: str) -> None:
    """Over as long a text as the pattern ever meets; four times the text may take no more than six times as long."""
    length, slow = _PATHS[module], []
    held = vars(importlib.import_module(f"rag.{module}"))
    every = "\n".join(path.read_text(encoding="utf-8") for path in _SOURCES)
    own = Path(held["__file__"]).read_text(encoding="utf-8")
    used = {id(p): {*re.findall(rf"\b{n}\.(\w+)\(", own if n[0] == "_" else every)} for n, p in held.items()}
    found = set(_patterns(held)) | set(held["patterns"]() if "patterns" in held else ())  # of a data file
    assert found
    for pattern in sorted(found, key=lambda p: (p.pattern, p.flags)):
        letters = sorted(set(_literals(parser.parse(pattern.pattern, pattern.flags))), key=lambda s: (-len(s), s))[:12]
        for piece in [*_PLAIN, *letters, *(f"{letter} " for letter in letters)]:
            whole = (piece * (length // len(piece) + 1))[:length]

            def scan(text: str, pattern: re.Pattern[str] = pattern) -> None:
                if (uses := used.get(id(pattern), set())) and uses <= {"match", "fullmatch"}:
                    for use in uses:
                        getattr(pattern, use)(text)
                    return
                for _ in pattern.finditer(text):
                    pass

            started = time.thread_time()
            scan(whole)
            if time.thread_time() - started > 0.02 and _is_slow(scan, whole):
                slow.append((pattern.pattern[:60], piece, seconds(scan, whole)))
    assert slow == []


def _words() -> Iterator[str]:
    """Names, a word of each list that questions are read by, and the longest literal of each pattern."""
    yield from (
        "Mamba",
        "맘바",
        "LDahua Lin",
        "LoRA",
        "2312.00752",
        "한국어",
        "Linn Xu",
        "확산 모델",
        "비교",
        "논문 중",
        "3D,",
        "(",
        "없이",
    )
    yield from ("Mamba와", "Dahua Lin 말고", "2024년", "10표 이상", "두 번째", "그중", "not by", "and")
    for module in [name for name in _PATHS if name.startswith(("questions.", "language."))]:
        for pattern in _patterns(vars(importlib.import_module(f"rag.{module}"))):
            letters = [w for w in _literals(parser.parse(pattern.pattern, pattern.flags)) if re.search(r"\w", w)]
            yield from sorted(set(letters), key=lambda w: (-len(w), w))[:1]


def _milliseconds(question: str, before: Turn | None = None) -> float:
    """The least time, in milliseconds, that reading a question takes after a first try."""
    understand(question, _seeds(), AS_OF, before=before)
    return 1000 * seconds(lambda: understand(question, _seeds(), AS_OF, before=before))


def test_any_known_word_repeated_to_the_limit_is_read_in_time() -> None:
    walls = {word: (f"{word} " * MAX_QUESTION)[:MAX_QUESTION] for word in dict.fromkeys(_words())}
    slow = {word: taken for word, wall in walls.items() if (taken := _milliseconds(wall)) > SLOWEST}
    assert slow == {}


@pytest.mark.parametrize("wall", [
    "".join(f"모델{n}을 " for n in range(400)), "".join(f"Name{n} " for n in range(400)), "가" * MAX_QUESTION, "가 " * MAX_QUESTION,
    "a" * MAX_QUESTION, "비교해줘? " * 400, "그리고 " * 500, "1" * MAX_QUESTION, "?" * MAX_QUESTION, "맘바를사용한논문은" * 200, "Mamba, LoRA and " * 130,
    "not by Albert Gu " * 120, "2024년 3월부터 2024년 5월까지 " * 100, "저자가 홍길동인 " * 200, "😀" * MAX_QUESTION,
])  # fmt: skip
def test_a_wall_of_words_is_read_in_time_alone_and_after_an_answer(wall: str) -> None:
    wall = wall[:MAX_QUESTION]
    papers = tuple(_seeds().papers)
    before = Turn(understand("Mamba를 사용한 논문은?", _seeds(), AS_OF), papers)
    assert _milliseconds(wall) < SLOWEST
    assert _milliseconds(wall, before) < SLOWEST


def test_reading_a_long_question_takes_a_few_megabytes() -> None:
    wall = ("Mamba와 LoRA를 비교해 줘 " * MAX_QUESTION)[:MAX_QUESTION]
    understand(wall, _seeds(), AS_OF)
    tracemalloc.start()
    understand(wall, _seeds(), AS_OF)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * 1024 * 1024


@pytest.mark.parametrize("piece", ["비교 ", "LDahua Lin", "논문 중 "])
def test_a_question_four_times_as_long_takes_no_more_than_six_times_as_long(piece: str) -> None:
    long = (piece * MAX_QUESTION)[:MAX_QUESTION]
    for _ in range(4):  # the machine may be busy
        once, four = (seconds(understand, text, _seeds(), AS_OF) for text in (long[: MAX_QUESTION // 4], long))
        if four < max(6 * once, 0.005):
            return
    pytest.fail(f"{once:.4f} s and {four:.4f} s")


def test_a_wall_of_words_asks_for_a_plan_that_can_be_shown() -> None:
    plan = understand(" ".join(f"모델{n}을" for n in range(300)), _seeds(), AS_OF).plan
    assert len(json.dumps(plan.as_json(), ensure_ascii=False)) < 3 * MAX_QUESTION


# --- The program itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*_SOURCES, REPOSITORY / "app.py"], ids=lambda path: path.relative_to(REPOSITORY).as_posix())  # fmt: skip
def test_nothing_that_is_read_can_become_a_program(path: Path) -> None:
    """No pickle, no eval, no YAML that builds objects, no model's own code, and not Chroma's configuration, which may name such (CVE-2026-45829)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            assert not {name.split(".")[0] for name in names} & {"pickle", "marshal", "shelve", "dill", "joblib"}
        if isinstance(node, ast.Name):
            assert node.id not in ("eval", "exec", "__import__")
        if isinstance(node, ast.keyword):
            assert node.arg not in ("trust_remote_code", "shell")
            assert node.arg != "allow_pickle" or ast.unparse(node.value) == "False"
        if isinstance(node, ast.Attribute):
            assert node.attr not in (
                "configuration",
                "configuration_json",
                "unsafe_load",
                "full_load",
                "system",
                "popen",
            )
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "yaml.load":
            told = {word.arg: ast.unparse(word.value) for word in node.keywords}
            assert re.search("SafeLoader|BaseLoader", told["Loader"])


_book: list[Catalogue] = []


def _seeds() -> Catalogue:
    if not _book:
        digests = [read_digest(path, SEEDS) for path in find_digests(SEEDS)]
        _book.append(Catalogue(Manifest("e", "a", {}).with_digests(digests, [str(SEEDS)], prune=False).papers()))
    return _book[0]
