"""What the speed benchmarks ask and keep, and the tasks they run in processes of their own, over the sample digests."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest

from benchmarks import scale, speed
from benchmarks.measuring import percentiles, read_json
from benchmarks.scale import Scale, agreement, recall
from benchmarks.speed import Bench, edited, golden, queries, samples, series, spread
from benchmarks.systems import Nonmun, System, _Quoting, query, threads
from rag.corpus.digests import parse_digest
from rag.settings import read_settings

REPOSITORY = Path(__file__).resolve().parents[2]


def options(work: Path, **given: object) -> Namespace:
    arguments = speed.parse_arguments(["--work", str(work), "--quick"])
    return Namespace(**{**vars(arguments), **given})


def test_questions_are_taken_evenly_from_first_to_last() -> None:
    rows = [{"text": f"질문 {n}"} for n in range(10)]
    assert [row["text"] for row in spread(rows, 4)] == ["질문 0", "질문 2", "질문 5", "질문 7"]
    assert spread(rows, 99) == rows


def test_golden_questions_that_go_on_with_a_conversation_are_left_out(tmp_path: Path) -> None:
    rows = [
        {"question": "Mamba를 사용한 논문은?", "as_of": "2024-06-12", "history": []},
        {"question": "그중 2024년 것만", "as_of": "2024-06-12", "history": ["Mamba를 사용한 논문은?"]},
    ]
    file = tmp_path / "g.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert golden(file) == [{"text": "Mamba를 사용한 논문은?", "as_of": "2024-06-12"}]


def test_a_query_comes_with_the_paper_it_means(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "연을 날리는 논문"}\n{"_id": "q2", "text": "unjudged"}\n', encoding="utf-8"
    )
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t2406.00001\t1\nq2\t2406.00002\t0\n")
    assert queries(tmp_path) == [{"text": "연을 날리는 논문", "relevant": "2406.00001"}]


def test_an_edit_changes_one_paper_of_a_digest() -> None:
    text = (REPOSITORY / "seeds" / "2024-06-11.md").read_text(encoding="utf-8")
    before = {e.arxiv_id: e for e in parse_digest(text.encode(), "2024-06-11.md").entries}
    after = {e.arxiv_id: e for e in parse_digest(edited(text, "1").encode(), "2024-06-11.md").entries}
    assert before.keys() == after.keys()
    assert [i for i in before if before[i].bullets != after[i].bullets] == [next(iter(before))]
    assert edited(text, "1") != edited(text, "2")


def test_without_the_real_digests_there_is_no_series(tmp_path: Path) -> None:
    assert series(tmp_path, False) is None
    (tmp_path / "corpus").mkdir()
    assert series(tmp_path, False) is None


def test_questions_are_asked_in_both_languages() -> None:
    asked = samples(False)
    texts = [row["text"] for row in asked.search]
    assert len(asked.answer) == 60
    assert any(text.isascii() for text in texts)
    assert any("논문" in text for text in texts)


def test_a_part_is_measured_again_unless_the_same_code_measured_it(tmp_path: Path) -> None:
    measured: list[str] = []

    def figures() -> dict[str, int]:
        measured.append("once")
        return {"s": len(measured)}

    assert Bench(options(tmp_path)).part("부분", figures) == {"s": 1}
    assert Bench(options(tmp_path, resume=True)).part("부분", figures) == {"s": 1}
    assert Bench(options(tmp_path)).part("부분", figures) == {"s": 2}
    other = Bench(options(tmp_path, resume=True))
    other.made_by = "other code"
    assert other.part("부분", figures) == {"s": 3}
    assert other.spent()[0] >= 0.0


def test_peers_that_are_not_installed_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "NEEDS", {**speed.NEEDS, "txtai": "json", "llamaindex-bm25": "없는꾸러미"})
    monkeypatch.setattr(speed, "PEERS", ("llamaindex-bm25", "txtai"))
    assert Bench(options(tmp_path)).systems == ["nonmun", "txtai"]


class Slow:
    """Answers after two milliseconds, but fails on one question."""

    def ingest(self, digests: Path) -> int:
        raise NotImplementedError

    def open(self) -> None: ...

    def search(self, text: str) -> list[str]:
        return ["2406.00001"] if "연" in text else []

    def answer(self, text: str, as_of: str = "") -> str:
        import time

        time.sleep(0.02)
        if text == "깨진 질문":
            raise ValueError(text)
        return f"{text} {as_of}"


def test_a_run_of_queries_tells_times_and_how_many_papers_were_found() -> None:
    system: System = Slow()
    search = [
        {"text": "연을 날리는", "relevant": "2406.00001"},
        {"text": "kites", "relevant": "2406.00001"},
        {"text": "연"},
    ]
    found = query(system, {"search": search, "answer": [{"text": "몇 편?", "as_of": "2024-06-12"}]})
    assert found["recall"] == 0.5
    assert len(found["search_ms"]) == 3
    assert percentiles(found["answer_ms"])["p50"] >= 20


def test_threads_answer_every_question_once_and_count_their_errors() -> None:
    rows = [{"text": f"질문 {n}"} for n in range(15)] + [{"text": "깨진 질문"}]
    one, many = (threads(Slow(), {"search": [], "answer": rows}, count) for count in (1, 8))
    assert many["errors"] == one["errors"] == 1
    assert len(many["ms"]) == 15
    assert one["per_s"] < 50 < many["per_s"]  # 20 ms an answer: 50 a second by one at most


def test_a_peer_quotes_the_bullets_of_the_five_nearest_sections_and_names_their_papers(tmp_path: Path) -> None:
    class Peer(_Quoting):
        def found(self, text: str) -> list[str]:
            return [f"### [논문 {n}](https://arxiv.org/abs/2406.{n:05d})\n\n- 글 {n}" for n in (3, 1, 3, 2, 4, 5)]

    peer = Peer(tmp_path)
    assert peer.search("연") == ["2406.00003", "2406.00001", "2406.00002", "2406.00004", "2406.00005"]
    assert peer.answer("연").splitlines() == ["- 글 3 [1]", "- 글 1 [2]", "- 글 3 [3]", "- 글 2 [4]", "- 글 4 [5]"]


def test_the_product_is_searched_and_asked_as_a_system(tmp_path: Path) -> None:
    digests = tmp_path / "digests"
    digests.mkdir()
    (digests / "2024-06-11.md").write_bytes((REPOSITORY / "seeds" / "2024-06-11.md").read_bytes())
    system = Nonmun(tmp_path / "store")
    assert system.ingest(digests) > 50
    asked = {"search": [{"text": "논문"}], "answer": [{"text": "이 날의 논문은 몇 편인가요?", "as_of": "2024-06-12"}]}
    assert query(system, asked)["open_s"] > 0
    assert threads(system, asked, 2)["errors"] == 0
    found = recall(system.pipeline, ["연을 날리는 방법", "a model of images"])
    assert found["mean"] == found["least"] == 1.0  # few vectors: the approximate search sees all of them
    assert found["vectors"] == found["texts"]
    assert found["queries"] == 2


def test_an_approximate_search_agrees_as_far_as_it_finds_places_as_near() -> None:
    assert agreement([0.9, 0.8, 0.7], [0.9, 0.8, 0.7]) == 1.0
    assert agreement([0.9, 0.7, 0.6], [0.9, 0.8, 0.7]) == pytest.approx(2 / 3)
    assert agreement([0.7000001], [0.7]) == 1.0
    assert agreement([], [0.9, 0.8]) == 0.0


def test_scale_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    given = scale.parse_arguments(["--work", str(tmp_path), "--sizes", "0", "6000"])
    assert given.sizes == [0, 6000]
    assert Scale(given).step(0, "ingest", lambda: {"s": 1.0}) == {"s": 1.0}
    assert Scale(given).step(0, "ingest", lambda: {"s": 9.0}) == {"s": 1.0}
    assert Scale(given).step(6000, "ingest", lambda: {"s": 2.0}) == {"s": 2.0}
    assert read_json(tmp_path / "6000" / "steps" / "ingest.json")["figures"] == {"s": 2.0}
    newer = Scale(given)
    newer.made_by = "newer code"
    assert newer.step(0, "ingest", lambda: {"s": 9.0}) == {"s": 9.0}


def test_scale_can_ask_an_index_that_earlier_code_made(tmp_path: Path) -> None:
    given = scale.parse_arguments(["--work", str(tmp_path), "--indexed"])
    for name in ("ingest", "query"):
        Scale(given).step(0, name, lambda: {"s": 1.0})
    newer = Scale(given)
    newer.made_by = "newer code"
    assert newer.step(0, "ingest", lambda: {"s": 9.0}) == {"s": 1.0}
    assert newer.step(0, "query", lambda: {"s": 9.0}) == {"s": 9.0}


def test_scale_without_the_real_digests_says_so_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "p.json"
    scale.main(
        scale.parse_arguments(["--shared", str(tmp_path / "없음"), "--out", str(out), "--work", str(tmp_path / "w")])
    )
    assert "No real digests" in capsys.readouterr().err
    assert not out.exists()


def test_the_settings_that_are_measured_are_the_defaults(tmp_path: Path) -> None:
    assert Nonmun(tmp_path).pipeline.settings.embedder == read_settings({"store": str(tmp_path)}).embedder == "bundled"
