"""What a paper does with a term, told from the clause around it. Labels by hand, over invented sentences."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.corpus.papers import Bullet, Paper
from rag.corpus.relations import beats, coiners, extends, proposal, relate
from rag.language.terms import Term
from rag.language.text import Language

GOLDEN = Path(__file__).parents[2] / "golden"


def label(title: str, text: str, term: str = "Mamba", language: Language = "ko") -> str:
    bullets = tuple(Bullet(line) for line in text.split("\n") if line)
    ko, en = (bullets, ()) if language == "ko" else ((), bullets)
    paper = Paper("2401.00001", title, (date(2024, 1, 1),), None, (), False, None, ko, en)
    mentions = Catalogue({paper.arxiv_id: paper}).mentioning(meant(term))
    return relate(paper, mentions[paper.arxiv_id], meant(term)).relation


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Mamba를 사용해 긴 영상을 처리합니다.", "uses"),
        ("맘바를 활용하여 점군을 분할합니다.", "uses"),
        ("Mamba 기반 인코더를 둡니다.", "uses"),
        ("어텐션을 Mamba 블록으로 바꿉니다.", "uses"),
        ("생성기인 Mamba가 이미지도 입력으로 받도록 확장합니다.", "uses"),
        ("이 연구는 Mamba에서 출발합니다.", "uses"),
        ("Mamba와 어텐션을 결합한 혼합 모델입니다.", "uses"),
        ("이 방법은 Mamba보다 2배 빠릅니다.", "compares"),
        ("Mamba 대비 정확도가 높습니다.", "compares"),
        ("실험에서 Mamba를 크게 능가합니다.", "compares"),
        ("Mamba와 비교하여 메모리를 덜 씁니다.", "compares"),
        ("최근 Mamba가 주목받고 있습니다.", "mentions"),
        ("Mamba의 한계를 논합니다.", "mentions"),
        ("인코더(Mamba), 주의(SWA)를 번갈아 결합합니다.", "uses"),
        ("학습에 사용된 주요 알고리즘은 Mamba입니다.", "uses"),
        ("새로운 MambaX를 제안합니다.", "uses"),
        ("Mamba(선택적 상태 공간 모델)를 활용합니다.", "uses"),
        ("Mamba라는 순차 모델을 제안합니다.", "proposes"),
        ("다중 Mamba라는 것이 있습니다.", "mentions"),
        ("Mamba 없이도 길게 읽습니다.", "mentions"),
        ("Mamba는 긴 글로 잘 확장되는 모델입니다.", "mentions"),
        ("이와 비교하여, Mamba는 더 느렸습니다.", "compares"),
        ("Mamba, S4, RWKV의 기억력을 평가합니다.", "compares"),
        ("Mamba와 퍼플렉서티가 비슷한 모델입니다.", "compares"),
    ],
)
def test_the_verb_after_a_korean_term_tells_the_relation(text: str, relation: str) -> None:
    assert label("Kite: A Model", text) == relation


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("It uses Mamba to encode long videos.", "uses"),
        ("The encoder is built on Mamba.", "uses"),
        ("A Mamba-based network scales linearly.", "uses"),
        ("We replace attention with Mamba.", "uses"),
        ("The authors start from the sequence model Mamba and extend it.", "uses"),
        ("It outperforms Mamba on long inputs.", "compares"),
        ("It is faster than Mamba.", "compares"),
        ("Compared to Mamba, it needs less memory.", "compares"),
        ("Recently Mamba has drawn attention.", "mentions"),
        ("It works without Mamba.", "mentions"),
        ("We replace Mamba with attention.", "compares"),
    ],
)
def test_the_verb_before_an_english_term_tells_the_relation(text: str, relation: str) -> None:
    assert label("Kite: A Model", text, language="en") == relation


def test_the_paper_that_carries_the_name_proposes_it() -> None:
    assert label("Mamba: Linear-Time Sequence Modeling", "Mamba는 선택적 상태 공간 모델입니다.") == "proposes"


def test_a_paper_with_the_term_in_its_title_uses_it() -> None:
    assert label("Gamba: Splatting with Mamba", "최근 Mamba가 주목받고 있습니다.") == "uses"


def test_a_title_that_only_compares_is_no_use() -> None:
    assert label("Kite: Faster than Mamba", "최근 Mamba가 주목받고 있습니다.") == "compares"


def test_a_survey_uses_nothing() -> None:
    assert label("A Survey of Mamba", "Mamba를 활용한 모델을 훑어봅니다.") == "mentions"


def test_a_title_that_shows_the_relation_gets_no_sentence_that_does_not() -> None:
    paper = Paper("2401.00001", "Gamba: Splatting with Mamba", (date(2024, 1, 1),), None, (), False, None,
                  (Bullet("최근 Mamba가 주목받고 있습니다."),), ())  # fmt: skip
    mentions = Catalogue({paper.arxiv_id: paper}).mentioning(meant("Mamba"))[paper.arxiv_id]
    assert relate(paper, mentions, meant("Mamba")).evidence is None


def test_the_strongest_relation_of_all_sentences_counts_and_brings_its_sentence() -> None:
    text = "Mamba보다 빠릅니다.\n최근 Mamba가 주목받고 있습니다.\nMamba를 사용해 영상을 처리합니다."
    paper = Paper(
        "2401.00001", "Kite", (date(2024, 1, 1),), None, (), False, None, tuple(map(Bullet, text.split("\n"))), ()
    )
    term = meant("Mamba")
    found = relate(paper, Catalogue({paper.arxiv_id: paper}).mentioning(term)[paper.arxiv_id], term)
    assert (found.relation, found.evidence and found.evidence.text) == ("uses", "Mamba를 사용해 영상을 처리합니다.")


def test_any_of_several_spellings_is_enough() -> None:
    assert label("Kite", "로라를 사용해 미세 조정합니다.", "ControlNet 또는 LoRA") == "uses"
    assert isinstance(meant("ControlNet or LoRA"), Term)


def test_every_label_of_the_samples_that_a_reader_would_give(catalogue: Catalogue) -> None:
    term = meant("Mamba")
    labels = {i: relate(catalogue.papers[i], m, term).relation for i, m in catalogue.mentioning(term).items()}
    assert labels == {"2312.00752": "proposes", "2403.18795": "uses"}


# --- Against labels by hand ------------------------------------------------------------------------------------------
def _labels() -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for line in (GOLDEN / "relations.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            term, arxiv_id, relation = line.split("\t")
            rows.setdefault(term, {})[arxiv_id] = relation
    return rows


def _figures(pairs: list[tuple[str, str]]) -> tuple[float, float]:
    """Return (macro-F1 over the labels that occur, precision of use) of (by hand, by rule) pairs."""
    scores = []
    for relation in sorted({label for pair in pairs for label in pair}):
        hit = sum(hand == rule == relation for hand, rule in pairs)
        scores.append(2 * hit / sum((hand == relation) + (rule == relation) for hand, rule in pairs))
    users = ("proposes", "uses")
    listed = [hand in users for hand, rule in pairs if rule in users]
    return sum(scores) / len(scores), sum(listed) / len(listed)


@pytest.mark.corpus
def test_the_rules_agree_with_labels_made_by_hand(corpus_catalogue: Catalogue) -> None:
    hand = _labels()
    assert {term: len(rows) for term, rows in hand.items()} == {"Mamba": 77, "LoRA": 40, "GRPO": 40}
    pairs: dict[str, list[tuple[str, str]]] = {}
    for name, rows in hand.items():
        found = corpus_catalogue.mentioning(meant(name))
        pairs[name] = [
            (label, relate(corpus_catalogue.papers[i], found[i], meant(name)).relation) for i, label in rows.items()
        ]
    for tested in (pairs["LoRA"], pairs["GRPO"], pairs["LoRA"] + pairs["GRPO"]):
        macro, precision = _figures(tested)
        assert macro >= 0.75
        assert precision >= 0.9


@pytest.mark.parametrize(
    ("title", "text", "term", "proposes"),
    [
        ("Any", "긴 문서를 위한 새로운 벤치마크를 제안합니다.", "벤치마크", True),
        ("Any", "사람이 푼 문제로 벤치마크인 QuizBench를 구축했습니다.", "벤치마크", True),
        ("Any", "QuizBench는 새로운 다국어 벤치마크입니다.", "벤치마크", True),
        ("Any", "세 벤치마크에서 앞선 방법을 제안합니다.", "벤치마크", False),
        ("Any", "벤치마크 점수를 올리는 방법을 소개합니다.", "벤치마크", False),
        ("Any", "We introduce a large multilingual dataset.", "dataset", True),
        ("Any", "We propose a method and test it on this dataset.", "dataset", False),
        ("A Survey of Datasets", "새로운 데이터셋을 소개합니다.", "데이터셋", False),
        ("Any", "보상을 무리 안에서 견주는 무리 최적화(GRPO)를 제안합니다.", "GRPO", False),
        ("GRPO: Group Rewards", "우리는 GRPO를 제안합니다.", "GRPO", True),
        ("Better GRPO", "GRPO를 고친 방법을 제안합니다.", "GRPO", False),
    ],
)
def test_a_new_thing_of_a_kind_is_told_from_one_that_is_only_used(
    title: str, text: str, term: str, proposes: bool
) -> None:
    paper = Paper("2401.00001", title, (date(2024, 1, 1),), None, (), False, None, (Bullet(text),), ())
    mentions = Catalogue({paper.arxiv_id: paper}).mentioning(meant(term))
    found = proposal(paper, mentions[paper.arxiv_id], meant(term))
    assert bool(found) is proposes


def _papers(*rows: tuple[str, str]) -> Catalogue:
    """Return a catalogue of titles and sentences, one paper a day, the newest first."""
    made = [
        Paper(f"2401.{n:05d}", title, (date(2024, 1, n),), None, (), False, None, (Bullet(said),), ())
        for n, (title, said) in enumerate(rows, start=1)
    ]
    return Catalogue({paper.arxiv_id: paper for paper in reversed(made)})


def test_who_brings_a_new_kind_of_a_thing_does_not_propose_the_thing() -> None:
    catalogue = _papers(
        ("Pyramidal Flow Matching", "새로운 피라미드 흐름 매칭을 제안합니다."),
        ("Snow", "조건부 flow matching을 도입합니다."),
        ("Ice", "We propose a new flow matching."),
    )
    assert coiners(catalogue, meant("플로우 매칭")) == {}


def test_who_names_a_thing_first_and_proposes_it_does() -> None:
    catalogue = _papers(
        ("Snow", "이 연구는 흐름 매칭을 제안합니다."),
        ("Ice", "우리는 흐름 매칭을 도입합니다."),
    )
    assert [*coiners(catalogue, meant("flow matching"))] == ["2401.00001"]


def test_a_name_is_proposed_by_the_paper_that_gives_it() -> None:
    catalogue = _papers(
        ("Groups", "무리 안에서 견주는 GroupRL이라는 방법을 제안합니다."), ("Ice", "GroupRL을 고친 방법을 제안합니다.")
    )
    assert [*coiners(catalogue, meant("GroupRL"))] == ["2401.00001"]


@pytest.mark.parametrize(
    ("text", "beaten"),
    [
        ("GateNet은 Mamba와 Fox에 비해 2.1배와 2.7배 빠릅니다.", True),
        ("Mamba 대비 계산을 2.8배에서 17배 가속합니다.", True),
        ("실험에서 Mamba를 크게 능가합니다.", True),
        ("이 방법은 Mamba보다 2배 빠릅니다.", True),
        ("Mamba와 같은 기존 모델을 넘어서는 정확도를 보입니다.", True),
        ("정확도는 Mamba에 비해 3점 높습니다.", True),
        ("We outperform Mamba on three tasks.", True),
        ("It is faster than the original Mamba.", True),
        ("Mamba는 트랜스포머보다 빠릅니다.", False),
        ("Mamba가 전체 학습에 비해 낮은 성능을 보입니다.", False),
        ("아직 Mamba를 능가하지 못합니다.", False),
        ("It does not outperform Mamba.", False),
        ("Mamba와 비슷한 성능을 냅니다.", False),
        ("Mamba를 사용해 긴 영상을 처리합니다.", False),
    ],
)
def test_what_is_better_than_a_name_is_told_from_what_it_is_better_than(text: str, beaten: bool) -> None:
    paper = Paper("2401.00001", "A Fox", (date(2024, 1, 1),), None, (), False, None, (Bullet(text),), ())
    mentions = Catalogue({paper.arxiv_id: paper}).mentioning(meant("Mamba"))
    assert (beats(paper, mentions[paper.arxiv_id], meant("Mamba")) is not None) is beaten


@pytest.mark.parametrize(
    ("title", "text", "extended"),
    [
        ("A Paper", "GRPO를 개선한 방법입니다.", True),
        ("A Paper", "GRPO의 한계를 극복하기 위해 보상을 나눕니다.", True),
        ("A Paper", "Dr. GRPO라는 편향 없는 방법을 제안합니다.", False),
        ("A Paper", "Step-GRPO라는 방법을 제안합니다.", True),
        ("Flow-GRPO: Training Flow Models", "온라인 강화 학습입니다. GRPO를 사용합니다.", True),
        ("A Paper", "GRPO로 학습해 정확도를 개선합니다.", False),
        ("A Paper", "GRPO의 성능을 평가합니다.", False),
        ("A Paper", "We propose an extension of GRPO.", True),
        ("A Paper", "It improves upon GRPO with dense rewards.", True),
        ("A Paper", "We train it with GRPO to improve accuracy.", False),
        ("A Survey of GRPO", "GRPO의 변형을 정리합니다.", False),
    ],
)
def test_what_improves_or_extends_a_thing_says_so_or_bears_its_name(title: str, text: str, extended: bool) -> None:
    paper = Paper("2401.00001", title, (date(2024, 1, 1),), None, (), False, None, (Bullet(text),), ())
    mentions = Catalogue({paper.arxiv_id: paper}).mentioning(meant("GRPO"))
    assert (extends(paper, mentions[paper.arxiv_id], meant("GRPO")) is not None) == extended
