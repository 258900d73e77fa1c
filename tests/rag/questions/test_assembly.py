"""Makers, venues and short names of papers: what a question means where digests do not tell just what it asks."""

from __future__ import annotations

from datetime import date

import pytest

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.questions.reader import understand
from rag.questions.reading import Reading, Turn

AS_OF = date(2025, 2, 1)


def paper(number: int, title: str, ko: str, votes: int = 3) -> Paper:
    day = date(2025, 1, 23)
    return Paper(f"2501.{number:05d}", title, (day,), votes, ("Ann Lee",), False, None, (Bullet(ko),), ())


PAPERS = [
    paper(1, "DeepSeek-V9: Deeper Seeking", "DeepSeek-V9을 소개합니다."),
    paper(2, "A Month with DeepSeek", "DeepSeek을 써 봅니다."),
    paper(3, "Meta-Learning of Owls", "meta-learning으로 부엉이를 배웁니다. Meta도 이를 씁니다."),
    paper(4, "Apples in a Google Search", "Google 검색을 다룹니다."),
    paper(5, "Owlet: Small Birds", "작은 새를 다룹니다.", 9),
    paper(6, "The Age of Half-Bit Owls: Cheap Nights", "값싼 밤을 다룹니다.", 5),
    paper(7, "Half-Bit Owl Nets Are Enough", "망 하나면 됩니다.", 30),
    paper(8, "A Study on Feathers", "깃털을 다룹니다."),
]


@pytest.fixture(scope="module")
def library() -> Catalogue:
    return Catalogue({one.arxiv_id: one for one in PAPERS})


def read(question: str, library: Catalogue) -> Reading:
    return understand(question, library, AS_OF)


@pytest.mark.parametrize(
    ("question", "maker"),
    [("papers from DeepSeek", "DeepSeek"), ("딥시크에서 나온 논문들 뭐가 있나요", "딥시크")],
)
def test_the_papers_of_a_maker_are_those_that_carry_its_name_in_their_titles(
    question: str, maker: str, library: Catalogue
) -> None:
    reading = read(question, library)
    assert (reading.plan.terms, reading.plan.in_title, reading.reason) == ((maker,), True, None)
    assert reading.lacking == "affiliation"


@pytest.mark.parametrize(
    "question", ["papers from Meta", "papers by Google", "구글에서 나온 논문", "papers from NVIDIA"]
)
def test_a_maker_that_no_paper_is_called_by_is_refused(question: str, library: Catalogue) -> None:
    reading = read(question, library)
    assert (reading.reason, reading.lacking) == ("field_not_in_digest", "affiliation")


def test_a_name_behind_its_maker_is_a_name(library: Catalogue) -> None:
    reading = read("구글 제미나이 논문", library)
    assert (reading.plan.terms, reading.lacking) == (("제미나이",), "affiliation")


@pytest.mark.parametrize(
    "question",
    [
        "NeurIPS에 붙은 논문은?",
        "CVPR에서 발표된 부엉이 논문",
        "ICLR 2024에 게재된 논문 몇 편이야?",
        "papers accepted at ICLR about owls",
        "which papers were published in ACL?",
    ],
)
def test_where_papers_appeared_is_not_told(question: str, library: Catalogue) -> None:
    reading = read(question, library)
    assert (reading.reason, reading.lacking) == ("field_not_in_digest", "venue")


@pytest.mark.parametrize("question", ["was Owlet accepted at NeurIPS?", "Owlet은 NeurIPS에 붙었어?"])
def test_where_a_paper_appeared_is_asked_of_that_paper(question: str, library: Catalogue) -> None:
    reading = read(question, library)
    assert (reading.reason, reading.lacking, reading.plan.papers) == ("field_not_in_digest", "venue", ("2501.00005",))


@pytest.mark.parametrize(
    "question", ["papers that mention NeurIPS", "NeurIPS를 언급한 논문", "papers published in 2025", "papers published in January"]
)  # fmt: skip
def test_what_asks_of_no_venue_is_answered(question: str, library: Catalogue) -> None:
    assert read(question, library).lacking == ""


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("who wrote the half-bit owl paper", ("2501.00007", "2501.00006")),  # in two titles: the most voted first
        ("who wrote the half-bit owls paper?", ("2501.00007", "2501.00006")),
        ("half-bit owl nets 논문 저자 누구야?", ("2501.00007",)),
    ],
)
def test_words_of_few_titles_mean_these_papers(question: str, papers: tuple[str, ...], library: Catalogue) -> None:
    reading = read(question, library)
    assert (reading.plan.kind, reading.plan.papers, reading.reason) == ("fact", papers, None)


@pytest.mark.parametrize("question", ["half-bit owl papers", "papers on half-bit owls", "half-bit owl 논문들 알려줘"])
def test_words_of_a_topic_mean_no_one_paper(question: str, library: Catalogue) -> None:
    assert read(question, library).plan.papers == ()


@pytest.mark.parametrize(
    "question",
    [
        "2-bit or 4-bit owl models",
        "few-step or one-step feather sampling",
        "papers on squeezing owls to 2 bits or less",
    ],
)
def test_ways_that_or_joins_describe_papers_and_are_neither_compared_nor_figures(
    question: str, library: Catalogue
) -> None:
    plan = read(question, library).plan
    assert (plan.kind, plan.figure) == ("list", None)
    assert plan.topics


def test_what_is_asked_to_be_done_is_not_answered_with_yes(library: Catalogue) -> None:
    assert not read("부엉이 논문 보여줄 수 있어?", library).yes_no
    assert read("부엉이 논문 있어?", library).yes_no


@pytest.mark.parametrize("question", ["how many of these are from Google?", "그중 구글에서 나온 건 몇 편이야?"])
def test_who_made_papers_of_an_answer_is_refused_and_never_counted(question: str, library: Catalogue) -> None:
    before = Turn(read("owl papers", library), ("2501.00003", "2501.00005"))
    reading = understand(question, library, AS_OF, before=before)
    assert (reading.reason, reading.lacking) == ("field_not_in_digest", "affiliation")


@pytest.mark.parametrize(
    ("question", "overview"),
    [("비디오 생성 논문 정리해줘", True), ("summarize the papers on video generation", True), ("비디오 생성 논문 최신순으로 정리해줘", False)],
)  # fmt: skip
def test_papers_on_a_topic_are_summed_up_where_that_is_asked(
    question: str, overview: bool, catalogue: Catalogue
) -> None:
    assert understand(question, catalogue, AS_OF).overview is overview


@pytest.mark.parametrize(
    ("question", "limit"), [("최신 논문 보여줘", 5), ("가장 최신 논문은?", 1), ("최신 논문 하나만", 1)]
)
def test_the_newest_papers_are_some_unless_one_is_asked_for(question: str, limit: int, catalogue: Catalogue) -> None:
    plan = understand(question, catalogue, AS_OF).plan
    assert (plan.kind, plan.by, plan.limit) == ("superlative", "date", limit)
