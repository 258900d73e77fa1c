"""The model as judge of borderline papers: what it is told, what it may do, and what its faults cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.models import structured
from rag.pipeline import Pipeline
from rag.selection import borderline
from rag.settings import read_settings
from tests.openai_server import Script, completion, openai_server, refusal
from tests.rag.conftest import AS_OF

pytestmark = pytest.mark.server
KO, EN = "디퓨전 논문", "diffusion papers"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    monkeypatch.setattr("vectorstore.openai_faults.PAUSE", 0.01)
    monkeypatch.setattr("rag.selection._BAND", 5.0)  # every paper of the sample digests is borderline then
    monkeypatch.setattr(Pipeline, "writes", lambda *_: False)  # what introduces a list is asked for elsewhere
    structured.forget()
    with openai_server() as script:
        yield script
    structured.forget()


def judging(store: Path, server: Script, opened: Pipeline, **more: str) -> Pipeline:
    environment = {
        "HOME": str(store.parent), "OPENAI_BASE_URL": server.url, "NONMUN_MODEL": "m", "NONMUN_READER": "offline",
        "NONMUN_SELECT": "on", **more,
    }  # fmt: skip
    made = Pipeline(read_settings({"store": str(store)}, environment, store.parent / "no.env"))
    made._snapshot = opened.snapshot()
    return made


def numbers(server: Script) -> list[int]:
    """Return the numbers of the papers of the last request."""
    lines = server.requests[-1]["messages"][1]["content"].splitlines()
    return [json.loads(line)["n"] for line in lines if line.startswith('{"n"')]


@pytest.mark.parametrize(
    ("question", "heading"),
    [(KO, "언어 모델이 주제에서 벗어난다고 본 가까운 논문** (2)"), (EN, "takes to be about something else** (2)")],
)
def test_what_it_rejects_becomes_near_and_the_answer_says_so(
    question: str, heading: str, seeds_store: Path, server: Script, pipeline: Pipeline
) -> None:
    before = pipeline.offline(question, (), AS_OF)
    server.respond = lambda _: completion(json.dumps({"about": numbers(server)[:-2]}))
    answer = judging(seeds_store, server, pipeline).ask(question, (), AS_OF)
    gone = set(before.papers) - set(answer.papers)
    assert len(gone) == 2
    assert [i for i in before.papers if i not in gone] == list(answer.papers)  # the order stays
    assert set(answer.also_mentioned) == gone
    assert answer.count == before.count - 2
    assert heading in answer.text
    assert len(server.requests) == 1
    assert answer.usage is not None


def test_only_papers_near_the_cut_are_judged_and_never_more_than_forty(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    retriever = pipeline.snapshot().retriever()
    evidence = pipeline.evidence(KO, None, None)
    ids = [paper.arxiv_id for paper in evidence.papers]
    shares = np.array([0.9 - 0.04 * ids.index(i) if i in ids else 0 for i in retriever.catalogue.ids])
    monkeypatch.setattr("rag.selection.likelihood", lambda *_: shares)
    monkeypatch.setattr("rag.selection._BAND", 2.0)  # of a cut of 0.21
    near = [i for i in ids if shares[retriever.catalogue.ids.index(i)] < 0.42]
    assert 2 < len(near) < len(ids)
    assert [paper.arxiv_id for paper in borderline(evidence, retriever)] == near
    monkeypatch.setattr("rag.selection.MOST", 2)
    assert [paper.arxiv_id for paper in borderline(evidence, retriever)] == near[-2:]


@pytest.mark.parametrize("question", ["Mamba를 사용한 논문은?", "2024년 3월 28일 논문", "디퓨전 논문 3편만"])
def test_an_exact_set_or_a_part_of_one_is_not_judged(
    question: str, seeds_store: Path, server: Script, pipeline: Pipeline
) -> None:
    judging(seeds_store, server, pipeline).ask(question, (), AS_OF)
    assert server.requests == []


@pytest.mark.parametrize("more", [{"NONMUN_SELECT": "off"}, {"NONMUN_ENGINE": "offline"}])
def test_nothing_is_sent_where_it_is_off(
    more: dict[str, str], seeds_store: Path, server: Script, pipeline: Pipeline
) -> None:
    judging(seeds_store, server, pipeline, **more).ask(KO, (), AS_OF)
    assert server.requests == []


@pytest.mark.parametrize(
    "reply", ["I like trains.", '{"about": [999]}', '{"about": ["1"]}', '{"about": [1], "note": "x"}', '{"out": [1]}']
)
def test_a_reply_that_is_no_list_of_its_numbers_changes_nothing(
    reply: str, seeds_store: Path, server: Script, pipeline: Pipeline
) -> None:
    server.respond = lambda _: completion(reply)
    answer = judging(seeds_store, server, pipeline).ask(KO, (), AS_OF)
    assert answer.papers == pipeline.offline(KO, (), AS_OF).papers
    assert "경계에 있는 논문을 판단하지 못해(쓸 수 있는 응답이 아님)" in answer.notices[-1]


def test_a_server_that_fails_changes_nothing(seeds_store: Path, server: Script, pipeline: Pipeline) -> None:
    server.respond = lambda _: refusal(401, "bad key")
    answer = judging(seeds_store, server, pipeline).ask(EN, (), AS_OF)
    assert answer.papers == pipeline.offline(EN, (), AS_OF).papers
    assert "could not judge the borderline papers (the server refused the key)" in answer.notices[-1]
