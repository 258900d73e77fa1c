"""The lexical index: its scores, saving and loading, and the messages about damage and permissions."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.index.lexical import TITLE_WEIGHT, Bags, LexicalIndex
from rag.index.passages import PassageIndex
from rag.language import analysis
from tests.doubles import child_environment
from vectorstore.bundled import bundled
from vectorstore.errors import StoreCorruptError

PAPERS = {
    "2406.00001": ("NightOwl: 새소리 듣기", "새소리를 순환망으로 구별합니다. 새소리는 숲에서 녹음했습니다."),
    "2406.00002": ("PaperKite: 바람", "연을 날리는 로봇이 맘바로 바람을 예측합니다."),
    "2406.00003": ("TideTable", "Forecasting harbour traffic with diffusion models."),
    "2406.00004": ("Blank", ""),
}


Documents = Sequence[tuple[Sequence[str], Sequence[str]]]


def built(
    ids: list[str], documents: Documents, passages: list[list[str]], before: LexicalIndex | None = None
) -> LexicalIndex:
    """Index papers, followed by the other papers of `before`."""
    kept = [i for i in before.ids if i not in ids] if before else []
    rows = {arxiv_id: row for row, arxiv_id in enumerate(ids)}
    words = {"새소리를": "새소리", "그리고": ""}
    return LexicalIndex.build([*ids, *kept], rows, Bags.of(documents), PassageIndex.build(passages), words, before)


@pytest.fixture(scope="module")
def documents() -> list[tuple[list[str], list[str]]]:
    return [(analysis.terms(title), analysis.terms(body)) for title, body in PAPERS.values()]


@pytest.fixture(scope="module")
def index(documents: list[tuple[list[str], list[str]]]) -> LexicalIndex:
    return built(list(PAPERS), documents, [list(filter(None, texts)) for texts in PAPERS.values()])


def test_scores_are_bm25_as_lucene_counts_it(index: LexicalIndex, documents: list[tuple[list[str], list[str]]]) -> None:
    """The scores by the formula of Lucene's BM25, with k1 = 1.2 and b = 0.75, in the order of `ids`."""
    bags = [title * TITLE_WEIGHT + body or ["\x00"] for title, body in documents]
    average = sum(map(len, bags)) / len(bags)
    query = ["새소리", "바람", "바람"]
    wanted = []
    for bag in bags:
        score = 0.0
        for term in query:
            holding = sum(term in other for other in bags)
            idf = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
            frequency = bag.count(term)
            score += idf * frequency / (frequency + 1.2 * (1 - 0.75 + 0.75 * len(bag) / average))
        wanted.append(score)
    assert np.allclose(index.scores(query), wanted, rtol=1e-4)
    assert index.ids == tuple(PAPERS)


@pytest.mark.parametrize("question", ["새소리를 구별한 논문은?", "새소리", "새소리가 들리는 숲"])
def test_particles_do_not_hide_a_korean_word(index: LexicalIndex, question: str) -> None:
    scores = index.scores(analysis.terms(question))
    assert index.ids[int(scores.argmax())] == "2406.00001"
    assert (scores[1:] == 0).all()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("이미지 한 장의 깊이를 추정합니다", ["이미지", "한", "장", "깊이", "추정"]),
        ("증례를 몇 건 썼어?", ["증례", "몇", "건", "쓰"]),
        ("GPU 4 장으로 학습했습니다", ["장", "학습", "gpu", "4"]),
    ],
)
def test_a_counter_is_told_by_the_number_before_it(text: str, terms: list[str]) -> None:
    assert analysis.terms(text) == terms


def test_a_word_has_the_same_terms_in_every_text(monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, str] = {}
    first, second = analysis.terms_of_all(["맘바로 바람을 예측합니다.", "바람을 이기는 (맘바로) 연"], known)
    assert set(first) & set(second) == {"맘바", "바람"}
    assert known["바람을"] == "바람"
    analysis._of_word.cache_clear()
    analysis._terms_of.cache_clear()
    monkeypatch.setattr(analysis, "_known", known)
    monkeypatch.setattr(analysis, "_kiwi", lambda: pytest.fail("Kiwi was asked for words that are known"))
    assert analysis.terms("바람을 예측합니다") == ["바람", "예측"]


def test_english_words_meet_in_their_stems(index: LexicalIndex) -> None:
    scores = index.scores(analysis.terms("a forecast of harbours"))
    assert index.ids[int(scores.argmax())] == "2406.00003"


def test_unknown_terms_and_no_terms_score_zero_everywhere(index: LexicalIndex) -> None:
    for terms in ([], ["없는말", "zzz"]):
        assert not index.scores(terms).any()
        assert index.scores(terms).shape == (4,)


