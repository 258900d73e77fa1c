"""The golden questions over the sample digests: right by the digests, run twice alike, the gate, and faults that turn it red."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.answers.answer import Answer
from rag.evaluation import Case, ask_all, fallen, parse_case, read_golden, read_thresholds, results
from rag.evaluation.golden import SCHEMA
from rag.evidence.retriever import Hit
from rag.pipeline import Pipeline
from tests.golden.scan import problems, scan
from tests.golden.scan import rows as scan_rows

pytestmark = pytest.mark.gate

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
SEEDS = GOLDEN.parents[1] / "seeds"
CASES = read_golden(SEEDS / "golden.jsonl")
CORPUS = read_golden(GOLDEN / "corpus.jsonl")
FLOORS = read_thresholds(GOLDEN / "thresholds.json")


# --- The questions ---------------------------------------------------------------------------------------------------
def test_every_sample_question_agrees_with_the_digests() -> None:
    papers = scan(SEEDS)
    assert len(papers) == 77
    wrong = [f"{row['id']}: {p}" for row in scan_rows(SEEDS / "golden.jsonl") for p in problems(row, papers)]
    assert wrong == []


def test_the_example_of_the_guide_is_a_case_that_holds() -> None:
    guide = (GOLDEN.parents[1] / "docs" / "golden.md").read_text(encoding="utf-8")
    example = json.loads(re.findall(r"```json\n(.+?)\n```", guide)[0])
    assert parse_case(example).count == 3
    assert list(problems(example, scan(SEEDS))) == []
    properties = json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"]
    assert set(properties) <= set(re.findall(r"`([a-z_]+)`", guide))


@pytest.mark.corpus
def test_every_corpus_question_agrees_with_the_digests(shared: Path) -> None:
    papers = scan(shared / "corpus")
    assert len(papers) == 5487
    wrong = [f"{row['id']}: {p}" for row in scan_rows(GOLDEN / "corpus.jsonl") for p in problems(row, papers)]
    assert wrong == []


@pytest.mark.parametrize(("change", "said"), [
    ({"relevant": {"must": ["9999.99999"]}}, "no digest"), ({"facts": [["10의 100승"]]}, "none of"), ({"count": 3}, "count is 3"),
    ({"relevant": {"must": ["2312.00752"]}}, "says nothing"), ({"relevant": {"must": ["2312.12456"]}}, "does not find"),
    ({"answerable": False, "relevant": {}, "count": None}, "can be answered"),
])  # fmt: skip
def test_the_checker_sees_a_wrong_case(change: dict[str, Any], said: str) -> None:
    row = next(row for row in scan_rows(SEEDS / "golden.jsonl") if row["id"] == "mamba-use-ko")
    papers = scan(SEEDS)
    assert list(problems(row, papers)) == []
    assert said in " ".join(problems({**row, **change}, papers))


@pytest.mark.parametrize("cases", [CASES, CORPUS], ids=["seeds", "corpus"])
def test_every_question_has_its_twin_in_the_other_language_with_the_same_expectations(cases: list[Case]) -> None:
    twins: dict[str, list[Case]] = {}
    for case in cases:
        twins.setdefault(case.twin, []).append(case)
    for one, other in twins.values():
        assert {one.language, other.language} == {"ko", "en"}
        same = {"id": "", "language": "", "question": "", "history": (), "known": None}
        assert replace(one, **same) == replace(other, **same)
        assert len(one.history) == len(other.history)


def test_there_are_enough_questions_of_every_kind() -> None:
    assert len(CASES) >= 240
    assert len(CORPUS) >= 60
    assert {c.kind for c in CASES} >= {
        "list_name", "list_topic", "count", "superlative", "author", "date", "multi", "known_item", "fact", "explain", "compare",
        "trend", "follow_up", "describe", "unanswerable", "hostile",
    }  # fmt: skip
    assert sum(c.kind == "unanswerable" for c in (*CASES, *CORPUS)) >= 40
    assert sum(c.kind == "hostile" for c in CASES) >= 10
    assert len({c.question for c in CASES}) == len(CASES)
    gated = Counter(c.kind for c in CASES)
    assert all(gated[group.removeprefix("kind/")] >= 20 for group in FLOORS if group.startswith("kind/"))


# --- The run ---------------------------------------------------------------------------------------------------------
class Faulty:
    """The pipeline with a fault planted behind it: every answer passes through `change` on its way out."""

    def __init__(
        self, told: dict[tuple[Any, ...], Any], pipeline: Pipeline, change: Callable[[Answer], Answer]
    ) -> None:
        self._told, self._pipeline, self._change = told, pipeline, change

    def warm(self) -> None:
        self._pipeline.warm()

    def snapshot(self) -> Any:
        return self._pipeline.snapshot()

    def _once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        if key not in self._told:
            try:
                self._told[key] = make()
            except Exception as error:  # noqa: BLE001  # kept, to be raised each time
                self._told[key] = error
        if isinstance(self._told[key], Exception):
            raise self._told[key]
        return self._told[key]

    def ask(self, question: str, history: Sequence[str] = (), as_of: date | None = None, **more: Any) -> Answer:
        answer = self._once((question, *history, as_of), lambda: self._pipeline.ask(question, history, as_of, **more))
        return self._change(answer)

    def search(self, query: str, top_k: int) -> list[Hit]:
        return list(self._once(("search", query, top_k), lambda: self._pipeline.search(query, top_k)))


@pytest.fixture(scope="module")
def told() -> dict[tuple[Any, ...], Any]:
    """Every answer of this run, so that each fault of the last stage need not ask again."""
    return {}


def run(
    told: dict[tuple[Any, ...], Any], pipeline: Pipeline, change: Callable[[Answer], Answer] = lambda a: a
) -> dict[str, Any]:
    return results("seeds.jsonl", ask_all(Faulty(told, pipeline, change), CASES))  # type: ignore[arg-type]


_MOST_FAILING = 61  # imperfect cases of 418; half of them name the next paper, count halves of a trend or have cells without a source, which the judge of grounding counts


def test_the_gate_holds_within_a_minute_and_no_case_crashes_or_fails_unknown(
    told: dict[tuple[Any, ...], Any], pipeline: Pipeline
) -> None:
    started = time.process_time()
    found = run(told, pipeline)
    assert time.process_time() - started < 60
    assert fallen(found["figures"], FLOORS) == []
    assert found["counts"]["crashed"] == 0
    failing = [case["id"] for case in found["cases"] if not case["perfect"] and not case["known"]]
    assert len(failing) <= _MOST_FAILING, failing


def test_a_second_run_gives_the_same_figures_and_answers(told: dict[tuple[Any, ...], Any], pipeline: Pipeline) -> None:
    first, again = run(told, pipeline), run({}, pipeline)
    assert again["figures"] == first["figures"]
    assert again["cases"] == first["cases"]


def swap_two_citations(answer: Answer) -> Answer:
    swapped = re.sub(r"\[([12])\](?!\()", lambda m: f"[{3 - int(m[1])}]", answer.text)
    return replace(answer, text=swapped) if len(answer.citations) > 1 else answer


def change_a_number(answer: Answer) -> Answer:
    def other(match: re.Match[str]) -> str:
        return match[0].replace(match[1], str((int(match[1]) + 1) % 10))

    return replace(answer, text=re.sub(r"\d\.(\d)", other, answer.text, count=1))


def cut_lists_at_five(answer: Answer) -> Answer:
    return replace(answer, papers=answer.papers[:5], citations=answer.citations[:5])


@pytest.mark.parametrize(("fault", "figure"), [
    (swap_two_citations, "all grounded"), (change_a_number, "all grounded"), (cut_lists_at_five, "kind/date exact"),
])  # fmt: skip
def test_a_fault_in_the_answers_turns_the_gate_red(
    told: dict[tuple[Any, ...], Any], pipeline: Pipeline, fault: Callable[[Answer], Answer], figure: str
) -> None:
    short = fallen(run(told, pipeline, fault)["figures"], FLOORS)
    assert [line for line in short if line.startswith(figure)]


def test_never_refusing_turns_the_gate_red(told: dict[tuple[Any, ...], Any], pipeline: Pipeline) -> None:
    some = next(a for a in told.values() if isinstance(a, Answer) and len(a.citations) > 1)

    def never(answer: Answer) -> Answer:
        return (
            answer if answer.status == "answered" else replace(some, question=answer.question, language=answer.language)
        )

    short = fallen(run(told, pipeline, never)["figures"], FLOORS)
    assert [line for line in short if line.startswith("kind/unanswerable refusal_recall")]


def test_leaving_korean_particles_on_turns_the_gate_red(
    told: dict[tuple[Any, ...], Any], pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(told, pipeline)
    english = {key: value for key, value in told.items() if not re.search(r"[가-힣]", " ".join(map(str, key)))}
    monkeypatch.setattr("rag.questions.spans._PARTICLE", re.compile(r"(?!)"))
    monkeypatch.setattr("rag.questions.tokens._LATIN_RUN", re.compile(r"[A-Za-z0-9][\w.+-]*"))  # “Mamba를” is one token
    short = fallen(run(english, pipeline)["figures"], FLOORS)
    assert [line for line in short if line.startswith("gap ")]
