"""An ingest that is killed: a process that forks ingests, and what a store must be after each blow."""

from __future__ import annotations

import contextlib
import json
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import chromadb

from rag.corpus.manifest import Manifest, paper_nodes
from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.wiring import embedder
from tests.doubles import child_environment
from vectorstore.chroma import COLLECTION
from vectorstore.folder import FolderStore

OTHER = "tests.doubles:CountingEmbedding"
AS_OF = date(2025, 6, 30)
SETS = ("Mamba를 사용한 논문은?", "가장 많은 표를 받은 논문 세 편은?", "2024년 1월 논문은 몇 편이야?")
RANKED = (
    "단일 이미지에서 3D 물체를 만드는 방법을 설명해줘",
    "how do robots learn from human videos?",
    "강화 학습으로 추론을 키우는 논문을 알려줘",
)

_NURSERY = """
import os, sys
from pathlib import Path
import vectorstore.chroma, llama_index.core.schema
from rag.language import analysis
from rag.index.ingest import ingest
from rag.wiring import embedder
from rag.settings import Settings
from vectorstore.folder import FolderStore
print("ready", flush=True)
for line in sys.stdin:  # each a store, an embedder and whether to rebuild: a child ingests, and is killed or not
    store, name, rebuild = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child == 0:
        settings = Settings(store=store, embedder=name)
        ingest(FolderStore(Path(store)), embedder(settings), [Path(sys.argv[1])], rebuild=rebuild == "yes")
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Nursery:
    """A process that has imported everything and forks a child for each ingest of one folder."""

    def __init__(self, digests: Path) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-c", _NURSERY, str(digests)],
            env=child_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._parent.stdout
        return self._parent.stdout.readline().rstrip("\n")

    def run(self, store: Path, name: str, rebuild: bool, kill_after: float | None = None) -> int:
        """Ingest into a store, killed after some seconds where they are given; return the child's exit code."""
        print(store, name, "yes" if rebuild else "no", sep="\t", file=self._parent.stdin, flush=True)
        child = int(self._line())
        if kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return int(self._line())

    def close(self) -> None:
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.close()
        self._parent.stdout.close()
        self._parent.wait(20)


def manifest_of(store: Path) -> Manifest:
    folder = FolderStore(store)
    name = folder.current()
    assert name
    return Manifest.from_bytes(folder.manifest(name), folder.place)