def test_papers_are_added_changed_and_taken_away_as_if_all_were_indexed_at_once(
    index: LexicalIndex, documents: Documents, tmp_path: Path
) -> None:
    """One paper changes and moves to the front, one is new, two stay, two are removed. Compared file by file."""
    changed = (analysis.terms("PaperKite: 바람"), analysis.terms("글라이더가 새소리를 따라갑니다. 바람은 없습니다."))
    new = (analysis.terms("MossBank: 이끼"), analysis.terms("이끼의 그림 319종을 모았습니다."))
    texts = [["PaperKite: 바람", "글라이더"], ["MossBank: 이끼", "그림 319종"]]
    ids = ["2406.00002", "2406.00009", "2406.00004", "2406.00001"]
    rows = {"2406.00002": 0, "2406.00009": 1}
    grown = LexicalIndex.build(ids, rows, Bags.of([changed, new]), PassageIndex.build(texts), {}, index)
    blank, owl = (list(filter(None, PAPERS[i])) for i in ids[2:])
    anew = LexicalIndex.build(
        ids,
        {arxiv_id: row for row, arxiv_id in enumerate(ids)},
        Bags.of([changed, new, documents[3], documents[0]]),
        PassageIndex.build([*texts, blank, owl]),
        {},
    )
    for name, one in (("grown", grown), ("anew", anew)):
        one.save(tmp_path / name)
    files = sorted((tmp_path / "anew" / "lexical").iterdir())
    assert {file.name for file in files} == {*_files(), "titles.npy"}
    for file in files:
        assert file.read_bytes() == (tmp_path / "grown" / "lexical" / file.name).read_bytes(), file.name
    assert grown.document_frequency("새소리") == 2
    assert grown.document_frequency("harbour") == 0


def test_a_term_in_the_title_weighs_more_than_in_the_body() -> None:
    index = built(["title", "body"], [(["연"], ["x", "y", "z"]), (["x"], ["연", "y", "z"])], [["연"], ["x"]])
    title, body = index.scores(["연"])
    assert title > body > 0


def test_document_frequency_is_exact(index: LexicalIndex) -> None:
    assert (index.document_frequency("새소리"), index.document_frequency("없는말")) == (1, 0)


def test_it_comes_back_from_disk_as_it_was(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    again = LexicalIndex.load(tmp_path)
    terms = analysis.terms("새소리와 바람과 harbour")
    assert again.ids == index.ids
    assert np.array_equal(again.scores(terms), index.scores(terms))
    assert again.scores(["바람"])[again.rows["2406.00002"]] > 0
    assert again.words == {"새소리를": "새소리", "그리고": ""}
    assert np.array_equal(
        again.passages.scores("새소리와 바람", [0, 1]), index.passages.scores("새소리와 바람", [0, 1])
    )


def test_an_index_of_no_paper_is_kept_too(tmp_path: Path) -> None:
    built([], [], []).save(tmp_path)
    empty = LexicalIndex.load(tmp_path)
    assert (empty.ids, empty.scores(["연"]).shape, empty.document_frequency("연")) == ((), (0,), 0)


def _files() -> list[str]:
    arrays = ("starts", "rows", "counts", "weights", "papers", "passages", "pieces")
    return ["ids.json", "terms.json", "words.json", *(f"{name}.npy" for name in arrays)]


@pytest.mark.parametrize("name", ["without", "with"])
def test_the_vectors_of_titles_are_read_or_made_anew(index: LexicalIndex, tmp_path: Path, name: str) -> None:
    """An index of an earlier version has no file of them."""
    index.save(tmp_path)
    if name == "without":
        (tmp_path / "lexical" / "titles.npy").unlink()
    titles = LexicalIndex.load(tmp_path).passages.titles
    expected = bundled().encode([title for title, _ in PAPERS.values()])
    assert np.allclose(titles, expected, atol=1e-4)


@pytest.mark.parametrize("name", _files())
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbage"])
def test_a_damaged_file_is_one_sentence(index: LexicalIndex, tmp_path: Path, name: str, damage: str) -> None:
    index.save(tmp_path)
    file = tmp_path / "lexical" / name
    data = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes({"empty": b"", "cut": data[: len(data) // 2], "garbage": b"\x93garbage" * 20}[damage])
    with pytest.raises(StoreCorruptError, match=r"lexical index in .*lexical cannot be read\. Delete that folder"):
        LexicalIndex.load(tmp_path)


_AS_ANOTHER_USER = """
import os, sys; from pathlib import Path; from rag.errors import NonmunError; from rag.index.lexical import LexicalIndex
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try: LexicalIndex.load(Path(sys.argv[1]))
except NonmunError as error: print(type(error).__name__, error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may run a program as another user")
def test_an_index_that_may_not_be_read_is_not_said_to_be_damaged(index: LexicalIndex) -> None:
    with tempfile.TemporaryDirectory(prefix="nonmun-others-") as folder:  # the folders of pytest are private
        Path(folder).chmod(0o755)
        index.save(Path(folder))
        (Path(folder) / "lexical" / "terms.json").chmod(0)
        done = subprocess.run(
            [sys.executable, "-c", _AS_ANOTHER_USER, folder],
            env=child_environment(HOME=folder), cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.stdout.startswith(f"StoreError The store {folder} may not be read by this user"), done.stderr


def test_an_index_of_other_papers_than_it_names_is_refused(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    (tmp_path / "lexical" / "ids.json").write_text('["2406.00001"]')
    with pytest.raises(StoreCorruptError):
        LexicalIndex.load(tmp_path)


def test_terms_may_weigh_differently(index: LexicalIndex) -> None:
    once, twice = index.scores(["바람"]), index.scores(["순환망"])
    assert index.weighed({"바람": 0.5, "순환망": 2.0}) == pytest.approx(0.5 * once + 2 * twice)
    assert not index.weighed({}).any()


def test_counts_are_those_of_the_papers_asked_about(index: LexicalIndex) -> None:
    assert index.counts("새소리", np.array([0, 1, 2])).tolist() == [2, 0, 0]
    assert index.counts("nightowl", np.array([0, 1])).tolist() == [TITLE_WEIGHT, 0]
    assert index.counts("새소리", np.array([2, 3])).tolist() == [0, 0]
    assert index.counts("nowhere", np.array([0, 1])).tolist() == [0, 0]
