"""Short questions that lean on the one before, over the sample digests through the pipeline; expectations by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue
from rag.questions.leaning import as_meant
from rag.questions.reader import understand
from rag.questions.reading import Turn
from tests.rag.conftest import AS_OF

Ask = Callable[..., Answer]
DIFFUSION = ("디퓨전 논문", "papers on diffusion")


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (DIFFUSION[0], "비디오 쪽으로"),
        (DIFFUSION[0], "이번엔 비디오 쪽"),
        (DIFFUSION[1], "in video"),
        (DIFFUSION[1], "now the video ones"),
    ],
)
def test_a_side_of_a_topic_is_a_part_of_the_answer_before(before: str, question: str, ask: Ask) -> None:
    whole, side = ask(before), ask(question, before)
    assert set() < set(side.papers) < set(whole.papers)


@pytest.mark.parametrize(("before", "question"), [(DIFFUSION[0], "그럼 RLHF는?"), (DIFFUSION[1], "what about RLHF?")])
def test_another_topic_is_asked_for_in_place_of_the_first(before: str, question: str, ask: Ask) -> None:
    assert ask(question, before).plan.papers == ()


@pytest.mark.parametrize(("before", "question"), [(DIFFUSION[0], "벤치마크도 있어?"), (DIFFUSION[1], "any benchmark?")])
def test_a_kind_of_paper_alone_narrows_the_answer_before(before: str, question: str, ask: Ask) -> None:
    plan = ask(question, before).plan
    assert (plan.topics, plan.sorts) == (ask(before).plan.topics, ("benchmark",))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("아니, 의료 쪽 RAG 말한 거였어요", "의료 쪽 RAG 논문"), ("내가 찾는 건 맘바", ""), ("sorry, i meant RAG for finance", "papers on RAG for finance"),
        ("I MEANT SNOW MAPS", "papers on snow maps"), ("papers on snow", ""),
    ],
)  # fmt: skip
def test_a_correction_asks_anew(text: str, meant: str) -> None:
    assert as_meant(text) == meant


@pytest.mark.parametrize(
    ("top", "detour", "question"),
    [
        ("2023년 12월 투표 상위 3편", "2번째 요약해줘", "세 번째는 몇 표야?"),
        ("top 3 of december 2023 by votes", "summarize the second one", "how many votes did the third get?"),
    ],
)
def test_a_place_is_one_of_the_last_list(top: str, detour: str, question: str, ask: Ask) -> None:
    assert ask(question, top, detour).plan.papers == (ask(top).papers[2],)


@pytest.mark.parametrize(
    ("before", "question"),
    [("Gamba가 뭐야?", "비슷한데 더 옛날 건?"), ("what is Gamba?", "anything similar but older?")],
)
def test_similar_papers_can_be_older(before: str, question: str, ask: Ask, catalogue: Catalogue) -> None:
    answer = ask(question, before)
    assert answer.plan.kind == "similar"
    assert {catalogue.papers[i].date for i in answer.papers}
    assert all(catalogue.papers[i].date < date(2024, 3, 28) for i in answer.papers)


@pytest.mark.parametrize(
    ("before", "question"),
    [(f"{DIFFUSION[0]} 하나 추천해줘", "다른 거"), ("recommend one paper on diffusion", "something else")],
)
def test_another_one_is_the_next_and_no_list(before: str, question: str, ask: Ask) -> None:
    first, second = ask(before), ask(question, before)
    assert (len(first.papers), len(second.papers)) == (1, 1)
    assert first.papers != second.papers


@pytest.mark.parametrize(("before", "question"), [(DIFFUSION[0], "몇 편이야?"), (DIFFUSION[1], "how many are there?")])
def test_how_many_counts_the_answer_before(before: str, question: str, ask: Ask) -> None:
    assert ask(question, before).plan.kind == "count"
    assert ask(question, before).count == ask(before).count


@pytest.mark.parametrize(
    ("before", "question"), [("2023년 12월 베스트 논문", "3월은?"), ("best papers of december 2023", "and march?")]
)
def test_a_month_alone_is_asked_for_in_place_of_the_first(before: str, question: str, ask: Ask) -> None:
    plan = ask(question, before).plan
    assert (plan.kind, plan.date_from) == ("superlative", date(2024, 3, 1))


@pytest.mark.parametrize(
    ("before", "less", "question"),
    [
        ("2023년 12월 베스트 논문", "비디오 관련은 빼줘", "6월은?"),
        ("best papers of december 2023", "drop the ones about video", "and june?"),
    ],
)
def test_other_days_after_a_pick_are_asked_of_all_papers(before: str, less: str, question: str, ask: Ask) -> None:
    plan = ask(question, before, less).plan
    assert (plan.kind, plan.papers, plan.date_from and plan.date_from.month) == ("superlative", (), 6)
    assert plan.not_topics or plan.not_terms


@pytest.mark.parametrize(
    ("question", "kind"),
    [("Albert Gu가 누구야?", "author"), ("who is Albert Gu?", "author"), ("who works with Albert Gu?", "trend")],
)
def test_who_somebody_is_and_works_with(question: str, kind: str, catalogue: Catalogue) -> None:
    assert understand(question, catalogue, AS_OF).plan.kind == kind


@pytest.mark.parametrize(("before", "question"), [(DIFFUSION[0], "코드 있어?"), (DIFFUSION[1], "code released?")])
def test_a_release_is_asked_of_all_papers_before(before: str, question: str, catalogue: Catalogue, ask: Ask) -> None:
    first = ask(before)
    plan = understand(question, catalogue, AS_OF, before=Turn(understand(before, catalogue, AS_OF), first.papers)).plan
    assert (plan.topics, plan.sorts) == (first.plan.topics, ("open code",))


@pytest.mark.parametrize(
    ("history", "question"),
    [
        (("Gamba가 뭐야?", "누가 썼어?"), "첫 번째 저자의 다른 논문도 있나?"),
        (("what is Gamba?", "who wrote it?"), "other papers by the first author"),
    ],
)
def test_the_first_author_of_a_paper_has_others(
    history: tuple[str, ...], question: str, ask: Ask, catalogue: Catalogue
) -> None:
    assert ask(question, *history).plan.authors == catalogue.papers["2403.18795"].authors[:1]


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("2023년 12월 논문 3편만", "하나만 더"),
        ("3 papers from december 2023", "another one"),
        (f"{DIFFUSION[0]} 3편만", "하나만 더"),
        ("3 papers on diffusion", "another one"),
    ],
)
def test_one_more_is_the_paper_behind_those_shown(before: str, question: str, ask: Ask) -> None:
    first, more = ask(before), ask(question, before)
    assert len(more.papers) == 1
    assert more.papers[0] not in first.papers
    again = ask(question, before, question)
    assert len({*first.papers, *more.papers, *again.papers}) == len(first.papers) + 2
    assert (again.plan.kind, again.plan.skip) == (first.plan.kind, 4)  # in the order of the list


@pytest.mark.parametrize(
    ("text", "kept"), [("음성 합성말고 인식", "음성 인식"), ("diffusion빼고 이미지 생성", "이미지 생성")]
)
def test_a_word_of_exclusion_may_be_glued_to_its_noun(text: str, kept: str, catalogue: Catalogue) -> None:
    assert "말고" not in " ".join(understand(text, catalogue, AS_OF).plan.topics)
    assert understand(text, catalogue, AS_OF).plan.topics[-1].split()[-1] == kept.split()[-1]


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("PM인데 GUI 에이전트 논문 뭐가 있어?", ("GUI 에이전트",)),
        ("I am a second-year PhD student looking for papers on protein design", ("protein design",)),
        ("thanks! now papers on protein design", ("protein design",)),
    ],
)
def test_who_asks_is_no_part_of_the_topic(question: str, topics: tuple[str, ...], catalogue: Catalogue) -> None:
    assert understand(question, catalogue, AS_OF).plan.topics == topics


@pytest.mark.parametrize("question", ["february", "2월", "self-driving simulators w/ code"])
def test_days_alone_and_releases_are_about_papers(question: str, catalogue: Catalogue) -> None:
    assert understand(question, catalogue, AS_OF).plan.kind != "out_of_scope"


@pytest.mark.parametrize(
    ("before", "question"),
    [("2023년 12월 논문 요약해줘", "아니 2024년 3월 말한거야"), ("summarize december 2023", "march 2024 i mean")],
)
def test_days_that_were_meant_take_the_place_of_those_before(before: str, question: str, ask: Ask) -> None:
    first, meant = ask(before).plan, ask(question, before).plan
    assert (meant.kind, meant.date_from, meant.date_to) == (first.kind, date(2024, 3, 1), date(2024, 4, 1))


@pytest.mark.parametrize(
    ("before", "question"), [("2023년 12월 논문", "거기서 상위 2편"), ("papers from december 2023", "top 2 there")]
)
def test_a_ranking_of_there_is_one_of_the_answer_before(before: str, question: str, ask: Ask) -> None:
    plan = ask(question, before).plan
    assert (plan.kind, plan.limit, plan.date_from) == ("superlative", 2, date(2023, 12, 1))


@pytest.mark.parametrize(
    ("before", "question"),
    [("2023년 12월 논문", "첫 번째 거 두 문장으로"), ("papers from december 2023", "the first one in two sentences")],
)
def test_one_of_the_list_is_told_again_and_not_the_list(before: str, question: str, ask: Ask) -> None:
    assert ask(question, before).plan.papers == ask(before).papers[:1]


# --- What a question goes on from --------------------------------------------------------------------------------------
VIDEO = {"2312.12490", "2312.00777", "2312.12491"}  # papers on diffusion that make videos
RADEDIT = "2312.12865"


@pytest.mark.parametrize(
    ("first", "second", "question"),
    [
        (DIFFUSION[0], "표가 제일 많은 건?", "비디오 쪽만"),
        (DIFFUSION[1], "which one has the most votes?", "only the video ones"),
        (DIFFUSION[1], "who wrote the second one?", "only the video ones"),
    ],
)
def test_a_part_is_asked_of_the_set_that_one_paper_was_picked_from(
    first: str, second: str, question: str, ask: Ask
) -> None:
    assert set(ask(question, first, second).papers) == VIDEO


@pytest.mark.parametrize(
    ("first", "second", "question"),
    [
        (DIFFUSION[0], "표가 제일 많은 건?", "모두 몇 편이었어?"),
        (DIFFUSION[1], "which one has the most votes?", "how many were there in total?"),
    ],
)
def test_a_set_about_a_topic_is_counted_as_an_estimate_again(first: str, second: str, question: str, ask: Ask) -> None:
    plan = ask(question, first, second).plan
    assert (plan.kind, plan.papers, plan.topics) == ("count", (), ask(first).plan.topics)


def test_other_days_are_asked_of_the_set_that_one_paper_was_picked_from(ask: Ask) -> None:
    plan = ask("12월 6일은?", "2023년 12월 4일 논문", "표가 제일 많은 건?").plan
    assert (plan.date_from, plan.date_to, plan.papers) == (date(2023, 12, 6), date(2023, 12, 7), ())


@pytest.mark.parametrize(
    ("first", "second", "question"),
    [(DIFFUSION[0], "비디오 쪽은?", "그럼 의료 영상은?"), (DIFFUSION[1], "for video?", "and for medical images?")],
)
def test_a_second_side_takes_the_place_of_the_first(first: str, second: str, question: str, ask: Ask) -> None:
    assert ask(question, first, second).papers == (RADEDIT,)


@pytest.mark.parametrize(
    ("first", "question", "said"),
    [
        (DIFFUSION[0], "자율주행 쪽은?", "앞선 답의 논문 가운데에는 꼭 맞는 것이 없어 전체 논문에서 찾았습니다."),
        (
            DIFFUSION[1],
            "for autonomous driving?",
            "No paper of the last answer fits well, so all papers were searched.",
        ),
    ],
)
def test_what_no_paper_of_the_answer_is_about_is_looked_for_in_all(
    first: str, question: str, said: str, ask: Ask
) -> None:
    answer = ask(question, first)
    assert answer.text.startswith(said)
    assert "2312.00438" in answer.papers  # Dolphins, a model for driving


def test_only_looks_nowhere_else(ask: Ask) -> None:
    for first, question in ((DIFFUSION[0], "자율주행 쪽만"), (DIFFUSION[1], "only autonomous driving")):
        answer = ask(question, first)
        assert set(answer.papers) < set(ask(first).papers)
        assert "가장 가까운 논문" in answer.text or "nearest" in answer.text


@pytest.mark.parametrize(
    ("question", "history", "counts"),
    [
        ("둘 중 언제가 더 많아?", ("2023년 12월 논문", "2024년 3월은?"), ("53편", "10편")),
        ("which month had more?", ("papers of December 2023", "and March 2024?"), ("53 papers", "10 papers")),
    ],
)
def test_which_of_the_last_times_had_more_counts_each(
    question: str, history: tuple[str, ...], counts: tuple[str, ...], ask: Ask
) -> None:
    text = ask(question, *history).text
    assert all(count in text for count in counts)


# --- Small corrections, places and orders ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("history", "question", "kind", "papers"),
    [
        ((DIFFUSION[0], "표가 많은 순으로 5개"), "아니 5개 말고 3개", "superlative", ("2406.06525", "2312.12491", "2312.02201")),
        ((DIFFUSION[1],), "newest 3", "superlative", ("2406.05768", "2406.06133", "2406.06424")),
        ((DIFFUSION[0],), "추천 제일 적은 건?", "superlative", ("2406.06133",)),
        ((DIFFUSION[1],), "#3 please", "explain", ("2312.12487",)),
        ((DIFFUSION[0], "첫번째 거 요약"), "아니 두번째 거 말한 건데", "explain", ("2312.02201",)),
        ((DIFFUSION[1], "compare the first two"), "which one is older?", "superlative", ("2312.00210",)),
    ],
)  # fmt: skip
def test_a_place_a_number_and_an_order_are_of_the_list_before(
    history: tuple[str, ...], question: str, kind: str, papers: tuple[str, ...], ask: Ask
) -> None:
    answer = ask(question, *history)
    assert (answer.plan.kind, answer.papers) == (kind, papers)


@pytest.mark.parametrize(
    ("history", "question"),
    [
        ((DIFFUSION[0], "두 번째 거 누가 썼어?"), "목록으로 돌아가"),
        ((DIFFUSION[1], "for video?"), "go back to the first list"),
    ],
)
def test_the_first_list_comes_back(history: tuple[str, ...], question: str, ask: Ask) -> None:
    assert ask(question, *history).papers == ask(history[0]).papers


@pytest.mark.parametrize(
    ("table", "question"),
    [("월별 논문 수", "제일 많은 달에 뭐 나왔어?"), ("papers by month", "what came out in the busiest month?")],
)
def test_the_papers_of_the_busiest_month_of_a_table(table: str, question: str, ask: Ask) -> None:
    plan = ask(question, table).plan
    assert (plan.kind, plan.date_from, plan.date_to) == ("list", date(2023, 12, 1), date(2024, 1, 1))


def test_one_language_takes_the_place_of_another(ask: Ask) -> None:
    assert ask("일본어는?", "한국어 언어 모델 논문").plan.topics == ("일본어 언어 모델",)
    assert ask("아랍어도", "한국어 언어 모델 논문", "일본어는?").plan.topics == ("아랍어 언어 모델",)
    assert ask("in English please", "papers on Korean language models").plan.topics == ("Korean language models",)
    assert ask("영어로 보여줘", "한국어 언어 모델 논문").plan.topics == ("한국어 언어 모델",)
    assert ask("and japanese?", "papers on korean language models").plan.topics == ("japanese language models",)


@pytest.mark.parametrize(
    ("before", "question", "start", "end"),
    [
        ("2024년 디퓨전 논문", "그해 하반기만", date(2024, 7, 1), date(2025, 1, 1)),
        ("papers on diffusion from 2024", "last 3 months of the year", date(2024, 10, 1), date(2025, 1, 1)),
        ("papers on diffusion from 2024", "only the first half of that year", date(2024, 1, 1), date(2024, 7, 1)),
    ],
)
def test_that_year_is_the_year_of_the_question_before(
    before: str, question: str, start: date, end: date, ask: Ask
) -> None:
    plan = ask(question, before).plan
    assert (plan.date_from, plan.date_to) == (start, end)
    assert plan.topics == ask(before).plan.topics


@pytest.mark.parametrize(
    ("before", "question", "topic"),
    [
        ("3D 편집 논문", "아니 편집 말고 생성이요", "3D 생성"),
        ("papers on video editing", "sorry i meant generation, not editing", "video generation"),
    ],
)
def test_one_word_of_a_topic_is_exchanged(before: str, question: str, topic: str, ask: Ask) -> None:
    assert ask(question, before).plan.topics == (topic,)
