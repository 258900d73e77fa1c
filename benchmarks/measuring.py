"""How the benchmarks measure: a program's time and memory, percentiles, slopes, what the machine is. Knows no system.

Uses the standard library alone: a measuring process that is itself large would be counted in what it starts.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_EVERY = 0.05  # seconds between two looks at a program's memory
_PARTS = (
    "rag",
    "vectorstore",
    "web",
    "app.py",
    *(f"benchmarks/{name}.py" for name in ("systems", "clients", "synthetic", "minilm")),
)


class BenchmarkError(RuntimeError):
    """Something that was to be measured failed; the message says what and how."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A program that ended: its wall time in seconds, the most memory it held with its children (MB), what it printed."""

    seconds: float
    peak_mb: float
    out: str

    def value(self) -> Any:
        """Return the JSON value in the last line it printed."""
        return json.loads(self.out.splitlines()[-1])


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie, linear between two of them. At least one value.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5), percentile([10.0, 20.0], 0.95)
    (2.5, 19.5)
    """
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 of values, and how many there are."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {"n": len(values), **{name: round(percentile(values, share), 3) for name, share in shares.items()}}


def middle(values: Sequence[float]) -> dict[str, float]:
    """Return the median of several runs with the least and the greatest of them."""
    return {
        "median": round(statistics.median(values), 4),
        "min": round(min(values), 4),
        "max": round(max(values), 4),
        "runs": len(values),
    }


def middle_of(runs: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return `middle` of each figure that all the runs have."""
    return {name: middle([run[name] for run in runs]) for name in runs[0] if all(name in run for run in runs)}


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return b of the least-squares fit cost = a * size ** b: 1 grows in step with the size, 0 not at all.

    At least two sizes, all numbers above 0.

    >>> round(exponent([10, 100, 1000], [2, 20, 200]), 6), round(exponent([10, 1000], [5, 5]), 6)
    (1.0, 0.0)
    """
    xs, ys = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    mean_x, mean_y = statistics.fmean(xs), statistics.fmean(ys)
    across = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / across


def beyond(sizes: Sequence[float], costs: Sequence[float], size: float) -> float:
    """Return the cost at a size on the straight line through the two nearest measured sizes. At least two.

    >>> beyond([10, 100, 200], [1.0, 5.0, 9.0], 500)
    21.0
    """
    nearest = sorted(range(len(sizes)), key=lambda i: abs(math.log(sizes[i] / size)))[:2]
    (x1, y1), (x2, y2) = sorted((sizes[i], costs[i]) for i in nearest)
    return y1 + (y2 - y1) * (size - x1) / (x2 - x1)


# --- programs --------------------------------------------------------------------------------------------------------
def _status_kb(pid: int, name: str) -> int:
    try:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for part in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, part.read_text(encoding="ascii").split())
        except OSError:
            continue
    return found + [deeper for child in found for deeper in _children(child)]


def memory_mb(pid: int, *, peak: bool = False) -> float:
    """Return the memory that a process and its children hold now (MB), or the most that the process itself held; 0 unknown."""
    if peak:
        return _status_kb(pid, "VmHWM") / 1024
    return sum(_status_kb(one, "VmRSS") for one in (pid, *_children(pid))) / 1024


def run(command: Sequence[str], *, limit: float = 3600, environment: Mapping[str, str] | None = None) -> Ran:
    """Run a program to its end. Raises BenchmarkError, with its last words, when it fails or takes longer than `limit` seconds."""
    surroundings = {**clean_environment(), **(environment or {})}
    over, held = threading.Event(), [0.0]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        child = subprocess.Popen(list(command), cwd=ROOT, env=surroundings, stdout=out, stderr=err)

        def watch() -> None:
            while not over.wait(_EVERY):
                held.append(memory_mb(child.pid))

        watcher, late = threading.Thread(target=watch, daemon=True), threading.Timer(limit, child.kill)
        watcher.start()
        late.start()
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        over.set()
        late.cancel()
        watcher.join()
        out.seek(0)
        err.seek(0)
        words = err.read().decode("utf-8", "replace").strip()[-2_000:]
        if child.returncode:
            why = f"took longer than {limit:.0f} s" if seconds >= limit else f"ended with {child.returncode}: {words}"
            raise BenchmarkError(f"{' '.join(command[:8])} {why}")
        alone = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)  # bytes there, kB elsewhere
        if alone <= 1.05 * memory_mb(os.getpid(), peak=True):  # Linux counts what this process held as the child began
            alone = 0.0
        return Ran(seconds, max(alone, *held), out.read().decode("utf-8"))


def clean_environment() -> dict[str, str]:
    """Return the environment without the machine's own settings and keys, and with nothing asked of the network."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NONMUN_", "OPENAI_"))}
    return {**kept, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "PYTHONPATH": str(ROOT)}


def disk_mb(folder: Path) -> float:
    """Return the size of all files under a folder, MB."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


# --- where and of what -----------------------------------------------------------------------------------------------
def _first(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def machine() -> dict[str, Any]:
    """Return what the figures depend on: processor, cores, memory, system, Python, and the load of other work."""
    memory = _first("/proc/meminfo", "MemTotal").split()
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(int(memory[0]) / 2**20, 1) if memory else None,
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def fingerprint(root: Path = ROOT) -> str:
    """Return a hash of the product and of what drives it: a figure that other code made is measured again."""
    found = hashlib.sha256()
    for part in _PARTS:
        path = root / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:16]


def read_json(path: Path) -> Any:
    """Return the JSON value of a file, or None where there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def write_json(path: Path, value: object) -> None:
    """Write a JSON value so that a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    aside.replace(path)


def say(line: str) -> None:
    """Tell the person at the terminal how far things are."""
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)
