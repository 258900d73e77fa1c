"""Dates in questions: a frozen clock (Wednesday 2024-05-15), digests from 2023-12-04 to 2024-05-14, values by hand."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language.dates import DateReading, read_dates, written
from rag.language.periods import day_after

AS_OF = date(2024, 5, 15)
DAYS = tuple(date(2023, 12, 4) + timedelta(days=n) for n in range(163))  # to 2024-05-14


def read(question: str) -> DateReading | None:
    return read_dates(question, AS_OF, DAYS)


def shown(reading: DateReading | None) -> str:
    return "none" if reading is None else f"{reading.start or '*'} {reading.end or '*'}"


KOREAN = [
    ("2023년 12월에 나온 논문은?", "2023-12-01 2024-01-01"),
    ("23년 12월 논문", "2023-12-01 2024-01-01"),
    ("2023년12월에나온 논문", "2023-12-01 2024-01-01"),
    ("2023년 논문 중 맘바", "2023-01-01 2024-01-01"),
    ("2023년도 논문", "2023-01-01 2024-01-01"),
    ("그중 2024년 것만", "2024-01-01 2025-01-01"),
    ("2048년 논문", "2048-01-01 2049-01-01"),
    ("12월 4일 논문 요약해줘", "2023-12-04 2023-12-05"),
    ("12월4일자 논문", "2023-12-04 2023-12-05"),
    ("12월 4일(월) 논문", "2023-12-04 2023-12-05"),
    ("2023년 12월 4일", "2023-12-04 2023-12-05"),
    ("2023-12-04에 나온 논문", "2023-12-04 2023-12-05"),
    ("2023.12.04", "2023-12-04 2023-12-05"),
    ("2023. 12. 4. 논문", "2023-12-04 2023-12-05"),
    ("2023/12/4 논문", "2023-12-04 2023-12-05"),
    ("2024-03 논문", "2024-03-01 2024-04-01"),
    ("2024.3 논문", "2024-03-01 2024-04-01"),
    ("3월의 논문", "2024-03-01 2024-04-01"),
    ("3월달 논문", "2024-03-01 2024-04-01"),
    ("2월 29일 논문", "2024-02-29 2024-03-01"),
    ("오늘 논문", "2024-05-15 2024-05-16"),
    ("어제 나온 논문", "2024-05-14 2024-05-15"),
    ("그저께 논문", "2024-05-13 2024-05-14"),
    ("그제 논문", "2024-05-13 2024-05-14"),
    ("사흘 전 논문", "2024-05-12 2024-05-13"),
    ("이번 주 논문", "2024-05-13 2024-05-20"),
    ("지난주 논문", "2024-05-06 2024-05-13"),
    ("저번 주엔 뭐가 나왔어?", "2024-05-06 2024-05-13"),
    ("지지난주 논문", "2024-04-29 2024-05-06"),
    ("지난주 금요일에 나온 논문", "2024-05-10 2024-05-11"),
    ("이번 주 월요일", "2024-05-13 2024-05-14"),
    ("지난 주말 논문", "2024-05-11 2024-05-13"),
    ("지난 수요일 논문", "2024-05-08 2024-05-09"),
    ("12월 4일 주의 논문", "2023-12-04 2023-12-11"),
    ("2024년 3월 둘째 주", "2024-03-11 2024-03-18"),
    ("이번 달 논문", "2024-05-01 2024-06-01"),
    ("이달의 논문", "2024-05-01 2024-06-01"),
    ("지난달 3D 재구성 논문 중 표가 가장 많은 건?", "2024-04-01 2024-05-01"),
    ("저번 달 논문", "2024-04-01 2024-05-01"),
    ("지난달 15일", "2024-04-15 2024-04-16"),
    ("최근 한 달 논문", "2024-04-16 2024-05-16"),
    ("최근 2주 동안의 논문", "2024-05-02 2024-05-16"),
    ("최근 3개월간 나온 논문", "2024-02-16 2024-05-16"),
    ("최근 일주일 논문", "2024-05-09 2024-05-16"),
    ("최근 30일 논문", "2024-04-16 2024-05-16"),
    ("지난 1년간", "2023-05-16 2024-05-16"),
    ("올해 논문", "2024-01-01 2025-01-01"),
    ("올해 상반기 논문", "2024-01-01 2024-07-01"),
    ("올해 하반기", "2024-07-01 2025-01-01"),
    ("올 3월", "2024-03-01 2024-04-01"),
    ("작년 논문", "2023-01-01 2024-01-01"),
    ("지난해 논문", "2023-01-01 2024-01-01"),
    ("작년 하반기에 나온", "2023-07-01 2024-01-01"),
    ("재작년", "2022-01-01 2023-01-01"),
    ("2024년 1분기", "2024-01-01 2024-04-01"),
    ("1분기 논문", "2024-01-01 2024-04-01"),
    ("2024 상반기", "2024-01-01 2024-07-01"),
    ("2024년 봄에", "2024-03-01 2024-06-01"),
    ("3월부터 5월까지 논문", "2024-03-01 2024-06-01"),
    ("3~5월 논문", "2024-03-01 2024-06-01"),
    ("12월 4일~8일", "2023-12-04 2023-12-09"),
    ("12월 4일부터 8일까지", "2023-12-04 2023-12-09"),
    ("11월부터 2월까지", "2023-11-01 2024-03-01"),
    ("2023년 12월부터 2024년 3월까지", "2023-12-01 2024-04-01"),
    ("2023년 12월부터 3월까지", "2023-12-01 2024-04-01"),
    ("12월 25일부터 1월 3일까지", "2023-12-25 2024-01-04"),
    ("2023~2024년", "2023-01-01 2025-01-01"),
    ("1월과 2월 논문", "2024-01-01 2024-03-01"),
    ("1월과 3월 사이에", "2024-01-01 2024-04-01"),
    ("어제부터 오늘까지", "2024-05-14 2024-05-16"),
    ("3월 이후 논문", "2024-03-01 *"),
    ("3월부터 지금까지", "2024-03-01 *"),
    ("작년 12월부터", "2023-12-01 *"),
    ("2024년 이전 논문", "* 2024-01-01"),
    ("3월 전에 나온 논문", "* 2024-03-01"),
    ("2월까지 나온 논문", "* 2024-03-01"),
    ("2023년 12월 이후 2024년 3월 이전", "2023-12-01 2024-03-01"),
    ("12월 초 논문", "2023-12-01 2023-12-11"),
    ("12월 중순", "2023-12-11 2023-12-21"),
    ("12월 말 논문", "2023-12-21 2024-01-01"),
    ("연초 논문", "2024-01-01 2024-03-01"),
    ("작년 연말", "2023-11-01 2024-01-01"),
    ("2024년에 나온 3월 논문", "2024-03-01 2024-04-01"),
    ("2023년 논문 말고 5월 논문", "2024-05-01 2024-06-01"),
    ("2023년 말고 2024년 논문", "2024-01-01 2025-01-01"),
    ("2023년에 나오지 않은 2024년 논문", "2024-01-01 2025-01-01"),
    ("지난주 3월", "2024-05-06 2024-05-13"),
    ("8월 논문", "2023-08-01 2023-09-01"),
    ("3월 후속 논문", "2024-03-01 2024-04-01"),
    ("2024년 3월 초거대 모델", "2024-03-01 2024-04-01"),
    ("12/4 논문", "2023-12-04 2023-12-05"),
    ("5/14에 나온 논문", "2024-05-14 2024-05-15"),
    ("12/4일자 다이제스트", "2023-12-04 2023-12-05"),
    ("12/4부터 12/8까지 논문", "2023-12-04 2023-12-09"),
    ("12/4~12/8 논문", "2023-12-04 2023-12-09"),
    ("엊그제 나온 논문", "2024-05-13 2024-05-14"),
    ("지난 사흘 동안의 논문", "2024-05-13 2024-05-16"),
    ("지난 분기 논문", "2024-01-01 2024-04-01"),
    ("24년 1분기에 나온 논문", "2024-01-01 2024-04-01"),
    ("2023년 겨울 논문", "2023-12-01 2024-03-01"),
]
ENGLISH = [
    ("today's papers", "2024-05-15 2024-05-16"),
    ("papers from yesterday", "2024-05-14 2024-05-15"),
    ("the day before yesterday", "2024-05-13 2024-05-14"),
    ("3 days ago", "2024-05-12 2024-05-13"),
    ("papers this week", "2024-05-13 2024-05-20"),
    ("last week", "2024-05-06 2024-05-13"),
    ("last Friday", "2024-05-10 2024-05-11"),
    ("last Wednesday", "2024-05-08 2024-05-09"),
    ("on Monday", "2024-05-13 2024-05-14"),
    ("Friday of last week", "2024-05-10 2024-05-11"),
    ("last weekend", "2024-05-11 2024-05-13"),
    ("this month", "2024-05-01 2024-06-01"),
    ("last month's 3D papers", "2024-04-01 2024-05-01"),
    ("in the last month", "2024-04-16 2024-05-16"),
    ("this year", "2024-01-01 2025-01-01"),
    ("last year", "2023-01-01 2024-01-01"),
    ("past 30 days", "2024-04-16 2024-05-16"),
    ("in the last 30 days", "2024-04-16 2024-05-16"),
    ("past 2 weeks", "2024-05-02 2024-05-16"),
    ("over the last three months", "2024-02-16 2024-05-16"),
    ("last quarter", "2024-01-01 2024-04-01"),
    ("Q1 2024", "2024-01-01 2024-04-01"),
    ("2024 Q1", "2024-01-01 2024-04-01"),
    ("since Q1", "2024-01-01 *"),
    ("third quarter of 2023", "2023-07-01 2023-10-01"),
    ("first half of 2024", "2024-01-01 2024-07-01"),
    ("H1 2024", "2024-01-01 2024-07-01"),
    ("second half of last year", "2023-07-01 2024-01-01"),
    ("early 2024", "2024-01-01 2024-03-01"),
    ("end of 2023", "2023-11-01 2024-01-01"),
    ("early March", "2024-03-01 2024-03-11"),
    ("mid-December", "2023-12-11 2023-12-21"),
    ("December 2023", "2023-12-01 2024-01-01"),
    ("Dec 2023 papers", "2023-12-01 2024-01-01"),
    ("Dec 4", "2023-12-04 2023-12-05"),
    ("December 4th, 2023", "2023-12-04 2023-12-05"),
    ("Monday, Dec. 4, 2023", "2023-12-04 2023-12-05"),
    ("4 December 2023", "2023-12-04 2023-12-05"),
    ("on the 4th of December", "2023-12-04 2023-12-05"),
    ("2024 March", "2024-03-01 2024-04-01"),
    ("papers in March", "2024-03-01 2024-04-01"),
    ("papers in march", "2024-03-01 2024-04-01"),
    ("What did the May digests show?", "2024-05-01 2024-06-01"),
    ("in 2024", "2024-01-01 2025-01-01"),
    ("Mamba papers 2024", "2024-01-01 2025-01-01"),
    ("2024 image papers", "2024-01-01 2025-01-01"),
    ("in 2048", "2048-01-01 2049-01-01"),
    ("since March", "2024-03-01 *"),
    ("since 2024-03-01", "2024-03-01 *"),
    ("March 2024 onwards", "2024-03-01 *"),
    ("from December 2023 to now", "2023-12-01 *"),
    ("after March", "2024-04-01 *"),
    ("after Dec 4", "2023-12-05 *"),
    ("before March", "* 2024-03-01"),
    ("until March", "* 2024-04-01"),
    ("by the end of March", "* 2024-04-01"),
    ("from March to May", "2024-03-01 2024-06-01"),
    ("from march to may", "2024-03-01 2024-06-01"),
    ("from March to May 2024", "2024-03-01 2024-06-01"),
    ("between December 2023 and March 2024", "2023-12-01 2024-04-01"),
    ("between Dec 4 and Dec 8", "2023-12-04 2023-12-09"),
    ("Dec 4-8, 2023", "2023-12-04 2023-12-09"),
    ("2024-03-01 to 2024-03-07", "2024-03-01 2024-03-08"),
    ("after 2023-12-04 and before 2024-03-01", "2023-12-05 2024-03-01"),
    ("2023 and 2024", "2023-01-01 2025-01-01"),
    ("the week of Dec 6", "2023-12-04 2023-12-11"),
    ("first week of December 2023", "2023-12-04 2023-12-11"),
    ("the last week of December", "2023-12-25 2024-01-01"),
    ("papers since last week in Korean", "2024-05-06 *"),
    ("papers on 12/4", "2023-12-04 2023-12-05"),
    ("12/4 papers", "2023-12-04 2023-12-05"),
    ("between January and March", "2024-01-01 2024-04-01"),
    ("the first quarter of 2024", "2024-01-01 2024-04-01"),
    ("until 2024-03-01", "* 2024-03-02"),
]


@pytest.mark.parametrize(("question", "expected"), KOREAN + ENGLISH)
def test_a_question_is_read_as_the_range_it_means(question: str, expected: str) -> None:
    assert shown(read(question)) == expected


NO_DATES = """
Llama 3.1 논문|GPT-4와 비교한 논문|1.58비트 모델|4090에서 얼마나 빨라?|arXiv 2312.00752|2403.18795|2010.11929
2024.12345|7B 모델|3D 재구성|20표 이상|상위 3개|top 3 papers|2배 빠른|100만 토큰|models that may help|troops march on
May I ask?|12/25|1/2 크기의 모델|24/7 서비스|13/4 논문|2/30 논문|SPIN-2024|2048 tokens|2048 game|context of 2048|from 2048 to 8192|2024 tokens|AIME 2024|CVPR 2024
2000 papers|2024x2024|2024-25 season|2024-25 시즌|2024.13 버전
오늘날 LLM|이번 주요 논문|이 달성률|최근 논문|최근 5편|최근 한 일은?|최근 0일|요즘 뭐가 핫해?|그제야 나온
2000년대 논문|20년간|첫 번째 논문|월드 모델|2월드|Q4 quantization|how may 4 models help|papers by April Smith
dec layers|3/4|in the first half of the network|fall detection|best paper of the year
between A and B|v2024.3.1|Qwen2024-03|맘바를 사용한 논문은?
""".strip().replace("\n", "|")


@pytest.mark.parametrize("question", NO_DATES.split("|"))
def test_numbers_and_words_that_are_no_dates_are_left_alone(question: str) -> None:
    assert read(question) is None


LEFT_OUT = [
    ("2023년 말고", "2024-01-01 *"),
    ("2024년에 나오지 않은 논문", "* 2024-01-01"),
    ("2024년 거 빼고 RAG 논문", "* 2024-01-01"),
    ("작년 크리스마스쯤 나온 논문 말고", "2023-12-04 2024-05-15"),
    ("not in 2023", "2024-01-01 *"),
    ("excluding anything from 2024", "* 2024-01-01"),
    ("not the ones from 2024", "* 2024-01-01"),
    ("2023년 12월 논문 중 12월 4일은 빼고", "2023-12-05 2024-01-01"),
]


@pytest.mark.parametrize(("question", "expected"), LEFT_OUT)
def test_days_that_are_left_out_leave_those_around_them(question: str, expected: str) -> None:
    assert shown(read(question)) == expected


@pytest.mark.parametrize("question", ["3월에는 실리지 않은 논문", "except March 2024"])
def test_days_that_are_left_out_of_the_middle_leave_two_ranges(question: str) -> None:
    reading = read(question)
    assert reading
    (first, second), (third, fourth) = reading.apart
    assert (second, third) == (date(2024, 3, 1), date(2024, 4, 1))
    assert (first, fourth) == (reading.start, reading.end)


IMPOSSIBLE = [
    ("2월 30일 논문", "2월 30일", "논문"),
    ("2024년 2월 30일에 나온 논문", "2024년 2월 30일", "나온 논문"),
    ("2023년 2월 29일", "2023년 2월 29일", ""),
    ("2023-13-01 논문", "2023-13-01", "논문"),
    ("2024-02-30에 나온 맘바 논문", "2024-02-30", "나온 맘바 논문"),
    ("13월 논문", "13월", "논문"),
    ("0월의 논문", "0월", "논문"),
    ("6월 31일부터 7월 2일까지 논문", "6월 31일", "논문"),
    ("papers of June 31", "June 31", "papers"),
    ("papers from February 30, 2024", "February 30, 2024", "papers"),
    ("papers published on 31 June", "31 June", "papers published"),
    ("Feb 30", "Feb 30", ""),
    ("Dec 32", "Dec 32", ""),
    ("2023년 2월 다섯째 주 논문", "2023년 2월 다섯째 주", "논문"),
    ("2월 30일 말고", "2월 30일", ""),
    ("10000년 논문", "10000년", "논문"),
    ("papers of the year 10000", "the year 10000", "papers"),
    ("2024-W60 논문", "2024-W60", "논문"),
    ("2024년 60주차 논문", "2024년 60주차", "논문"),
    ("54주차 논문", "54주차", "논문"),
    ("papers from week 54 of 2024", "week 54 of 2024", "papers"),
    ("2024년 5분기 논문", "2024년 5분기", "논문"),
    ("0분기 논문", "0분기", "논문"),
    ("papers from Q5 2024", "Q5 2024", "papers"),
]


@pytest.mark.parametrize(("question", "impossible", "rest"), IMPOSSIBLE)
def test_days_that_no_calendar_has_are_told_as_impossible(question: str, impossible: str, rest: str) -> None:
    reading = read(question)
    assert reading is not None
    assert (reading.start, reading.end, reading.impossible) == (None, None, impossible)
    left = question
    for lo, hi in reversed(reading.spans):
        left = left[:lo] + left[hi:]
    assert " ".join(left.split()) == rest


@pytest.mark.parametrize(
    ("question", "expected", "impossible"),
    [
        ("2월 30일과 3월 5일 논문", "2024-03-05 2024-03-06", "2월 30일"),
        ("2024년 3월 논문 중 13월", "2024-03-01 2024-04-01", "13월"),
        ("papers of June 31 in 2023", "2023-01-01 2024-01-01", "June 31"),
        ("3024-03-05 논문", "3024-03-05 3024-03-06", ""),
        ("1850년 3월 5일 논문", "1850-03-05 1850-03-06", ""),
    ],
)
def test_another_date_beside_an_impossible_one_is_read(question: str, expected: str, impossible: str) -> None:
    reading = read(question)
    assert reading is not None
    assert (shown(reading), reading.impossible) == (expected, impossible)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2024-W24 papers", "2024-06-10 2024-06-17"),
        ("2020-W53 논문", "2020-12-28 2021-01-04"),
        ("2024년 24주차 논문", "2024-06-10 2024-06-17"),
        ("2024년 제1주 논문", "2024-01-01 2024-01-08"),
        ("17주차에 나온 논문", "2024-04-22 2024-04-29"),
        ("제17주 논문", "2024-04-22 2024-04-29"),
        ("papers from week 24 of 2024", "2024-06-10 2024-06-17"),
        ("the 24th week of 2024", "2024-06-10 2024-06-17"),
        ("2024년 3월 3주차 논문", "2024-03-18 2024-03-25"),
    ],
)
def test_weeks_of_a_year_are_counted_as_iso_8601_does(question: str, expected: str) -> None:
    assert shown(read(question)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("9999-12-31 논문", "9999-12-30 9999-12-31"),  # a range ends before a day, and there is none behind the last
        ("9999년 12월 31일 논문", "9999-12-30 9999-12-31"),
        ("9999년 논문", "9999-01-01 9999-12-31"),
        ("papers before 9999-12-31", "* 9999-12-30"),
        ("2150년에 나온 논문", "2150-01-01 2151-01-01"),
        ("1980년 논문", "1980-01-01 1981-01-01"),
        ("papers of the year 2150", "2150-01-01 2151-01-01"),
        ("0001-01-01 논문", "0001-01-01 0001-01-02"),
        ("최근 1000일 논문", "2021-08-20 2024-05-16"),
        ("papers from the last 1000 days", "2021-08-20 2024-05-16"),
        ("최근 99999년 논문", "0001-01-01 2024-05-16"),
        ("9999년 전 논문", "0001-01-01 0001-01-02"),
        ("100000일 전 논문", "1750-07-31 1750-08-01"),
        ("papers 99999999 weeks ago", "0001-01-01 0001-01-02"),
        ("최근 999999999일 논문", "0001-01-01 2024-05-16"),
        ("0000년에 나온 논문", "2000-01-01 2001-01-01"),
    ],
)
def test_far_days_are_read_as_such(question: str, expected: str) -> None:
    assert shown(read(question)) == expected


@pytest.mark.parametrize(
    "question",
    ["1900년대 논문", "100년 된 건물", "3000년 전쟁", "Q5 quantized model", "주차 보조 논문", "W24 모델", "5주차"],
)
def test_what_only_looks_like_a_far_year_a_week_or_a_quarter_is_none(question: str) -> None:
    assert read(question) is None


@pytest.mark.parametrize("as_of", [date.min, date(1, 1, 31), date(9999, 12, 1), date.max])
@pytest.mark.parametrize("question", ["어제", "내일 논문", "다음 달", "지난 1년간", "최근 3개월", "연말", "next week", "last year", "작년 12월 31일",
                                      "크리스마스 무렵", "12월 말 이후", "9999-12-31", "2024-12-31", "지난주 금요일", "999년 전"])  # fmt: skip
def test_no_calendar_arithmetic_overflows(question: str, as_of: date) -> None:
    for days in ((), (date.min,), (date(2024, 5, 14), date.max)):
        reading = read_dates(question, as_of, days)
        assert reading is None or reading.impossible or written(reading.start, reading.end, "ko")
        assert day_after(as_of) >= as_of


CUTS = [
    ("2024년 3월에 나온 맘바 논문은?", "나온 맘바 논문은?", "2024년 3월"),
    ("12월 4일자 논문", "논문", "12월 4일"),
    ("3월의 맘바 논문", "맘바 논문", "3월"),
    ("지난주에 표가 많은 논문", "표가 많은 논문", "지난주"),
    ("지난달 중 가장 많은", "가장 많은", "지난달"),
    ("3월 한 달 동안 나온 논문", "나온 논문", "3월"),
    ("최근 일주일 동안의 논문", "논문", "최근 일주일"),
    ("맘바 2023년 12월부터 2024년 3월까지의 논문", "맘바 논문", "2023년 12월부터 2024년 3월까지의"),
    ("3월 이후로 나온 논문", "나온 논문", "3월 이후로"),
    ("2024년에 나온 3월 논문", "나온 논문", "2024년 3월"),
    ("2023년 말고 2024년 논문", "논문", "2024년"),
    ("Mamba papers in March 2024 with code", "Mamba papers with code", "March 2024"),
    ("Which papers since March 2024 use Mamba?", "Which papers use Mamba?", "since March 2024"),
    ("papers between Dec 4 and Dec 8 on Mamba", "papers on Mamba", "between Dec 4 and Dec 8"),
    ("in the week of Dec 4 on diffusion", "on diffusion", "in the week of Dec 4"),
    ("today's papers", "papers", "today"),
    ("since March before May", "", "since March before May"),
    ("Llama 3.1 in 2024", "Llama 3.1", "2024"),
]


@pytest.mark.parametrize(("question", "rest", "text"), CUTS)
def test_cutting_the_spans_leaves_the_rest_of_the_question(question: str, rest: str, text: str) -> None:
    reading = read(question)
    assert reading is not None
    left = question
    for lo, hi in reversed(reading.spans):
        left = left[:lo] + left[hi:]
    assert (" ".join(left.split()), reading.text) == (rest, text)


@pytest.mark.parametrize(
    ("question", "relative", "assumed_year"),
    [
        ("2024년 3월", False, False),
        ("3월", False, True),
        ("since Dec 4", False, True),
        ("1분기", False, True),
        ("지난주", True, False),
        ("올해 3월", True, False),
        ("올해 나온 3월 논문", True, False),
        ("2024년에 나온 3월 논문", False, False),
        ("2023년 12월부터 3월까지", False, False),
        ("March to May 2024", False, False),
        ("3월부터 5월까지", False, True),
        ("최근 30일", True, False),
        ("last Friday", True, False),
    ],
)
def test_a_reading_says_what_it_was_counted_from(question: str, relative: bool, assumed_year: bool) -> None:
    reading = read(question)
    assert reading is not None
    assert (reading.relative, reading.assumed_year) == (relative, assumed_year)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("12월", "2023-12-01 2024-01-01"),
        ("6월", "2023-06-01 2023-07-01"),
        ("5월 15일", "2024-05-15 2024-05-16"),
        ("5월 16일", "2023-05-16 2023-05-17"),
        ("2월 29일", "2024-02-29 2024-03-01"),
    ],
)
def test_without_digests_a_month_is_the_latest_that_has_begun(question: str, expected: str) -> None:
    assert shown(read_dates(question, AS_OF, ())) == expected


def test_a_month_is_its_latest_occurrence_in_the_digests_whatever_today_is() -> None:
    days = [date(2022, 8, 1), date(2023, 8, 7), date(2023, 12, 4)]
    assert shown(read_dates("8월 논문", date(2026, 9, 1), days)) == "2023-08-01 2023-09-01"
    assert shown(read_dates("in August", date(2026, 9, 1), days)) == "2023-08-01 2023-09-01"


def test_the_last_month_of_a_long_month_ends_with_today() -> None:
    assert shown(read_dates("최근 한 달", date(2024, 3, 30), ())) == "2024-02-29 2024-03-31"
    assert shown(read_dates("최근 한 달", date(2024, 3, 31), ())) == "2024-03-01 2024-04-01"


PIECES = [
    *"0123456789",
    "2024",
    "12",
    "년",
    "월",
    "일",
    "주",
    " ",
    "-",
    ".",
    "/",
    "~",
    "지난",
    "최근",
    "부터",
    "까지",
    "이후",
    "전",
]
PIECES += [
    "March",
    "may",
    "Dec",
    "since",
    "from",
    "to",
    "between",
    "and",
    "last",
    "week",
    "Q1",
    "of",
    "ſ",
    "ı",
    "K",
    "２",
    "'",
]


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)),
    st.one_of(st.dates(), st.sampled_from([date.min, date.max])),
    st.lists(st.dates(date(2000, 1, 1), date(2060, 1, 1)), max_size=4).map(sorted),
)
def test_any_text_gives_a_sound_reading_or_none(text: str, as_of: date, days: list[date]) -> None:
    reading = read_dates(text, as_of, days)
    if reading is None:
        return
    assert reading.start or reading.end or reading.impossible
    assert not (reading.start and reading.end) or reading.start < reading.end
    assert reading.spans
    ends = [0, *(end for span in reading.spans for end in span)]
    assert ends == sorted(ends)
    assert ends[-1] <= len(text)


@pytest.mark.parametrize(
    "junk", ["1 ", "3월 ", "2024-", "march to ", "지난 ", "2024년 ", "'", "in the ", "가", "3월부터 "]
)
def test_a_long_junk_question_is_read_quickly(junk: str) -> None:
    started = time.perf_counter()
    read(junk * (100_000 // len(junk)))
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("question", "apart"),
    [
        ("1월과 3월 논문", ["2024-01-01 2024-02-01", "2024-03-01 2024-04-01"]),
        ("12월이랑 2월에 나온 논문", ["2023-12-01 2024-01-01", "2024-02-01 2024-03-01"]),
        ("papers of December 4 and December 8", ["2023-12-04 2023-12-05", "2023-12-08 2023-12-09"]),
        ("1월, 3월, 5월 논문", ["2024-01-01 2024-02-01", "2024-03-01 2024-04-01", "2024-05-01 2024-06-01"]),
        ("1월과 2월 논문", []),
        ("1월과 3월 사이", []),
        ("1월부터 3월까지", []),
    ],
)
def test_ranges_that_do_not_touch_are_told_apart(question: str, apart: list[str]) -> None:
    reading = read(question)
    assert reading is not None
    assert [f"{start} {end}" for start, end in reading.apart] == apart
    if apart:
        assert shown(reading) == f"{apart[0].split()[0]} {apart[-1].split()[1]}"


@pytest.mark.parametrize(
    ("start", "end", "ko", "en"),
    [
        (date(2024, 3, 1), date(2024, 4, 1), "2024년 3월", "in March 2024"),
        (date(2024, 1, 1), date(2025, 1, 1), "2024년", "in 2024"),
        (date(2024, 5, 9), date(2024, 5, 10), "2024년 5월 9일", "on 2024-05-09"),
        (date(2024, 5, 6), date(2024, 5, 13), "2024-05-06부터 2024-05-12까지", "from 2024-05-06 to 2024-05-12"),
        (date(2024, 5, 6), None, "2024-05-06부터", "since 2024-05-06"),
        (None, date(2024, 5, 6), "2024-05-05까지", "until 2024-05-05"),
        (date(9999, 12, 20), date(9999, 12, 27), "9999-12-20부터 9999-12-26까지", "from 9999-12-20 to 9999-12-26"),
    ],
)
def test_a_range_is_written_as_a_person_would(start: date | None, end: date | None, ko: str, en: str) -> None:
    assert (written(start, end, "ko"), written(start, end, "en")) == (ko, en)


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(1, 800), st.sampled_from(["ko", "en"]), st.sampled_from(["", "start", "end"]))  # fmt: skip
def test_a_written_range_is_read_as_itself(day: date, length: int, language: str, open_side: str) -> None:
    start = None if open_side == "start" else day
    end = None if open_side == "end" else day + timedelta(days=length)
    text = written(start, end, language)
    for question in (f"{text} 나온 맘바 논문" if language == "ko" else f"Mamba papers {text}",):
        reading = read(question)
        assert reading is not None
        assert (reading.start, reading.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("agents papers from the last two weeks of 2024", date(2024, 12, 18), date(2025, 1, 1)),
        ("agents papers from the final quarter of 2024", date(2024, 10, 1), date(2025, 1, 1)),
        ("the last week of March 2024", date(2024, 3, 25), date(2024, 4, 1)),
        ("first 10 days of March 2025", date(2025, 3, 1), date(2025, 3, 11)),
        ("papers from the last 3 months of 2024", date(2024, 10, 1), date(2025, 1, 1)),
        ("2024년 12월 마지막 2주 논문", date(2024, 12, 18), date(2025, 1, 1)),
        ("2024년 첫 3개월에 나온 것", date(2024, 1, 1), date(2024, 4, 1)),
    ],
)
def test_the_first_and_the_last_days_of_a_year_or_a_month(text: str, start: date, end: date) -> None:
    found = read_dates(text, date(2025, 5, 10), ())
    assert found
    assert (found.start, found.end) == (start, end)
