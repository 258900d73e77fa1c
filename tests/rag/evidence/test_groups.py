"""Groups of a topical set: papers of one approach come together under a name that a researcher would use."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence.groups import LEAST_PAPERS, OTHERS, Group, groups
from rag.language.text import Language
from rag.pipeline import Pipeline
from vectorstore.bundled import Vectors

FIRST_DAY = date(2024, 6, 1)
SIZE = 16

# Three approaches to one topic, as titles and as Korean summaries say it.
APPROACHES: tuple[tuple[str, str], ...] = (
    ("{} for KV Cache Quantization", "KV 캐시를 2비트로 양자화(quantization)하여 메모리를 줄이는 방법을 제안합니다."),
    (
        "{} with Token Eviction",
        "덜 중요한 토큰 축출(token eviction)로 캐시를 줄입니다. 토큰 축출(token eviction)은 빠릅니다.",
    ),
    ("{} in Speculative Decoding", "추측 디코딩을 사용하여 생성 속도를 높이는 연구입니다."),
)


def paper(number: int, title: str, *korean: str, votes: int | None = 0) -> Paper:
    day = FIRST_DAY + timedelta(days=number)
    bullets = tuple(map(Bullet, korean))
    return Paper(f"2406.{number:05d}", title, (day,), votes, (), False, None, bullets, ())


def of_approaches(each: int = 6) -> tuple[list[Paper], Vectors]:
    """Return papers of the three approaches in turn, with vectors that lie near their approach's axis."""
    random = np.random.default_rng(0)
    papers, rows = [], []
    for number in range(3 * each):
        place = number % 3
        title, bullet = APPROACHES[place]
        papers.append(paper(number, title.format(f"Zephyr{chr(65 + number)}: A Story"), bullet, votes=number))
        row = 0.2 * random.standard_normal(SIZE)
        row[0] += 2
        row[place + 1] += 1
        rows.append(row / np.linalg.norm(row))
    return papers, np.array(rows, dtype=np.float32)


def grouped(
    papers: Sequence[Paper], vectors: Vectors, language: Language = "en", facets: Sequence[str] = ("KV cache",)
) -> tuple[Group, ...]:
    return groups(papers, facets, Catalogue({p.arxiv_id: p for p in papers}), vectors, language)


def test_papers_of_one_approach_come_together_under_its_name() -> None:
    papers, vectors = of_approaches()
    found = {group.label: {papers.index(p) % 3 for p in group.papers} for group in grouped(papers, vectors)}
    assert found == {"quantization": {0}, "token eviction": {1}, "speculative decoding": {2}}


def test_a_korean_question_gets_korean_names_without_particles() -> None:
    papers, vectors = of_approaches()
    assert {group.label for group in grouped(papers, vectors, "ko")} == {"양자화", "토큰 축출", "추측 디코딩"}


def test_a_term_without_korean_words_keeps_its_english_name() -> None:
    papers, vectors = of_approaches()
    bare = [replace(p, ko=(Bullet("캐시를 줄이는 연구입니다."),)) if "Eviction" in p.title else p for p in papers]
    assert "token eviction" in {group.label for group in grouped(bare, vectors, "ko")}


def test_every_paper_stands_in_one_group() -> None:
    papers, vectors = of_approaches()
    members = [p for group in grouped(papers, vectors) for p in group.papers]
    assert sorted(members, key=papers.index) == papers


def test_the_largest_group_comes_first_and_the_others_last() -> None:
    papers, vectors = of_approaches()
    extra = [paper(100 + n, "Unrelated Musings", "전혀 다른 이야기입니다.") for n in range(2)]
    apart = np.eye(SIZE, dtype=np.float32)[[12, 13]]
    found = grouped([*papers[:-1], *extra], np.vstack([vectors[:-1], apart]))
    sizes = [len(group.papers) for group in found[:-1]]
    assert sizes == sorted(sizes, reverse=True)
    assert (found[-1].label, set(found[-1].papers)) == ("others", set(extra))
    assert grouped([*papers[:-1], *extra], np.vstack([vectors[:-1], apart]), "ko")[-1].label == "그 밖"


def test_the_words_of_the_facet_name_no_group() -> None:
    papers, vectors = of_approaches()
    for facets in (("KV cache", "quantization"), ("KV 캐시", "양자화")):
        labels = " ".join(group.label for group in grouped(papers, vectors, facets=facets))
        assert not re.search("quanti|양자화|cache|캐시", labels)


def test_a_model_that_many_compare_with_names_no_group() -> None:
    papers, vectors = of_approaches()
    model = paper(200, "LlamaBird: A Model", "새 모델입니다.")
    compared = [replace(p, ko=(*p.ko, Bullet("LlamaBird와 GPT-4보다 성능이 좋습니다."))) for p in papers[::3]]
    mixed = sorted([*compared, *(p for p in papers if papers.index(p) % 3)], key=lambda p: p.arxiv_id)
    catalogue = Catalogue({p.arxiv_id: p for p in [*mixed, model]})
    labels = {group.label for group in groups(mixed, ("KV cache",), catalogue, vectors, "en")}
    assert "quantization" in labels
    assert not any("Llama" in label or "GPT" in label for label in labels)


