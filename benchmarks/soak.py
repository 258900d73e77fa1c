"""Many people who ask the real page over HTTP for minutes: no answer fails, nobody gets another's, memory stays flat.

    make soak                                                    ten minutes, 50 people, the digests of DIGESTS
    python -m benchmarks.soak STORE --people 10 --seconds 60 --think 2
    python -m benchmarks.soak STORE --people 30 --idle 500       beside 500 connections of one address that say nothing

Each person is an address of its own with a page open (its heartbeat too), and thinks between two questions. Nine in ten ask in
the page, with next questions, follow-ups, tables, exports, days; the tenth is a program at the HTTP API. Questions are the
golden ones in both languages and others made of titles, authors and days that the page itself shows, so that few are asked twice.
Ends with 1 where an answer failed, where the same question of two people got two answers, or where memory grew. `--record FILE`
puts the figures between the marks of a page of the docs.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.measuring import ROOT, clean_environment, machine, memory_mb, percentiles
from benchmarks.silence import Silence

GROWTH_MB = 40.0  # that memory may lie above where it was after the first minute, in the last one
SETTLED = 60.0  # seconds until everything a question needs is loaded
PATIENCE = 30.0  # seconds after which an answer that has not come has failed
EVERY = 2.0  # seconds between two looks at the server's memory
_PAGE_SAYS = ("answer", "error")
_MADE = (
    "{author}의 논문은?", "Papers by {author}", "“{title}” 논문을 설명해 줘", "What does “{title}” propose?", "{day} 논문 요약해 줘",
    "Which papers came out on {day}?", "{month}에 표가 가장 많은 논문 5편은?", "How many papers by {author} are there?",
    "{word}를 다룬 논문 알려 줘", "Explain papers about {word}", "{author}가 {month}에 쓴 논문은 몇 편이야?", "{word} 관련 논문 중 최신 3편",
)  # fmt: skip


@dataclass
class Tally:
    """What came of the questions so far. Clients write to it from their threads."""

    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    waits: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    memory: list[tuple[float, float]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, what: str, began: float) -> None:
        """Note how long something took, in milliseconds."""
        with self.lock:
            self.waits.setdefault(what, []).append((time.perf_counter() - began) * 1_000)

    def failed(self, said: str) -> None:
        """Note a failure."""
        with self.lock:
            self.failures.append(said[:300])

    def came(self, question: str, language: str, answer: dict[str, Any]) -> None:
        """Note an answer; another one than before to the same words is somebody else's, or wrong."""
        said = (answer.get("status"), answer.get("count"), tuple(answer.get("papers", ())))
        with self.lock:
            self.kinds[str((answer.get("plan") or {}).get("kind", "none"))] += 1
            self.statuses[f"{answer.get('status')} ({language})"] += 1
            if self.answers.setdefault(question, said) != said:
                self.failures.append(f"two answers to {question[:80]}: {self.answers[question]!r:.80} and {said!r:.80}")


