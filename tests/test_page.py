"""The page as a person meets it: the real program over the real seeds, in a real Chromium."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() == "true"
MAMBA, GAMBA = "https://arxiv.org/abs/2312.00752", "https://arxiv.org/abs/2403.18795"
PICTURE_HOSTS = {"cdn-uploads.huggingface.co", "cdn-thumbnails.huggingface.co", "cdn-avatars.huggingface.co"}

pytestmark = pytest.mark.browser


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
    )
    if path is None:
        if IN_CI:
            pytest.fail("CI has no Chromium; tools/browser.sh should have installed it")
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    arguments = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The page over the seeds, in a child that refuses every connection beyond loopback; (address, log of refusals)."""
    home = tmp_path_factory.mktemp("home")
    log = home / "refused.log"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "tests" / "guard"), str(REPOSITORY)]),
        "GUARD_LOG": str(log),  # not NONMUN_…: that would be refused as an unknown setting
    }
    store = str(home / "store")
    ingest = [sys.executable, "-m", "rag", "ingest", str(REPOSITORY / "seeds"), "--store", store]
    subprocess.run(ingest, env=environment, check=True, capture_output=True, cwd=home, timeout=120)
    port = _free_port()
    command = [sys.executable, str(REPOSITORY / "app.py"), "--store", store, "--port", str(port)]
    with (home / "page.log").open("wb") as said:
        child = subprocess.Popen(command, env=environment, stdout=said, stderr=said, cwd=home)
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2) as reply:
                    if reply.status == 200:
                        break
                assert child.poll() is None, (home / "page.log").read_text()
                time.sleep(0.1)
            yield address, log
        finally:
            child.terminate()
            child.wait(timeout=10)


def _open(browser: Browser, address: str, **options: object) -> tuple[Page, list[str]]:
    page = browser.new_context(locale="ko-KR", **options).new_page()  # type: ignore[arg-type]
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    page.wait_for_selector("#question textarea:enabled")
    return page, requests


def _ask(page: Page, question: str) -> str:
    """Ask and return the last answer's text once it is whole."""
    before = page.locator("#chat [data-testid=bot]").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    return _answer(page, before)


def _answer(page: Page, before: int) -> str:
    page.wait_for_function(f"document.querySelectorAll('#chat [data-testid=bot]').length > {before}", timeout=20_000)
    last = page.locator("#chat [data-testid=bot]").last
    text = ""
    for _ in range(100):
        seen = last.inner_text()
        if seen and seen == text:
            break
        text = seen
        time.sleep(0.25)
    return text


def _links(page: Page) -> set[str]:
    return set(page.locator("#chat [data-testid=bot]").last.locator("a").evaluate_all("all => all.map(a => a.href)"))


@pytest.mark.parametrize("question", ["which papers used Mamba?", "Mamba를 사용한 논문은?"])
def test_the_page_answers_which_papers_used_mamba_with_mamba_and_gamba_and_nothing_else(
    chromium: Browser, site: tuple[str, Path], question: str
) -> None:
    page, _ = _open(chromium, site[0])
    answer = _ask(page, question)
    assert "Gamba" in answer
    assert _links(page) == {MAMBA, GAMBA}
    cards = page.locator("#sources a").evaluate_all("all => all.map(a => a.href)")
    assert sorted(cards) == sorted([MAMBA, GAMBA])
    assert ("2편" if "논문" in question else "2 papers") in answer
    page.close()


def test_nothing_leaves_the_browser_until_pictures_are_on_and_then_only_to_the_named_hosts(
    chromium: Browser, site: tuple[str, Path]
) -> None:
    page, requests = _open(chromium, site[0])
    page.route(re.compile(r"^https://"), lambda route: route.abort())
    _ask(page, "2023년 12월 논문 중 표가 가장 많은 3편은?")
    assert {urlsplit(url).hostname for url in requests} == {"127.0.0.1"}
    page.check("#pictures input")
    page.wait_for_selector("#sources img", state="attached")
    time.sleep(1)
    outside = {urlsplit(url).hostname for url in requests} - {"127.0.0.1"}
    assert outside
    assert outside <= PICTURE_HOSTS
    page.close()


