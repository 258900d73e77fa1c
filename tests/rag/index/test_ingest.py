"""Ingest: what is embedded, what is kept and pruned, and that a failed run leaves the old index usable."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding

import rag.index.ingest
from rag.corpus.manifest import Manifest, paper_nodes
from rag.errors import DigestError
from rag.index.build import lexical_in_background
from rag.index.ingest import IngestReport, check_made_by, ingest
from rag.index.passages import encode
from rag.language import analysis
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.doubles import (
    KITE,
    MOSS,
    OWL,
    OWL_EN,
    REPOSITORY,
    TIDE,
    CountingEmbedding,
    bigram_vector,
    child_environment,
    counting,
    generation,
    write_day,
    write_many,
    write_sample,
)
from vectorstore import bundled
from vectorstore.bundled import MODEL_FOLDER
from vectorstore.cache import TextCache
from vectorstore.chroma import COLLECTION
from vectorstore.embedders import Embedding, load_embedding
from vectorstore.errors import (
    EmbedderError,
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreMismatchError,
)
from vectorstore.folder import FolderStore
from vectorstore.vectors import is_of_earlier_form, open_vectors


class Index:
    """A store with an embedder that counts its texts."""

    def __init__(self, path: Path) -> None:
        self.store = FolderStore(path)
        self.embedding, self.model = counting()

    def ingest(self, *folders: Path, **options: Any) -> IngestReport:
        self.model.forget()
        return ingest(self.store, self.embedding, folders, **options)

    @property
    def manifest(self) -> Manifest:
        name = self.store.current()
        assert name
        return Manifest.from_bytes(self.store.manifest(name), self.store.place)

    @property
    def papers(self) -> list[str]:
        return sorted(self.manifest.papers())

    @contextlib.contextmanager
    def chroma(self) -> Iterator[Any]:
        """Open the collection of the current generation with Chroma itself."""
        client = chromadb.PersistentClient(str(self.store.folder(self.store.current() or "") / "chroma"))
        yield client.get_collection(COLLECTION, embedding_function=None)
        client.close()  # type: ignore[attr-defined]

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return the metadata of every node in Chroma."""
        with self.chroma() as collection:
            got = collection.get(include=["metadatas"])
        return dict(zip(got["ids"], got["metadatas"], strict=True))

    def check(self) -> None:
        """Check that Chroma has exactly the nodes of the manifest, and the file of vectors the same vectors."""
        wanted = {n.node_id: n.content for p in self.manifest.papers().values() for n in paper_nodes(p)}
        assert {node_id: row["hash"] for node_id, row in self.rows().items()} == wanted
        mapped = open_vectors(self.store.folder(self.store.current() or ""), len(wanted))
        assert mapped is not None
        with self.chroma() as collection:
            got = collection.get(ids=list(wanted), include=["embeddings"])
        stored = dict(zip(got["ids"], got["embeddings"], strict=True))
        assert np.allclose(mapped, [stored[node_id] for node_id in wanted], atol=1e-6)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "my store")


@pytest.fixture
def digests(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "digests")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


# --- What is embedded ------------------------------------------------------------------------------------------------


def test_a_first_run_embeds_every_node_once_and_counts_papers(index: Index, digests: Path) -> None:
    report = index.ingest(digests)
    assert (counts(report), report.papers, report.failed, report.warnings) == ((4, 0, 0, 0), 4, (), ())
    # by hand: NightOwl 2 ko + 2 en bullets, PaperKite 3, TideTable 2, MossBank 2, and five whole summaries
    assert report.chunks == len(index.model.texts) == len(set(index.model.texts)) == 16
    index.check()


def test_chroma_keeps_what_nodes_are_filtered_by_and_no_text(index: Index, digests: Path) -> None:
    index.ingest(digests)
    with index.chroma() as collection:
        got = collection.get(where={"arxiv_id": "2406.00002"}, include=["documents", "metadatas"])
    assert set(got["documents"]) == {None}
    filters = {"arxiv_id", "date", "authors", "votes", "language", "hash", "kind"}
    rows = {row["kind"]: row for row in got["metadatas"]}
    assert rows["paper"].keys() == filters | {"title", "url"}
    assert rows["paper"]["title"] == "PaperKite: 바람을 읽는 강화 학습"
    assert rows["bullet"].keys() == filters


def as_an_earlier_version_wrote_it(index: Index) -> None:
    """Give an index vectors of 32 bits a number, in the file and in the cache, and texts in Chroma."""
    nodes = [node for paper in index.manifest.papers().values() for node in paper_nodes(paper)]
    folder = index.store.folder(index.store.current() or "")
    mapped = open_vectors(folder, len(nodes))
    assert mapped is not None
    vectors = mapped[:].copy()
    np.save(folder / "vectors-1.npy", vectors)
    with index.chroma() as collection:
        collection.update([node.node_id for node in nodes], vectors, documents=[node.text for node in nodes])
    (folder / "sums.json").unlink()  # it stands for the files as they were
    (index.store.path / "cache.sqlite").unlink()
    with contextlib.closing(TextCache(index.store.path / "cache.sqlite")) as cache:
        texts = (node.text for node in nodes)
        cache.put(index.embedding.fingerprint, {t: v.tobytes() for t, v in zip(texts, vectors, strict=True)})