class Person(threading.Thread):
    """One who asks, thinks, and asks again until the end."""

    def __init__(self, number: int, port: int, tally: Tally, golden: Sequence[str], think: float, end: float) -> None:
        super().__init__(daemon=True)
        self._number, self._port, self._tally, self._golden = number, port, tally, golden
        self._think, self._end = think, end
        self._chance = random.Random(number)
        self._own: http.client.HTTPConnection | None = None
        self._seen: dict[str, list[str]] = {"author": [], "title": [], "day": [], "month": [], "word": []}
        self._history: list[str] = []
        self._last: dict[str, Any] = {}

    def run(self) -> None:
        """Ask until the end."""
        time.sleep(self._chance.random() * self._think)
        tabs = self._open_tabs()
        while time.perf_counter() < self._end:
            next(tabs)
            try:
                self._turn()
            except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
                self._let_go()
                self._tally.failed(f"person {self._number}: {type(error).__name__}: {error}")
            left = self._end - time.perf_counter()
            time.sleep(max(0.0, min(left, self._think * (0.4 + 1.2 * self._chance.random()))))
        tabs.close()
        self._let_go()

    # --- what a person does ------------------------------------------------------------------------------------------
    def _turn(self) -> None:
        what = self._chance.random()
        if what < 0.10:
            self._ask_as_program()
        elif what < 0.16 and self._last.get("count", 0) > 1:
            self._take_along()
        elif what < 0.24 or not self._seen["day"]:
            self._look_at_a_day()
        else:
            self._ask()

    def _question(self) -> str:
        if self._chance.random() < 0.4:
            return self._chance.choice(self._golden)
        text = self._chance.choice(_MADE)
        return text.format(**{name: self._chance.choice(found or ["Mamba"]) for name, found in self._seen.items()})

    def _ask(self) -> None:
        offered = self._last.get("next")
        follows = bool(self._history) and self._chance.random() < 0.2
        question = self._chance.choice(offered) if offered and self._chance.random() < 0.2 else self._question()
        question = (
            self._chance.choice(
                ("그중 2024년 것만", "그중 가장 최근 것은?", "only those of 2024", "how many are there?")
            )
            if follows
            else question
        )
        self._history = self._history[-4:] if follows else []
        language = "ko" if re.search("[가-힣]", question) else "en"
        sent = {"question": question, "history": self._history, "person": f"soak-{self._number}"}
        began = time.perf_counter()
        reply = self._send("POST", "/page/ask", sent)
        answer: dict[str, Any] | None = None
        for line in reply:
            said = json.loads(line)
            if said["type"] in _PAGE_SAYS and answer is None:
                self._tally.took("answer", began)
                answer = said
            elif said["type"] == "next" and answer is not None:
                answer["next"] = said["questions"]
        self._tally.took("answer with next questions", began)
        if answer is None or answer["type"] == "error" or not answer.get("html"):
            self._tally.failed(f"“{question}” {self._history}: {answer!r:.200}")
            return
        self._tally.came("\n".join([*self._history, question]), language, answer)
        self._history.append(question)
        self._last = {**answer, "question": question}

    def _ask_as_program(self) -> None:
        question, began = self._question(), time.perf_counter()
        event = json.loads(b"".join(self._send("POST", "/gradio_api/call/v2/ask", {"question": question})))["event_id"]
        said = b"".join(self._send("GET", f"/gradio_api/call/v2/ask/{event}")).decode("utf-8")
        self._tally.took("answer to a program", began)
        found = re.search(r"event: complete\ndata: (.*)", said)
        if found is None:
            self._tally.failed(f"a program's “{question}”: {said[:200]}")
            return
        answer = json.loads(found[1])[0]
        self._tally.came(f"a program: {question}", "ko" if re.search("[가-힣]", question) else "en", answer)

    def _take_along(self) -> None:
        began = time.perf_counter()
        path = self._chance.choice(("/page/set", "/page/export/bib", "/page/export/csv", "/page/export/md"))
        sent = {"question": self._last["question"], "plan": self._last["plan"], "language": self._last["language"]}
        if not b"".join(self._send("POST", path, sent)):
            self._tally.failed(f"{path} of “{self._last['question']}” is empty")
        self._tally.took("table or export", began)

    def _look_at_a_day(self) -> None:
        began = time.perf_counter()
        when = (
            f"20{self._chance.choice((23, 24, 25))}-{self._chance.randint(1, 12):02d}-{self._chance.randint(1, 28):02d}"
        )
        day = json.loads(
            b"".join(self._send("GET", f"/page/day?when={quote(when)}&language={self._chance.choice(('ko', 'en'))}"))
        )
        self._tally.took("day", began)
        papers = day["papers"]
        if not papers:
            self._tally.failed(f"the day {when} has no papers: {day!r:.100}")
            return
        self._seen = {
            "author": [str(name) for paper in papers for name in paper["authors"][:3]],
            "title": [paper["title"] for paper in papers],
            "word": [word for paper in papers for word in re.findall(r"[A-Za-z]{5,}", paper["title"])],
            "day": [day["day"]],
            "month": [f"{day['day'][:4]}년 {int(day['day'][5:7])}월"],
        }

    # --- over HTTP ---------------------------------------------------------------------------------------------------
    def _let_go(self) -> None:
        if self._own is not None:
            self._own.close()
        self._own = None

    def _connection(self) -> http.client.HTTPConnection:
        address = (f"127.0.1.{self._number % 250 + 1}", 0) if sys.platform == "linux" else None
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE, source_address=address)

    def _send(self, method: str, path: str, sent: object = None) -> Iterator[bytes]:
        if self._own is None:
            self._own = self._connection()
        body = None if sent is None else json.dumps(sent)
        try:
            self._own.request(method, path, body, {"content-type": "application/json"})
            reply = self._own.getresponse()
        except (
            http.client.RemoteDisconnected,
            ConnectionResetError,
            BrokenPipeError,
        ):  # kept open longer than the server does
            self._let_go()
            self._own = self._connection()
            self._own.request(method, path, body, {"content-type": "application/json"})
            reply = self._own.getresponse()
        if reply.status != 200:
            raise ValueError(f"{path} answered {reply.status}: {reply.read()[:100]!r}")
        yield from reply
        reply.read()  # a reply of a known length is over only then

    def _open_tabs(self) -> Iterator[None]:
        """Have a page open, as a browser has: its parts loaded, its heartbeat held; a new one every ten turns or so."""
        for tab in itertools.count():
            beat = self._connection()
            try:
                for path in ("/", "/page/state", "/page/starters?language=ko"):
                    began = time.perf_counter()
                    if not b"".join(self._send("GET", path)):
                        self._tally.failed(f"{path} is empty")
                    self._tally.took("page", began)
                beat.request("GET", f"/gradio_api/heartbeat/soak{self._number}x{tab}")
                beat.getresponse().readline()
                for _ in range(self._chance.randint(5, 15)):
                    yield
            except (OSError, http.client.HTTPException, ValueError) as error:
                self._let_go()
                self._tally.failed(f"a tab of person {self._number}: {type(error).__name__}: {error}")
                yield
            finally:
                beat.close()


