"""What an answer rests on, and what it offers where it can rest on nothing. Over the sample digests, by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rag.answers.answer import Answer
from rag.answers.wording import WORDING
from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Bullet, Paper
from rag.evidence.facts import STATED, _use, states, told_of
from rag.index.ingest import ingest
from rag.pipeline import Pipeline
from rag.questions.plan import Plan
from rag.questions.reader import understand
from rag.questions.reading import Reading
from rag.wiring import embedder
from tests.doubles import entry, write_day
from tests.rag.conftest import AS_OF, settings_for
from vectorstore.store import open_store

Ask = Callable[..., Answer]
MAMBA, POWERINFER = "2312.00752", "2312.12456"
MISREAD = pytest.mark.xfail(reason="the reader misreads it", strict=False)


# --- Facts -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("PowerInfer는 4090에서 얼마나 빨라?", "13.20"),
        ("How fast is PowerInfer on a 4090?", "13.20"),
        ("PowerInfer는 llama.cpp보다 몇 배 빨라?", "11.69"),
        ("Mamba의 파라미터 수는?", "3B"),
    ],
)
def test_a_fact_is_answered_by_a_statement_that_holds_what_is_asked(question: str, said: str, ask: Ask) -> None:
    answer = ask(question)
    assert (answer.status, answer.plan.kind) == ("answered", "fact")
    first = next(line for line in answer.text.splitlines() if line.startswith("- "))
    assert said in first or said in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Mamba 학습에 GPU 몇 시간이 걸렸어?",
        "How many GPU hours did Mamba take?",
        "PowerInfer는 몇 개의 GPU로 학습했나?",
        "PowerInfer의 라이선스는?",
        "What license is PowerInfer under?",
        "Gamba의 코드는 공개됐어?",
        "PowerInfer는 한국어를 지원해?",
        "Does PowerInfer support Korean?",
    ],
)
def test_a_fact_that_the_summary_lacks_is_refused_and_what_it_holds_is_named(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert (answer.status, answer.reason) == ("refused", "field_not_in_digest")
    assert (answer.papers, answer.citations) == ((), ())
    name = next(name for name in ("Mamba", "PowerInfer", "Gamba") if name in question)
    held = "속도" if answer.language == "ko" else "speed"
    assert name in answer.text
    assert held in answer.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Gamba는 Mamba를 사용했어?", "네, Gamba는 Mamba를 사용합니다."),
        ("Does Gamba use Gaussian Splatting?", "Yes. Gamba uses Gaussian Splatting."),
        ("PowerInfer는 llama.cpp를 사용했어?", "아니요, 요약에 따르면 PowerInfer는 llama.cpp를 비교 대상으로만 언급합니다."),
        ("Does PowerInfer use llama.cpp?", "No. By its summary, PowerInfer only compares with llama.cpp."),
    ],
)  # fmt: skip
def test_what_a_paper_does_with_a_term_is_told_by_yes_or_no_with_its_sentence(
    question: str, said: str, ask: Ask
) -> None:
    answer = ask(question)
    assert answer.text.startswith(said)
    assert "\n- " in answer.text
    assert len(answer.papers) == 1
    assert answer.citations[0].evidence


@pytest.mark.parametrize(
    ("title", "used"),
    [
        ("Owlet, a Bird of Prey", False),
        ("Owlet: Seeing at Night", False),
        ("OwletVision: Seeing at Night", True),
        ("Owlet-2 at Night", True),
    ],
)
def test_a_paper_does_not_use_what_its_own_title_begins_with(title: str, used: bool) -> None:
    bullet = Bullet("이 논문은 Owlet을 사용해 밤에 봅니다.")
    paper = Paper("2401.00001", title, (date(2024, 1, 1),), None, (), False, None, (bullet,), ())
    reading = Reading(
        "Does it use Owlet?", "en", Plan("fact", papers=(paper.arxiv_id,), terms=("Owlet",), relation="use"), ""
    )
    found = _use(reading, (paper,), Catalogue({paper.arxiv_id: paper}))
    assert (found is not None) is used


@pytest.mark.parametrize(
    "question",
    [
        "Mamba의 이산화탄소 배출량은?", "Explain the carbon footprint of Mamba", "MoMask의 HumanEval 점수는 몇 점이야?",
        "What is MoMask's HumanEval score?", "Did PowerInfer use Mamba?",
    ],
)  # fmt: skip
def test_a_thing_that_a_summary_does_not_treat_is_not_answered_with_the_rest_of_it(question: str, ask: Ask) -> None:
    assert (ask(question).reason, ask(question).citations) == ("field_not_in_digest", ())


@pytest.mark.parametrize(
    ("question", "bullets"),
    [
        ("Mamba의 핵심 아이디어는?", 7),
        ("PowerInfer의 동작 원리 설명해줘", 4),
        ("What is the main idea of PowerInfer?", 4),
    ],
)
def test_what_a_summary_tells_as_a_whole_is_told_as_a_whole(question: str, bullets: int, ask: Ask) -> None:
    """The sentence that defines the thing stands above the bullets."""
    assert ask(question).text.count("\n- ") >= bullets


def test_a_time_is_a_fact_in_minutes_too(ask: Ask) -> None:
    assert "2 minutes" in ask("How long does Repaint123 need for one image?").text
    assert "2분" in ask("Repaint123은 이미지 한 장에 얼마나 걸려?").text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("FoxNet은 무슨 데이터로 학습했어?", "검증된 의학 문제 40,000개로 학습합니다."),
        ("What data was FoxNet trained on?", "검증된 의학 문제 40,000개로 학습합니다."),
        ("HareNet은 무슨 데이터로 학습했어?", ""),
        ("What data was HareNet trained on?", ""),
    ],
)
def test_data_are_what_is_learnt_from_and_not_what_is_measured_on(question: str, said: str, tmp_path: Path) -> None:
    write_day(
        tmp_path / "digests", "2024-06-11",
        entry("2406.00031", "FoxNet: Small Doctors", ("FoxNet은 병을 읽는 모델입니다.", "검증된 의학 문제 40,000개로 학습합니다.")),
        entry("2406.00032", "HareNet: Dancing", ("HareNet은 춤을 그리는 모델입니다.", "여러 데이터셋에서 평가한 결과 점수 7.4를 얻었습니다.", "강한 조건으로 약한 조건을 학습합니다.")),
    )  # fmt: skip
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [tmp_path / "digests"])
    answer = Pipeline(settings).ask(question, (), AS_OF)
    if said:
        assert (answer.status, answer.plan.kind) == ("answered", "fact")
        assert said in answer.text
        assert "병을 읽는" not in answer.text
    else:
        assert (answer.reason, answer.citations) == ("field_not_in_digest", ())


@pytest.mark.parametrize(
    ("aspect", "text", "query", "told"),
    [
        ("data", "3만 쌍의 문장으로 학습합니다.", "데이터", True), ("data", "사진 12만 장을 모았습니다.", "데이터", True),
        ("data", "trained on 1.2M verified questions", "data", True), ("data", "8,000시간의 음성으로 배웁니다.", "데이터", True),
        ("data", "세 단계로 나눕니다.", "데이터", False), ("data", "다섯 데이터셋에서 실험했습니다.", "무슨 데이터로 배웠어?", False),
        ("data", "다섯 데이터셋에서 실험했습니다.", "무슨 데이터로 평가했어?", True), ("speed", "초당 30프레임을 냅니다.", "속도", True),
        ("speed", "잎의 색을 읽습니다.", "속도", False),
    ],
)  # fmt: skip
def test_a_sentence_tells_of_an_aspect_by_its_numbers_and_words(aspect: str, text: str, query: str, told: bool) -> None:
    assert states(aspect, text, query) is told


# --- Strong terms ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("question", "paper"),
    [
        ("OpenFlamingo에서 출발한 논문은 뭐가 있지", "2312.00438"),
        ("What papers start from OpenFlamingo?", "2312.00438"),
        ("how big is Emu2?", "2312.13286"),
        ("Emu2 모델 크기가 어떻게 되지?", "2312.13286"),
        ("LlamaGen이 ImageNet에서 기록한 FID", "2406.06525"),
        ("2.7B 바이오메디컬 언어 모델 논문", "2403.18421"),
    ],
)
def test_every_paper_of_an_answer_holds_the_name_that_was_asked_for(question: str, paper: str, ask: Ask) -> None:
    assert ask(question).papers == (paper,)


@pytest.mark.parametrize(
    "question", ["주가 예측 논문 있나요?", "papers on stock price prediction", "papers on dental implants"]
)
def test_a_topic_that_only_near_papers_come_near_is_said_to_have_none(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.status != "answered" or re.search("꼭 맞는 것은 찾지 못해|^No clear match", answer.text)


@pytest.mark.parametrize("question", ["LLM으로 요리하는 논문", "papers on LLMs for cooking"])
def test_a_part_that_no_paper_is_about_is_said_to_be_left_out(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.status != "answered" or re.search(
        "그 조건은 빼고|꼭 맞는 것은|that part was left out|No clear match", answer.text
    )


def test_a_letter_alone_makes_no_topic_of_a_name(ask: Ask) -> None:
    assert ask("papers w/ StableDiffusion").papers == ask("papers with Stable Diffusion").papers != ()


def test_similar_to_nothing_indexed_is_a_description(ask: Ask) -> None:
    answer = ask("does instruction tuning make language models more similar to brain activity")
    assert (answer.status, answer.papers[0]) == ("answered", "2312.00575")


@pytest.mark.parametrize(
    ("aspect", "statement", "holds"),
    [
        ("hardware", "A100 8장으로 학습합니다.", True), ("hardware", "It is trained for 3 days.", True), ("hardware", "정확도가 3% 오릅니다.", False),
        ("size", "7B 모델을 씁니다.", True), ("size", "매개변수를 덜 씁니다.", False), ("size", "It has 3 billion weights.", True),
        ("license", "Apache 2.0으로 풉니다.", True), ("cost", "12달러가 듭니다.", True), ("limits", "긴 글을 읽지 못하는 점이 있습니다.", True),
        ("code", "깃허브에 있습니다.", True), ("code", "정확도가 오릅니다.", False), ("context", "128k 토큰까지 읽습니다.", True),
    ],
)  # fmt: skip
def test_an_aspect_knows_a_statement_that_tells_of_it(aspect: str, statement: str, holds: bool) -> None:
    assert bool(STATED[aspect].search(statement)) is holds


def test_what_a_summary_tells_of_is_named_in_both_languages(catalogue: Catalogue) -> None:
    told = {aspect for paper in catalogue.papers.values() for aspect in told_of(paper)}
    assert told
    for words in WORDING.values():
        assert told <= set(words.aspects) <= set(STATED)


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("PowerInfer 학습에 GPU가 몇 장 들었어?", "hardware"), ("How big is Mamba?", "size"), ("Mamba의 파라미터 수는?", "size"), ("PowerInfer의 라이선스는?", "license"),
        ("PowerInfer는 얼마나 빨라?", "speed"), ("Is the code of PowerInfer available?", "code"), ("Mamba의 한계는?", "limits"),
        ("What are the limitations of Mamba?", "limits"), ("Mamba는 어떤 데이터셋으로 평가했어?", "data"),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_paper_is_read(question: str, aspect: str, catalogue: Catalogue) -> None:
    reading = understand(question, catalogue, AS_OF)
    assert (reading.plan.kind, reading.aspect) == ("fact", aspect)


# --- Refusals --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("2023년 12월 5일 논문", "2023년 12월 5일에는 다이제스트가 없습니다. 가장 가까운 다이제스트는 2023-12-04(논문 18편), 2023-12-06(논문 20편)입니다."),
        ("2019년 논문", "가장 가까운 다이제스트는 2023-12-04(논문 18편)입니다."),
        ("papers from 2030", "The nearest digest: 2024-06-11 (14 papers)."),
        ("papers by Dahua Linn", "Did you mean Dahua Lin (3 papers)?"),
        ("Wang이 쓴 논문", "Xintao Wang(2편)"),
        ("papers with at least 500 votes", "There is 1 paper with at least 38 votes."),
        ("Albert Gu와 Dahua Lin이 함께 쓴 논문", "Albert Gu의 논문은 1편 있습니다."),
        ("Mamba를 사용한 2023년 12월 6일 논문", "Mamba를 사용하거나 제안한 논문은 2편 있습니다."),
        ("2024년 Mamba 논문 중 100표 이상", "Mamba를 다루고 7표 이상을 받은 논문은 1편 있습니다."),
        ("GRPO 논문 있나요?", "아니요, GRPO를 다룬 논문은 없습니다."),
        ("Are there papers about GRPO?", "No. There is no paper that"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_nearest_thing_that_can_be_answered(question: str, said: str, ask: Ask) -> None:
    answer = ask(question)
    assert said in answer.text
    assert (answer.papers, answer.citations) == ((), ())
    assert "arxiv.org" not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "미적분학의 기본 정리 증명", "피타고라스 정리 증명해줘",
        "Prove the Pythagorean theorem", pytest.param("solve x + 2 = 5", marks=MISREAD),
    ],
)  # fmt: skip
def test_exercises_of_school_are_refused(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.reason in ("out_of_scope", "no_evidence")


# --- Counts ----------------------------------------------------------------------------------------------------------
def test_a_bound_on_votes_says_what_a_vote_is_and_how_many_are_not_known(ask: Ask, catalogue: Catalogue) -> None:
    answer = ask("10표 이상 받은 논문")
    unknown = sum(paper.votes is None for paper in catalogue.papers.values())
    assert set(answer.papers) == {i for i, p in catalogue.papers.items() if p.votes is not None and p.votes >= 10}
    assert f"다이제스트 작성 시점의 투표 수입니다. 투표 수를 알 수 없는 {unknown}편은 뺐습니다." in answer.text


def test_a_month_without_a_year_says_which_was_taken(ask: Ask) -> None:
    assert "가장 최근인 2023년 12월로 보았습니다." in ask("12월 논문 중 표가 가장 많은 건?").text


# --- Topics without a name -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "question", ["사진 한 장을 입체 모양으로 바꾸는 논문", "papers on turning pictures into 3D shapes"]
)
def test_a_topic_without_a_name_says_how_its_set_was_made(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.status == "answered"
    assert WORDING[answer.language].estimated(len(answer.papers), True) in answer.text
    assert str(len(answer.papers)) in answer.text.splitlines()[0]


@pytest.mark.parametrize("question", ["치과 임플란트 논문", "papers on dental implants", "김치 발효를 다룬 논문"])
def test_a_topic_that_no_paper_is_near_is_refused(question: str, ask: Ask) -> None:
    assert ask(question).status in ("no_evidence", "refused")


def test_a_paper_of_two_terms_is_shown_by_the_sentence_that_names_both(tmp_path: Path) -> None:
    said = ("LoRA로 학습한 여우입니다.", "메모리는 QLoRA가 LoRA의 절반입니다.", "QLoRA는 느립니다.")
    write_day(tmp_path / "digests", "2024-06-11", entry("2406.00013", "TuneFox: Cheap Tuning", said, votes=3))
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [tmp_path / "digests"])
    pipeline = Pipeline(settings)
    text = pipeline.ask("papers that mention LoRA and QLoRA", (), AS_OF).text
    assert "절반입니다" in text
    assert not re.search("여우입니다|느립니다", text)
    compared = pipeline.ask("LoRA와 QLoRA 비교해 줘", (), AS_OF).text
    assert [compared.count(sentence) for sentence in said] == [1, 1, 1]
    assert compared.index("함께 다룬 논문") < compared.index("절반입니다") < compared.index("여우입니다")


def test_methods_that_no_paper_names_together_are_compared_by_papers_on_each(tmp_path: Path) -> None:
    days = tmp_path / "digests"
    write_day(
        days,
        "2024-06-11",
        entry("2406.00021", "FoxScan: Mamba for Tracks", ("Mamba로 눈 위의 발자국을 읽습니다.", "빠릅니다."), votes=3),
        entry("2406.00022", "HareScan: Reading Snow", ("Mamba를 사용해 눈을 읽습니다.",), votes=90),
        entry("2406.00023", "ElkScan: Maps", ("지도를 그립니다.", "Mamba보다 느립니다."), votes=99),
    )
    write_day(days, "2024-06-12", entry("2406.00024", "OwlWave: Hearing", ("RWKV로 새소리를 듣습니다.",), votes=1))
    settings = settings_for(tmp_path / "store")

    def answers() -> list[Answer]:
        ingest(open_store(settings.store, tmp_path), embedder(settings), [days])
        pipeline = Pipeline(settings)
        return [pipeline.ask(asked, (), AS_OF) for asked in ("Mamba와 RWKV 비교해 줘", "compare Mamba and RWKV")]

    korean, english = answers()
    assert korean.text.startswith(
        "Mamba 자체를 다룬 논문은 색인에 없고, 언급한 논문 3편의 요약에는 그것만을 설명한 문장이 없습니다."
    )
    assert english.text.startswith(
        "No indexed paper is Mamba itself, and no sentence of the 3 papers that name it tells"
    )
    for answer in (korean, english):
        assert answer.plan.kind == "compare"
        assert answer.papers == ("2406.00021", "2406.00024")
        (use,) = (line for line in answer.text.splitlines() if line.startswith(("| 쓰임", "| How papers use it")))
        mamba, rwkv = use.split(" | ")[1:]
        assert ("발자국을" in mamba, "새소리" in mamba) == (True, False)
        assert ("발자국을" in rwkv, "새소리" in rwkv) == (False, True)
        assert not re.search("빠릅니다|느립니다", answer.text)  # what names neither, or measures another against it
    write_day(days, "2024-06-13", entry("2406.00025", "ElmWave", ("RWKV와 Mamba를 잇습니다.",), votes=2))
    for answer in answers():
        assert answer.plan.kind == "compare"
        assert answer.also_mentioned == ("2406.00025",)


def test_what_has_to_stand_in_the_title_is_looked_for_there_only(tmp_path: Path) -> None:
    write_day(
        tmp_path / "digests",
        "2024-06-11",
        entry("2406.00021", "FoxScan: Mamba for Tracks", ("발자국을 읽습니다.",), votes=3),
        entry("2406.00022", "HareScan: Reading Snow", ("Mamba를 사용해 눈을 읽습니다.",), votes=90),
        entry("2406.00023", "VMamba and KAN", ("KAN으로 지도를 그립니다.",), votes=12),
    )
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [tmp_path / "digests"])
    pipeline = Pipeline(settings)
    for question, papers, said in (
        ("제목에 맘바가 들어간 논문", "13", "제목에 맘바가 들어간 논문은 모두 2편입니다."),
        ("제목에 Mamba와 KAN이 들어간 논문", "3", "제목에 Mamba와 KAN이 함께 들어간 논문은 1편입니다."),
        ("제목에 Mamba가 들어가고 10표 이상인 논문", "3", "제목에 Mamba가 들어가고 10표 이상을 받은 논문은 1편입니다."),
        ("papers with Mamba in the title", "13", "There are 2 papers with Mamba in their titles."),
        ("Mamba를 언급한 논문", "123", "Mamba를 언급한 논문은 모두 3편입니다."),
    ):
        answer = pipeline.ask(question, (), AS_OF)
        assert "".join(sorted(i[-1] for i in answer.papers)) == papers, question
        assert answer.text.startswith(said), question


def test_a_comparison_with_a_method_that_no_paper_of_that_time_has_is_no_comparison(tmp_path: Path) -> None:
    write_day(tmp_path / "digests", "2024-06-11", entry("2406.00021", "FoxScan", ("Mamba로 눈을 읽습니다.",), votes=3))
    write_day(
        tmp_path / "digests", "2024-07-11", entry("2406.00024", "OwlWave", ("RWKV로 새소리를 듣습니다.",), votes=1)
    )
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [tmp_path / "digests"])
    answer = Pipeline(settings).ask("2024년 6월의 Mamba와 RWKV 비교", (), AS_OF)
    assert (answer.status == "answered", answer.papers) == (False, ())


# --- Languages -------------------------------------------------------------------------------------------------------
def test_a_quote_in_the_other_language_is_said_to_be_so_also_in_a_table(tmp_path: Path) -> None:
    korean = entry("2406.00011", "SnowFox: Reading Tracks", ("SnowFox는 눈 위의 발자국을 읽습니다.",), votes=3)
    english = entry("2406.00012", "RainFox: Hearing Drops", ("RainFox hears how hard it rains.",), votes=4)
    write_day(tmp_path / "digests", "2024-06-11", korean)
    write_day(tmp_path / "digests", "2024-06-12", english)
    settings = settings_for(tmp_path / "store")
    ingest(open_store(settings.store, tmp_path), embedder(settings), [tmp_path / "digests"])
    pipeline = Pipeline(settings)
    rows = pipeline.ask("SnowFox와 RainFox를 비교해줘", (), AS_OF).text.splitlines()
    (what,) = (row for row in rows if row.startswith("| 무엇인가"))
    assert [("영어 요약" in cell) for cell in what.split(" | ")[1:]] == [False, True]
    assert "(Korean summary)" in pipeline.ask("What is SnowFox?", (), AS_OF).text
    assert not re.search("Korean summary|영어 요약", pipeline.ask("SnowFox가 뭐야?", (), AS_OF).text)