@pytest.mark.filterwarnings("ignore:legacy embedding function")  # Chroma's own, of an update
def test_an_index_of_an_earlier_version_answers_and_its_next_generation_is_written_anew_without_embedding(
    index: Index, digests: Path
) -> None:
    index.ingest(digests)
    as_an_earlier_version_wrote_it(index)
    before = Pipeline(Settings(store=str(index.store.path)))
    assert before.ask("논문 몇 편이야?").papers
    report = index.ingest(digests)
    assert (counts(report), generation(index.store)) == ((0, 0, 4, 0), "gen-000001")
    edit(digests / "2024-06-11.md", "12미터", "15미터")
    report = index.ingest(digests)
    assert (counts(report), report.warnings, len(index.model.texts)) == ((0, 1, 3, 0), (), 2)
    index.check()
    with index.chroma() as collection:
        assert set(collection.get(include=["documents"])["documents"]) == {None}
    assert not is_of_earlier_form(index.store.folder(index.store.current() or ""))
    edit(digests / "2024-06-11.md", "15미터", "12미터")
    index.ingest(digests)
    assert index.model.texts == []
    index.check()


@pytest.mark.parametrize(
    ("size", "steps"),
    [
        (100, ["wait", "embed 16"]),
        (5, ["embed 3", "wait", "embed 12", "wait", "embed 16"]),  # whole papers, newest first: 3, 3 and 6, 4
    ],
)
def test_of_many_nodes_a_small_part_goes_first_and_words_wait_until_a_writer_is_waited_for(
    index: Index, digests: Path, monkeypatch: pytest.MonkeyPatch, size: int, steps: list[str]
) -> None:
    told: list[str] = []

    @contextlib.contextmanager
    def beside(*given: Any) -> Iterator[Any]:
        with lexical_in_background(*given) as (waiting, finish):

            @contextlib.contextmanager
            def noted() -> Iterator[None]:
                told.append("wait")
                with waiting():
                    yield

            yield noted, finish

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "embed":
            told.append(f"embed {done}")

    monkeypatch.setattr(rag.index.ingest, "lexical_in_background", beside)
    monkeypatch.setattr(rag.index.ingest, "FOLDER_BATCH", size)
    monkeypatch.setattr(rag.index.ingest, "_FIRST", 2)
    index.ingest(digests, progress=progress)
    assert told == steps
    index.check()


def test_a_second_run_embeds_nothing_and_makes_no_generation(index: Index, digests: Path) -> None:
    first = index.ingest(digests)
    again = index.ingest(digests)
    assert (counts(again), again.papers, again.chunks) == ((0, 0, 4, 0), 4, first.chunks)
    assert index.model.texts == []
    assert generation(index.store) == "gen-000001"


def test_the_seeds_are_indexed_and_a_second_run_takes_under_two_seconds(index: Index) -> None:
    seeds = REPOSITORY / "seeds"
    first = index.ingest(seeds)
    assert (first.papers, first.added, first.failed) == (77, 77, ())
    started = time.perf_counter()
    again = index.ingest(seeds)
    assert time.perf_counter() - started < 2
    assert (counts(again), index.model.texts) == ((0, 0, 77, 0), [])
    assert again.chunks == first.chunks


def test_an_edited_bullet_re_embeds_that_bullet_and_its_papers_whole_node(index: Index, digests: Path) -> None:
    index.ingest(digests)
    edit(digests / "2024-06-11.md", "12미터", "15미터")
    report = index.ingest(digests)
    assert counts(report) == (0, 1, 3, 0)
    title = "PaperKite: 바람을 읽는 강화 학습"
    bullet = "보상 함수 없이도 15미터 높이를 유지합니다."
    whole = [
        title, "연을 날리는 로봇이 맘바를 사용해 바람의 흐름을 예측합니다.", bullet, "야외 실험 40번 중 36번 성공했습니다."
    ]  # fmt: skip
    assert sorted(index.model.texts) == sorted([f"{title}\n{bullet}", "\n".join(whole)])
    index.check()


def test_an_edited_title_re_embeds_all_of_that_paper_and_nothing_else(index: Index, digests: Path) -> None:
    index.ingest(digests)
    edit(digests / "2024-06-12.md", "MossBank: A Corpus", "MossBank: A Large Corpus")
    index.ingest(digests)
    assert len(index.model.texts) == 3
    assert all("A Large Corpus" in text for text in index.model.texts)
    index.check()


