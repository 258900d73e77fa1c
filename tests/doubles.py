"""Stand-ins that several tests share: a LlamaIndex embedder that counts, and small digests of invented papers."""

from __future__ import annotations

import itertools
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from pydantic import PrivateAttr

from vectorstore.embedders import Embedding
from vectorstore.generations import Store

SIZE = 64
REPOSITORY = Path(__file__).resolve().parents[1]


def child_environment(**more: str) -> dict[str, str]:
    """Return the environment for a Python child that is to find this repository's packages from any folder."""
    paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1", **more}


def bigram_vector(text: str, size: int = SIZE) -> list[float]:
    """Count a text's letter pairs in `size` buckets: near texts get near vectors, the same one in every process."""
    row = [0.0] * size
    for pair in itertools.pairwise(text):
        row[zlib.crc32("".join(pair).encode("utf-8", "surrogatepass")) % size] += 1.0
    return row


class CountingEmbedding(BaseEmbedding):
    """Embeds by letter pairs and remembers what it was asked; raises once `fails_after` documents were embedded."""

    model_name: str = "counting"
    size: int = SIZE
    fails_after: int | None = None
    _texts: list[str] = PrivateAttr(default_factory=list)
    _calls: list[int] = PrivateAttr(default_factory=list)
    _queries: list[str] = PrivateAttr(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return self._texts

    @property
    def queries(self) -> list[str]:
        return self._queries

    @property
    def calls(self) -> list[int]:
        """How many texts each call brought."""
        return self._calls

    def forget(self) -> None:
        self._texts.clear()
        self._calls.clear()

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        if self.fails_after is not None and len(self._texts) + len(texts) > self.fails_after:
            raise RuntimeError("the double was told to fail")
        self._texts.extend(texts)
        self._calls.append(len(texts))
        return [bigram_vector(text, self.size) for text in texts]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        self._queries.append(query)
        return bigram_vector(query, self.size)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class Parrot(CustomLLM):
    """A LlamaIndex LLM that always says the same; `fails` makes it raise what only it knows."""

    says: str = "ready"
    fails: bool = False
    secret: str = ""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="parrot")

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        if self.fails:
            raise RuntimeError(f"out of seed, {self.secret}")
        return CompletionResponse(text=self.says)

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponseGen:
        whole = self.complete(prompt).text
        yield CompletionResponse(text=whole, delta=whole)


class NeedsArgument(CountingEmbedding):
    """Cannot be made without an argument."""

    def __init__(self, endpoint: str, **rest: Any) -> None:
        super().__init__(**rest)


class NotAnEmbedding:
    """No LlamaIndex embedder at all."""


class OddRows(CountingEmbedding):
    """Returns rows of different lengths."""

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[1.0] * (2 + place) for place, _ in enumerate(texts)]


class NotANumber(CountingEmbedding):
    """Returns values that are no numbers."""

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float("nan")] * 4 for _ in texts]

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float("inf")] * 4


def counting(fingerprint: str = "counting", **options: Any) -> tuple[Embedding, CountingEmbedding]:
    """Return an embedder of the store and the double inside it."""
    model = CountingEmbedding(embed_batch_size=1000, **options)
    return Embedding(model, fingerprint), model


def generation(store: Store) -> str | None:
    """Return the number of a store's current generation, without the token that sets its name apart from all others."""
    name = store.current()
    return name[: len("gen-000001")] if name else None


def entry(
    arxiv_id: str, title: str, bullets: Sequence[str], *, votes: int | None = None, authors: Sequence[str] = ()
) -> str:
    """Write one paper as a digest has it."""
    lines = [f"### [{title}](https://arxiv.org/abs/{arxiv_id})", ""]
    if votes is not None:
        lines += [f"Vote: {votes}", ""]
    if authors:
        lines += [f"Authors: {', '.join(authors)}", ""]
    return "\n".join([*lines, *(f"- {bullet}" for bullet in bullets), ""])


def write_day(folder: Path, day: str, *entries: str, name: str | None = None) -> Path:
    """Write one digest file; `name` where it is not the day's own."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{day}.md")
    path.write_text(f"## Daily Papers ({day})\n\n" + "\n".join(entries), encoding="utf-8")
    return path


OWL = entry(
    "2406.00001",
    "NightOwl: Listening for Birds with Tiny Recurrent Nets",
    (
        "이 연구는 숲속 마이크가 잡은 새소리를 아주 작은 순환망으로 구별합니다.",
        "배터리 하나로 90일 동안 동작하며 정확도는 87.5%입니다.",
    ),
    votes=31,
    authors=("Han Sora", "Otto Lind"),
)
OWL_EN = entry(
    "2406.00001",
    "NightOwl: Listening for Birds with Tiny Recurrent Nets",
    (
        "NightOwl tells forest birds apart with a very small recurrent network on a microphone.",
        "It runs 90 days on one battery at an accuracy of 87.5%.",
    ),
    votes=31,
    authors=("Han Sora", "Otto Lind"),
)
KITE = entry(
    "2406.00002",
    "PaperKite: 바람을 읽는 강화 학습",
    (
        "연을 날리는 로봇이 맘바를 사용해 바람의 흐름을 예측합니다.",
        "보상 함수 없이도 12미터 높이를 유지합니다.",
        "야외 실험 40번 중 36번 성공했습니다.",
    ),
    votes=8,
    authors=("Bae Yuna", "Han Sora", "+"),
)
TIDE = entry(
    "2406.00003",
    "TideTable: Forecasting Harbour Traffic from Sparse Beacons",
    (
        "TideTable predicts ship arrivals six hours ahead from sparse radio beacons.",
        "A diffusion model fills the gaps between beacons.",
    ),
    authors=("Mara Quist",),
)
MOSS = entry(
    "2406.00004",
    "MossBank: A Corpus of Garden Diaries",
    ("정원 일기 5,200편을 모아 계절별로 정리한 말뭉치입니다.", "식물 이름 319종에 표시를 달았습니다."),
    votes=0,
)


def write_sample(folder: Path) -> Path:
    """Write four invented papers on two days, one of them in both languages."""
    write_day(folder, "2024-06-11", OWL, KITE)
    write_day(folder, "2024-06-11", OWL_EN, name="2024-06-11.en.md")
    write_day(folder, "2024-06-12", TIDE, MOSS)
    return folder


def write_many(folder: Path, papers: int, *, per_day: int = 20, first: int = 1) -> Path:
    """Write many invented papers, two bullets each, the same ones every time."""
    places = ("강가", "언덕", "항구", "시장", "온실", "다리", "광장", "골목")
    things = ("로봇", "지도", "센서", "언어 모델", "드론", "시계", "카메라", "말뭉치")
    for start in range(0, papers, per_day):
        number = start // per_day + first
        day = f"2023-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}"
        entries = []
        for place in range(start, min(start + per_day, papers)):
            serial = first * 1000 + place
            where, what = places[serial % 8], things[serial // 8 % 8]
            entries.append(
                entry(
                    f"23{1 + number // 28 % 12:02d}.{serial:05d}",
                    f"Invented{serial}: A study of {serial % 97} walks",
                    (
                        f"{where}에서 쓰는 {what} {serial}번을 만들었습니다.",
                        f"비용이 {serial % 89}% 줄고 속도는 {serial % 7 + 2}배가 되었습니다.",
                    ),
                    votes=serial % 50,
                    authors=(f"Kim {serial % 31}", f"Lee {serial % 17}"),
                )
            )
        write_day(folder, day, *entries, name=f"{day}-{first}.md")
    return folder