def test_a_group_is_named_in_korean_where_a_term_of_its_papers_has_such_a_spelling() -> None:
    papers, vectors = of_approaches()
    made = []
    for place, one in enumerate(papers):
        if place % 3 == 1:
            said = (
                "덜 중요한 것을 버리는 순수 축출(pure eviction)을 합니다." if place == 1 else "덜 중요한 것을 버립니다."
            )
            made.append(replace(one, title=one.title.replace("Token Eviction", "Pure Eviction"), ko=(Bullet(said),)))
        else:
            made.append(one)
    labels = [group.label for group in grouped(made, vectors, "ko")]
    assert "순수 축출" in " ".join(labels)
    assert not any(re.search("[A-Za-z]", label) for label in labels)


def test_a_doubtful_summary_lends_no_name() -> None:
    papers, vectors = of_approaches()
    doubted = frozenset(p.arxiv_id for p in papers[1::3])
    catalogue = Catalogue({p.arxiv_id: p for p in papers}, "", doubted)
    assert "token eviction" not in {group.label for group in groups(papers, ("KV cache",), catalogue, vectors, "en")}


def test_few_papers_and_papers_that_are_all_alike_are_not_grouped() -> None:
    papers, vectors = of_approaches()
    assert grouped(papers[: LEAST_PAPERS - 1], vectors[: LEAST_PAPERS - 1]) == ()
    same = [paper(n, "Cache Notes", "캐시에 관한 글입니다.") for n in range(20)]
    assert grouped(same, np.ones((20, SIZE), np.float32)) == ()


def test_a_group_knows_its_most_voted_and_its_newest_paper() -> None:
    old, new = paper(1, "A", votes=90), paper(9, "B", votes=None)
    group = Group("quantization", (new, old))
    assert (group.most_voted, group.newest) == (old, new)
    tied = (paper(1, "A", votes=5), paper(2, "B", votes=5))
    assert Group("quantization", tied).most_voted == tied[1]


def test_the_same_set_gives_the_same_groups() -> None:
    papers, vectors = of_approaches()
    assert grouped(papers, vectors) == grouped(papers, vectors)


# --- The real digests ------------------------------------------------------------------------------------------------

TOPICS = (
    "video generation",
    "retrieval-augmented generation",
    "robot",
    "quantization",
    "hallucination",
    "code generation",
)
NEVER = re.compile(
    r"\b(?:method|performance|model|framework|approach|dataset|learning|language models?)\b(?<!\w model)"
)


@pytest.fixture(scope="module")
def real(corpus_catalogue: Catalogue) -> dict[str, tuple[list[Paper], Vectors]]:
    from rag.corpus.manifest import paper_nodes
    from rag.language.terms import glossary
    from vectorstore.bundled import BundledModel

    sets = {}
    for topic in TOPICS:
        ids = list(corpus_catalogue.titling(glossary().term(topic)))[:80]
        papers = [corpus_catalogue.papers[i] for i in ids]
        sets[topic] = papers, BundledModel().encode([paper_nodes(p)[0].text for p in papers])
    return sets


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_real_sets_fall_into_a_few_groups_with_distinct_names(
    topic: str, language: Language, real: dict[str, tuple[list[Paper], Vectors]], corpus_catalogue: Catalogue
) -> None:
    papers, vectors = real[topic]
    found = groups(papers, (topic,), corpus_catalogue, vectors, language)
    labels = [group.label for group in found]
    assert 3 <= len([label for label in labels if label != OTHERS[language]]) <= 7
    assert len(set(labels)) == len(labels)
    assert not [label for label in labels if NEVER.fullmatch(label) or len(label.split(", ")) > 3]
    assert not [label for label in labels if re.search(r"[가-힣](?:을|를|에서)(?:$|[ ,])", label)]
    assert sum(len(group.papers) for group in found) == len(papers)
    for one, other in itertools.combinations(found, 2):
        assert not set(one.papers) & set(other.papers)


def test_real_labels_in_korean_are_korean_where_the_glossary_knows_them(
    real: dict[str, tuple[list[Paper], Vectors]], corpus_catalogue: Catalogue
) -> None:
    korean = [
        group.label
        for topic, (papers, vectors) in real.items()
        for group in groups(papers, (topic,), corpus_catalogue, vectors, "ko")
    ]
    assert sum(bool(re.search("[가-힣]", label)) for label in korean) >= 0.8 * len(korean)


def test_the_vectors_of_an_index_serve(pipeline: Pipeline) -> None:
    snapshot = pipeline.snapshot()
    retriever, catalogue = snapshot.retriever(), snapshot.catalogue
    papers = list(catalogue.papers.values())
    vectors = np.stack([retriever._stored(p)[0] for p in papers])
    found = groups(papers, (), catalogue, vectors, "ko")
    assert sum(len(group.papers) for group in found) in (0, len(papers))