# --- the whole -------------------------------------------------------------------------------------------------------
def golden_questions() -> list[str]:
    """Return the golden questions of both languages that begin a conversation."""
    found = []
    for file in (ROOT / "tests" / "golden" / "corpus.jsonl", ROOT / "seeds" / "golden.jsonl"):
        rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        found += [row["question"] for row in rows if not row["history"]]
    return [question for question in found if len(question) <= 2_000]  # longer ones are refused, and rightly


def soak(port: int, pid: int, people: int, seconds: float, think: float) -> Tally:
    """Have people ask a page that is served; `pid` is the process whose memory is watched."""
    tally, began, questions = Tally(), time.perf_counter(), golden_questions()
    everyone = [Person(n, port, tally, questions, think, began + seconds) for n in range(people)]
    for person in everyone:
        person.start()
    while (now := time.perf_counter() - began) < seconds:
        tally.memory.append((now, memory_mb(pid)))
        time.sleep(min(EVERY, seconds - now))
    for person in everyone:
        person.join(PATIENCE * 3)
        if person.is_alive():
            tally.failed("a person still waits, long after the end")
    return tally


def growth(memory: Sequence[tuple[float, float]], settled: float = SETTLED) -> float:
    """Return by how many MB the most of the last sixth lies above the most of the `settled` seconds and a sixth after them.

    Readings are (seconds, MB); 0 where they end before anything settled.

    >>> growth([(0, 10), (60, 100), (100, 104), (300, 101), (600, 130)])
    26
    >>> growth([(0, 10), (30, 100)])
    0.0
    """
    end = memory[-1][0] if memory else 0.0
    after = [mb for second, mb in memory if settled <= second <= settled + end / 6]
    last = [mb for second, mb in memory if second >= max(settled, end * 5 / 6)]
    return max(last) - max(after) if after and last and end > settled else 0.0


@contextmanager
def served(store: str, log: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Start the page over a store on a free port, and yield the port and the process once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, str(ROOT / "app.py"), "--store", store, "--port", str(port)]
    surroundings = {**clean_environment(), "NONMUN_FEEDBACK": "off"}
    with log.open("wb") as said:
        child = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=said, stderr=said)
    try:
        for _ in range(1_200):
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    break
            if child.poll() is not None:
                raise SystemExit(f"The page did not start: {log.read_text(encoding='utf-8')[-500:]}")
            time.sleep(0.05)
        yield port, child
    finally:
        child.kill()
        child.wait()


