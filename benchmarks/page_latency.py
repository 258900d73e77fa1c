"""How long a reader waits for the first words of an answer while nine programs ask at once, and how long a cold start takes.

    python benchmarks/page_latency.py STORE [ROUNDS]

Starts the page over a store, drives one Chromium, and lets nine HTTP clients ask through Gradio's API without a pause.
Prints milliseconds from Enter to the first painted words, and the load of the machine, which decides most of it.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
OTHERS = 9
CHAT = 12  # questions of one chat
PAUSE = 900  # milliseconds between two: no more than one a second are allowed for long
QUESTIONS = (
    "Mamba를 사용한 논문은?", "2024년 3월 논문 중 표가 가장 많은 3편은?", "Which papers did Dahua Lin co-author?",
    "How fast is PowerInfer on a 4090?", "2024년 6월 11일 논문 요약해 줘", "단일 이미지로 3D를 복원하는 논문을 설명해 줘",
)  # fmt: skip
_WATCH = """() => { window.words = null; const chat = document.querySelector('#chat'), turns = chat.children.length;
  addEventListener('keydown', () => { window.pressed = performance.now(); }, { once: true, capture: true });
  new MutationObserver((_, watch) => { const last = chat.children[turns];
    if (last && last.querySelector('.prose')?.textContent) { watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => { window.words = performance.now() - window.pressed; })); }
  }).observe(chat, { childList: true, subtree: true }); }"""


def _ask_on(address: str, person: int, over: threading.Event, done: list[float]) -> None:
    url = f"{address}/gradio_api/call/v2/ask"
    at = person
    while not over.is_set():
        started = time.perf_counter()
        body = json.dumps({"question": QUESTIONS[at % len(QUESTIONS)]}).encode()
        request = urllib.request.Request(url, data=body, headers={"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as reply:
            event = json.load(reply)["event_id"]
        with urllib.request.urlopen(f"{url}/{event}", timeout=60) as reply:
            reply.read()
        done.append(1_000 * (time.perf_counter() - started))
        at += 1


def _waits(page: Page, rounds: int) -> list[float]:
    found = []
    for at in range(rounds):
        if at % CHAT == 0:
            page.click("#clear")
        page.fill("#question textarea", QUESTIONS[at % len(QUESTIONS)])
        page.evaluate(_WATCH)
        page.keyboard.press("Enter")
        while (words := page.evaluate("window.words")) is None:
            page.wait_for_timeout(20)
            if page.query_selector(".problem"):
                raise SystemExit(f"The page said: {page.inner_text('.problem')}")
        found.append(words)
        page.wait_for_timeout(PAUSE)
    return found


def main(store: str, rounds: int = 24) -> None:
    """Measure and print."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    command = [sys.executable, str(ROOT / "app.py"), "--store", store, "--port", str(port)]
    child = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=1).read()
                break
            except OSError:
                time.sleep(0.05)
        with sync_playwright() as driver:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(address)
            page.wait_for_selector("#question textarea:enabled")
            cold = _waits(page, 1)
            took = time.perf_counter() - started
            paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            print(
                f"start to first answered question {took:.1f} s; first contentful paint {paint:.0f} ms; first words {cold[0]:.0f} ms"
            )
            alone = _waits(page, rounds)
            over, done = threading.Event(), []
            others = [
                threading.Thread(target=_ask_on, args=(address, n, over, done), daemon=True) for n in range(OTHERS)
            ]
            for other in others:
                other.start()
            time.sleep(1)
            began = time.perf_counter()
            crowded = _waits(page, rounds)
            rate = len(done) / (time.perf_counter() - began)
            over.set()
            browser.close()
        for name, waits in (("alone", alone), (f"with {OTHERS} others", crowded)):
            ordered = sorted(waits)
            print(
                f"first words {name}: median {statistics.median(waits):.0f} ms, p95 {ordered[int(0.95 * len(ordered))]:.0f} ms, min {ordered[0]:.0f} ms"
            )
        print(
            f"the others: {rate:.1f} answers/s, median {statistics.median(done):.0f} ms; load {os.getloadavg()[0]:.1f}"
        )
    finally:
        child.terminate()
        child.wait(timeout=10)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
