"""JSON from a model over a real HTTP server: every rung of the ladder, what is remembered of a server, and what no rung mends."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.models import structured
from rag.models.shapes import Shape, ShapeError, Spent, last_object
from rag.models.structured import Structured
from rag.settings import Settings, read_settings
from tests.openai_server import Script, completion, openai_server, refusal
from vectorstore.errors import OpenAIFault

pytestmark = pytest.mark.server
COLOUR = Shape(
    "colour",
    {"type": "object", "properties": {"colour": {"type": "string"}}, "required": ["colour"], "additionalProperties": False},
    'Reply with {"colour": "..."}',
)  # fmt: skip
BLUE = '{"colour": "blue"}'


@pytest.fixture(scope="module")
def _server() -> Iterator[Script]:
    with openai_server() as script:
        yield script


@pytest.fixture
def server(_server: Script, monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    monkeypatch.setattr("vectorstore.openai_faults.PAUSE", 0.01)
    structured.forget()
    _server.requests.clear()
    _server.say()
    yield _server
    structured.forget()


def settings(server: Script, **more: str) -> Settings:
    environment = {"HOME": "/nowhere", "OPENAI_API_KEY": "sk-TEST", "OPENAI_BASE_URL": server.url, "NONMUN_MODEL": "m"}
    return read_settings({}, {**environment, **more}, Path("no.env"))


def colour(value: Any) -> str:
    if not isinstance(value, dict) or list(value) != ["colour"]:
        raise ShapeError("“colour” is missing.")
    if value["colour"] == "loud":
        raise ValueError("Loud is no colour.")
    return str(value["colour"])


def asked(server: Script, seconds: float = 60.0, **more: str) -> str:
    return Structured(settings(server, **more)).ask("system", "user", COLOUR, colour, seconds, Spent())


def replying(server: Script, *replies: tuple[int, dict[str, Any]]) -> None:
    """Give these replies in order, then the last one again and again."""
    server.respond = lambda _: replies[min(len(server.requests), len(replies)) - 1]


def by_rung(**replies: tuple[int, dict[str, Any]]) -> Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]:
    """Reply by the rung of a request: `schema`, `tool`, else `words`."""

    def respond(request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        rung = "schema" if "response_format" in request else "tool" if "tools" in request else "words"
        return replies.get(rung, refusal(400, f"{rung} is not supported"))

    return respond


def rungs(server: Script) -> list[str]:
    return [
        "schema" if "response_format" in request else "tool" if "tools" in request else "words"
        for request in server.requests
    ]


# --- the first rung --------------------------------------------------------------------------------------------------
def test_the_first_call_has_a_strict_schema_and_no_tools_and_does_not_stream(server: Script) -> None:
    replying(server, completion(BLUE))
    assert asked(server) == "blue"
    (request,) = server.requests
    wanted = {"name": "colour", "strict": True, "schema": COLOUR.schema}
    assert request["response_format"] == {"type": "json_schema", "json_schema": wanted}
    assert not request.keys() & {"tools", "tool_choice"}
    assert not request.get("stream")


def test_a_reasoning_model_gets_an_effort_and_no_temperature(server: Script) -> None:
    replying(server, completion(BLUE))
    asked(server, NONMUN_MODEL="gpt-5-mini")
    (request,) = server.requests
    assert request["reasoning_effort"] == "low"
    assert not request.keys() & {"temperature", "max_tokens"}


def test_a_setting_that_the_server_refuses_is_left_out(server: Script) -> None:
    replying(server, refusal(400, "Unsupported parameter: 'max_tokens'"), completion(BLUE))
    assert asked(server) == "blue"
    assert server.requests[1]["max_completion_tokens"] == server.requests[0]["max_tokens"]


@pytest.mark.parametrize(
    "reply",
    [
        completion(f"```json\n{BLUE}\n```"),
        completion(f'<think>{{"colour": "red"}} or not?</think>{BLUE}'),
        completion(f'Maybe {{"colour": "red"}}. No: {BLUE} That is all.'),
        completion("", reasoning_content=BLUE),
        completion(None, reasoning_content=f"I think of the sky. {BLUE}"),
    ],
    ids=["fenced", "thoughts", "the last of two", "in the reasoning", "content null"],
)
def test_a_whole_object_is_found_wherever_it_stands(server: Script, reply: tuple[int, dict[str, Any]]) -> None:
    replying(server, reply)
    assert asked(server) == "blue"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "text", ["", "blue", '{"colour": {"a": 1}, "more": "cu', '{"a": ' * 3000, '[{"colour": "blue"']
)
def test_what_is_cut_is_never_mended(text: str) -> None:
    with pytest.raises(ShapeError):
        last_object(text)


# --- one repair ------------------------------------------------------------------------------------------------------
def test_a_wrong_reply_goes_back_once_with_what_is_wrong(server: Script) -> None:
    replying(server, completion('{"colour": "loud"}'), completion(BLUE))
    assert asked(server) == "blue"
    first, second = server.requests
    assert second["messages"][:2] == first["messages"]
    assert second["messages"][2]["content"] == '{"colour": "loud"}'
    assert "Loud is no colour." in second["messages"][3]["content"]
    assert rungs(server) == ["schema", "schema"]


def test_two_wrong_replies_are_the_end(server: Script) -> None:
    replying(server, completion('{"colour": "loud"}'))
    with pytest.raises(OpenAIFault, match="unusable"):
        asked(server)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("reply", "reason", "calls"),
    [
        (completion(None, refusal="No."), "declined", 1),
        (completion(BLUE[:9], "length"), "limit", 1),
        (completion("", "content_filter"), "filter", 1),
        (completion(BLUE, None), "cut", 2),
        (completion(None), "empty", 2),
        ((200, {"choices": []}), "garbled", 2),
        (refusal(429, "slow down"), "busy", 2),
        (refusal(429, "no money", "insufficient_quota"), "quota", 1),
        (refusal(401, "bad key"), "key", 1),
        (refusal(404, "no such model"), "model", 1),
        (refusal(400, "maximum context length is 9", "context_length_exceeded"), "long", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_other_fault_has_its_reason(
    server: Script, reply: tuple[int, dict[str, Any]], reason: str, calls: int
) -> None:
    replying(server, reply)
    with pytest.raises(OpenAIFault) as caught:
        asked(server)
    assert (caught.value.reason, len(server.requests)) == (reason, calls)


def test_a_passing_fault_is_tried_again(server: Script) -> None:
    replying(server, refusal(429, "slow down"), completion(BLUE))
    assert asked(server) == "blue"


def test_a_server_that_hangs_is_left_at_the_deadline(server: Script) -> None:
    server.mode, server.hang = "hang", 30.0
    started = time.monotonic()
    with pytest.raises(OpenAIFault, match="slow"):
        asked(server, seconds=0.6)
    assert time.monotonic() - started < 20


def test_a_prompt_that_the_server_cuts_counts_as_not_read(server: Script) -> None:
    """Ollama keeps the last 4,096 tokens of a prompt and replies with status 200."""
    usage = {"prompt_tokens": 50, "completion_tokens": 9, "total_tokens": 59}
    replying(server, completion(BLUE, usage=usage))
    model = Structured(settings(server))
    with pytest.raises(OpenAIFault, match="shortened"):
        model.ask("system", "user " * 400, COLOUR, colour, 60.0, Spent())
    assert model.ask("system", "user", COLOUR, colour, 60.0, Spent()) == "blue"


def test_what_is_spent_is_the_servers_own_count(server: Script) -> None:
    usage = {"prompt_tokens": 700, "completion_tokens": 30, "total_tokens": 730}
    replying(server, completion('{"colour": "loud"}', usage=usage), completion(BLUE, usage=usage))
    spent = Spent()
    Structured(settings(server)).ask("system", "user", COLOUR, colour, 60.0, spent)
    assert spent == Spent(calls=2, tokens_in=1400, tokens_out=60)


# --- the ladder ------------------------------------------------------------------------------------------------------
def test_a_server_without_schemas_is_told_the_shape_in_words_and_that_is_remembered(server: Script) -> None:
    server.respond = by_rung(words=completion(BLUE))
    assert [asked(server), asked(server)] == ["blue", "blue"]
    assert rungs(server) == ["schema", "words", "words"]
    assert 'Reply with {"colour": "..."}' in server.requests[1]["messages"][0]["content"]


def test_the_last_rung_is_one_tool_that_the_model_may_call(server: Script) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "colour", "arguments": BLUE}}
    server.respond = by_rung(tool=completion(None, "tool_calls", tool_calls=[call]))
    assert [asked(server, NONMUN_MODEL="gpt-5") for _ in range(2)] == ["blue", "blue"]
    assert rungs(server) == ["schema", "words", "tool", "tool"]
    request = server.requests[2]
    assert request["tool_choice"] == "auto"
    assert [tool["function"]["name"] for tool in request["tools"]] == ["colour"]
    assert "reasoning_effort" not in request  # some models refuse tools beside one


def test_a_server_that_refuses_every_rung_is_the_end(server: Script) -> None:
    server.respond = by_rung()
    with pytest.raises(OpenAIFault, match="other"):
        asked(server)
    assert rungs(server) == ["schema", "words", "tool"]


def test_a_schema_that_is_ignored_twice_is_not_sent_again(server: Script) -> None:
    """llama.cpp replies freely with status 200 where a schema does not compile."""
    server.respond = by_rung(schema=completion("Blue, I think."), words=completion(BLUE))
    assert [asked(server) for _ in range(3)] == ["blue"] * 3
    assert rungs(server) == ["schema", "words", "schema", "words", "words"]


def test_who_replies_with_nonsense_on_every_rung_is_left_alone_for_a_while(
    server: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    replying(server, completion("I like trains."))
    reasons = []
    for _ in range(6):
        with pytest.raises(OpenAIFault) as caught:
            asked(server)
        reasons.append(caught.value.reason)
    assert reasons[-1] == "shapeless"
    sent = len(server.requests)
    with pytest.raises(OpenAIFault, match="shapeless"):
        asked(server)
    assert len(server.requests) == sent
    later = time.monotonic() + structured._REST + 1
    monkeypatch.setattr(structured.time, "monotonic", lambda: later)
    replying(server, completion(BLUE))
    assert asked(server) == "blue"
    assert rungs(server)[-1] == "schema"


def test_one_broken_reply_in_between_changes_no_rung(server: Script) -> None:
    replying(server, completion(BLUE), completion("oops"), completion(BLUE))
    assert [asked(server) for _ in range(3)] == ["blue"] * 3
    assert rungs(server)[-1] == "schema"


def test_what_is_remembered_belongs_to_one_model_of_one_server(server: Script) -> None:
    server.respond = by_rung(words=completion(BLUE))
    asked(server)
    asked(server, NONMUN_MODEL="another")
    assert rungs(server) == ["schema", "words", "schema", "words"]


def test_a_trial_says_of_every_rung_how_it_went(server: Script) -> None:
    server.respond = by_rung(words=completion(BLUE), tool=completion("No tool for me."))
    tried = dict(Structured(settings(server)).try_rungs("system", "user", COLOUR, colour))
    assert tried == {"json_schema": "other", "schema in words": "", "tool": "unusable"}
    assert len(server.requests) == 3


def test_no_key_in_what_a_fault_says(server: Script) -> None:
    replying(server, refusal(401, "bad key sk-TEST"))
    with pytest.raises(OpenAIFault) as caught:
        asked(server)
    assert "sk-TEST" not in repr(caught.value) + str(caught.value.__cause__) + json.dumps(str(vars(caught.value)))
    assert "sk-TEST" not in repr(vars(Structured(settings(server))))
