"""Scores, figures, comparison and gate by hand on tiny cases; the files they read; the report; the judges; the review."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main
from rag.errors import EvaluationError, SettingsError
from rag.evaluation import (
    Case,
    Outcome,
    Reply,
    Sources,
    ask_all,
    compare,
    evaluate_ranking,
    fallen,
    figures_of,
    parse_case,
    read_golden,
    read_qrels,
    read_queries,
    read_results,
    read_thresholds,
    results,
    run_line,
    score,
)  # fmt: skip
from rag.evaluation.feedback import review
from rag.evaluation.judges import judge_all
from rag.evaluation.report import changes_table, render_html, render_markdown, table
from rag.evaluation.scores import canonical, clean, grounded, language_of, numbers, perfect, rank_scores, states
from rag.evidence.retriever import Hit
from rag.pipeline import Pipeline
from rag.settings import read_settings
from tests.openai_server import Script, openai_server

A, B, C = "2312.00001", "2312.00002", "2312.00003"
SOURCES = Sources(
    {
        A: "Mamba: linear time\n2312.00001\n17\nAlbert Gu\n2023-12-04\nMamba는 Transformer보다 5배 빠르고 FID 0.045를 기록했습니다.",
        B: "Gamba\n2312.00002\nNone\nPan Zhou\n2024-03-28\nGamba는 0.6초가 걸립니다.",
    },
    ("2023-12-04", "2024-03-28"),
)


def case(*must: str, **more: Any) -> Case:
    row = {"id": "c", "kind": "list_name", "language": "ko", "question": "Mamba를 사용한 논문은?", "answerable": True}
    relevant = {"must": list(must), "may": more.pop("may", []), "must_not": more.pop("must_not", [])}
    return parse_case({**row, "relevant": relevant, **more})


def reply(*papers: str, text: str = "답입니다.", cited: tuple[str, ...] | None = None, **more: Any) -> Reply:
    marks = tuple(enumerate(papers if cited is None else cited, start=1))
    return Reply(**{"status": "answered", "reason": None, "text": text, "papers": papers, "count": len(papers), "cited": marks, **more})  # fmt: skip


# --- One case --------------------------------------------------------------------------------------------------------
def test_a_whole_set_scores_one_everywhere() -> None:
    scores = score(case(A, B, count=2), reply(B, A), SOURCES)
    assert scores == {
        "answered": 1, "recall": 1, "precision": 1, "f1": 1, "exact": 1, "citation_precision": 1, "citation_recall": 1,
        "count_exact": 1, "language": 1, "clean": 1,
    }  # fmt: skip
    assert perfect(scores)


def test_a_set_with_one_wrong_and_one_missing_paper() -> None:
    scores = score(case(A, B), reply(A, C, cited=(C,)), SOURCES)
    assert (scores["precision"], scores["recall"], scores["f1"], scores["exact"]) == (0.5, 0.5, 0.5, 0)
    assert (scores["citation_precision"], scores["citation_recall"]) == (0, 0)


def test_papers_that_may_be_given_cost_nothing_and_those_that_must_not_cost_even_in_an_open_set() -> None:
    assert score(case(A, may=[B]), reply(A, B), SOURCES)["exact"] == 1
    open_set = case(A, may=["*"], must_not=[C])
    assert "precision" not in score(open_set, reply(A, B), SOURCES)
    assert score(open_set, reply(A, C), SOURCES)["citation_precision"] == 0.5


def test_a_count_must_be_said_and_not_only_kept() -> None:
    asked = case(A, B, count=2, kind="count", question="몇 편이야?")
    assert score(asked, reply(A, B, text="모두 2편입니다."), SOURCES)["count_exact"] == 1
    assert score(asked, reply(A, B, text="모두 3편입니다."), SOURCES)["count_exact"] == 0


def test_facts_hold_in_one_of_their_forms_whatever_the_unit_is_written_like() -> None:
    asked = case(A, facts=[["645 million", "x"], ["13.20"], ["72%"], ["없음"]])
    text = "프레임은 6억 4,500만 장이고 13.2개, 72 퍼센트입니다."
    assert score(asked, reply(A, text=text), SOURCES)["facts"] == 0.75


@pytest.mark.parametrize(("said", "form", "holds"), [
    ("초당 13.2개", "13.20", True), ("초당 113.20개", "13.20", False), ("27억 개", "2.7B", True), ("2.7 billion", "27억", True),
    ("42만 개 이상", "420K", True), ("4500명", "4,500", True), ("4,500.5", "4,500", False), ("2분이면", "2분", True),
    ("12분이면", "2분", False),  ("6%p 상승", "6%", True), ("LoRA를", "lora", True),
])  # fmt: skip
def test_a_text_states_a_form(said: str, form: str, holds: bool) -> None:
    assert states(canonical(said), form) is holds


def test_numbers_are_read_whole() -> None:
    assert numbers("4,096개 중 0.60과 1억 2천만, v2.1.3") >= {"4096", "0.6", "120000000"}
    assert numbers("2024-03-08에") == {"2024-3-8", "2024", "3", "8"}


def test_a_crash_scores_zero_wherever_it_could_score() -> None:
    scores = score(case(A, count=1, facts=[["x"]]), None, SOURCES)
    assert set(scores.values()) == {0}
    assert {"answered", "recall", "exact", "citation_precision", "citation_recall", "count_exact", "facts", "grounded",
            "language", "clean"} <= set(scores)  # fmt: skip
    assert set(score(case(answerable=False, reason="no_evidence"), None, SOURCES).values()) == {0}


def test_a_refusal_counts_only_without_citations_and_with_its_reason() -> None:
    asked = case(answerable=False, reason="no_evidence")
    no = {"status": "no_evidence", "text": "없습니다."}
    good = score(asked, reply(reason="no_evidence", **no), SOURCES)
    assert (good["refusal_recall"], good["reason_exact"], good["refusal_precision"]) == (1, 1, 1)
    assert (
        score(asked, reply(status="refused", text="범위 밖입니다.", reason="out_of_scope"), SOURCES)["reason_exact"]
        == 0
    )
    assert score(asked, reply(cited=(A,), **no), SOURCES)["refusal_recall"] == 0
    assert score(asked, reply(A), SOURCES)["refusal_recall"] == 0


def test_a_false_refusal_costs_its_answer_and_the_precision_of_refusing_but_no_citation() -> None:
    scores = score(case(A), reply(status="no_evidence", text="없습니다."), SOURCES)
    assert (scores["answered"], scores["exact"], scores["refusal_precision"]) == (0, 0, 0)
    assert "citation_precision" not in scores
    assert "grounded" not in scores


def test_a_question_that_was_not_taken_is_a_refusal_whose_language_is_not_scored() -> None:
    scores = score(
        case(answerable=False, kind="hostile"), reply(status="rejected", text="The question is too long."), SOURCES
    )
    assert scores == {"refusal_recall": 1, "refusal_precision": 1, "clean": 1}


# --- Groundedness ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("line", "held"), [
    ("- Mamba는 5배 빠릅니다. [1]", True), ("- Mamba는 6배 빠릅니다. [1]", False), ("- Mamba는 5배 빠릅니다. [2]", False),
    ("- FID는 0.045입니다. [1]", True), ("- FID는 0.054입니다. [1]", False), ("- LoRA로 학습했습니다. [1]", False),
    ("1. [Mamba](https://arxiv.org/abs/2312.00001) · 2023-12-04 · 17표 [1]", True),
    ("1. [Mamba](https://arxiv.org/abs/2312.00001) · 2023-12-04 · 18표 [1]", False),
    ("1. [Mamba](https://arxiv.org/abs/2312.00001) [2]", False), ("- Gamba는 0.6초입니다. [9]", False),
    ("Mamba를 사용한 논문은 2편입니다.", True), ("논문은 모두 99편입니다.", False), ("FlashAttention이 쓰였습니다.", False),
    ("2023-12-04부터 2024-03-28까지입니다.", True), ("1. [Mamba](https://arxiv.org/abs/2312.00001) · 2023-12-05 [1]", False),
])  # fmt: skip
def test_a_line_holds_when_its_numbers_names_and_links_stand_in_what_it_cites(line: str, held: bool) -> None:
    assert grounded(case(A, B), reply(A, B, text=line), SOURCES) == float(held)


def test_groundedness_is_the_share_of_lines_that_state_something() -> None:
    text = "안녕하세요.\n- Mamba는 5배 빠릅니다. [1]\n- Gamba는 0.7초입니다. [2]"
    assert grounded(case(A, B), reply(A, B, text=text), SOURCES) == 0.5
    assert grounded(case(A), reply(A, text="찾은 논문이 있습니다."), SOURCES) is None


@pytest.mark.parametrize(("text", "is_clean"), [
    ("[Mamba](https://arxiv.org/abs/2312.00001)", True), ("[Mamba](https://arxiv.org/abs/2401.99999)", False),
    ("[Mamba](https://evil.example)", False), ("a<br>b", True), (r"\<script\>", True), ("<script>", False), ("x < 3", True),
])  # fmt: skip
def test_only_links_to_its_own_papers_and_no_html_are_clean(text: str, is_clean: bool) -> None:
    assert clean(reply(A, text=text)) is is_clean


@pytest.mark.parametrize(("text", "language"), [
    ("Mamba를 쓴 논문은 2편입니다.\n\n1. [A](https://arxiv.org/abs/2312.00001)\n   - Mamba is fast.", "ko"),
    ("There are 2 papers about ‘맘바’.\n- Mamba는 빠릅니다.", "en"), ("**[Mamba](https://arxiv.org/abs/x)** 논문의 요약입니다.", "ko"),
    ("- Mamba는 빠릅니다.", "ko"), ("123", ""),
])  # fmt: skip
def test_the_language_is_that_of_the_answers_own_sentences(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_ranking_is_scored_without_the_papers_that_may_stand_there() -> None:
    assert rank_scores(case(A, may=[B]), [B, A])["mrr@10"] == 1
    scores = rank_scores(case(A, B), [C, A])
    assert (scores["mrr@10"], scores["recall@10"], scores["success@1"]) == (0.5, 0.5, 0)
    assert scores["ndcg@10"] == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert set(rank_scores(case(A), []).values()) == {0}


# --- Figures, comparison, gate ---------------------------------------------------------------------------------------
def outcomes(values: list[tuple[str, str, float]], kind: str = "list_name") -> list[Outcome]:
    """One outcome for each (twin, language, exact)."""
    made = []
    for twin, language, exact in values:
        asked = replace(case(A), id=f"{twin}-{language}", twin=twin, language=language, kind=kind)
        made.append(Outcome(asked, reply(A), {"exact": exact}, 2.0))
    return made


def test_figures_are_means_with_an_interval_around_them_and_the_gap_over_twins() -> None:
    found = results("x", outcomes([(str(n), language, float(n < 15 or language == "ko")) for n in range(20) for language in ("ko", "en")]))["figures"]  # fmt: skip
    assert found["all"]["exact"]["value"] == 35 / 40
    assert found["language/ko"]["exact"] == {"value": 1.0, "n": 20, "low": 1.0, "high": 1.0}
    assert found["language/en"]["exact"]["low"] < 0.75 < found["language/en"]["exact"]["high"]
    assert (found["gap"]["exact"]["value"], found["gap"]["exact"]["n"]) == (0.25, 40)
    assert found["gap"]["exact"]["low"] > 0.05


def test_a_case_without_a_twin_is_no_part_of_the_gap() -> None:
    gap = figures_of([o.as_json() for o in outcomes([("1", "ko", 1), ("1", "en", 1), ("2", "ko", 0)])])["gap"]
    assert (gap["exact"].value, gap["exact"].n) == (0, 2)
    assert figures_of([o.as_json() for o in outcomes([("1", "ko", 1)])]).keys() == {
        "all",
        "language/ko",
        "kind/list_name",
    }


def test_a_comparison_pairs_cases_and_names_those_that_flipped() -> None:
    old = [o.as_json() for o in outcomes([(str(n), "ko", 0.0) for n in range(12)])]
    new = [o.as_json() for o in outcomes([(str(n), "ko", float(n < 10)) for n in range(12)] + [("new", "ko", 0.0)])]
    changes, flipped = compare(old, new)
    (exact,) = changes
    assert (exact.before, exact.after, exact.n) == (0, 0.8333, 12)
    assert exact.p < 0.01  # ten of ten differences on one side: 2 / 2 ** 10
    assert [(name, right) for name, _, right in flipped] == [(f"{n}-ko", True) for n in range(10)]
    same, none = compare(new, new)
    assert (same[0].p, none) == (1.0, [])
    assert "now right: 10" in changes_table(changes, flipped)


def test_thresholds_hold_for_groups_of_twenty_and_a_figure_that_is_missing_falls_short() -> None:
    few = results("x", outcomes([(str(n), "ko", 0.0) for n in range(19)]))["figures"]
    many = results("x", outcomes([(str(n), "ko", 0.0) for n in range(20)]))["figures"]
    assert fallen(few, {"all": {"exact": 0.5}}) == []
    assert fallen(many, {"all": {"exact": 0.5}}) == ["all exact: 0.000 over 20 cases; at least 0.5 is asked"]
    assert "no case has it" in fallen(many, {"all": {"facts": 0.5}})[0]
    both = results(
        "x", outcomes([(str(n), language, float(language == "en")) for n in range(10) for language in ("ko", "en")])
    )
    assert "-1.000" in fallen(both["figures"], {"gap": {"exact": 0.03}})[0]


def test_nothing_is_nan_even_for_one_crashed_case() -> None:
    asked = case(A)
    found = results("x", [Outcome(asked, None, score(asked, None, SOURCES), failure="ValueError: x")])
    assert found["counts"] == {"cases": 1, "perfect": 0, "crashed": 1, "failing": 1, "known": 0, "mended": 0}
    assert "NaN" not in json.dumps(found)
    assert "1 crashed" in table(found)


def test_a_crash_of_the_product_is_counted_and_the_run_goes_on(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Pipeline.ask

    def ask(self: Pipeline, question: str, *rest: Any, **more: Any) -> Any:
        if "Mamba" in question:
            raise ZeroDivisionError("planted")
        return whole(self, question, *rest, **more)

    monkeypatch.setattr(Pipeline, "ask", ask)
    asked = [case("2312.00752"), replace(case("2312.12456"), id="d", question="PowerInfer 논문 설명해 줘")]
    crashed, answered = ask_all(pipeline, asked)
    assert (crashed.reply, crashed.failure, set(crashed.scores.values())) == (None, "ZeroDivisionError: planted", {0})
    assert answered.scores["answered"] == 1


# --- Files -----------------------------------------------------------------------------------------------------------
def row(**more: Any) -> str:
    base = {"id": "1", "kind": "count", "language": "ko", "question": "몇 편?", "relevant": {}, "answerable": True}
    return json.dumps({**base, **more}, ensure_ascii=False)


@pytest.mark.parametrize(("line", "said"), [
    ("{", "not JSON"), ("[1]", "not a JSON object"), ('{"id": "1"}', "required"), (row(kind="odd"), "“kind”: 'odd'"),
    (row(as_of="someday"), "“as_of”"), (row(as_of="2024-02-31"), "day"), (row(extra=1), "extra"), (row(count=-1), "“count”"),
    (row(relevant={"must": ["x"]}), "“relevant.must.0”"), (row(relevant={"must": [A], "may": [A]}), "two of must"),
    (row(answerable=False, count=3), "no papers, facts or count"), (row(reason="no_evidence"), "no reason to be refused"),
    (row() + "\n" + row(), "earlier line"), ("", "no golden questions"),
])  # fmt: skip
def test_a_broken_golden_line_is_named_with_file_line_and_reason_and_nothing_is_scored(
    seeds_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text(f"\n{line}\n", "utf-8")
    assert main(["evaluate", "--golden", str(path), "--store", str(seeds_store), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert str(path) in err
    assert said in err
    assert "Line" in err or said == "no golden questions"


def test_ranking_figures_by_hand(pipeline: Pipeline, tmp_path: Path) -> None:
    queries, qrels = tmp_path / "q.jsonl", tmp_path / "qrels.tsv"
    queries.write_text('{"_id":"1","text":"PowerInfer"}\n{"_id":"2","text":"없는낱말뿐인질의"}\n', "utf-8")
    qrels.write_text("query-id\tcorpus-id\tscore\n1\t2312.12456\t1\n2\t2312.00752\t1\n3\t2312.00777\t1\n", "utf-8")
    lexical = evaluate_ranking(pipeline, queries, qrels)["ranking/lexical"]
    assert lexical == dict.fromkeys(("RR@10", "R@10", "nDCG@10", "Success@1"), pytest.approx(1 / 3, abs=1e-4))
    qrels.write_text("x\t2312.12456\t1\n", "utf-8")
    with pytest.raises(EvaluationError, match="No query"):
        evaluate_ranking(pipeline, queries, qrels)


def test_a_line_of_a_run() -> None:
    assert run_line("q1", Hit("2312.00752", 1, 1.5, 2.0, 0.5)) == "q1 Q0 2312.00752 1 1.500000 nonmun"


@pytest.mark.parametrize(
    ("text", "said"), [("{\n", "Line 1"), ("\n[1]\n", "Line 2"), ('{"_id": 1, "text": "x"}', "_id")]
)
def test_a_broken_query_file_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(EvaluationError, match=said):
        [*read_queries(path)]


def test_broken_or_missing_files_are_told(tmp_path: Path) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text("query-id\tcorpus-id\tscore\nq d\n", "utf-8")
    with pytest.raises(EvaluationError, match="Line 2"):
        read_qrels(path)
    for read in (read_qrels, read_golden, read_results, read_thresholds):
        with pytest.raises(EvaluationError, match="nowhere"):
            read(tmp_path / "nowhere")
    path.write_text('{"cases": [{"id": "1"}]}', "utf-8")
    with pytest.raises(EvaluationError, match="results file"):
        read_results(path)
    path.write_text('{"all": 3}', "utf-8")
    with pytest.raises(EvaluationError, match="thresholds"):
        read_thresholds(path)


# --- The command -----------------------------------------------------------------------------------------------------
@pytest.fixture
def golden(tmp_path: Path) -> Path:
    path = tmp_path / "g.jsonl"
    more = {"as_of": "2024-06-12", "relevant": {"must": ["2312.00752", "2403.18795"]}, "kind": "list_name"}
    path.write_text(row(id="mamba-ko", twin="m", question="Mamba를 사용한 논문은?", **more) + "\n"
                    + row(id="mamba-en", twin="m", language="en", question="Which papers used Mamba?", **more), "utf-8")  # fmt: skip
    return path


def test_a_run_is_printed_written_compared_and_gated(
    golden: Path, seeds_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["evaluate", "--golden", str(golden), "--store", str(seeds_store)]
    assert main([*base, "--report", str(tmp_path / "r")]) == 0
    assert "2 cases: 2 right" in capsys.readouterr().out
    assert {p.name for p in (tmp_path / "r").iterdir()} == {"report.html", "report.md", "results.json"}
    thresholds = tmp_path / "t.json"
    thresholds.write_text('{"all": {"facts": 0.9}}', "utf-8")
    old = str(tmp_path / "r" / "results.json")
    assert main([*base, "--baseline", old, "--fail-under", str(thresholds)]) == 1
    out, err = capsys.readouterr()
    assert "now wrong: 0" in out
    assert "below the threshold: all facts" in err
    assert main([*base, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["figures"] == json.loads(Path(old).read_text("utf-8"))["figures"]


def test_the_report_needs_nothing_but_itself_and_shows_hostile_text_as_text(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    bad = replace(case(A), question=f"{evil} 논문은?", id='"><b>')
    found = results(
        evil, [*outcomes([("1", "ko", 1.0)]), Outcome(bad, reply(C, text=evil), {"exact": 0.0}, plan={"kind": evil})]
    )
    page = render_html(found, *compare(found["cases"], found["cases"]))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not {word for word in ("src=", "url(", "@import", "<link", "http://", "https://") if word in page}
    assert "exact 0.00" in render_markdown(found)


# --- Judges ----------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def server() -> Iterator[Script]:
    with openai_server() as script:
        yield script


@pytest.mark.server
def test_judges_are_reported_apart_and_never_touch_the_scores(server: Script, tmp_path: Path) -> None:
    environment = {
        "HOME": str(tmp_path),
        "OPENAI_BASE_URL": server.url,
        "OPENAI_API_KEY": "sk-never",
        "NONMUN_MODEL": "m",
    }
    settings = read_settings({}, environment, tmp_path / "no.env")
    asked = replace(case(A, facts=[["5"]]), kind="fact")
    told = [Outcome(asked, reply(A, text="5배 빠릅니다. [1]"), {"facts": 1.0}), *outcomes([("1", "ko", 1.0)])]
    server.say("YES")
    assert [dict(o.judged) for o in judge_all(settings, [replace(told[0], case=case(A, kind="explain"))], SOURCES)] == [
        {"faithfulness": 1}
    ]
    server.say("4.0\n좋은 답입니다. YES")
    judged = judge_all(settings, told, SOURCES)
    assert [dict(o.judged) for o in judged] == [{"faithfulness": 1.0, "correctness": 0.75}, {}]
    assert {sent["temperature"] for sent in server.requests} == {0.0}
    server.requests.clear()
    judge_all(replace(settings, model="gpt-5-mini"), told, SOURCES)
    assert server.requests
    assert not any("temperature" in sent for sent in server.requests)
    found = results("x", judged)
    assert found["judges"]["correctness"] == {"value": 0.75, "n": 1}
    assert found["figures"] == results("x", told)["figures"]
    assert "never in the gate" in table(found)
    server.mode, server.status = "status", 500
    with pytest.raises(EvaluationError, match="judging model failed"):
        judge_all(settings, told, SOURCES)


def test_judging_without_a_model_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        judge_all(read_settings({}, {"HOME": str(tmp_path)}, tmp_path / "no.env"), [], SOURCES)


# --- Feedback --------------------------------------------------------------------------------------------------------
def test_thumbs_down_become_cases_once_and_only_as_the_reviewer_says(tmp_path: Path) -> None:
    feedback, golden = tmp_path / "f.jsonl", tmp_path / "g.jsonl"
    lines = [
        {
            "question": "Mamba 논문 알려줘",
            "plan": {"kind": "list"},
            "papers": [A],
            "reason": "하나가 빠졌어요",
            "as_of": "2024-06-12",
        },
        {"question": "Who cites Mamba?", "plan": {"kind": "fact"}, "retrieved": [B], "reason": "made up"},
        {"question": "나중에 볼 질문"},
    ]
    feedback.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    said = iter(["a", f"{A} {B}", "r", "field_not_in_digest", "s"])
    assert review(feedback, golden, lambda _: next(said)) == 2
    first, second = read_golden(golden)
    assert (first.question, first.must, first.language, first.kind) == ("Mamba 논문 알려줘", {A, B}, "ko", "list_name")
    assert first.known == "reported: 하나가 빠졌어요"
    assert (second.answerable, second.reason, second.language, second.must) == (
        False,
        "field_not_in_digest",
        "en",
        set(),
    )
    asked: list[str] = []
    assert review(feedback, golden, lambda text: asked.append(text) or "s") == 0
    assert [text.splitlines()[0] for text in asked] == ["나중에 볼 질문"]  # the reviewed ones are not asked again
    feedback.write_text('{"reason": "x"}', "utf-8")
    with pytest.raises(EvaluationError, match="Line 1"):
        review(feedback, golden, lambda _: "q")


def test_the_review_command_reads_its_answers_from_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    feedback, golden = tmp_path / "f.jsonl", tmp_path / "g.jsonl"
    feedback.write_text(json.dumps({"question": "Mamba는?", "papers": [A]}, ensure_ascii=False), "utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n\n"))
    assert main(["evaluate", "--review", str(feedback), "--golden", str(golden)]) == 0
    assert "1 case added" in capsys.readouterr().err
    assert read_golden(golden)[0].must == {A}
