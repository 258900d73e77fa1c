"""The forms of an answer: overviews, reading lists, briefs, explanations, comparisons, recommendations, facts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from rag.answers.answer import Answer
from rag.answers.compose import compose
from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import statements
from rag.corpus.papers import Bullet, Paper
from rag.evidence.facts import joined_fields
from rag.evidence.gather import gather
from rag.evidence.groups import Group
from rag.evidence.overview import Step, overview
from rag.evidence.types import Evidence
from rag.index.ingest import ingest
from rag.language.text import Language
from rag.pipeline import Pipeline
from rag.questions.plan import Plan
from rag.questions.reading import Reading
from rag.wiring import embedder
from tests.doubles import entry, write_day
from tests.rag.conftest import settings_for
from vectorstore.store import open_store

LAST = date(2025, 5, 9)


def paper(number: int, title: str, *korean: str, votes: int | None = 1, days_ago: int = 0) -> Paper:
    day = LAST - timedelta(days=days_ago)
    bullets = tuple(map(Bullet, korean))
    return Paper(f"2505.{number:05d}", title, (day,), votes, ("Ada Kim",), False, None, bullets, ())


def answered(evidence: Evidence, *others: Paper) -> Answer:
    papers = sorted((*evidence.papers, *others), key=lambda p: p.date, reverse=True)
    return compose(evidence, Catalogue({p.arxiv_id: p for p in papers}))


def reading(plan: Plan, language: Language = "ko", **more: object) -> Reading:
    return Reading("질문", language, plan, "여우", **more)  # type: ignore[arg-type]


# --- Overviews and reading lists -------------------------------------------------------------------------------------
FOXES = tuple(
    paper(
        n, f"FoxNet {n}: Snow", f"FoxNet {n}은 여우 {n}마리의 발자국을 읽는 방법을 제안합니다.", votes=n, days_ago=3 * n
    )
    for n in range(1, 7)
)
OTHERS = tuple(paper(100 + n, f"Owl {n}", "새를 봅니다.", days_ago=n) for n in range(200))
GROUPS = (Group("발자국", FOXES[:4]), Group("그 밖", FOXES[4:]))


def seen_whole(language: Language = "ko", groups: tuple[Group, ...] = GROUPS, **more: object) -> Answer:
    asked = reading(Plan("list", terms=("여우",)), language, overview=True, **more)
    catalogue = Catalogue({p.arxiv_id: p for p in sorted((*FOXES, *OTHERS), key=lambda p: p.date, reverse=True)})
    evidence = Evidence(asked, FOXES, pool=6, groups=groups, overview=overview(FOXES, catalogue))
    return compose(evidence, catalogue)


def test_an_overview_counts_first_and_then_shows_each_group_with_its_two_best_papers() -> None:
    text = seen_whole().text
    first = text.split("\n\n")[0]
    assert first.startswith(
        "여우를 다룬 논문은 모두 6편입니다. 가장 이른 것은 2025년 4월 논문입니다. 앞선 석 달(2024-11-11~2025-02-08)에는 0편(전체 논문의 0%), "
        "최근 석 달(2025-02-09~2025-05-09)에는 6편(6.2%)으로 비중이 늘었습니다."
    )
    assert "표가 가장 많은 논문은 6표를 받은 [FoxNet 6: Snow](https://arxiv.org/abs/2505.00006)입니다. [1]" in first
    assert "- **발자국** · 4편\n   - [FoxNet 4: Snow](https://arxiv.org/abs/2505.00004) (4표): FoxNet 4은 여우" in text
    assert "   - [FoxNet 1: Snow](https://arxiv.org/abs/2505.00001) (1표): " in text  # the newest
    assert "FoxNet 3: Snow" not in text
    assert text.endswith("- 그 밖 · 2편")


def test_an_overview_in_english_marks_every_korean_sentence() -> None:
    text = seen_whole("en", (Group("tracks", FOXES[:4]), Group("others", FOXES[4:]))).text
    assert text.startswith(
        "There are 6 papers that involve 여우. The earliest is from April 2025. The three months to 2025-02-08 had 0"
    )
    assert text.count("(Korean summary)") == 2
    assert "- **tracks** · 4 papers" in text


def test_a_reading_list_is_numbered_and_says_why_each_paper_stands_there() -> None:
    steps = (Step(FOXES[0], "survey"), Step(FOXES[1], "named", named=3), Step(FOXES[2], "group", "발자국"), Step(FOXES[3], "most_voted"))  # fmt: skip
    said = {"ko": ["서베이", "다른 논문 3편이 언급", "‘발자국’ 쪽에서 표가 많음", "표가 많음"], "en": ["survey", "named by 3 other papers", "many votes on 발자국", "many votes"]}  # fmt: skip
    for language in ("ko", "en"):
        asked = reading(Plan("list", topics=("여우",)), language, ordered=True)  # type: ignore[arg-type]
        text = answered(Evidence(asked, FOXES, pool=6, topic=True, steps=steps)).text
        heads = [line.rpartition(" · ")[2] for line in text.splitlines() if re.match(r"\d+\. ", line)]
        assert heads == said[language]
    assert text.startswith(
        "4 of about 6 papers on “여우” to begin with, in this order: surveys, papers that others name most,"
    )


def test_an_overview_without_groups_lists_all_of_its_papers() -> None:
    text = seen_whole(groups=()).text
    assert len(re.findall(r"^\d+\. \[FoxNet", text, re.MULTILINE)) == 6


# --- Explanations, comparisons and briefs over a store ---------------------------------------------------------------
@pytest.fixture(scope="module")
def snow(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A store of invented digests."""
    folder = tmp_path_factory.mktemp("snow")
    days = folder / "digests"
    write_day(
        days, "2024-06-10",
        entry("2406.00001", "SnowScan: Reading Tracks", (
            "SnowScan은 눈 위의 발자국을 읽는 새로운 모델입니다.", "두 단계로 학습한 인코더를 결합하여 발자국을 나눕니다.",
            "발자국 사진 12만 장으로 학습합니다.", "정확도 91%를 달성하여 기존 모델을 능가합니다.", "밤에는 발자국을 읽지 못한다는 한계가 있습니다.",
        ), votes=9, authors=("Ada Kim", "Bo Lee")),
        entry("2406.00002", "HareScan: Small Tracks", (
            "HareScan은 토끼 발자국을 찾는 프레임워크입니다.", "SnowScan보다 세 배 빠릅니다.",
        ), votes=4, authors=("Cy Park",)),
    )  # fmt: skip
    write_day(
        days, "2024-06-11",
        entry("2406.00003", "Tuning Models on Few Photos", ("TrackTune은 적은 사진으로 모델을 조정하는 방법입니다.", "눈을 잽니다."), votes=2),
        entry("2406.00004", "Reading Autumn", ("TrackTune을 사용하여 낙엽을 읽습니다.", "QTrackTune은 더 작은 방법입니다."), votes=7),
    )  # fmt: skip
    settings = settings_for(folder / "store")
    ingest(open_store(settings.store, folder), embedder(settings), [days])
    return Pipeline(settings)


