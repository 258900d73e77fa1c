"""One word of denial excludes all that it lists, in both languages; and what sounds like a denial and is a topic stays one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.corpus.catalogue import Catalogue
from rag.evidence.matching import matching
from rag.questions.negation import denials, with_free, without_unwanted
from rag.questions.reader import understand
from rag.questions.tokens import tokenize
from tests.rag.conftest import AS_OF

_MODELS = {"mamba", "transformer", "맘바", "트랜스포머"}


def excluded(question: str, catalogue: Catalogue) -> list[str]:
    plan = understand(question, catalogue, AS_OF).plan
    return sorted(name.lower() for name in (*plan.not_terms, *plan.not_topics, *plan.not_sorts, *plan.not_authors))


@pytest.mark.parametrize(
    "question",
    [
        "Mamba도 Transformer도 쓰지 않은 논문은 몇 편?",
        "맘바도 트랜스포머도 안 쓴 논문 몇 편이야",
        "Mamba와 Transformer를 둘 다 쓰지 않은 논문",
        "Mamba나 Transformer를 사용하지 않은 논문은 몇 편인가요?",
        "Mamba와 Transformer를 뺀 논문은 몇 편?",
        "Mamba나 Transformer 없이 하는 논문",
        "papers that use neither Mamba nor Transformer",
        "papers without Mamba or Transformer",
        "papers that do not use Mamba or Transformer",
        "papers not about Mamba or Transformer",
        "papers without either Mamba or Transformer",
        "papers that use none of Mamba and Transformer",
        "papers that do not use Mamba and do not use Transformer",
    ],
)
def test_both_of_two_denied_names_are_excluded(question: str, catalogue: Catalogue) -> None:
    plan = understand(question, catalogue, AS_OF).plan
    found = excluded(question, catalogue)
    assert len(found) == 2
    assert set(found) <= _MODELS
    assert (plan.terms, plan.topics, plan.relation) == ((), (), None)
    asked = matching(plan, catalogue)[0]
    said = [f"{p.title} {' '.join(b.quote for _, bullets in p.summaries() for b in bullets)}".lower()
            for p in catalogue.papers.values()]  # fmt: skip
    free = sum(not any(name in text for name in _MODELS) for text in said)
    assert int(asked.sum()) == free


@pytest.mark.parametrize(
    "question",
    [
        "How many papers do not use both Mamba and Transformer?",
        "papers that do not use Mamba or do not use Transformer",
        "Mamba와 Transformer를 모두 쓰지는 않은 논문은 몇 편?",
        "Mamba와 Transformer를 함께 쓰지 않은 논문",
        "Mamba를 안 쓰거나 Transformer를 안 쓴 논문은 몇 편?",
        "Mamba를 쓰지 않거나 Transformer를 쓰지 않은 논문",
    ],
)
def test_two_names_that_are_denied_only_together_may_each_stand_alone(question: str, catalogue: Catalogue) -> None:
    plan = understand(question, catalogue, AS_OF).plan
    both, mamba, transformer = (
        matching(understand(f"{asked} 논문", catalogue, AS_OF).plan, catalogue)[0]
        for asked in ("Mamba와 Transformer를 모두 언급한", "Mamba를 언급한", "Transformer를 언급한")
    )
    assert (plan.terms, plan.topics, plan.relation) == ((), (), None)
    assert both.tolist() == (mamba & transformer).tolist()
    assert matching(plan, catalogue)[0].tolist() == (~both).tolist()


def test_two_who_did_not_write_together_may_each_have_written(catalogue: Catalogue) -> None:
    whole = len(catalogue.mask())
    by_both = catalogue.mask(catalogue.authors.papers("Albert Gu")) & catalogue.mask(
        catalogue.authors.papers("Tri Dao")
    )
    for question in ("papers not by both Albert Gu and Tri Dao", "Albert Gu와 Tri Dao가 함께 쓰지 않은 논문"):
        found = matching(understand(question, catalogue, AS_OF).plan, catalogue)[0]
        assert int(found.sum()) == whole - int(by_both.sum()), question
    alone = understand("Tri Dao가 Albert Gu와 같이 쓰지 않은 논문", catalogue, AS_OF).plan
    assert (alone.authors, alone.not_authors) == (("Tri Dao",), ("Albert Gu",))


@pytest.mark.parametrize(
    ("question", "names", "kept"),
    [
        ("강화학습도 로봇도 다루지 않은 디퓨전 논문", ["강화학습", "로봇"], ("디퓨전",)),
        ("diffusion papers about neither robots nor reinforcement learning", ["reinforcement learning", "robots"], ("diffusion",)),
        ("diffusion papers without robots or reinforcement learning", ["reinforcement learning", "robots"], ("diffusion",)),
        ("벤치마크도 데이터셋도 아닌 자율주행 논문", ["benchmark", "dataset"], ("자율주행",)),
        ("LLM 에이전트 논문, 서베이나 벤치마크는 빼고", ["benchmark", "survey"], ("LLM 에이전트",)),
        ("Mamba는 쓰고 Transformer는 쓰지 않은 논문", ["transformer"], ("Mamba",)),
        ("papers that use Mamba but not Transformer", ["transformer"], ("Mamba",)),
        ("papers not with Albert Gu", ["albert gu"], ()),
        ("앨버트 구를 제외한 Mamba 논문", ["albert gu"], ("Mamba",)),
        ("앨버트 구 말고 다른 사람이 쓴 논문", ["albert gu"], ()),
        ("Mamba 없이, 그리고 Transformer 없이 하는 논문 몇 편", ["mamba", "transformer"], ()),
        ("Transformer 없이 하는 논문은?", ["transformer"], ()),
        ("papers by neither Tri Dao nor Albert Gu", ["albert gu", "tri dao"], ()),
        ("Tri Dao도 Albert Gu도 쓰지 않은 Mamba 논문", ["albert gu", "tri dao"], ("Mamba",)),
        ("Tri Dao나 Albert Gu가 쓰지 않은 Mamba 논문", ["albert gu", "tri dao"], ("Mamba",)),
        ("Mamba를 안 쓴 논문", ["mamba"], ()),
        ("저자에 Albert Gu가 없는 논문은 몇 편?", ["albert gu"], ()),
        ("papers by anyone but Albert Gu", ["albert gu"], ()),
        ("papers by everybody except Albert Gu", ["albert gu"], ()),
        ("papers that neither propose nor use Mamba", ["mamba"], ()),
        ("papers on data augmentation without benchmarks", ["benchmark"], ("data augmentation",)),
    ],
)  # fmt: skip
def test_topics_kinds_and_people_are_excluded_as_names_are(
    question: str, names: Sequence[str], kept: tuple[str, ...], catalogue: Catalogue
) -> None:
    assert excluded(question, catalogue) == names
    plan = understand(question, catalogue, AS_OF).plan
    assert (*plan.terms, *plan.topics) == kept
    assert not plan.authors


def test_a_kind_that_is_denied_twice_is_asked_for(catalogue: Catalogue) -> None:
    for question in ("서베이가 아닌 것이 아닌 논문", "papers that are not without a survey"):
        plan = understand(question, catalogue, AS_OF).plan
        assert (plan.sorts, plan.not_sorts) == (("survey",), ())


@pytest.mark.parametrize(
    ("twice", "plainly"),
    [
        ("Mamba를 쓰지 않은 것이 아닌 논문", "Mamba를 쓴 논문"),
        ("Mamba를 다루지 않은 게 아닌 논문은 몇 편?", "Mamba를 다룬 논문은 몇 편?"),
        ("Mamba를 사용하지 않는 논문이 아닌 논문", "Mamba를 사용한 논문"),
        ("Mamba를 안 쓴 것이 아닌 논문", "Mamba를 쓴 논문"),
        ("Mamba를 제외하지 않은 논문은 몇 편?", "Mamba를 다룬 논문은 몇 편?"),
        ("papers not without Mamba", "papers with Mamba"),
        ("papers that do not exclude Mamba", "papers that have Mamba"),
        ("how many papers don't lack Mamba?", "how many papers have Mamba?"),
    ],
)
def test_what_is_denied_twice_is_asked_for(twice: str, plainly: str, catalogue: Catalogue) -> None:
    plan = understand(twice, catalogue, AS_OF).plan
    assert plan == understand(plainly, catalogue, AS_OF).plan
    assert plan.terms == ("Mamba",)
    assert (plan.not_terms, plan.not_topics) == ((), ())


@pytest.mark.parametrize(
    "question",
    ["라벨 없이 학습하는 분할 논문", "감독되지 않은 학습 논문", "보지 못한 데이터에 강한 논문", "Why does Mamba not use attention and MLP?",
     "Mamba는 왜 어텐션도 MLP도 쓰지 않아?", "training-free methods without fine-tuning", "속도도 정확도도 높인 논문"],
)  # fmt: skip
def test_what_only_sounds_like_a_denial_excludes_nothing(question: str, catalogue: Catalogue) -> None:
    assert excluded(question, catalogue) == []


def test_a_denial_alone_is_no_list() -> None:
    for question in ("않은", "without", "no", "neither nor", "도 도 않은", "than", "안"):
        tokens = tokenize(question)
        found = denials(question, tokens, ["B:topic"] * len(tokens), lambda word: False)
        assert not found.excluded
        assert len(found.tags) == len(tokens)


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("image editing papers, not the ones that need training", "image editing papers, training-free"),
        ("video papers that don't require any fine-tuning", "video papers training-free"),
        ("추가 학습이 필요 없는 이미지 편집 논문", "training-free 이미지 편집 논문"),
        ("파인튜닝 안 해도 되는 개인화 논문", "training-free 개인화 논문"),
        ("개인화 논문, 학습이 필요한 건 빼고", "개인화 논문, training-free"),
        ("학습 없이는 안 되는 논문", "학습 없이는 안 되는 논문"),
        ("papers on training robots", "papers on training robots"),
    ],
)
def test_what_needs_no_training_is_said_by_the_field_s_word(question: str, plain: str) -> None:
    assert with_free(question) == plain


def test_a_thing_that_is_not_needed_is_left_out(catalogue: Catalogue) -> None:
    assert without_unwanted("로봇 논문, 드론 쪽은 필요 없어요") == "로봇 논문, 드론 쪽은 빼고"
    assert without_unwanted("학습이 필요 없는 논문") == "학습이 필요 없는 논문"
    assert excluded("GUI 에이전트 논문, 모바일 쪽은 필요 없어", catalogue) == ["모바일"]


def test_what_papers_are_taken_out_of_is_not_left_out_itself(catalogue: Catalogue) -> None:
    assert excluded("이미지 생성 논문에서 벤치마크는 빼고 보여줘", catalogue) == ["benchmark"]
    plan = understand("이미지 생성 논문에서 벤치마크는 빼고 보여줘", catalogue, AS_OF).plan
    assert plan.topics == ("이미지 생성",)


@pytest.mark.parametrize(
    "question", ["benchmarks for coding agents other than SWE-bench", "코드 생성 벤치마크 중 SWE-bench 말고"]
)
def test_one_benchmark_that_is_left_out_leaves_the_others(question: str, catalogue: Catalogue) -> None:
    plan = understand(question, catalogue, AS_OF).plan
    assert plan.sorts == ("benchmark",)
    assert plan.not_sorts == ()
    assert "swe-bench" in excluded(question, catalogue)