def test_changed_votes_re_embed_nothing_and_stand_in_chroma(index: Index, digests: Path) -> None:
    index.ingest(digests)
    edit(digests / "2024-06-11.md", "Vote: 8\n", "Vote: 1234\n")
    report = index.ingest(digests)
    assert (counts(report), index.model.texts) == ((0, 1, 3, 0), [])
    votes = {row["arxiv_id"]: row.get("votes") for row in index.rows().values()}
    assert votes == {"2406.00001": 31, "2406.00002": 1234, "2406.00003": None, "2406.00004": 0}
    index.check()


def test_votes_and_authors_that_are_gone_from_a_digest_are_gone_from_chroma(index: Index, digests: Path) -> None:
    index.ingest(digests)
    edit(digests / "2024-06-11.md", "Vote: 8\n\nAuthors: Bae Yuna, Han Sora, +\n\n", "")
    index.ingest(digests)
    assert index.model.texts == []
    kites = [row for row in index.rows().values() if row["arxiv_id"] == "2406.00002"]
    assert len(kites) == 4
    assert not any("votes" in row or "authors" in row for row in kites)


def test_only_the_nodes_that_changed_are_written(index: Index, digests: Path) -> None:
    """Writing an unchanged row again is three to four times slower than a first insert."""
    index.ingest(digests)
    written: list[int] = []

    def watch(stage: str, done: int, total: int) -> None:
        if stage == "embed" and done == total:
            written.append(total)

    edit(digests / "2024-06-11.md", "Vote: 8\n", "Vote: 9\n")
    index.ingest(digests, progress=watch)
    edit(digests / "2024-06-12.md", "319종", "320종")
    index.ingest(digests, progress=watch)
    assert written == [4, 2]
    index.check()


def test_a_text_that_was_embedded_once_is_never_embedded_again(index: Index, digests: Path) -> None:
    index.ingest(digests)
    edit(digests / "2024-06-11.md", "12미터", "15미터")
    index.ingest(digests)
    edit(digests / "2024-06-11.md", "15미터", "12미터")
    index.ingest(digests)
    assert index.model.texts == []
    index.ingest(rebuild=True)
    assert index.model.texts == []
    index.check()


def test_nodes_are_filterable_by_chromas_own_where(index: Index, digests: Path) -> None:
    index.ingest(digests)
    query = bigram_vector("새소리")

    def found(where: dict[str, Any]) -> set[str]:
        got = collection.query(query_embeddings=[query], n_results=16, where=where, include=["metadatas"])
        return {row["arxiv_id"] for row in got["metadatas"][0]}

    with index.chroma() as collection:
        assert found({"date": {"$gte": 20240612}}) == {"2406.00003", "2406.00004"}
        assert found({"date": 20240611}) == {"2406.00001", "2406.00002"}
        assert found({"votes": {"$gt": 7}}) == {"2406.00001", "2406.00002"}
        assert found({"votes": 0}) == {"2406.00004"}
        assert found({"authors": {"$contains": "Han Sora"}}) == {"2406.00001", "2406.00002"}
        assert found({"language": "en"}) == {"2406.00001", "2406.00003"}
        assert found(
            {"$and": [{"language": "ko"}, {"date": {"$lt": 20240612}}, {"authors": {"$contains": "Bae Yuna"}}]}
        ) == {"2406.00002"}
        kinds = collection.get(where={"arxiv_id": "2406.00001"}, include=["metadatas"])["metadatas"]
        assert sorted(row["kind"] for row in kinds) == ["bullet"] * 4 + ["paper"] * 2
        assert {type(row["date"]) for row in kinds} == {int}


# --- Folders, prune, unreadable files --------------------------------------------------------------------------------


