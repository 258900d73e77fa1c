"""Which requests are refused before the page sees them, and which headers every response has."""

from __future__ import annotations

import pytest
from starlette.types import Receive, Scope, Send

from tests.web.asgi import echo, sent_for
from web.hosts import parse_hosts
from web.request_guard import MAX_BODY, RequestGuard, script_hashes


@pytest.mark.parametrize("length", [b"327681", b"-1", b"many", b"1e3"])
def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(length: bytes) -> None:
    sent = sent_for(RequestGuard(echo), headers=[(b"content-length", length)], pieces=())
    assert sent[0]["status"] == 413


def test_a_body_that_does_not_say_its_length_is_cut_off() -> None:
    assert sent_for(RequestGuard(echo), pieces=[b"x" * 200_000, b"x" * 200_000, b""]) == []
    assert sent_for(RequestGuard(echo), pieces=[b"x" * MAX_BODY])[1]["body"] == b"x" * MAX_BODY


def test_a_reader_at_a_wrong_address_is_led_back_and_a_program_gets_a_code() -> None:
    reader = sent_for(RequestGuard(echo), path="/nowhere", headers=[(b"accept", b"text/html,*/*;q=0.8")])
    assert (reader[0]["status"], b'<a href="/">' in reader[1]["body"]) == (404, True)
    program = sent_for(RequestGuard(echo), path="/nowhere", headers=[(b"accept", b"*/*")])
    assert (program[0]["status"], b'"code":"broken"' in program[1]["body"]) == (404, True)


def test_uploads_are_closed_and_every_answer_has_the_headers() -> None:
    assert sent_for(RequestGuard(echo), path="/gradio_api/upload/", pieces=())[0]["status"] == 404
    names = {name for name, _ in sent_for(RequestGuard(echo))[0]["headers"]}
    assert {b"content-security-policy", b"x-content-type-options", b"referrer-policy"} <= names


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        ("/", True), ("/page/ask", True), ("/page/static/page.js", True), ("/page/paper", True), ("/p/2312.00752", True), ("/p/hep-th/9901001", True), ("/p/", False), ("/p/a/../b", False), ("/assets/index-Bq1.js", True), ("/static/fonts/a.woff2", True),
        ("/gradio_api/call/v2/ask/0f1e", True), ("/api/ask", True), ("/api/ask/x", False), ("/api/", False), ("/gradio_api/queue/join", True), ("/mcp/gradio_api/mcp/", True), ("/login/", True),
        ("/page/static/.env", False), ("/page/static/../page.py", False), ("/assets/a/../../b", False), ("/static//etc/passwd", False),
        ("/gradio_api/file=/etc/passwd", False), ("/gradio_api/upload", False), ("/gradio_api/queue/join/x/y", False), ("//", False),
        ("/gradio_api/call/ask/x/file=", False), ("/page/static/a\x00.css", False), ("/page/static/a\n", False), ("/healthz/x", False),
        ("/gradio_api/heartbeat/../upload", False), ("/mcp/gradio_api/upload", False), ("/페이지", False),
    ],
)  # fmt: skip
def test_only_the_ways_that_are_used_are_open(path: str, is_open: bool) -> None:
    assert (sent_for(RequestGuard(echo), path=path)[0]["status"] == 200) is is_open


def test_the_scripts_of_a_page_are_named_and_no_others() -> None:
    # the digest of alert(1), as openssl dgst -sha256 -binary | base64 gives it
    page = b"<script src=/a.js></script><p>alert(2)</p><script type='module'>alert(1)</script>"
    assert script_hashes(page) == " 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"

    async def shown(scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html; charset=utf-8")]}
        )
        await send({"type": "http.response.body", "body": page[:40], "more_body": True})
        await send({"type": "http.response.body", "body": page[40:]})

    sent = sent_for(RequestGuard(shown))
    policy = dict(sent[0]["headers"])[b"content-security-policy"].decode()
    assert "script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';" in policy
    assert b"".join(part["body"] for part in sent[1:]) == page
    assert "script-src 'self';" in dict(sent_for(RequestGuard(echo))[0]["headers"])[b"content-security-policy"].decode()


def status_of(method: str = "GET", path: str = "/page/ask", listed: str = "", **headers: str) -> int:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return int(sent_for(RequestGuard(echo, parse_hosts(listed)), path, named, method=method)[0]["status"])


@pytest.mark.parametrize(
    "origin", ["http://[", "http://", "null", "https://evil.example", "http://papers.example.evil"]
)
def test_an_origin_that_is_another_site_or_garbage_is_refused(origin: str) -> None:
    assert status_of("POST", host="papers.example", origin=origin, listed="papers.example") == 403


def test_an_origin_of_this_site_is_let_in_also_behind_a_proxy_that_hides_its_name() -> None:
    assert status_of("POST", host="127.0.0.1:7860", origin="http://127.0.0.1:7860") == 200
    assert status_of("POST", host="127.0.0.1:7860", origin="https://papers.example", listed="papers.example") == 200
    assert status_of("POST", host="127.0.0.1:7860", origin="http://localhost") == 403  # another server of this machine


@pytest.mark.parametrize(
    ("method", "headers", "reaches"),
    [
        ("GET", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, False),
        ("GET", {"sec_fetch_site": "same-site", "sec_fetch_mode": "navigate"}, False),
        ("GET", {}, False),  # over plain HTTP a browser does not say where a link stands
        ("GET", {"sec_fetch_site": "none", "sec_fetch_mode": "navigate"}, True),  # typed by hand
        ("GET", {"sec_fetch_site": "same-origin", "sec_fetch_mode": "navigate"}, True),
        ("POST", {"origin": "http://papers.example"}, True),
        ("POST", {}, True),  # no browser
    ],
)
def test_a_link_of_another_site_does_not_sign_anybody_out(method: str, headers: dict[str, str], reaches: bool) -> None:
    reached: list[str] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["method"])
        await echo(scope, receive, send)

    named = [(b"host", b"papers.example")]
    named += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    sent = sent_for(RequestGuard(page), "/logout", named, method=method)
    assert sent[0]["status"] == 200
    assert reached == (["GET"] if reaches else [])
    if not reaches:
        assert b'<form method="post" action="/logout">' in sent[1]["body"]
        policy = dict(sent[0]["headers"])[b"content-security-policy"]
        assert b"form-action 'self'" in policy
        assert dict(sent[0]["headers"])[b"referrer-policy"] == b"same-origin"  # so that the form says its origin


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_form_of_another_site_does_not_sign_anybody_out(origin: str) -> None:
    assert status_of("POST", "/logout", host="papers.example", origin=origin) == 403
