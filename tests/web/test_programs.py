"""The examples of the README for other programs, run as they stand: the HTTP API, and MCP behind its token."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.serving import REPOSITORY, serving

NAMES = {"search_papers", "get_paper", "ask", "count", "digest_of_day", "brief", "follow", "news"}
CALLS: dict[str, dict[str, object]] = {
    "search_papers": {"query": "소비자용 GPU 추론 엔진", "top_k": 1},
    "get_paper": {"arxiv_id": "2312.00752"},
    "ask": {"question": "맘바를 사용한 논문은?"},
    "count": {"question": "맘바를 사용한 논문은?"},
    "digest_of_day": {},
    "brief": {"since": "2023-12-01", "until": "2023-12-31"},
    "follow": {"question": "맘바를 언급한 논문은?", "name": "mamba", "without": ["서베이"], "min_votes": 3},
    "news": {"name": "mamba", "since": "2023-12-01"},
}

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def site(seeds_home: Path) -> Iterator[str]:
    with serving(seeds_home, NONMUN_MCP="on", NONMUN_AUTH="kim:a password", NONMUN_MCP_TOKEN="a-token") as address:
        yield address


@pytest.fixture(scope="module")
def open_site(plain_site: str) -> str:
    return plain_site


def examples(kind: str) -> list[str]:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text.split("## Other programs")[1].split("\n## ")[0], flags=re.DOTALL)


def test_both_readmes_show_the_same_examples_for_programs() -> None:
    korean = (REPOSITORY / "README.ko.md").read_text(encoding="utf-8")
    for kind in ("python", "bash", "json"):
        for example in examples(kind):
            assert example in korean


def test_the_python_example_of_the_readme_runs(open_site: str, tmp_path: Path) -> None:
    example = examples("python")[0]  # the second one is of LlamaIndex
    done = subprocess.run(
        [sys.executable, "-c", example.replace("http://127.0.0.1:7860", open_site)],
        capture_output=True, text=True, cwd=tmp_path, timeout=60,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(REPOSITORY / "tests" / "guard")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2 ['2403.18795', '2312.00752']" in done.stdout
    assert "https://arxiv.org/abs/2312.00752" in done.stdout


@pytest.mark.skipif(
    subprocess.run(["sh", "-c", "command -v curl"], capture_output=True).returncode != 0, reason="no curl"
)
def test_the_curl_example_of_the_readme_runs(open_site: str, tmp_path: Path) -> None:
    (example,) = examples("bash")
    script = example.replace("http://127.0.0.1:7860", open_site)
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["count"] == 2


def call(site: str, name: str, **data: object) -> str:
    with httpx.Client(base_url=site, timeout=60) as client:
        event = client.post(f"/gradio_api/call/v2/{name}", json=data).json()["event_id"]
        return client.get(f"/gradio_api/call/v2/{name}/{event}").text


@pytest.mark.parametrize("name", [name for name in CALLS if name not in ("follow", "news")])
def test_a_call_in_one_request_returns_what_gradio_returns(open_site: str, name: str) -> None:
    direct = httpx.post(f"{open_site}/api/{name}", json=CALLS[name], timeout=60)
    assert direct.status_code == 200, direct.text
    (through_gradio,) = json.loads(re.findall("data: (.*)", call(open_site, name, **CALLS[name]))[-1])
    for found in (direct_value := direct.json(), through_gradio):
        if isinstance(found, dict):
            found.pop("latency_ms", None)
    assert direct_value == through_gradio


@pytest.mark.parametrize(
    ("name", "body", "status", "said"),
    [
        ("nothing", b"{}", 404, "no function “nothing”. There are search_papers, get_paper"),
        ("ask", b"{}", 422, "ask needs a value for question"),
        ("ask", b"[]", 422, "The body of a call is a JSON object"),
        ("ask", b"\xff", 422, "The body of a call is a JSON object"),
        ("search_papers", '{"query": "맘바", "top_k": 0}'.encode(), 422, "It must lie between 1 and 100"),
        ("get_paper", b'{"arxiv_id": "9999.99999"}', 422, "No digest has a paper"),
    ],
)
def test_a_call_in_one_request_is_refused_in_a_sentence(
    open_site: str, seeds_home: Path, name: str, body: bytes, status: int, said: str
) -> None:
    log = seeds_home / "page.log"
    before = log.stat().st_size
    reply = httpx.post(f"{open_site}/api/{name}", content=body, timeout=60)
    assert (reply.status_code, said in reply.json()["error"]) == (status, True), reply.text
    assert log.stat().st_size == before


def test_what_cannot_be_answered_is_said_in_a_sentence_to_programs_too(open_site: str) -> None:
    assert "No digest has a paper" in call(open_site, "get_paper", arxiv_id="9999.99999")
    assert "is no day" in call(open_site, "digest_of_day", day="어제")
    assert "the limit is 2,000" in call(open_site, "ask", question="가" * 2_001)
    assert "2406.06525" in call(open_site, "digest_of_day")
    assert "2312.12456" in call(open_site, "search_papers", query="소비자용 GPU 추론 엔진", top_k=3)


@pytest.mark.parametrize(
    ("path", "sent", "status", "said"),
    [
        ("queue/join", {"fn_index": 99, "data": [], "session_hash": "x"}, 404, "no function with fn_index “99”"),
        ("queue/join", {"fn_index": "x", "data": [], "session_hash": "x"}, 404, "no function with fn_index “x”"),
        ("call/nothing", {"data": []}, 404, "There are search_papers, get_paper, ask, count, digest_of_day"),
        ("call/v2/nothing", {}, 404, "no function “nothing”"),
        ("call/ask", {"data": [5]}, 422, "ask cannot take this value for question"),
        ("call/v2/ask", {"question": 5}, 422, "ask cannot take this value for question"),
        ("call/v2/ask", {"question": "맘바?", "history": [1, 2]}, 422, "ask cannot take this value for history"),
        (
            "call/v2/ask",
            {"question": "그중 2024년 것만", "history": "맘바?"},
            422,
            "ask cannot take this value for history",
        ),
        (
            "call/v2/search_papers",
            {"query": "맘바", "top_k": None},
            422,
            "search_papers cannot take this value for top_k",
        ),
        ("call/v2/ask", {}, 422, "ask needs a value for question"),
        ("call/v2/ask", {"question": "맘바?", "questions": 2}, 422, "no parameter “questions”"),
        ("call/ask", {"data": 7}, 422, "a list of at most 4 values"),
        ("call/ask", [], 422, "The body of a call is a JSON object"),
        ("queue/join", {"fn_index": True, "data": ["맘바?"], "session_hash": "x"}, 404, "fn_index “True”"),
        ("queue/join", {"fn_index": 2, "data": ["맘바?"]}, 422, "needs a text for session_hash"),
        ("cancel", {"session_hash": "x"}, 422, "cancel needs a value for fn_index"),
        ("reset", {"event_id": 5}, 422, "reset cannot take this value for event_id"),
        ("reset", 5, 422, "The body of a call is a JSON object"),
    ],
)
def test_a_call_that_cannot_be_carried_out_gets_a_sentence_and_no_line_in_the_log(
    open_site: str, seeds_home: Path, path: str, sent: object, status: int, said: str
) -> None:
    log = seeds_home / "page.log"
    before = log.stat().st_size
    reply = httpx.post(f"{open_site}/gradio_api/{path}", json=sent, timeout=60)
    assert reply.status_code == status, reply.text
    assert said in reply.json()["error"]
    assert log.stat().st_size == before


@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        ("ask", {"question": "맘바?", "language": "fr"}, "“fr” is no language"),
        ("brief", {"since": "2023-12-04", "language": "한국어"}, "is no language"),
        ("search_papers", {"query": "맘바", "top_k": 0}, "top_k is 0. It must lie between 1 and 100."),
        ("search_papers", {"query": "맘바", "top_k": 101}, "top_k is 101. It must lie between 1 and 100."),
        ("ask", {"question": "맘바?", "as_of": "2024-02-30"}, "“2024-02-30” is no day"),
    ],
)
def test_a_value_that_is_none_of_those_allowed_is_refused_in_a_sentence(
    open_site: str, name: str, sent: dict[str, object], said: str
) -> None:
    url = f"{open_site}/gradio_api/call/v2/{name}"
    event = httpx.post(url, json=sent, timeout=60).json()["event_id"]
    reply = httpx.get(f"{url}/{event}", timeout=60).text
    assert "event: error" in reply
    assert said in json.loads(re.findall("data: (.*)", reply)[-1])["error"]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 60_000, b'{"question":' * 20_000, b'{"top_k":' + b"9" * 5_000])
@pytest.mark.parametrize("path", ["gradio_api/call/v2/ask", "gradio_api/cancel", "gradio_api/reset", "page/ask"])
def test_a_body_that_is_no_json_gets_a_sentence_and_no_line_in_the_log(
    open_site: str, seeds_home: Path, path: str, body: bytes
) -> None:
    log = seeds_home / "page.log"
    before = log.stat().st_size
    reply = httpx.post(f"{open_site}/{path}", content=body, headers={"content-type": "application/json"}, timeout=60)
    assert 400 <= reply.status_code < 500, reply.text
    assert log.stat().st_size == before


def test_the_functions_are_listed_and_nothing_else(open_site: str) -> None:
    found = httpx.get(f"{open_site}/gradio_api/info", timeout=60).json()
    assert {name.strip("/") for name in found["named_endpoints"]} == NAMES
    assert not found["unnamed_endpoints"]
    assert httpx.get(f"{open_site}/mcp/gradio_api/mcp/", timeout=60).status_code == 404


def test_with_a_password_nothing_answers_without_it(site: str) -> None:
    with httpx.Client(base_url=site, timeout=60) as client:
        for path in ("/page/state", "/page/day", "/gradio_api/info"):
            assert client.get(path).status_code == 401, path
        assert client.post("/page/ask", json={"question": "안녕"}).status_code == 401
        assert client.post("/gradio_api/call/ask", json={"data": ["안녕"]}).status_code == 401
        assert client.post("/login", data={"username": "kim", "password": "no"}).status_code == 400
        assert client.post("/login", data={"username": "kim", "password": "a password"}).status_code == 200
        assert client.get("/page/state").json()["state"] == "ready"
        assert "Gamba" in client.post("/page/ask", json={"question": "맘바를 사용한 논문은?"}).text


def test_assistants_use_the_tools_with_the_token_and_not_without(site: str) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    address = f"{site}/mcp/gradio_api/mcp/"
    for headers in ({}, {"Authorization": "Bearer b-token"}, {"Authorization": "a-token"}):
        assert httpx.post(address, json={}, headers=headers, timeout=60).status_code == 401
        assert httpx.get(f"{site}/mcp/gradio_api/info", headers=headers, timeout=60).status_code == 401

    async def use() -> tuple[dict[str, Any], dict[str, Any]]:
        async with (
            httpx.AsyncClient(headers={"Authorization": "Bearer a-token"}, timeout=60) as client,
            streamable_http_client(address, http_client=client) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            calls = {name: await session.call_tool(name, arguments) for name, arguments in CALLS.items()}
            calls["wrong"] = await session.call_tool("get_paper", {"arxiv_id": "9999.99999"})
            calls["wrong type"] = await session.call_tool("ask", {"question": 5})
            return tools, calls

    tools, answers = asyncio.run(use())
    assert tools.keys() == NAMES == CALLS.keys()
    for name in NAMES:  # the client has checked the structured content against the schema, too
        assert not answers[name].isError, name
        Draft202012Validator.check_schema(tools[name].outputSchema)
        Draft202012Validator(tools[name].outputSchema).validate(answers[name].structuredContent)
        (content,) = answers[name].content
        assert json.loads(content.text) == answers[name].structuredContent
    assert answers["count"].structuredContent["count"] == 2
    assert answers["ask"].structuredContent["papers"] == ["2403.18795", "2312.00752"]
    assert [paper["id"] for paper in answers["search_papers"].structuredContent["result"]] == ["2312.12456"]
    assert answers["wrong"].isError
    assert answers["wrong"].content[0].text == "No digest has a paper with the arXiv id “9999.99999”."
    assert answers["wrong type"].isError
    assert "is not of type 'string'" in answers["wrong type"].content[0].text