def test_a_then_b_then_a_changes_nothing_the_third_time(index: Index, tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    write_day(a, "2024-06-11", OWL)
    write_day(b, "2024-06-12", KITE)
    write_day(b, "2024-06-13", OWL.replace("Vote: 31", "Vote: 90"))
    index.ingest(a)
    index.ingest(b)
    before = index.store.current()
    report = index.ingest(a)
    assert (counts(report), report.papers, report.warnings) == ((0, 0, 1, 0), 2, ())
    assert (index.model.texts, index.store.current()) == ([], before)


def test_any_order_of_ingests_gives_byte_equal_manifests(tmp_path: Path) -> None:
    folders = []
    for name, texts in (
        ("a", (OWL, KITE)),
        ("b", (OWL_EN,)),
        ("c", (KITE.replace("12미터", "아주 높은 120미터"), TIDE)),
    ):
        folders.append(tmp_path / "d" / name)
        write_day(folders[-1], "2024-06-11", *texts)
    results = set()
    for number, order in enumerate(itertools.permutations(folders)):
        index = Index(tmp_path / f"store{number}")
        for folder in order:
            index.ingest(folder)
        name = index.store.current()
        results.add((index.store.manifest(name or ""), repr(index.manifest.papers())))
        index.check()
    assert len(results) == 1


def test_a_lost_paper_stays_with_a_warning_and_goes_with_prune(index: Index, digests: Path) -> None:
    index.ingest(digests)
    write_day(digests, "2024-06-12", TIDE)
    kept = index.ingest(digests)
    assert (counts(kept), kept.papers) == ((0, 0, 3, 0), 4)
    assert kept.warnings == ("1 papers stand in no digest any more and are still indexed; add --prune to remove them.",)
    assert index.ingest(digests).warnings == kept.warnings
    pruned = index.ingest(digests, prune=True)
    assert (counts(pruned), pruned.papers, pruned.warnings) == ((0, 0, 3, 1), 3, ())
    assert index.model.texts == []
    assert {row["arxiv_id"] for row in index.rows().values()} == {"2406.00001", "2406.00002", "2406.00003"}
    index.check()


def test_a_deleted_file_is_treated_as_its_papers_are(index: Index, digests: Path) -> None:
    index.ingest(digests)
    (digests / "2024-06-12.md").unlink()
    kept = index.ingest(digests)
    assert (kept.papers, kept.removed, len(kept.warnings)) == (4, 0, 1)
    assert "2 papers stand in no digest" in kept.warnings[0]
    pruned = index.ingest(digests, prune=True)
    assert (pruned.papers, pruned.removed, pruned.warnings) == (2, 2, ())
    index.check()


def test_a_deleted_translation_is_said_to_be_kept_and_goes_with_prune(index: Index, digests: Path) -> None:
    index.ingest(digests)
    (digests / "2024-06-11.en.md").unlink()
    kept = index.ingest(digests)
    assert kept.warnings == ("1 papers keep what a digest no longer says of them; add --prune to drop it.",)
    assert len(index.manifest.papers()["2406.00001"].en) == 2
    pruned = index.ingest(digests, prune=True)
    assert (counts(pruned), pruned.papers, pruned.warnings) == ((0, 1, 3, 0), 4, ())
    assert {row["language"] for row in index.rows().values() if row["arxiv_id"] == "2406.00001"} == {"ko"}


def test_prune_looks_only_under_the_folders_given(index: Index, tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "a too"
    write_day(a, "2024-06-11", OWL, KITE)
    write_day(b, "2024-06-12", TIDE, MOSS)
    index.ingest(a, b)
    write_day(a, "2024-06-11", OWL)
    write_day(b, "2024-06-12", TIDE)
    report = index.ingest(a, prune=True)
    assert (report.removed, index.papers) == (1, ["2406.00001", "2406.00003", "2406.00004"])
    index.check()


@pytest.mark.parametrize("prune", [False, True])
def test_an_empty_or_missing_folder_never_empties_an_index(index: Index, digests: Path, prune: bool) -> None:
    index.ingest(digests)
    empty = digests.parent / "empty"
    empty.mkdir()
    with pytest.raises(DigestError, match=r"There is no digest \(\*\.md\) under .*empty; the index is left as it is"):
        index.ingest(empty, prune=prune)
    with pytest.raises(DigestError, match=r"There is no folder .*missing"):
        index.ingest(digests, digests.parent / "missing", prune=prune)
    for file in digests.iterdir():
        file.unlink()
    with pytest.raises(DigestError, match="There is no digest"):
        index.ingest(digests, prune=prune)
    assert (len(index.papers), generation(index.store)) == (4, "gen-000001")


def test_prune_over_digests_that_all_became_blank_is_refused(index: Index, digests: Path) -> None:
    index.ingest(digests)
    for file in digests.iterdir():
        file.write_bytes(b"")
    with pytest.raises(DigestError, match="No paper could be read"):
        index.ingest(digests, prune=True)
    assert len(index.papers) == 4


@pytest.mark.parametrize("prune", [False, True])
def test_a_file_that_became_unreadable_keeps_its_papers(index: Index, digests: Path, prune: bool) -> None:
    index.ingest(digests)
    (digests / "2024-06-12.md").write_bytes(b"\xff\xfe" + b"\x00\xd8" * 9)  # broken UTF-16; root reads any mode
    report = index.ingest(digests, prune=prune)
    assert (report.papers, report.removed, index.model.texts) == (4, 0, [])
    assert [problem.file for problem in report.failed] == [(digests / "2024-06-12.md").as_posix()]
    index.check()
    assert index.ingest(digests, prune=prune).updated == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads files of any mode")
def test_a_file_without_the_right_to_read_keeps_its_papers(index: Index, digests: Path) -> None:
    index.ingest(digests)
    (digests / "2024-06-12.md").chmod(0)
    report = index.ingest(digests, prune=True)
    assert (report.papers, len(report.failed)) == (4, 1)


def test_a_readme_alone_makes_an_index_of_no_paper_and_says_so(index: Index, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# 읽어 보세요\n", encoding="utf-8")
    report = index.ingest(tmp_path / "README.md")
    assert (report.papers, report.chunks, report.failed) == (0, 0, ())
    assert "README.md: skipped" in report.warnings[0]


# --- Another embedder, another analysis ------------------------------------------------------------------------------


def test_another_embedder_is_refused_with_the_command_that_mends_it(index: Index, digests: Path) -> None:
    index.ingest(digests)
    index.embedding, index.model = counting("other", size=32)
    edit(digests / "2024-06-11.md", "12미터", "15미터")
    with pytest.raises(StoreMismatchError) as caught:
        index.ingest(digests)
    assert str(caught.value) == (
        f"The index at {index.store.place} was built with counting, and this is other. "
        f"Rebuild it: nonmun ingest --rebuild --store '{index.store.place}'"
    )
    assert (generation(index.store), index.manifest.embedder) == ("gen-000001", "counting")
    report = index.ingest(rebuild=True)
    assert (report.papers, report.chunks, len(index.model.texts)) == (4, 16, 16)
    assert index.manifest.embedder == "other"
    index.check()
    index.ingest(digests)
    assert len(index.model.texts) == 2


def test_a_password_that_an_older_index_kept_is_not_shown() -> None:
    old = Manifest("openai:some-model@http://kim:hush@127.0.0.1:1/v1", "analysis", {})
    with pytest.raises(StoreMismatchError) as refused:
        check_made_by(old, "bundled", "/index")
    assert "hush" not in str(refused.value)
    assert "openai:some-model@http://•••@127.0.0.1:1/v1" in str(refused.value)


def test_another_analysis_is_refused_and_named_and_mended(
    index: Index, digests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.ingest(digests)
    before = index.manifest.analysis
    monkeypatch.setattr("rag.language.analysis.fingerprint", lambda: "terms-99")
    with pytest.raises(StoreMismatchError, match=r"was built with terms-3:.*, and this is terms-99") as caught:
        index.ingest(digests)
    assert before in str(caught.value)
    index.ingest(digests, rebuild=True)
    assert index.manifest.analysis.startswith("terms-99:pieces-")
    assert index.model.texts == []  # the vectors are the same


def test_only_a_changed_paper_is_analysed_and_cut_into_pieces(
    index: Index, digests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.ingest(digests)
    cut: list[str] = []
    analysed: list[str] = []
    analyse = analysis.terms_of_all
    monkeypatch.setattr("rag.index.passages.encode", lambda texts: (cut.extend(texts), encode(texts))[1])
    monkeypatch.setattr(
        "rag.language.analysis.terms_of_all", lambda texts, known: (analysed.extend(texts), analyse(texts, known))[1]
    )
    edit(digests / "2024-06-11.md", "12미터", "15미터")
    index.ingest(digests)
    title, *bullets = cut
    assert title == "PaperKite: 바람을 읽는 강화 학습"
    assert [bullet for bullet in bullets if "15미터" in bullet] == ["보상 함수 없이도 15미터 높이를 유지합니다."]
    assert (len(cut), sorted(analysed)) == (4, sorted([title, "\n".join(bullets)]))


def test_an_index_of_words_that_was_added_to_is_the_one_made_from_nothing(
    index: Index, digests: Path, tmp_path: Path
) -> None:
    """Byte for byte, after an edit, a new paper, a removed one and a new order of days. Only `words` may keep more."""
    index.ingest(digests)
    edit(digests / "2024-06-11.md", "12미터", "15미터")
    index.ingest(digests)
    write_day(digests, "2024-06-13", KITE.replace("2406.00002", "2406.00009").replace("연을", "글라이더를"), OWL)
    write_day(digests, "2024-06-12", TIDE)
    index.ingest(digests, prune=True)
    anew = Index(tmp_path / "anew")
    anew.ingest(digests)
    grown, made = (one.store.folder(one.store.current() or "") / "lexical" for one in (index, anew))
    names = sorted(path.name for path in made.iterdir())
    assert names == sorted(path.name for path in grown.iterdir())
    for name in set(names) - {"words.json"}:
        assert (grown / name).read_bytes() == (made / name).read_bytes(), name
    words, all_words = (json.loads((folder / "words.json").read_text(encoding="utf-8")) for folder in (made, grown))
    assert words.items() <= all_words.items()
    assert words["글라이더를"] == "글라이더"


def test_a_mismatch_is_found_before_a_question_is_answered_by_ranking(index: Index, digests: Path) -> None:
    index.ingest(digests)
    pipeline = Pipeline(Settings(store=str(index.store.path), embedder="bundled"))
    with pytest.raises(StoreMismatchError, match="was built with counting, and this is bundled:"):
        pipeline.search("새소리", 3)


def test_an_embedder_that_changed_its_size_under_one_name_is_a_sentence(index: Index, digests: Path) -> None:
    index.ingest(digests)
    edit(digests / "2024-06-11.md", "12미터", "15미터")
    index.embedding, index.model = counting(size=32)
    for rebuild in (False, True):
        with pytest.raises(EmbedderError, match=r"vectors of another size than before: \[32, 64\]\. .*cache\.sqlite"):
            index.ingest(digests, rebuild=rebuild)
    edit(digests / "2024-06-11.md", "15미터", "12미터")
    write_day(digests, "2024-06-13", KITE.replace("2406.00002", "2406.00009").replace("PaperKite", "Glider"))
    with pytest.raises(StoreError, match="expecting embedding with dimension of 64, got 32"):
        index.ingest(digests)
    assert generation(index.store) == "gen-000001"
    (index.store.path / "cache.sqlite").unlink()
    index.ingest(digests, rebuild=True)
    index.check()


def test_a_rebuild_of_nothing_is_refused_and_makes_no_empty_index(index: Index, digests: Path) -> None:
    with pytest.raises(DigestError, match=r"Nothing is known of .*nonmun ingest DIGESTS --rebuild --store '"):
        index.ingest(rebuild=True)
    assert index.store.current() is None
    index.ingest(digests)
    (index.store.folder(index.store.current() or "") / "manifest.json").write_bytes(b"{")
    with pytest.raises(DigestError, match="Nothing is known"):
        index.ingest(rebuild=True)
    assert generation(index.store) == "gen-000001"


def test_a_model_whose_files_change_under_an_ingest_leaves_the_index_as_it_was(
    tmp_path: Path, digests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, folder)
    monkeypatch.setattr(bundled, "MODEL_FOLDER", folder)
    store = FolderStore(tmp_path / "store")
    embedding = load_embedding("bundled")

    def replace_model(stage: str, done: int, total: int) -> None:
        del done, total
        if stage == "read":
            (folder / "config.json").write_bytes((MODEL_FOLDER / "config.json").read_bytes() + b" ")

    with pytest.raises(EmbedderError, match=r"changed while it was loaded\. Run this again"):
        ingest(store, embedding, [digests], progress=replace_model)
    assert store.current() is None
    ingest(store, load_embedding("bundled"), [digests])
    with pytest.raises(StoreMismatchError):
        ingest(store, embedding, [digests])


# --- Damage and failure ----------------------------------------------------------------------------------------------


def _cut_manifest(generation: Path) -> None:
    path = generation / "manifest.json"
    os.truncate(path, path.stat().st_size * 2 // 3)


def _no_chroma(generation: Path) -> None:
    shutil.rmtree(generation / "chroma")


def _cut_chroma(generation: Path) -> None:
    path = generation / "chroma" / "chroma.sqlite3"
    os.truncate(path, path.stat().st_size // 3)


def _empty_chroma(generation: Path) -> None:
    (generation / "chroma" / "chroma.sqlite3").write_bytes(b"")


def _garbage_pointer(generation: Path) -> None:
    (generation.parent / "CURRENT").write_bytes(b"\x00\xffgarbage")


def _pointer_to_nothing(generation: Path) -> None:
    (generation.parent / "CURRENT").write_text("gen-000077")


@pytest.mark.parametrize("damage", [_cut_manifest, _garbage_pointer, _pointer_to_nothing])
def test_an_index_whose_manifest_is_lost_is_a_sentence_and_is_rebuilt_from_the_digests(
    index: Index, digests: Path, damage: Any
) -> None:
    index.ingest(digests)
    damage(index.store.folder(index.store.current() or ""))
    edit(digests / "2024-06-11.md", "12미터", "15미터")
    reader = Pipeline(Settings(store=str(index.store.path), embedder="tests.doubles:CountingEmbedding"))
    for attempt in (lambda: index.ingest(digests), reader.snapshot):
        with pytest.raises(StoreCorruptError) as caught:
            attempt()
        assert f"nonmun ingest DIGESTS --rebuild --store '{index.store.place}'" in str(caught.value)
    assert not list(index.store.path.glob("draft-*"))
    report = index.ingest(digests, rebuild=True)
    assert report.papers == 4
    assert len(index.model.texts) == 2  # the rest comes from the cache
    assert len(reader.snapshot().catalogue) == 4
    index.check()


@pytest.mark.parametrize("damage", [_no_chroma, _cut_chroma, _empty_chroma])
def test_a_reader_of_a_generation_with_damaged_vectors_gets_a_sentence(
    index: Index, digests: Path, damage: Any
) -> None:
    index.ingest(digests)
    damage(index.store.folder(index.store.current() or ""))
    reader = Pipeline(Settings(store=str(index.store.path), embedder="tests.doubles:CountingEmbedding"))
    snapshot = reader.snapshot()
    with pytest.raises(StoreCorruptError) as caught:
        snapshot.store.nodes(snapshot.name)
    assert f"nonmun ingest DIGESTS --rebuild --store '{index.store.place}'" in str(caught.value)
    index.ingest(digests)
    assert reader.snapshot().name == index.store.current() != snapshot.name
    index.check()


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _rows_of_sqlite_changed(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM embeddings_queue")


@pytest.mark.parametrize("changed", [False, True], ids=["unchanged digests", "a changed digest"])
@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("lexical/weights.npy", _flip),
        ("lexical/terms.json", Path.unlink),
        ("vectors-1.npy", _cut),
        ("chroma/chroma.sqlite3", _rows_of_sqlite_changed),
        ("chroma/chroma.sqlite3", _cut),
        ("chroma/chroma.sqlite3", Path.unlink),
    ],
)
def test_an_ingest_mends_a_damaged_generation(
    index: Index, digests: Path, file: str, damage: Callable[[Path], None], changed: bool
) -> None:
    index.ingest(digests)
    name = index.store.current() or ""
    damage(index.store.folder(name) / file)
    if changed:
        edit(digests / "2024-06-11.md", "12미터", "15미터")
    report = index.ingest(digests)
    assert counts(report) == ((0, 1, 3, 0) if changed else (0, 0, 4, 0))
    assert report.warnings == (
        f"{index.store.place}/{name}/{file} was missing or damaged. The index was rebuilt from its manifest.",
    )
    assert generation(index.store) == "gen-000002"
    assert len(index.model.texts) == (2 if changed else 0)  # the other vectors come from the cache
    index.store.check(index.store.current() or "")
    index.check()
    assert index.ingest(digests).warnings == ()
    assert generation(index.store) == "gen-000002"


def test_files_whose_times_changed_and_whose_content_did_not_are_no_damage(index: Index, digests: Path) -> None:
    index.ingest(digests)
    for path in index.store.folder(index.store.current() or "").rglob("*"):
        os.utime(path)
    index.rows()  # opens the database, which Chroma writes to
    assert index.ingest(digests).warnings == ()
    assert generation(index.store) == "gen-000001"


def test_checksums_without_sizes_and_times_are_compared_with_the_content(index: Index, digests: Path) -> None:
    """An earlier version recorded only checksums."""
    index.ingest(digests)
    folder = index.store.folder(index.store.current() or "")
    rows = json.loads((folder / "sums.json").read_bytes())
    (folder / "sums.json").write_text(json.dumps({name: row[0] for name, row in rows.items()}), encoding="utf-8")
    assert index.ingest(digests).warnings == ()
    _flip(folder / "lexical" / "weights.npy")
    assert len(index.ingest(digests).warnings) == 1
    assert generation(index.store) == "gen-000002"


def test_an_embedder_that_fails_midway_leaves_the_old_generation_answering(index: Index, digests: Path) -> None:
    index.ingest(digests)
    write_day(digests, "2024-06-13", KITE.replace("2406.00002", "2406.00009").replace("12미터", "90미터"), OWL)
    good = index.embedding
    index.embedding, _ = counting(fails_after=0)
    with pytest.raises(EmbedderError, match="RuntimeError"):
        index.ingest(digests)
    assert (len(index.papers), generation(index.store)) == (4, "gen-000001")
    assert not list(index.store.path.glob("draft-*"))
    index.embedding = good
    assert index.ingest(digests).added == 1
    index.check()


def test_a_failing_analysis_leaves_the_old_generation_answering(
    index: Index, digests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.ingest(digests)
    write_day(digests, "2024-06-13", KITE.replace("12미터", "나무보다 높은 90미터"))

    def fail(texts: object, known: object) -> list[list[str]]:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("rag.language.analysis.terms_of_all", fail)
        with pytest.raises(MemoryError):
            index.ingest(digests)
    assert generation(index.store) == "gen-000001"
    assert not list(index.store.path.glob("draft-*"))
    index.ingest(digests)
    index.check()


def test_a_broken_cache_costs_time_only(index: Index, digests: Path) -> None:
    index.ingest(digests)
    (index.store.path / "cache.sqlite").write_bytes(b"garbage " * 1000)
    report = index.ingest(digests, rebuild=True)
    assert (report.papers, len(index.model.texts)) == (4, 16)
    index.check()


def test_what_an_ingest_wrote_of_its_progress_before_it_was_killed_is_swept(index: Index, digests: Path) -> None:
    index.store.path.mkdir()
    for name in (".progress.json.4711", ".CURRENT.4711"):
        (index.store.path / name).write_text("{")
    index.ingest(digests)
    assert [path.name for path in index.store.path.iterdir() if path.name.startswith(".")] == []


def test_a_cache_that_outgrew_its_room_is_trimmed_to_what_the_new_index_uses(
    index: Index, digests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.ingest(digests)
    edit(digests / "2024-06-11.md", "12미터", "15미터")
    monkeypatch.setattr("vectorstore.cache.SPARE", 0)
    index.ingest(digests)
    index.ingest(rebuild=True)
    assert index.model.texts == []  # everything in use is cached
    edit(digests / "2024-06-11.md", "15미터", "12미터")
    index.ingest(digests)
    assert len(index.model.texts) == 2  # the text that is used again is not
    index.check()


def test_progress_reaches_its_total_in_every_stage(index: Index, digests: Path) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}
    index.ingest(digests, progress=lambda stage, done, total: seen.setdefault(stage, []).append((done, total)))
    assert sorted(seen) == ["analyse", "embed", "read"]
    assert all(done == total for done, total in (steps[-1] for steps in seen.values()))
    assert seen["read"] == [(1, 3), (2, 3), (3, 3)]


def test_a_full_disk_leaves_the_index_as_it_was_and_says_so(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("a small disk can be mounted only as root")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", disk], check=False, capture_output=True
    ).returncode:
        pytest.skip("this machine does not let a small disk be mounted")
    try:
        index = Index(disk / "store")
        index.ingest(write_sample(tmp_path / "few"))
        many = write_many(tmp_path / "many", 400, per_day=200)
        with pytest.raises(StoreError, match=r"The disk of .* is full .*; the index is as it was"):
            index.ingest(many)
        assert (len(index.papers), generation(index.store)) == (4, "gen-000001")
        index.check()
        assert not list(index.store.path.glob("draft-*"))
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        assert index.ingest(many).papers == 404
        index.check()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


# --- Several processes -----------------------------------------------------------------------------------------------


def test_a_draft_is_expected_before_anything_is_read(
    index: Index, digests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(index.store, "expect_draft", lambda: told.append("expected"))
    index.ingest(digests, progress=lambda stage, done, total: told.append(f"{stage} {done} of {total}"))
    assert told[:2] == ["expected", "read 1 of 3"]
    assert told.count("expected") == 1


class _Waiting(CountingEmbedding):
    """Starts another ingest of the same store while it embeds."""

    def __init__(self, other: Any, **options: Any) -> None:
        super().__init__(**options)
        self._other = other

    _other: Any

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        self._other()
        return super()._get_text_embeddings(texts)


def test_of_two_ingests_at_once_the_second_is_refused_with_the_firsts_process_id(index: Index, digests: Path) -> None:
    said: list[str] = []

    def second() -> None:
        code = (
            "import sys; from pathlib import Path; from vectorstore.folder import FolderStore; "
            "from vectorstore.errors import StoreBusyError\n"
            "try:\n with FolderStore(Path(sys.argv[1])).locked(): print('no lock')\n"
            "except StoreBusyError as error: print(error)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(index.store.path)],
            env=child_environment(),
            check=True,
            capture_output=True,
            text=True,
        )
        said.append(done.stdout)
        with pytest.raises(StoreBusyError):
            ingest(FolderStore(index.store.path), counting()[0], [digests])

    model: BaseEmbedding = _Waiting(second, embed_batch_size=1000)
    assert ingest(index.store, Embedding(model, "counting"), [digests]).added == 4
    assert said == [
        f"Another ingest (process {os.getpid()}) is writing {index.store.path}. Wait for it to end, then run this again.\n"
    ]
    index.check()


def test_a_store_that_is_deleted_and_made_again_is_not_taken_for_the_old_one(tmp_path: Path, digests: Path) -> None:
    index = Index(tmp_path / "store")
    index.ingest(digests)
    reader = Pipeline(Settings(store=str(index.store.path)))
    assert sorted(reader.snapshot().catalogue.papers) == index.papers
    shutil.rmtree(index.store.path)
    write_day(tmp_path / "other", "2024-06-14", KITE.replace("2406.00002", "2406.00088"))
    index.ingest(tmp_path / "other")
    assert generation(index.store) == "gen-000001"
    assert sorted(reader.snapshot().catalogue.papers) == ["2406.00088"]
    index.check()


@pytest.mark.server
def test_an_open_reader_sees_what_another_process_ingested(tmp_path: Path, digests: Path) -> None:
    store = tmp_path / "store"
    ingest(FolderStore(store), load_embedding("bundled"), [digests])
    pipeline = Pipeline(Settings(store=str(store)))
    first = pipeline.snapshot()
    assert [hit.arxiv_id for hit in pipeline.search("박쥐의 초음파 지도", 1)] != ["2406.00077"]
    bat = OWL.replace("2406.00001", "2406.00077").replace("NightOwl: Listening for Birds", "BatMap: 박쥐의 초음파 지도")
    more = tmp_path / "more"
    write_day(more, "2024-06-14", bat)
    command = [sys.executable, "-m", "rag", "ingest", str(more), "--store", str(store), "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=child_environment(), check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["added"] == 1
    assert (len(first.catalogue), len(pipeline.snapshot().catalogue)) == (4, 5)
    assert [hit.arxiv_id for hit in pipeline.search("박쥐의 초음파 지도", 1)] == ["2406.00077"]
    assert pipeline.snapshot() is pipeline.snapshot()


def test_a_newer_parser_reads_unchanged_files_again(
    index: Index, digests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.ingest(digests)
    before = {name: record.sha256 for name, record in index.manifest.files.items()}
    monkeypatch.setattr("rag.corpus.digests.PARSER", b"newer:")
    report = index.ingest(digests)
    assert (report.added, report.updated) == (0, 0)
    assert all(index.manifest.files[name].sha256 != was for name, was in before.items())
