"""The development benchmarks over the real digests, asked as their scorers ask them; the floors lie a little under what was reached."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.serving import ingest

pytestmark = [pytest.mark.gate, pytest.mark.corpus]

GOLDEN = Path(__file__).with_name("golden")
_STORE = os.environ.get("NONMUN_TEST_STORE", "")  # read before the environment is cleared for the tests
_PROGRAM = Path(sys.executable).with_name("nonmun")
_SECONDS = 600
_EVERYDAY = 3  # every third request is asked

QUESTIONS = {"en": 0.96, "ko": 0.91}
FALSE_REFUSALS = 1
SAME_SET = {"en": 0.96, "ko": 0.97}
ALIKE_ACROSS = 0.98
REFUSED = {"en": 0.95, "ko": 0.95}
TOPICS = {"f1": 0.41, "recall": 0.48, "precision_lb": 0.42, "jaccard_en_ko": 0.67}
FALSE_NONE = 0
CHATS = 0.95
FACTS = {("en", "single"): 0.62, ("en", "chat"): 0.86, ("ko", "single"): 0.66, ("ko", "chat"): 0.88}


@pytest.fixture(scope="module")
def store(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index over the real digests: that of NONMUN_TEST_STORE, else one made here."""
    if _STORE:
        return _STORE
    home = tmp_path_factory.mktemp("corpus_home")
    ingest(home, shared / "corpus")
    return str(home / "store")


def scored(script: Path, *arguments: str) -> str:
    """Run a scorer and return what it prints."""
    run = subprocess.run(
        [sys.executable, str(script), str(_PROGRAM), *arguments], capture_output=True, text=True, timeout=_SECONDS
    )
    assert run.returncode == 0, run.stderr[-800:]
    return run.stdout


def shares(pattern: str, text: str) -> dict[str, float]:
    """Return the share of each language, where a pattern finds language, hits and number."""
    return {language: int(right) / int(of) for language, right, of in re.findall(pattern, text)}


def test_natural_questions_are_answered_right(shared: Path, store: str) -> None:
    folder = shared / "questions"
    told = scored(folder / "score.py", store, str(folder / "dev_ko.jsonl"), str(folder / "dev_en.jsonl"))
    right = shares(r"(?m)^(en|ko): (\d+)/(\d+)", told)
    refused = re.search(r"false refusals (\d+) of", told)
    assert refused
    assert int(refused.group(1)) <= FALSE_REFUSALS
    assert {language: share for language, share in right.items() if share < QUESTIONS[language]} == {}
    assert right.keys() == QUESTIONS.keys()


def test_the_wording_of_a_question_does_not_change_its_set(shared: Path, store: str) -> None:
    told = scored(shared / "questions" / "wrap.py", store, str(shared / "questions" / "wrappings_dev.json"))
    same = shares(r"(en|ko) (\d+)/(\d+)", told.splitlines()[-1])
    across = re.search(r"overlap ([\d.]+)", told.splitlines()[-1])
    assert {language: share for language, share in same.items() if share < SAME_SET[language]} == {}
    assert same.keys() == SAME_SET.keys()
    assert across
    assert float(across.group(1)) >= ALIKE_ACROSS


def answered(asked: Sequence[dict[str, object]], store: str, folder: Path) -> list[dict[str, Any]]:
    """Return the answers of a batch of questions, in their order."""
    batch = folder / "batch.jsonl"
    batch.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in asked), encoding="utf-8")
    command = [str(_PROGRAM), "ask", "--batch", str(batch), "--json", "--store", store]
    run = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(asked), run.stderr[-800:]
    return answers


def cited(questions: Sequence[str], store: str, folder: Path) -> list[str]:
    """Return the questions whose answers cite a paper."""
    answers = answered([{"id": str(n), "question": question} for n, question in enumerate(questions)], store, folder)
    return [answer["question"] for answer in answers if answer["citations"]]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_everyday_requests_are_declined(language: str, shared: Path, store: str, tmp_path: Path) -> None:
    lines = (shared / "questions" / f"everyday_{language}.txt").read_text(encoding="utf-8").split("\n")
    questions = [line for line in lines if line.strip() and not line.startswith("#")][::_EVERYDAY]
    wrong = cited(questions, store, tmp_path)
    assert 1 - len(wrong) / len(questions) >= REFUSED[language], wrong


def wrongly_planned(chat: dict[str, Any], answer: dict[str, Any]) -> dict[str, object]:
    """Return the fields of a plan that are not as a chat has to end in, each with what it is; `within` asks for papers before."""
    plan = answer["plan"] or {}
    wrong = {
        name: plan.get(name) for name, value in chat["plan"].items() if name != "within" and plan.get(name) != value
    }
    if "within" in chat["plan"] and not plan.get("papers"):
        wrong["within"] = False
    return wrong


def test_chats_end_in_the_plan_that_was_meant(store: str, tmp_path: Path) -> None:
    """Chats of two to five turns by people who had not seen the code; the plans were read by hand."""
    chats = [json.loads(line) for line in (GOLDEN / "chats.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = [
        {"id": str(n), "question": chat["turns"][-1], "history": chat["turns"][:-1]} for n, chat in enumerate(chats)
    ]
    answers = answered(asked, store, tmp_path)
    wrong = {
        " || ".join(chat["turns"]): fields
        for chat, answer in zip(chats, answers, strict=True)
        if (fields := wrongly_planned(chat, answer))
    }
    assert 1 - len(wrong) / len(chats) >= CHATS, wrong


def test_topical_sets_hold_what_experts_filed(shared: Path, store: str, tmp_path: Path) -> None:
    topics = shared / "topics"
    told = scored(topics / "score.py", store, str(topics / "dev.jsonl"), "--out", str(tmp_path))
    last = told.splitlines()[-1]
    figures = {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", last)}
    assert {name: figures[name] for name, floor in TOPICS.items() if figures[name] < floor} == {}
    assert figures["false_none"] == FALSE_NONE


def tells(row: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Whether an answer tells a fact of the right paper; of a question about many papers, whether it asks not one alone."""
    if row["type"] == "set":
        return len((answer["plan"] or {}).get("papers") or []) != 1 or answer["status"] != "answered"
    told = re.search(row["fact"], answer["answer"], re.IGNORECASE)
    return bool(told) and (answer["papers"][:1] == [row["paper"]] or row["paper"] in answer["answer"])


def test_a_fact_is_told_of_the_paper_that_is_described_or_was_named_before(store: str, tmp_path: Path) -> None:
    """Questions for one fact of one paper by people who had not seen the code; the facts were looked up in the digests."""
    rows = [json.loads(line) for line in (GOLDEN / "facts.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = [{"id": row["id"], "question": row["turns"][-1], "history": row["turns"][:-1]} for row in rows]
    found: dict[tuple[str, str], list[bool]] = {}
    for row, answer in zip(rows, answered(asked, store, tmp_path), strict=True):
        kind = "set" if row["type"] == "set" else "chat" if len(row["turns"]) > 1 else "single"
        found.setdefault((row["language"], kind), []).append(tells(row, answer))
    right = {key: sum(each) / len(each) for key, each in found.items()}
    assert {key: share for key, share in right.items() if share < FACTS.get(key, 1.0)} == {}
    assert right.keys() == {*FACTS, ("en", "set"), ("ko", "set")}