def told(pipeline: Pipeline, plan: Plan, language: Language = "ko", query: str = "", **more: object) -> Answer:
    """Answer a plan as the reader would hand it over."""
    snapshot = pipeline.snapshot()
    asked = Reading(query, language, plan, query, **more)  # type: ignore[arg-type]
    return compose(gather(asked, snapshot.catalogue, snapshot.retriever, 5), snapshot.catalogue)


def test_a_thing_that_no_paper_proposes_is_explained_by_a_sentence_that_defines_it(snow: Pipeline) -> None:
    for language, said in (("ko", "TrackTune을 제안한 논문은 색인에 없고, 언급한 논문은 2편입니다."), ("en", "No indexed paper proposes TrackTune; 2 papers name it.")):  # fmt: skip
        answer = told(snow, Plan("explain", terms=("TrackTune",)), language)  # type: ignore[arg-type]
        assert answer.text.startswith(said)
        assert answer.text.count("TrackTune은 적은 사진으로 모델을 조정하는 방법입니다.") == 1
        assert not re.search("눈을 잽니다|QTrackTune", answer.text)
        assert answer.papers == ("2406.00003",)


def test_what_a_thing_is_good_for_is_told_below_where_it_is_asked(tmp_path: Path) -> None:
    write_day(
        tmp_path / "digests", "2024-06-10",
        entry("2406.00001", "Tuning", ("TrackTune은 적은 사진으로 모델을 조정하는 방법입니다.",)),
        entry("2406.00002", "Autumn", ("TrackTune은 학습 비용을 줄입니다.",)),
        entry("2406.00003", "Winter", ("LeafTune은 나뭇잎의 색을 읽는 신경망 모델입니다.",)),
        entry("2406.00004", "Spring", ("봄에 LeafTune을 씁니다.",)),
    )  # fmt: skip
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [tmp_path / "digests"])
    pipeline = Pipeline(settings)
    text = told(pipeline, Plan("explain", terms=("TrackTune",)), why=True).text
    assert (
        text.index("조정하는 방법입니다.")
        < text.index("**왜 쓰는가**")
        < text.index("TrackTune은 학습 비용을 줄입니다.")
    )
    assert "왜 쓰는가" not in told(pipeline, Plan("explain", terms=("TrackTune",))).text
    lacking = told(pipeline, Plan("explain", terms=("LeafTune",)), why=True).text
    assert "왜 쓰는지 따로 적은 문장은 요약에서 찾지 못했습니다." in lacking
    english = told(pipeline, Plan("explain", terms=("LeafTune",)), "en", why=True).text
    assert "No other sentence of the summaries says what it is good for." in english