Said = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""What a reader was told: the answers about sets, word for word, and the papers of each ranked answer."""


def alike(some: Said, others: Said) -> bool:
    """Whether two readers were told the same.

    Several threads write Chroma's approximate index: of two indexes of the same rows a search may miss another one of the nearest.
    """
    ranked = zip(some[1], others[1], strict=True)
    return some[0] == others[0] and all(len({*a} & {*b}) >= 0.8 * max(len(a), len(b)) for a, b in ranked)


def answers(store: Path) -> Said:
    """Ask a new reader of a store; it must answer, whatever happened to the store."""
    fingerprint = manifest_of(store).embedder
    pipeline = Pipeline(Settings(store=str(store), embedder="bundled" if fingerprint.startswith("bundled") else OTHER))
    sets = tuple(pipeline.ask(question, as_of=AS_OF).text for question in SETS)
    ranked = tuple(pipeline.ask(question, as_of=AS_OF).papers for question in RANKED)
    assert [hit.rank for hit in pipeline.search("언어 모델의 추론", 5)] == [1, 2, 3, 4, 5]
    pipeline.snapshot().retriever().nodes.close()
    return sets, ranked


def lost_or_doubled(store: Path) -> tuple[set[str], set[str]]:
    """Compare the rows of Chroma, read by Chroma itself, with the nodes that the manifest says; return what differs."""
    wanted = {n.node_id: n.content for p in manifest_of(store).papers().values() for n in paper_nodes(p)}
    folder = FolderStore(store)
    client = chromadb.PersistentClient(str(folder.folder(folder.current() or "") / "chroma"))
    got = client.get_collection(COLLECTION, embedding_function=None).get(include=["metadatas"])
    client.close()  # type: ignore[attr-defined]
    assert len(set(got["ids"])) == len(got["ids"])
    there = {node_id: row["hash"] for node_id, row in zip(got["ids"], got["metadatas"] or [], strict=True)}
    return (
        {node_id for node_id in wanted if there.get(node_id) != wanted[node_id]},
        {node_id for node_id in there if node_id not in wanted},
    )


def strays(store: Path) -> list[str]:
    """Return what lies in a store that a whole one has not, more than two generations included."""
    names = sorted(path.name for path in store.iterdir())
    generations = FolderStore(store).names()
    return [n for n in names if n not in ("CURRENT", "LOCK", "cache.sqlite", *generations[-2:])]


@dataclass
class Scene:
    """A store as it was, what an ingest makes of it, and how long that takes."""

    nursery: Nursery
    folder: Path  # where stores of this scene are made
    digests: Path
    before: Path
    cold: Path  # the cache before the ingest, and after it
    warm: Path
    embedder: str
    rebuild: bool

    def prepare(self) -> None:
        """Run the ingest undisturbed, once with the cold and once with the warm cache."""
        self.seconds = {}
        for name, cache in (("cold", self.cold), ("warm", self.warm)):
            store = self.fresh("whole", cache)
            started = time.monotonic()
            assert self.nursery.run(store, self.embedder, self.rebuild) == 0
            self.seconds[name] = time.monotonic() - started
            shutil.copyfile(store / "cache.sqlite", self.warm)
        self.old, self.new = answers(self.before), answers(store)
        self.after = manifest_of(store)
        self.was = manifest_of(self.before)
        assert self.old != self.new
        assert lost_or_doubled(store) == (set(), set())
        shutil.rmtree(store)

    def fresh(self, name: str, cache: Path) -> Path:
        """Return a new copy of the store as it was."""
        store = self.folder / f"{name}-{secrets.token_hex(4)}"  # never a path twice: Chroma remembers them
        shutil.copytree(self.before, store)
        if cache.exists():
            shutil.copyfile(cache, store / "cache.sqlite")
        return store

    def chain(self, kills: int, dice: random.Random, hits: Counter[str]) -> None:
        """Kill the ingest of one store again and again, each time at a random moment; then let it finish.

        After every blow the store must answer as before or as after; at the end nothing may be lost, doubled or left over.
        """
        which = dice.choice(("cold", "warm"))
        store = self.fresh(which, self.cold if which == "cold" else self.warm)
        done = 0
        while done < kills:
            after = dice.uniform(0.02, 1.0) * self.seconds[which]
            code = self.nursery.run(store, self.embedder, self.rebuild, after)
            where = f"{which} cache, killed after {after:.2f} of {self.seconds[which]:.1f} s"
            assert code in (0, -signal.SIGKILL), where
            manifest, said = manifest_of(store), answers(store)
            assert manifest in (self.was, self.after), where
            assert alike(said, self.new if manifest == self.after else self.old), (where, said)
            if code == 0:
                hits["too late"] += 1
            else:
                done += 1
                hits["switched" if manifest == self.after else stage(store)] += 1
            if manifest == self.after:
                self.finish(store)
                if done < kills:
                    store = self.fresh(which, self.cold if which == "cold" else self.warm)
        self.finish(store)

    def finish(self, store: Path) -> None:
        """Let the next ingest finish, and see that the store is as if nothing had happened."""
        if not store.exists():
            return
        done = ingest(
            FolderStore(store), embedder(Settings(store=str(store), embedder=self.embedder)), [self.digests],
            rebuild=self.rebuild and manifest_of(store) != self.after,
        )  # fmt: skip
        assert done.papers == len(self.after.papers())
        assert manifest_of(store) == self.after
        assert alike(answers(store), self.new)
        assert lost_or_doubled(store) == (set(), set())
        assert strays(store) == []
        shutil.rmtree(store)


def stage(store: Path) -> str:
    """Return what an ingest that was killed had last written of its progress."""
    if not list(store.glob("draft-*")):
        return "before the draft"
    try:
        return "while it said " + str(json.loads((store / "progress.json").read_bytes())["stage"])
    except (OSError, ValueError):
        return "unsaid"


@dataclass
class Older:
    """A store of digests without the late ones, which lie among them now, and the cache as it was then."""

    nursery: Nursery
    folder: Path
    digests: Path
    before: Path
    cold: Path

    def scene(self, name: str, embedder: str, rebuild: bool) -> Scene:
        """Return what an ingest of all digests makes of the store."""
        folder = self.folder / name
        folder.mkdir()
        made = Scene(
            self.nursery, folder, self.digests, self.before, self.cold, folder / "warm.sqlite", embedder, rebuild
        )
        made.prepare()
        return made


@contextlib.contextmanager
def older(folder: Path, digests: Path, late: list[Path]) -> Iterator[Older]:
    """Make a store of digests while the late ones are aside."""
    before, aside, cold = folder / "before", folder / "late", folder / "cold.sqlite"
    aside.mkdir()
    for number, path in enumerate(late):
        path.rename(aside / str(number))
    nursery = Nursery(digests)
    try:
        assert nursery.run(before, "bundled", False) == 0
        for number, path in enumerate(late):
            (aside / str(number)).rename(path)
        (before / "cache.sqlite").rename(cold)
        yield Older(nursery, folder, digests, before, cold)
    finally:
        nursery.close()
