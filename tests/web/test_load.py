"""Many at once, a model that takes its time, and a program that is told to stop, over real HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from benchmarks.soak import growth, soak
from tests.openai_server import openai_server
from tests.serving import forked, on_a_free_port, serving, wait_for_page

pytestmark = pytest.mark.server

GAMBA, MAMBA = "Gamba를 설명해 줘", "Mamba를 사용한 논문은?"  # a model would write the first


def ask(address: str, question: str, person: str = "", **more: object) -> list[dict[str, Any]]:
    sent = {"question": question, "person": person, **more}
    reply = httpx.post(f"{address}/page/ask", json=sent, timeout=60, verify=False)
    assert reply.status_code == 200, reply.text
    return [json.loads(line) for line in reply.text.splitlines()]


def test_fifty_who_ask_at_once_all_get_their_own_answer(plain_site: str) -> None:
    questions = {
        MAMBA: 2, "Which papers used Mamba?": 2, "2023년 12월 논문은 몇 편이야?": None, "Gamba를 설명해 줘": None, "안녕": None,
    }  # fmt: skip
    with ThreadPoolExecutor(50) as pool:
        alone = {question: ask(plain_site, question)[0] for question in questions}
        began = time.perf_counter()
        asked = [question for _ in range(10) for question in questions]
        found = list(pool.map(lambda pair: ask(plain_site, pair[1], f"person {pair[0]}"), enumerate(asked)))
        took = time.perf_counter() - began
    for question, lines in zip(asked, found, strict=True):
        assert [line["type"] for line in lines] == ["answer", "next"]
        assert (lines[0]["count"], lines[0]["papers"]) == (alone[question]["count"], alone[question]["papers"]), (
            question
        )
        assert questions[question] in (None, lines[0]["count"])
    assert took < 120


def test_a_model_that_hangs_holds_up_neither_readers_nor_programs(seeds_home: Path) -> None:
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"question": GAMBA}},
    }
    accepted = {"accept": "application/json, text/event-stream"}
    with openai_server() as script:
        script.mode, script.hang = "hang", 100.0
        settings = {
            "OPENAI_BASE_URL": script.url,
            "NONMUN_MODEL": "scripted",
            "NONMUN_LLM_TIMEOUT": "90",
            "NONMUN_MCP": "on",
        }
        # The server stops first, and takes the calls that still wait with it.
        with ThreadPoolExecutor(60) as pool, serving(seeds_home, **settings) as address:
            ask(address, GAMBA, engine="offline")  # everything is loaded
            readers = [pool.submit(ask, address, GAMBA, f"person {n}") for n in range(12)]
            for _ in range(30):
                httpx.post(f"{address}/gradio_api/call/v2/ask", json={"question": GAMBA}, timeout=30, verify=False)
            tools = f"{address}/mcp/gradio_api/mcp/"
            assistants = [
                pool.submit(httpx.post, tools, json=call, headers=accepted, timeout=120, verify=False)
                for _ in range(45)
            ]
            until = time.perf_counter() + 30
            while (len(script.requests) < 16 or not any(map(Future.done, assistants))) and time.perf_counter() < until:
                time.sleep(0.1)
            began = time.perf_counter()
            assert ask(address, MAMBA, "a reader")[0]["count"] == 2
            assert time.perf_counter() - began < 30  # and not when the model lets go, after 90 seconds
            assert httpx.get(f"{address}/page/day", timeout=30).json()["papers"]
            assert len(script.requests) > 8  # readers and programs are with the model
            busy = [lines for lines in (done.result() for done in readers if done.done()) if lines[1].get("busy")]
            assert len(busy) == 4  # of twelve readers, eight wait for it
            offline = [done.result().text for done in assistants if done.done()]
            assert offline, "every assistant waits for the model"
            assert "오프라인 답변을 보냅니다" in offline[0]
            assert time.perf_counter() - began < 60, "the model has let go of them already"


@contextmanager
def stoppable(home: Path, **more: str) -> Iterator[tuple[str, Any]]:
    """Serve the page as a process that the test itself stops."""
    log = home / "stopped.log"
    log.write_bytes(b"")
    with forked(home, log, *on_a_free_port(home), **more) as child:
        yield wait_for_page(child.is_alive, log), child


def _keep_asking(address: str) -> None:
    """Ask until the server no longer answers, for a minute at most."""
    until = time.perf_counter() + 60
    while time.perf_counter() < until:
        httpx.get(f"{address}/healthz", timeout=60, verify=False)  # the certificates that it would read take 24 ms
        time.sleep(0.02)


@pytest.mark.parametrize(("mode", "writer"), [("drip", "scripted"), ("hang", "offline")])
def test_told_to_stop_the_program_ends_its_answers_and_is_gone_soon(seeds_home: Path, mode: str, writer: str) -> None:
    with openai_server() as script:
        script.say(*[f"Gamba는 한 시점의 이미지에서 3D를 복원합니다 [1]. {'이어집니다 ' * n}" for n in range(8)])
        script.mode, script.hang = mode, 60.0
        with stoppable(seeds_home, OPENAI_BASE_URL=script.url, NONMUN_MODEL="scripted", NONMUN_LLM_TIMEOUT="50") as (
            address,
            child,
        ):
            ask(address, GAMBA, engine="offline")
            beat = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
            beat.request("GET", "/gradio_api/heartbeat/a-page")  # as every open page has
            assert b"ALIVE" in beat.getresponse().readline()
            connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
            connection.request(
                "POST", "/page/ask", json.dumps({"question": GAMBA}), {"content-type": "application/json"}
            )
            reply = connection.getresponse()
            lines = [json.loads(reply.readline())]
            if mode == "drip":
                lines.append(json.loads(reply.readline()))
                assert lines[1]["type"] == "text"
            began = time.perf_counter()
            os.kill(child.pid, signal.SIGTERM)
            with pytest.raises(httpx.TransportError):  # nobody new is let in
                _keep_asking(address)
            lines += [json.loads(line) for line in reply]  # IncompleteRead where it is cut
            beat.close()
            connection.close()
            child.join(60)
            assert child.exitcode == 0
            took = time.perf_counter() - began
    assert [line["type"] for line in lines if line["type"] != "text"] == ["draft", "answer", "next"]
    assert lines[-2]["engine"] == ("offline" if writer == "offline" else lines[-2]["engine"])
    assert (writer in json.dumps(lines[-2], ensure_ascii=False)) is True
    assert lines[-2]["citations"]
    assert took < 40  # the model would have taken 50 seconds
    log = (seeds_home / "stopped.log").read_text(encoding="utf-8")
    assert "Traceback" not in log


def gone_quietly(child: Any, sign: int, log: Path) -> None:
    """See that an idle program ends soon after a signal, and without a word of an error."""
    began = time.perf_counter()
    os.kill(child.pid, sign)
    child.join(60)
    assert child.exitcode == 0
    assert time.perf_counter() - began < 30
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_ctrl_c_ends_an_idle_program_at_once_and_quietly(seeds_home: Path) -> None:
    with stoppable(seeds_home) as (_, child):
        gone_quietly(child, signal.SIGINT, seeds_home / "stopped.log")


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="this system counts no context switches in /proc")
def test_an_idle_page_wakes_seldom_and_is_gone_at_once(seeds_home: Path) -> None:
    def wakes(process: int) -> int:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        return int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])

    with stoppable(seeds_home) as (address, child):
        assert ask(address, MAMBA)
        until, fewest = time.monotonic() + 60, 10_000
        while fewest >= 150 and time.monotonic() < until:  # Gradio alone would wake a thousand times a second
            before = wakes(child.pid)
            time.sleep(1)  # the first seconds load what later questions need
            fewest = min(fewest, wakes(child.pid) - before)
        assert fewest < 150
        gone_quietly(child, signal.SIGTERM, seeds_home / "stopped.log")


# --- The soak --------------------------------------------------------------------------------------------------------
def test_ten_people_for_some_seconds_lose_no_answer(seeds_home: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    flags = (str(seeds_home / "store"), "--people", "10", "--seconds", "3", "--think", "1")
    with forked(tmp_path, log, *flags, module="benchmarks.soak") as child:
        child.join(300)
        said = log.read_text(encoding="utf-8")
        assert child.exitcode == 0, said
    assert "Answers that failed: **0** of" in said
    assert "| answer |" in said


def test_the_soak_sees_what_fails_and_what_grows() -> None:
    class Failing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

        def do_GET(self) -> None:
            body = (
                json.dumps({"day": "2024-01-02", "papers": [{"title": "가나다", "authors": ["김"]}]}).encode() + b"\n"
            )
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            said = b'{"type": "error", "code": "broken"}\n'
            self.send_response(200 if self.path == "/page/ask" else 500)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

    with ThreadingHTTPServer(("127.0.0.1", 0), Failing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tally = soak(server.server_port, os.getpid(), 3, 2.0, 0.1)
        server.shutdown()
    assert any("broken" in said for said in tally.failures)
    assert any("answered 500" in said for said in tally.failures)
    assert not tally.kinds
    flat = [(float(second), 500.0 + second % 7) for second in range(600)]
    assert growth(flat) <= 6
    assert growth([(second, mb + second / 10) for second, mb in flat]) > 40
    assert growth([(float(second), 500.0 - max(0, 60 - second)) for second in range(600)]) == 0


def test_two_people_who_ask_the_same_get_the_same_or_it_is_told() -> None:
    from benchmarks.soak import Tally

    tally = Tally()
    answer = {"status": "answered", "count": 2, "papers": ["2312.00752"], "plan": {"kind": "list"}}
    tally.came(MAMBA, "ko", answer)
    tally.came(MAMBA, "ko", dict(answer))
    assert not tally.failures
    tally.came(MAMBA, "ko", {**answer, "papers": ["2403.18795"]})
    assert "two answers to Mamba를" in tally.failures[0]