def test_a_paper_is_explained_by_its_defining_sentence_above_the_rest(snow: Pipeline) -> None:
    answer = told(snow, Plan("explain", papers=("2406.00001",)), query="SnowScan")
    parts = answer.text.split("\n\n")
    assert parts[1] == "SnowScan은 눈 위의 발자국을 읽는 새로운 모델입니다. [1]"
    assert parts[2].count("\n- ") + 1 == 4


def test_an_attribute_that_a_summary_does_not_treat_is_not_explained(snow: Pipeline) -> None:
    for query in ("SnowScan의 이산화탄소 배출량 설명해줘", "Explain the carbon footprint of SnowScan"):
        answer = told(snow, Plan("explain", papers=("2406.00001",)), query=query)
        assert (answer.reason, answer.citations) == ("field_not_in_digest", ())


def test_a_comparison_has_a_row_for_each_aspect_and_says_what_a_summary_lacks(snow: Pipeline) -> None:
    plan = Plan("compare", terms=("SnowScan", "HareScan"), papers=("2406.00001", "2406.00002"))
    text = told(snow, plan, about=("SnowScan", "HareScan")).text
    rows = {
        row.split(" | ")[0].removeprefix("| "): row.split(" | ")[1:] for row in text.splitlines() if row[0:1] == "|"
    }
    assert rows["무엇인가"][0] == "SnowScan은 눈 위의 발자국을 읽는 새로운 모델입니다. [1]"
    assert rows["방법"][0] == "두 단계로 학습한 인코더를 결합하여 발자국을 나눕니다. [1]"
    assert rows["데이터와 크기"] == ["발자국 사진 12만 장으로 학습합니다. [1]", "요약에 없음 |"]
    assert rows["결과"][0] == "정확도 91%를 달성하여 기존 모델을 능가합니다. [1]"
    assert rows["한계"] == ["밤에는 발자국을 읽지 못한다는 한계가 있습니다. [1]", "요약에 없음 |"]
    assert rows["날짜"] == ["2024-06-10", "2024-06-10 |"]
    assert rows["표"] == ["9표", "4표 |"]
    english = told(snow, plan, "en").text
    assert (
        "| Limits | 밤에는 발자국을 읽지 못한다는 한계가 있습니다. (Korean summary) [1] | not in the summary |"
        in english
    )


def test_a_name_without_a_paper_is_compared_by_those_that_use_it_and_never_by_a_look_alike(snow: Pipeline) -> None:
    answer = told(
        snow, Plan("compare", terms=("TrackTune", "SnowScan"), papers=("2406.00001",)), about=("TrackTune", "SnowScan")
    )
    assert answer.text.startswith(
        "TrackTune 자체를 다룬 논문은 색인에 없어, 언급한 논문 2편 가운데 1편의 문장으로 비교합니다."
    )
    assert "낙엽" not in answer.text  # what a paper does with it is not what it is
    assert "| 항목 | TrackTune | [SnowScan" in answer.text
    assert "QTrackTune" not in answer.text


def test_things_of_which_no_aspect_is_told_twice_stand_below_each_other(tmp_path: Path) -> None:
    write_day(
        tmp_path / "digests", "2024-06-10",
        entry("2406.00001", "Leaves", ("LeafTune은 잎의 색을 읽는 방법입니다.",)),
        entry("2406.00002", "Trees", ("나무는 RootTune으로 학습해 91%를 얻었습니다.",)),
    )  # fmt: skip
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [tmp_path / "digests"])
    names = ("LeafTune", "RootTune")
    text = told(Pipeline(settings), Plan("compare", terms=names), about=names).text
    assert "|" not in text
    assert "같은 면을 나란히 견줄 문장은 요약에 없습니다." in text
    assert text.index("**LeafTune**") < text.index("잎의 색을 읽는 방법입니다.")


