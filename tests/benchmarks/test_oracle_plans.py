"""The plans written by hand: whole, usable, one for each development question, and what their replay sends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.oracle_plans import BROKEN, NOISE, read_plans, responder, written
from rag.models.shapes import last_object
from rag.questions.plan_schema import PLANS, drafts_of

HAND_WRITTEN = read_plans()


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_a_hand_written_plan_is_one_that_the_reader_takes(name: str) -> None:
    assert len(drafts_of({"plans": HAND_WRITTEN[name]})) == len(HAND_WRITTEN[name])


def test_every_development_question_has_its_plan(shared: Path) -> None:
    files = (shared / "questions").glob("dev_*.jsonl")
    ids = {json.loads(line)["id"] for path in files for line in path.read_text(encoding="utf-8").splitlines()}
    assert ids == HAND_WRITTEN.keys()


def test_noise_is_noise_and_a_fault_is_a_fault() -> None:
    plan = [{"kind": "list", "topics": ["kites"]}]
    assert last_object(written(plan)) == {"plans": plan}
    usable = 0
    for noise in NOISE:
        assert noise(plan) != written(plan)
        try:
            usable += drafts_of(last_object(noise(plan))) == drafts_of({"plans": plan})
        except ValueError:
            continue
    assert usable == 2  # fenced, and behind thoughts
    for fault in BROKEN:
        status, body = fault(plan)
        assert status != 200 or body["choices"][0]["message"]["content"] != written(plan)


def test_the_server_replies_to_a_question_with_its_plan_and_mends_noise_when_asked() -> None:
    respond = responder({"a": [{"kind": "count"}]}, {"몇 편?": "a"}, "noise")
    asked = [{"role": "system", "content": ""}, {"role": "user", "content": '<question>"몇 편?"</question>'}]
    mended = respond({"messages": [*asked, {"role": "assistant", "content": ""}, {"role": "user", "content": ""}]})
    assert mended[1]["choices"][0]["message"]["content"] == written([{"kind": "count"}])
    given = responder({"a": [{"kind": "count"}]}, {"몇 편?": "a"}, "given")({"messages": asked})
    assert given == mended
    refused = responder({"a": []}, {"몇 편?": "a"}, "refused")({"messages": asked})
    assert refused[1]["choices"][0]["message"]["refusal"]


def test_the_schema_that_is_sent_names_every_key_of_the_plans() -> None:
    keys = set(PLANS.schema["properties"]["plans"]["items"]["properties"])
    assert {key for plans in HAND_WRITTEN.values() for plan in plans for key in plan} <= keys
