"""A real HTTP server on loopback that speaks the OpenAI chat protocol as it is told to: the peer of the tests of the LLM engine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DONE = b"data: [DONE]\n\n"


@dataclass
class Script:
    """What the server does with the next requests.

    `mode`: answer, status, hang, cut, no_choices, html, silent_end, garbled, broken, drip, or a finish_reason (length,
    content_filter). `pieces` are the deltas of the answer; `status`, `code`, `message` and `retry_after` the error;
    `failures` how many requests go that way before the server answers (None: all); `requests` what has come in;
    `respond`, where set, gives status and body of a reply that is not streamed, from its request; `delivered` how many pieces went out.
    """

    mode: str = "answer"
    pieces: tuple[str, ...] = ()
    status: int = 500
    message: str = "scripted"
    code: str | None = None
    retry_after: str | None = None
    failures: int | None = None
    hang: float = 5.0
    respond: Callable[[dict[str, Any]], tuple[int, dict[str, Any]]] | None = None
    url: str = ""
    delivered: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def say(self, *pieces: str) -> None:
        """Answer with these pieces from now on."""
        self.mode, self.pieces, self.code, self.retry_after, self.failures = "answer", pieces, None, None, None
        self.respond = None

    def mode_now(self) -> str:
        """What the request that has just come in meets."""
        return "answer" if self.failures is not None and len(self.requests) > self.failures else self.mode


def completion(
    content: str | None, finish: str | None = "stop", usage: dict[str, int] | None = None, **message: Any
) -> tuple[int, dict[str, Any]]:
    """Return status and body of a whole reply; `message` adds keys to its message."""
    said = {"role": "assistant", "content": content, **message}
    body: dict[str, Any] = {"id": "c1", "object": "chat.completion", "created": 1, "model": "scripted",
                            "choices": [{"index": 0, "message": said, "finish_reason": finish}]}  # fmt: skip
    return 200, body | ({"usage": usage} if usage else {})


def refusal(status: int, message: str, code: str | None = None) -> tuple[int, dict[str, Any]]:
    """Return status and body of an error."""
    return status, {"error": {"message": message, "type": "x", "code": code}}


def _chunk(
    delta: dict[str, str], finish: str | None = None, empty: bool = False, usage: dict[str, int] | None = None
) -> bytes:
    choices = [] if empty else [{"index": 0, "delta": delta, "finish_reason": finish}]
    body: dict[str, Any] = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": choices,
    }
    body |= {"usage": usage} if usage else {}
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


def _handler(script: Script) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if status >= 400 and script.retry_after:
                self.send_header("Retry-After", script.retry_after)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            script.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            script.headers.append(dict(self.headers))
            mode = script.mode_now()
            if mode == "status":
                error = {"error": {"message": script.message, "type": "x", "code": script.code}}
                self._send(script.status, "application/json", json.dumps(error).encode())
            elif mode == "hang":
                time.sleep(script.hang)
                self.close_connection = True
            elif mode == "html":
                self._send(200, "text/html", b"<html>a login page</html>")
            elif script.respond is not None and not script.requests[-1].get("stream"):
                status, body = script.respond(script.requests[-1])
                self._send(status, "application/json", json.dumps(body, ensure_ascii=False).encode())
            elif not script.requests[-1].get("stream"):
                message = {"role": "assistant", "content": "".join(script.pieces)}
                body = {"id": "c1", "object": "chat.completion", "created": 1, "model": "scripted",
                        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}  # fmt: skip
                self._send(200, "application/json", json.dumps(body, ensure_ascii=False).encode())
            else:
                self._stream(mode)

        def _stream(self, mode: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            parts = [_chunk({"role": "assistant", "content": ""}), b": a comment\n\n"]
            parts += [_chunk({"content": piece}) for piece in script.pieces]
            usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
            if mode == "no_choices":
                parts = [_chunk({}, empty=True)]
            elif mode == "garbled":
                parts.append(b'data: {"id": "c1", "choices": [{"delta"\n\n')
            elif mode == "broken":
                parts = [b'data: {"id": "c1", "choices": [{"delta"\n\n']
            elif mode in ("answer", "drip"):
                parts += [_chunk({}, "stop"), _chunk({}, empty=True, usage=usage), DONE]
            elif mode in ("length", "content_filter"):
                parts += [_chunk({}, mode), DONE]
            for part in parts:
                if mode == "drip":
                    time.sleep(0.2)
                self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
                self.wfile.flush()
                script.delivered += 1
            if mode == "cut":
                self.connection.close()  # in the middle of a chunked body
            else:
                self.wfile.write(b"0\r\n\r\n")
            self.close_connection = True

    return Handler


@contextmanager
def openai_server() -> Iterator[Script]:
    """Run the server on a free port of loopback; yields its script, with the base URL in it."""
    script = Script()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    server.daemon_threads = True
    server.block_on_close = False
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that went away is no error here
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