def test_concepts_are_compared_by_what_treats_both_first_and_by_sentences_of_their_own(tmp_path: Path) -> None:
    write_day(
        tmp_path / "digests", "2024-06-10",
        entry("2406.00001", "Leaves", ("LeafTune은 잎의 색을 읽는 방법입니다.", "LeafTune은 잎의 결을 따라 색을 계산합니다.")),
        entry("2406.00002", "Roots", ("RootTune은 뿌리의 깊이를 재는 기법입니다.", "정확도는 80%입니다.")),
        entry("2406.00003", "Trees", ("OakNet은 LeafTune을 활용하여 나무를 봅니다.", "OakNet은 RootTune으로 학습해 91%를 얻었습니다.")),
        entry("2406.00004", "Woods", ("LeafTune은 RootTune보다 빠르지만 얕은 뿌리를 놓칩니다.",)),
        entry("2406.00005", "Parks", ("LeafTune, RootTune 등을 모두 씁니다.",)),
    )  # fmt: skip
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [tmp_path / "digests"])
    names = ("LeafTune", "RootTune")
    text = told(Pipeline(settings), Plan("compare", terms=names), about=names).text
    assert text.index("함께 다룬 논문") < text.index("LeafTune은 RootTune보다 빠르지만") < text.index("| 항목 |")
    assert "등을 모두 씁니다" not in text  # it names both and compares nothing
    assert "OakNet" not in text
    assert "80%" not in text
    rows = {row.split(" | ")[0].removeprefix("| "): row for row in text.splitlines() if row[:1] == "|"}
    assert "잎의 색을 읽는 방법입니다." in rows["무엇인가"]
    assert "뿌리의 깊이를 재는 기법입니다." in rows["무엇인가"]
    assert rows["방법"].endswith("| – |")
    assert not {"결과", "데이터와 크기", "한계"} & rows.keys()


def test_names_that_no_paper_has_are_said_to_be_missing_in_one_sentence(snow: Pipeline) -> None:
    names = ("Zaxo", "Yuvi", "Wopo", "Viki", "Umlu")
    answer = told(snow, Plan("compare"), unknown=names)
    assert (answer.status, answer.reason, answer.citations) == ("no_evidence", "no_evidence", ())
    assert all(name in answer.text for name in names)
    assert len(answer.text) < 200
    english = told(snow, Plan("compare"), "en", unknown=names).text
    assert english.startswith(
        "No indexed paper is named “Zaxo”, “Yuvi”, “Wopo”, “Viki” or “Umlu”, so it is not compared."
    )


def test_a_period_without_digests_is_told_with_the_nearest_days(snow: Pipeline) -> None:
    plan = Plan("digest", date_from=date(2024, 7, 1), date_to=date(2024, 8, 1))
    answer = told(snow, plan, overview=True)
    assert answer.reason == "after_last_digest"
    assert "2024-06-11(논문 2편)" in answer.text


def test_a_short_period_lists_all_of_its_papers_by_votes(snow: Pipeline) -> None:
    plan = Plan("digest", date_from=date(2024, 6, 10), date_to=date(2024, 6, 12))
    answer = told(snow, plan, overview=True)
    assert answer.papers == ("2406.00001", "2406.00004", "2406.00002", "2406.00003")
    assert len(re.findall(r"^\d\. \[", answer.text, re.MULTILINE)) == 4


# --- Recommendations -------------------------------------------------------------------------------------------------
def test_one_paper_is_recommended_with_reasons_that_are_counted(snow: Pipeline) -> None:
    answer = told(snow, Plan("list"), one=True)
    assert answer.papers == ("2406.00001",)
    assert "4편 가운데 표가 가장 많습니다(9표). 다음으로 많은 논문보다 2표 많습니다: [Reading Autumn]" in answer.text
    english = told(snow, Plan("list"), "en", one=True).text
    assert "It has the most votes of 4 papers (9). That is 2 more than the next: [Reading Autumn]" in english