def _busy() -> tuple[float, float]:
    """Return the seconds of processor time that this machine has spent at work, and all that there were; 0 where unknown."""
    try:
        ticks = [int(part) for part in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    except OSError:
        return 0.0, 0.0
    a_second = os.sysconf("SC_CLK_TCK")
    return (sum(ticks) - ticks[3] - ticks[4]) / a_second, sum(ticks) / a_second


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(tally: Tally, people: int, seconds: float, think: float, more: dict[str, Any]) -> str:
    """Write the figures as Markdown."""
    here, settled = machine(), [mb for second, mb in tally.memory if second >= min(SETTLED, seconds / 2)]
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {here['cores']} cores of {here['processor']}, {here['memory_gib']} GiB, Python {here['python']}: "
        f"{people} people for {seconds:.0f} s, {think:g} s of thought on average.",
        "",
        f"Answers that failed: **{len(tally.failures)}** of {sum(tally.kinds.values()) + len(tally.failures):,} "
        f"({', '.join(f'{name} {count:,}' for name, count in sorted(tally.statuses.items()))}).",
        f"Different questions: {len(tally.answers):,}; kinds: {', '.join(f'{name} {count:,}' for name, count in tally.kinds.most_common())}.",
        "",
        "| | n | p50 ms | p95 ms | p99 ms |",
        "|---|---|---|---|---|",
    ]
    for what, waits in sorted(tally.waits.items()):
        found = percentiles(waits)
        lines.append(f"| {what} | {found['n']:,} | {found['p50']:,.0f} | {found['p95']:,.0f} | {found['p99']:,.0f} |")
    lines += [
        "",
        f"Memory of the server: {tally.memory[0][1]:.0f} MB at the start, {settled[0]:.0f} MB after {min(SETTLED, seconds / 2):.0f} s, "
        f"{min(settled):.0f} to {max(settled):.0f} MB from then on, {tally.memory[-1][1]:.0f} MB at the end; growth "
        f"{growth(tally.memory):+.0f} MB (bound {GROWTH_MB:.0f}).",
    ]
    lines += [f"{name}: {value}." for name, value in more.items()]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the soak; 1 where something failed or grew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("store")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument(
        "--think", type=float, default=5.0, help="seconds between two questions of a person, on average"
    )
    parser.add_argument("--idle", type=int, default=0, help="silent connections of one address that are held meanwhile")
    parser.add_argument("--record", type=Path, help="page of the docs whose figures are replaced")
    parser.add_argument("--readings", type=Path, help="file for the readings of memory, JSON")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "page.log"
        with served(args.store, log) as (port, child):
            busy, all_of_it = _busy()
            ours = _spent(child.pid) + sum(os.times()[:2])
            silence = Silence(port, args.idle)
            silence.start()
            tally = soak(port, child.pid, args.people, args.seconds, args.think)
            silence.stop()
            page_spent = _spent(child.pid)
            mine = page_spent + sum(os.times()[:2]) - ours
            now_busy, now_all = _busy()
            began = time.perf_counter()
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=60)
            stopped = time.perf_counter() - began
        logged = log.read_text(encoding="utf-8")
    if "Traceback" in logged or "ERROR" in logged:
        tally.failed(f"the page's log has an error: {logged[-2_000:]}")
    if child.returncode != 0:
        tally.failed(f"the page ended with {child.returncode}")
    others = max(0.0, now_busy - busy - mine) / max(now_all - all_of_it, 1e-9)
    grown = growth(tally.memory)
    quiet = {
        "Silent connections of one address meanwhile": f"{silence.most:,} at once; {silence.closed:,} of {silence.opened:,} were closed by the page"
    }
    said = report(tally, args.people, args.seconds, args.think, (quiet if args.idle else {}) | {
        "Processor time of the page": f"{page_spent:,.0f} s; other programs took {others:.0%} of all cores meanwhile",
        "After SIGTERM the page was gone within": f"{stopped:.1f} s",
    })  # fmt: skip
    print(said)
    for failure in tally.failures[:20]:
        print(f"FAILED {failure}", file=sys.stderr)
    if args.readings:
        args.readings.write_text(json.dumps(tally.memory), encoding="utf-8")
    if args.record:
        page = args.record.read_text(encoding="utf-8")
        marks = r"(<!-- soak -->\n).*?(<!-- /soak -->)"
        args.record.write_text(
            re.sub(marks, lambda m: f"{m[1]}{said}\n{m[2]}", page, flags=re.DOTALL), encoding="utf-8"
        )
    if grown > GROWTH_MB:
        print(f"FAILED memory grew by {grown:.0f} MB; {GROWTH_MB:.0f} MB are allowed.", file=sys.stderr)
    return 1 if tally.failures or grown > GROWTH_MB else 0


if __name__ == "__main__":
    sys.exit(main())
