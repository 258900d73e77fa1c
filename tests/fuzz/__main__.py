"""The long fuzz run: `python -m tests.fuzz TARGET --cases N`, guided by coverage (atheris). `make fuzz` runs all targets.

A case that raises, or that takes longer than its target's limit of processor time at each of three tries, is kept under
build/fuzz/TARGET/found and the run goes on. Counts and seeds add up in build/fuzz/TARGET.json, so that a run may be
done in pieces; each piece goes on from the inputs that the earlier ones found worth keeping.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
import traceback
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import atheris

# Unguided cases cost a third: a run may begin guided and go on from what that found.
_GUIDED = "--unguided" not in sys.argv
with atheris.instrument_imports(include=["rag", "web"], enable_loader_override=False) if _GUIDED else nullcontext():
    from tests.fuzz.targets import CORPUS, TARGETS, Target

HOME = Path("build/fuzz")


class Run:
    """One piece of a run: counts cases, keeps what it finds, ends the process when it has had enough."""

    def __init__(self, target: Target, cases: int, seed: int, seconds: float) -> None:
        self.target, self.goal, self.seed = target, cases, seed
        self.cases, self.slowest, self.began = 0, 0.0, time.monotonic()
        self.until = self.began + seconds
        self.found: dict[str, str] = {}
        (HOME / target.name / "found").mkdir(parents=True, exist_ok=True)

    def _keep(self, what: str, data: bytes) -> None:
        if what in self.found:
            return
        name = hashlib.sha256(data).hexdigest()[:12]
        (HOME / self.target.name / "found" / name).write_bytes(data)
        self.found[what] = name
        sys.stderr.write(f"\nFOUND {self.target.name} {name}: {what}\n")

    def _timed(self, data: bytes) -> float:
        started = time.thread_time()
        made = self.target.run(data)
        taken = time.thread_time() - started
        self.target.check(made)
        return taken

    def case(self, data: bytes) -> None:
        """Run one case."""
        self.cases += 1
        try:
            taken = self._timed(data)
            if taken > self.target.limit:
                taken = min(taken, self._timed(data), self._timed(data))
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            last = traceback.extract_tb(error.__traceback__)[-1]
            self._keep(f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno} {last.line}", data)
        else:
            self.slowest = max(self.slowest, taken)
            if taken > self.target.limit:
                self._keep(f"slow: {taken // 0.05 * 0.05:.2f} s", data)
        if self.cases >= self.goal or (self.cases % 256 == 0 and time.monotonic() > self.until):
            self.end()

    def end(self) -> None:
        """Add this piece to the account and stop: libFuzzer itself knows no such end."""
        path = HOME / f"{self.target.name}.json"
        kept: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {"cases": 0, "pieces": []}
        kept["cases"] += self.cases
        kept["pieces"].append(
            {"seed": self.seed, "guided": _GUIDED, "cases": self.cases, "seconds": round(time.monotonic() - self.began, 1),
             "slowest_ms": round(1000 * self.slowest, 1), "found": self.found}
        )  # fmt: skip
        path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        sys.stderr.write(
            f"\n{self.target.name}: {self.cases:,} cases, {kept['cases']:,} in all; slowest {1000 * self.slowest:.1f} ms\n"
        )
        sys.stderr.flush()
        os._exit(1 if self.found else 0)


def main() -> None:
    """Run a piece of one target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--upto", type=int, help="as many cases as are missing to so many in all")
    parser.add_argument("--seed", type=int, help="default: the number of pieces run before, plus one")
    parser.add_argument("--seconds", type=float, default=3600, help="stop after so long at the latest")
    parser.add_argument("--unguided", action="store_true", help="mutate without watching which lines run")
    args = parser.parse_args()
    target, home = TARGETS[args.target], HOME / args.target
    (home / "corpus").mkdir(parents=True, exist_ok=True)
    words = home / "words.dict"
    words.write_text(
        "".join('"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n' for word in target.words)
    )
    account = HOME / f"{target.name}.json"
    done = json.loads(account.read_text()) if account.is_file() else {"cases": 0, "pieces": []}
    seed = args.seed or 1 + len(done["pieces"])
    cases = args.cases if args.upto is None else args.upto - done["cases"]
    if cases <= 0:
        return
    run = Run(target, cases, seed, args.seconds)
    for data in target.seeds():  # what is made once, on first use, is no case's own time
        target.run(data)
    atheris.Setup(
        [sys.argv[0], f"-seed={seed}", f"-max_len={target.longest}", f"-dict={words}", "-print_final_stats=0", "-verbosity=0",
         "-timeout=60", "-rss_limit_mb=4096", str(home / "corpus"), str(CORPUS / target.name)],
        run.case,
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
