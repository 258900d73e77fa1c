"""What a question gets where it cannot be worked on now: a line of its own each time, never an exception."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

import web
from rag.errors import QuestionError
from rag.pipeline import Pipeline
from rag.questions.plan import Filters, Plan
from rag.settings import read_settings
from tests.doubles import write_sample
from vectorstore.errors import StoreCorruptError, StoreError, StoreMismatchError, StoreUnreachableError
from web.answering import WAITING, AnswerService
from web.library import Library
from web.request_models import FilterRequest, QuestionRequest, validated_plan
from web.scheduling import Scheduler


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    from rag.index.ingest import ingest
    from vectorstore.embedders import load_embedding
    from vectorstore.folder import FolderStore

    folder = tmp_path_factory.mktemp("answering")
    ingest(FolderStore(folder / "store"), load_embedding("bundled"), [write_sample(folder / "digests")])
    return Pipeline(read_settings({"store": str(folder / "store")}, environment={}))


def service(pipeline: Pipeline, at_once: int = 2) -> AnswerService:
    return AnswerService(pipeline, Library(pipeline), Scheduler(at_once))


async def lines(answers: AnswerService, address: str = "203.0.113.7", **request: Any) -> list[dict[str, Any]]:
    return [json.loads(line) async for line in answers.stream(QuestionRequest(**request), address)]


def test_an_answer_comes_before_the_next_questions(pipeline: Pipeline) -> None:
    first, then = asyncio.run(lines(service(pipeline), question="맘바를 사용한 논문은?"))
    assert (first["type"], first["papers"], then["type"]) == ("answer", ["2406.00002"], "next")
    assert first["usage"] is None


def test_where_too_many_wait_one_more_is_told_to_come_back(pipeline: Pipeline) -> None:
    async def work() -> list[dict[str, Any]]:
        full = service(pipeline, at_once=0)
        waiting = [asyncio.create_task(lines(full, question="맘바?", person=str(n))) for n in range(WAITING)]
        await asyncio.sleep(0.05)
        said = await lines(full, question="맘바를 사용한 논문은?", person="한 사람")
        for one in waiting:
            one.cancel()
        return said

    assert [(line["type"], line["code"]) for line in asyncio.run(work())] == [("error", "busy")]


def test_one_person_who_asks_too_fast_waits_and_another_does_not(pipeline: Pipeline) -> None:
    async def work() -> list[str]:
        here = service(pipeline)
        asked = [lines(here, question="안녕", person="김") for _ in range(31)]
        found = [(await one)[0] for one in asked]
        found += await lines(here, question="안녕", person="이")
        return [line.get("code") or line["type"] for line in found[:32]]

    said = asyncio.run(work())
    assert (said[0], said[30], said[31]) == ("answer", "slow_down", "answer")


def test_what_is_wrong_with_a_question_or_the_index_is_a_line(pipeline: Pipeline, tmp_path: Path) -> None:
    (said,) = asyncio.run(lines(service(pipeline), question="논문?", plan={"kind": "list", "limit": 0}))
    assert (said["code"], "cannot be carried out" in said["message"]) == ("question", True)
    empty = Pipeline(read_settings({"store": str(tmp_path / "없음")}, environment={}))
    (said,) = asyncio.run(lines(service(empty), question="맘바?"))
    assert said["code"] == "store"
    assert "nonmun ingest" in said["message"]
    strangers = AnswerService(empty, Library(empty, own=False), Scheduler(1), own=False)
    assert asyncio.run(lines(strangers, question="맘바?")) == [
        {"type": "error", "code": "store", "kind": "store", "message": ""}
    ]


def test_a_plan_from_outside_is_made_safe(pipeline: Pipeline) -> None:
    catalogue = pipeline.snapshot().catalogue
    wild = Plan("author", authors=("sora han",), papers=("2406.00001", "9999.99999"), summary="en")
    assert validated_plan(wild, catalogue) == Plan(
        "author", authors=("Han Sora",), papers=("2406.00001",), summary="en"
    )
    assert validated_plan(Plan("help"), catalogue) is None
    for odd in (Plan("list", terms=("가" * 2_001,)), Plan("superlative", by="authors", order="desc")):
        with pytest.raises(QuestionError):
            validated_plan(odd, catalogue)
    assert FilterRequest(author=" han sora ", summary="ko").to_filters(catalogue) == Filters(
        author="Han Sora", summary="ko"
    )
    assert FilterRequest().to_filters(catalogue) is None


@pytest.mark.parametrize(
    ("error", "korean", "english"),
    [
        (StoreCorruptError, "색인 파일이 손상되었습니다. 다이제스트로 색인을 다시 만들어 주세요.", "Its files are damaged. Please build it anew from the digests."),
        (StoreMismatchError, "다른 설정으로 만든 색인입니다. 색인을 다시 만들어 주세요.", "It was built with other settings. Please build it anew."),
        (StoreUnreachableError, "색인이 있는 Chroma 서버가 답하지 않습니다. 서버가 돌아오면 이어서 쓸 수 있습니다.", "The Chroma server that holds it does not answer. Your chat goes on once it is back."),
        (StoreError, "색인을 읽지 못했습니다.", "It could not be read."),
    ],
)  # fmt: skip
def test_each_kind_of_broken_index_is_told_in_both_languages(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, error: type[StoreError], korean: str, english: str
) -> None:
    def broken(_: Pipeline) -> None:
        raise error("what the terminal says")

    monkeypatch.setattr(Pipeline, "snapshot", broken)
    (said,) = asyncio.run(lines(service(pipeline), question="맘바를 사용한 논문은?"))
    assert said["code"] == "store"
    strings = (Path(web.__file__).parent / "static" / "strings.js").read_text(encoding="utf-8")
    shown = re.findall(rf'store_{said["kind"]}: "([^"]*)"', strings)
    assert shown == [korean, english]