def test_of_equal_votes_the_newest_is_recommended_and_the_tie_is_told(tmp_path: Path) -> None:
    write_day(tmp_path / "digests", "2024-06-10", entry("2406.00001", "Old Snow", ("눈입니다.",), votes=5))
    write_day(tmp_path / "digests", "2024-06-11", entry("2406.00002", "New Snow", ("비입니다.",), votes=5))
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [tmp_path / "digests"])
    answer = told(Pipeline(settings), Plan("list"), one=True)
    assert answer.papers == ("2406.00002",)
    assert "같은 표를 받은 논문이 1편 더 있어, 그 가운데 가장 최근 논문을 골랐습니다." in answer.text


# --- Facts -----------------------------------------------------------------------------------------------------------
SPEED = (
    "이는 기존의 HareScan보다 최대 11.5배 빠른 성능을 나타내면서도 발자국의 깊이를 그대로 재고 정확도를 잃지 않습니다."
)


def fact(*korean: str, language: Language = "ko", aspect: str = "speed", query: str = "속도", **more: object) -> Answer:
    fox = paper(1, "SnowScan: Reading Tracks", *korean)
    asked = Reading(query, language, Plan("fact", papers=(fox.arxiv_id,)), query, aspect=aspect)
    return answered(Evidence(asked, (fox,), quotes={fox.arxiv_id: statements(fox)}, **more))  # type: ignore[arg-type]


def test_a_speed_is_lifted_into_one_sentence_in_the_readers_language() -> None:
    assert fact(SPEED).text.startswith(f"SnowScan은 기존의 HareScan보다 최대 11.5배 빠릅니다. [1]\n\n- {SPEED} [1]")
    english = fact(SPEED, language="en").text
    assert english.startswith(
        f"SnowScan is up to 11.5 times as fast as HareScan. [1]\n\n- {SPEED} (Korean summary) [1]"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "HareScan은 ElkScan보다 최대 3배 빠르다고 알려져 있으나 여기서는 다른 망을 살펴보고 있으며 그 결과를 함께 적어 둡니다.",  # of another
        "이는 HareScan보다 2배, ElkScan보다 3배 빠르며 메모리는 더 적게 쓰는 것으로 나타나 작은 기기에서도 잘 돌아갑니다.",  # two of them
    ],
)
def test_a_speed_that_is_not_plainly_the_papers_own_is_only_quoted(sentence: str) -> None:
    assert fact(sentence).text.startswith(sentence)


def test_rates_are_told_with_their_device() -> None:
    said = "SnowScan은 단일 RTX 4090 GPU에서 평균 13.2 토큰/초, 최고 29.1 토큰/초의 생성 속도를 달성하며 이는 서버급 장비와 견줄 만합니다."
    assert fact(said).text.startswith("SnowScan의 속도는 RTX 4090에서 평균 13.2 토큰/초, 최고 29.1 토큰/초입니다. [1]")
    assert fact(said, language="en").text.startswith("SnowScan reaches 13.2 tokens/s on average and 29.1 tokens/s at most on RTX 4090. [1]")  # fmt: skip


def test_words_that_were_read_otherwise_are_told_without_blame() -> None:
    fox = paper(1, "FoxNet: Snow", "FoxNet은 눈을 읽습니다.")
    for language, said in (("ko", "‘폭스넽’은 ‘폭스넷’으로 읽었습니다."), ("en", "Read as: “폭스넽” → “폭스넷”.")):
        asked = reading(Plan("list", topics=("폭스넷",)), language, read_as=(("폭스넽", "폭스넷"),))  # type: ignore[arg-type]
        assert answered(Evidence(asked, (fox,), pool=1, topic=True)).text.startswith(said)


def test_a_set_of_one_paper_is_no_estimate_of_which_some_may_not_fit() -> None:
    for language, said, other in (
        ("ko", "빠진 논문이 있을 수 있습니다.", "추정값"),
        ("en", "others may be missing.", "an estimate"),
    ):
        asked = reading(Plan("list", topics=("여우",)), language)  # type: ignore[arg-type]
        one = answered(Evidence(asked, FOXES[:1], pool=1, topic=True)).text
        assert said in one
        assert other not in one
        assert other in answered(Evidence(asked, FOXES, pool=6, topic=True)).text


def test_a_topic_is_quoted_as_it_stands_in_the_question() -> None:
    asked = replace(reading(Plan("list", topics=("기억 아끼",))), question="기억 아끼는 논문")
    assert answered(Evidence(asked, FOXES, pool=6, topic=True)).text.startswith("기억 아끼는 논문은 약 6편입니다.")