def test_the_server_makes_no_connection_of_its_own(chromium: Browser, site: tuple[str, Path]) -> None:
    page, _ = _open(chromium, site[0])
    _ask(page, "How fast is PowerInfer on a 4090?")
    page.close()
    assert not site[1].exists() or site[1].read_text() == ""


def test_one_persons_chat_is_never_in_anothers(chromium: Browser, site: tuple[str, Path]) -> None:
    first, _ = _open(chromium, site[0])
    second, _ = _open(chromium, site[0])
    _ask(first, "Mamba를 사용한 논문은?")
    assert "논문은 모두 18편" not in _ask(second, "그중 2024년 것만 보여 줘")  # no earlier question here to mean
    assert "Mamba를 사용한" not in second.locator("#chat").inner_text()
    assert "1편" in _ask(first, "그중 2024년 것만 보여 줘")
    first.close()
    second.close()


def test_starter_questions_are_shown_and_asked_by_a_click(chromium: Browser, site: tuple[str, Path]) -> None:
    page, _ = _open(chromium, site[0])
    page.get_by_text("Mamba를 사용한 논문은?").click()
    assert "Gamba" in _answer(page, 0)
    page.click("#clear")
    page.wait_for_function("document.querySelectorAll('#chat [data-testid=bot]').length === 0")
    page.close()


@pytest.mark.parametrize(
    "question",
    [
        '<img src=x onerror="window.PWN=1"> 논문은?',
        "<script>window.PWN=1</script>",
        "[arXiv](javascript:window.PWN=1) 논문을 알려 줘",
        "![](https://evil.example/x.png) 맘바",
        "- " * 900,
        "🙂🙂🙂",
    ],
)
def test_hostile_questions_run_nothing_and_leave_the_box_open(
    chromium: Browser, site: tuple[str, Path], question: str
) -> None:
    page, requests = _open(chromium, site[0])
    started = time.perf_counter()
    _ask(page, question)
    assert time.perf_counter() - started < 10
    page.wait_for_selector("#question textarea:enabled")
    assert page.evaluate("window.PWN") is None
    assert not [url for url in requests if "evil.example" in url]
    assert "Gamba" in _ask(page, "맘바를 사용한 논문은?")
    page.close()


def test_the_page_fits_a_phone(chromium: Browser, site: tuple[str, Path]) -> None:
    page, _ = _open(chromium, site[0], viewport={"width": 390, "height": 844})
    _ask(page, "6월 11일 논문 요약해 줘")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_foreign_hosts_uploads_and_large_bodies_are_refused(site: tuple[str, Path]) -> None:
    address = site[0]

    def status(request: urllib.request.Request) -> int:
        try:
            with urllib.request.urlopen(request, timeout=5) as reply:
                return int(reply.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    assert status(urllib.request.Request(address, headers={"Host": "evil.example"})) == 400
    assert status(urllib.request.Request(f"{address}/gradio_api/upload", data=b"x", method="POST")) == 413
    assert status(urllib.request.Request(f"{address}/gradio_api/queue/join", data=b"x" * 100_000, method="POST")) == 413
    with urllib.request.urlopen(address, timeout=5) as reply:
        assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]


def test_an_address_open_to_others_needs_a_name_and_password(site: tuple[str, Path], tmp_path: Path) -> None:
    store = str(site[1].parent / "store")
    command = [sys.executable, str(REPOSITORY / "app.py"), "--store", store, "--host", "0.0.0.0"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(REPOSITORY)}
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert refused.returncode == 2
    assert "NONMUN_AUTH" in refused.stderr
    assert "Traceback" not in refused.stderr
