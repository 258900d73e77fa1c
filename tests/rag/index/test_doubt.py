"""Doubt: summaries of another paper and texts that fit any are told from those that are about their paper."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.digests import find_digests, parse_digest, read_digest
from rag.corpus.manifest import DOUBTFUL, Manifest
from rag.corpus.papers import Entry, Paper, merge
from rag.index.doubt import doubts, updated
from rag.index.ingest import ingest
from rag.index.passages import Ids, PassageIndex
from rag.pipeline import Pipeline
from tests.doubles import REPOSITORY, counting, entry, write_day
from tests.rag.conftest import settings_for
from vectorstore.store import FolderStore

LABELS = REPOSITORY / "tests" / "golden" / "doubt.tsv"

# Texts that would fit any paper, in the words that machine-made digests use.
EMPTY_TALK = (
    "이 논문은 새로운 딥러닝(deep learning) 모델을 제안하며, 기존 모델보다 높은 정확도와 효율성을 보여줍니다.",
    "제안된 모델은 Transformer 아키텍처와 convolutional neural networks (CNN)를 결합하고 어텐션 메커니즘을 개선했습니다.",
    "여러 벤치마크 데이터셋에서 기존 최첨단 모델을 능가하는 성능을 기록했습니다.",
)
EMPTY_TALK_AGAIN = (
    "새로운 논문은 딥러닝(deep learning) 아키텍처를 제안하여 기존 알고리즘보다 정확도와 효율성을 크게 높였습니다.",
    "모델은 Transformer 구조에 기반하며 convolutional neural networks (CNN)와 어텐션 메커니즘을 함께 사용합니다.",
    "실험 결과 다양한 벤치마크 데이터셋에서 최첨단 성능을 보였습니다.",
)
TITLE = "BirdBench: A Benchmark for Counting Birds in Aerial Thermal Video"
RIGHT = (
    "드론이 열화상 카메라로 찍은 비디오에서 새의 수를 세는 벤치마크를 제안합니다.",
    "항공 영상 1,200개에 새의 위치를 표시했으며, 밤에 찍은 장면이 절반입니다.",
    "객체 탐지 모델은 날아가는 새를 자주 놓쳤고, 추적을 더하면 오차가 31% 줄었습니다.",
)
ELSEWHERE = (
    "법률 문서를 번역하는 대규모 언어 모델의 용어 일관성을 평가합니다.",
    "판결문 말뭉치로 파인튜닝하고, 용어집을 프롬프트에 넣어 비교했습니다.",
    "계약서 번역에서 용어 오류가 절반으로 줄었습니다.",
)


def paper(title: str, *bullets: str, arxiv_id: str = "2406.00001") -> Paper:
    text = f"## Daily Papers (2024-06-11)\n\n{entry(arxiv_id, title, bullets)}"
    return merge(parse_digest(text.encode(), "/d/a.md").entries)


def in_two_languages(title: str, korean: Sequence[str], english: Sequence[str]) -> Paper:
    days = (f"## Daily Papers (2024-06-11)\n\n{entry('2406.00001', title, text)}" for text in (korean, english))
    return merge([e for day in days for e in parse_digest(day.encode(), "/d/a.md").entries])


def indexed(papers: Sequence[Paper]) -> PassageIndex:
    texts = ((p.title, *(b.quote for _, bullets in p.summaries() for b in bullets)) for p in papers)
    return PassageIndex.build([list(text) for text in texts])


def pairs(papers: Sequence[Paper]) -> Iterator[tuple[Paper, list[Ids]]]:
    index = indexed(papers)
    return ((p, index.of_paper(row)) for row, p in enumerate(papers))


def doubtful(*papers: Paper) -> set[str]:
    return {arxiv_id for arxiv_id, doubt in doubts(pairs(papers)).items() if doubt >= DOUBTFUL}


# --- What is doubted -------------------------------------------------------------------------------------------------


def test_a_korean_summary_of_an_english_title_is_not_doubted() -> None:
    assert doubtful(paper(TITLE, *RIGHT)) == set()


@pytest.mark.parametrize("wrong", [EMPTY_TALK, ELSEWHERE])
def test_a_summary_of_something_else_is_doubted(wrong: tuple[str, ...]) -> None:
    assert doubtful(paper(TITLE, *wrong)) == {"2406.00001"}


def test_an_english_summary_is_judged_alike() -> None:
    about = (
        "We present a benchmark for counting birds in thermal video taken by drones.",
        "It holds 1,200 aerial clips, half of them recorded at night, with every bird marked.",
    )
    other = (
        "We study how consistently language models translate the terms of legal contracts.",
        "Fine-tuning on court decisions helps less than a glossary that stands in the prompt.",
        "With both, errors in the terms of contracts fall by half, and lawyers prefer the translations.",
    )
    assert doubtful(paper(TITLE, *about)) == set()
    assert doubtful(paper(TITLE, *other)) == {"2406.00001"}


def test_of_two_summaries_a_wrong_one_is_enough() -> None:
    english = ("A benchmark for counting birds in aerial thermal video, with 1,200 clips taken by drones at night.",)
    assert doubtful(in_two_languages(TITLE, RIGHT, english)) == set()
    assert doubtful(in_two_languages(TITLE, ELSEWHERE, english)) == {"2406.00001"}


@pytest.mark.parametrize(
    "bullet", ["맘바를 사용합니다.", "코드는 공개되어 있습니다.", "Code is available.", "정확도는 87.5%입니다."]
)
def test_a_summary_of_a_few_words_is_not_doubted(bullet: str) -> None:
    assert doubtful(paper(TITLE, bullet)) == set()


def test_a_cute_title_with_its_own_text_is_not_doubted() -> None:
    text = (
        "순환이나 합성곱 없이 어텐션 메커니즘만으로 이루어진 트랜스포머를 제안합니다.",
        "기계 번역에서 기존 모델보다 좋은 BLEU 점수를 얻었고 학습 시간은 훨씬 짧습니다.",
        "멀티헤드 어텐션은 문장의 여러 위치를 함께 봅니다.",
    )
    assert doubtful(paper("Attention Is All You Need", *text)) == set()


def test_what_the_model_cannot_read_and_what_says_nothing_is_not_doubted() -> None:
    assert doubtful(paper("𐎀𐎁𐎂", *RIGHT)) == set()
    assert doubtful(paper(TITLE)) == set()


def test_a_summary_like_other_doubtful_ones_is_doubted_more() -> None:
    alone = paper("Pretrained Vision Models for Benchmark Accuracy of Birds", *EMPTY_TALK)
    other = paper("SailPlan: Routing Ships around Storms", *EMPTY_TALK_AGAIN, arxiv_id="2406.00002")
    assert doubts(pairs([alone, other]))["2406.00001"] > doubts(pairs([alone])).get("2406.00001", 0.0)


def test_the_order_of_papers_changes_nothing() -> None:
    papers = [
        paper(TITLE, *EMPTY_TALK, arxiv_id="2406.00001"),
        paper(TITLE, *EMPTY_TALK_AGAIN, arxiv_id="2406.00002"),
        paper(TITLE, *RIGHT, arxiv_id="2406.00003"),
        paper(TITLE, *ELSEWHERE, arxiv_id="2406.00004"),
    ]
    assert doubts(pairs(papers)) == doubts(pairs(papers[::-1]))


def test_what_is_kept_of_unchanged_papers_gives_the_same_as_measuring_all() -> None:
    old = [paper(TITLE, *EMPTY_TALK), paper(TITLE, *RIGHT, arxiv_id="2406.00002")]
    new = [
        paper("SailPlan: Routing Ships around Storms", *EMPTY_TALK_AGAIN, arxiv_id="2406.00003"),
        paper(TITLE, *ELSEWHERE, arxiv_id="2406.00004"),
    ]
    known = updated(None, old, (), indexed(old))
    after = updated(known, [*old, *new], {p.arxiv_id for p in old}, indexed([*old, *new]))
    assert after == updated(None, [*old, *new], (), indexed([*old, *new]))


# --- Where it is kept ------------------------------------------------------------------------------------------------


@pytest.fixture
def digests(tmp_path: Path) -> Path:
    folder = tmp_path / "digests"
    write_day(folder, "2024-06-11", entry("2406.00001", TITLE, RIGHT), entry("2406.00002", TITLE, EMPTY_TALK))
    return folder


def manifest_of(store: FolderStore) -> Manifest:
    return Manifest.from_bytes(store.manifest(store.current() or ""), store.place)


def test_an_ingest_names_the_doubtful_and_the_catalogue_knows_them(digests: Path, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    embedding, _ = counting()
    assert ingest(store, embedding, [digests]).doubtful == ("2406.00002",)
    assert ingest(store, embedding, [digests]).doubtful == ("2406.00002",)  # nothing new to read
    assert Pipeline(settings_for(tmp_path / "store")).snapshot().catalogue.doubtful == {"2406.00002"}


def test_new_digests_add_their_doubts_and_embed_only_themselves(digests: Path, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    embedding, model = counting()
    ingest(store, embedding, [digests])
    write_day(digests, "2024-06-12", entry("2406.00003", "SailPlan: Routing Ships around Storms", EMPTY_TALK_AGAIN))
    model.forget()
    report = ingest(store, embedding, [digests])
    assert report.doubtful == ("2406.00003", "2406.00002")
    assert len(model.texts) == 4  # three bullets and the whole


def test_a_summary_that_was_mended_is_doubted_no_more(digests: Path, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    embedding, _ = counting()
    ingest(store, embedding, [digests])
    write_day(digests, "2024-06-11", entry("2406.00001", TITLE, RIGHT), entry("2406.00002", TITLE, RIGHT))
    assert ingest(store, embedding, [digests]).doubtful == ()


def test_a_doubtful_paper_that_is_pruned_leaves_no_doubt(digests: Path, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    embedding, _ = counting()
    ingest(store, embedding, [digests])
    write_day(digests, "2024-06-11", entry("2406.00001", TITLE, RIGHT))
    ingest(store, embedding, [digests], prune=True)
    assert "2406.00002" not in (manifest_of(store).doubts or {})


def test_an_index_of_before_has_no_doubts_until_its_next_ingest(digests: Path, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    embedding, _ = counting()
    ingest(store, embedding, [digests])
    folder = store.folder(store.current() or "")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    del manifest["doubts-1"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "sums.json").unlink()
    assert Pipeline(settings_for(tmp_path / "store")).snapshot().catalogue.doubtful == frozenset()
    assert ingest(store, embedding, [digests]).doubtful == ()
    write_day(digests, "2024-06-12", entry("2406.00003", "SailPlan: Routing Ships around Storms", ELSEWHERE))
    assert ingest(store, embedding, [digests]).doubtful == ("2406.00003", "2406.00002")


def test_the_sample_digests_hold_no_doubtful_summary(pipeline: Pipeline) -> None:
    assert pipeline.snapshot().catalogue.doubtful == frozenset()


# --- The real digests ------------------------------------------------------------------------------------------------


def labels() -> dict[str, str]:
    lines = LABELS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if not line.startswith("#"))


@pytest.fixture(scope="module")
def found(corpus_catalogue: Catalogue) -> set[str]:
    return doubtful(*corpus_catalogue.papers.values())


def test_labels_are_of_real_papers(corpus_catalogue: Catalogue) -> None:
    assert len(labels()) >= 300
    assert labels().keys() <= corpus_catalogue.papers.keys()
    assert set(labels().values()) == {"right", "wrong"}


def test_nineteen_of_twenty_that_are_doubted_are_wrong(found: set[str]) -> None:
    """All near the cut are labelled; of the rest 35 were read after the cut was set, and all were wrong."""
    mistaken = {arxiv_id for arxiv_id in found if labels().get(arxiv_id) == "right"}
    assert len(mistaken) <= 0.05 * len(found)
    assert 150 <= len(found) <= 190


def test_nine_of_ten_wrong_ones_are_doubted(found: set[str]) -> None:
    wrong = {arxiv_id for arxiv_id, verdict in labels().items() if verdict == "wrong"}
    assert len(wrong & found) >= 0.9 * len(wrong)
    known = {"2409.05152", "2406.12045", "2407.12883", "2406.19314", "2407.18901", "2407.15595"}
    assert known <= found


def test_a_few_days_of_real_digests_are_not_doubted(shared: Path) -> None:
    entries: dict[str, list[Entry]] = {}
    for path in find_digests(shared / "seeds"):
        for read in read_digest(path, shared / "seeds").entries:
            entries.setdefault(read.arxiv_id, []).append(read)
    assert doubtful(*map(merge, entries.values())) == set()