def test_what_only_comes_near_is_said_to_be_near() -> None:
    said = "SnowScan은 기존 망보다 세 배 빠릅니다."
    korean = fact(said, unstated=True, missing=("H100",)).text
    english = fact(said, language="en", unstated=True, missing=("H100",)).text
    assert korean.startswith("요약에는 ‘H100’ 관련 내용이 나와 있지 않습니다. 가장 가까운 문장:")
    assert english.startswith("The summary does not state “H100”; nearest:")
    assert korean.count(said) == english.count(said) == 1


@pytest.mark.parametrize(
    ("fields", "korean", "english"),
    [
        (("votes",), "SnowScan의 투표 수는 9표입니다. [1]", "SnowScan had 9 votes on the day of its digest. [1]"),
        (("date", "votes", "authors"), "SnowScan은 2024-06-10 다이제스트에 실렸고, 투표 수는 9표이고, 저자는 Ada Kim, Bo Lee입니다. [1]",
         "SnowScan was featured in the digest of 2024-06-10, had 9 votes on the day of its digest and was written by Ada Kim and Bo Lee. [1]"),
    ],
)  # fmt: skip
def test_facts_of_the_metadata_are_told_in_one_sentence(
    fields: tuple[str, ...], korean: str, english: str, snow: Pipeline
) -> None:
    catalogue = snow.snapshot().catalogue
    fox = catalogue.papers["2406.00001"]
    for language, said in (("ko", korean), ("en", english)):
        asked = Reading("", language, Plan("fact", papers=(fox.arxiv_id,)), "", field=fields[0])  # type: ignore[arg-type]
        evidence = Evidence(asked, (fox,), quotes={fox.arxiv_id: ()}, fields=fields)  # type: ignore[arg-type]
        assert compose(evidence, catalogue).text.splitlines()[0] == said


def test_of_many_authors_the_first_are_named_and_the_others_counted() -> None:
    many = replace(paper(1, "Crowd: Snow"), authors=tuple(f"Kim {n}" for n in range(40)))
    asked = Reading("", "ko", Plan("fact", papers=(many.arxiv_id,)), "", field="authors")
    text = answered(Evidence(asked, (many,), quotes={many.arxiv_id: ()})).text
    assert text.startswith("Crowd의 저자는 Kim 0, Kim 1, Kim 2, Kim 3, Kim 4, Kim 5 외 34명(모두 40명)입니다. [1]")


def test_several_facts_of_one_paper_asked_in_one_question_are_one_part() -> None:
    fox, owl = paper(1, "FoxNet: Snow"), paper(2, "OwlNet: Night")

    def part(field: str | None, *papers: Paper) -> Evidence:
        return Evidence(reading(Plan("fact"), field=field), papers)

    parts = [part("date", fox), part("votes", fox), part("authors", owl), part(None, owl), part("link", owl)]
    assert [(one.papers, one.fields) for one in joined_fields(parts)] == [
        ((fox,), ("date", "votes")), ((owl,), ()), ((owl,), ()), ((owl,), ()),
    ]  # fmt: skip


# --- Odd summaries ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "said",
    [
        ("한 문장입니다.",),
        tuple(f"여우 {n}마리가 눈 위를 걷습니다." for n in range(100)),
        (
            "| 모델 | 점수 |",
            "|---|---|",
            "| FoxNet | 91 |",
            "`run --fast` 로 돌립니다.",
            "['7.8B 모델입니다.', '{\"code\": \"x\"}']",
        ),
        (),
    ],
)
@pytest.mark.parametrize("kind", ["explain", "compare", "list", "digest"])
def test_an_odd_summary_makes_a_clear_answer(kind: str, said: tuple[str, ...], tmp_path: Path) -> None:
    write_day(tmp_path / "digests", "2024-06-11", entry("2406.00001", "FoxNet: Snow", said, votes=1))
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [tmp_path / "digests"])
    plan = Plan(kind, papers=("2406.00001",) if kind != "digest" else (), date_from=date(2024, 6, 11))  # type: ignore[arg-type]
    answer = told(Pipeline(settings), plan, overview=kind in ("list", "digest"))
    assert answer.status == "answered"
    assert len(answer.text) < 2_500
    assert not re.search(r"\[['\"]|\{['\"]", answer.text)
    rows = [line for line in answer.text.splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1
