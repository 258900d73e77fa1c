"""The answer to a question about reported figures, in both languages: what was compared, and each value with its sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from rag.corpus.figures import Reported
from rag.evidence.types import Evidence, Ranked
from rag.language.text import Language, josa_or
from rag.questions.plan import AMOUNTS, HELD, FigureAsked, Plan

_MOST_GROUPS = 6  # of values that cannot be compared, that are shown
_LISTED = 20  # papers of one group that are shown
_NAMES: Mapping[Language, Mapping[str, str]] = {
    "ko": {
        "size": "파라미터 수", "tokens": "학습 토큰 수", "context": "문맥 길이", "data": "데이터 크기", "speedup": "속도 향상", "cost": "비용",
        "memory": "메모리 사용량", "time": "시간", "images": "이미지", "videos": "비디오", "audio": "오디오", "hours": "시간", "pairs": "쌍",
        "questions": "문제", "samples": "샘플", "documents": "문서", "trajectories": "궤적", "training": "학습", "use": "사용",
        "accuracy": "정확도", "score": "점수", "success rate": "성공률", "win rate": "승률", "error rate": "오류율",
        "hallucination rate": "환각률", "recall": "재현율", "precision": "정밀도", "exact match": "정확 일치",
    },
    "en": {
        "size": "number of parameters", "tokens": "number of training tokens", "context": "context length", "data": "data size",
        "speedup": "speed-up", "memory": "memory use",
    },
}  # fmt: skip
_COUNTED: Mapping[str, str] = {"images": "{} 장", "hours": "{}시간", "pairs": "{} 쌍", "documents": "{} 편"}
_UNITS: Mapping[Language, Mapping[str, str]] = {
    "ko": {
        "speedup": "{}배",
        "memory": "{}GB",
        "cost": "{}달러",
        "context": "{} 토큰",
        "tokens": "{} 토큰",
        "size": "{}",
        "data": "{} 개",
    },
    "en": {
        "speedup": "{}×",
        "memory": "{} GB",
        "cost": "${}",
        "context": "{} tokens",
        "tokens": "{} tokens",
        "size": "{}",
        "data": "{}",
    },
}
_TIMES = (
    (86400, "일", "days"),
    (3600, "시간", "hours"),
    (60, "분", "minutes"),
    (1, "초", "seconds"),
    (0.001, "밀리초", "ms"),
)
_ENDS: Mapping[Language, Mapping[str, tuple[str, str]]] = {
    "ko": {
        "size": ("작은", "큰"), "tokens": ("적은", "많은"), "context": ("짧은", "긴"), "data": ("작은", "큰"), "speedup": ("작은", "큰"),
        "cost": ("적은", "큰"), "memory": ("적은", "많은"), "time": ("짧은", "긴"),
    },
    "en": {
        "context": ("shortest", "longest"), "time": ("shortest", "longest"),
        **dict.fromkeys(("size", "tokens", "data", "speedup", "cost", "memory"), ("smallest", "largest")),
    },
}  # fmt: skip
_VOWEL = re.compile(r"[aeio]|[AEFILMNORSX](?=[A-Z0-9])|m[A-Z]|Elo")
_MYRIADS = ((10**12, "조"), (10**8, "억"), (10**4, "만"))
_THOUSANDS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))


def name_of(label: str, language: Language) -> str:
    """Return what a figure is of, in a language; a benchmark's or a metric's own name as it is."""
    return _NAMES[language].get(label, label)


def number(value: float, language: Language) -> str:
    """Return a number as people write it.

    >>> number(3.8e9, "ko"), number(3.8e9, "en"), number(51761, "ko"), number(128000, "en"), number(2.3, "ko")
    ('38억', '3.8B', '51,761', '128K', '2.3')
    """
    for unit, name in _MYRIADS if language == "ko" else _THOUSANDS:
        scaled = round(value / unit, 6)
        if value >= unit and scaled == round(scaled, 2):
            return f"{scaled:,.10g}{name}"
    return f"{value:,.10g}"


def _time(seconds: float, language: Language) -> str:
    """Return a time in the largest unit that it fills."""
    unit, korean, english = next((one for one in _TIMES if seconds >= one[0]), _TIMES[-1])
    said = f"{seconds / unit:,.3g}"
    english = english.removesuffix("s") if said == "1" and english != "ms" else english
    return f"{said}{korean}" if language == "ko" else f"{said} {english}"


def amount(of: str, metric: str, value: float, language: Language) -> str:
    """Return an amount with its unit.

    >>> amount("speedup", "", 11.69, "ko"), amount("data", "images", 4e6, "en"), amount("time", "training", 5400, "en")
    ('11.69배', '4M images', '1.5 hours')
    """
    if of == "time":
        return _time(value, language)
    said = f"{value:,.10g}" if of == "speedup" else f"{value:,.3g}" if of == "memory" else number(value, language)
    if of == "data" and metric:
        return _COUNTED.get(metric, "{} 개").format(said) if language == "ko" else f"{said} {metric}"
    return _UNITS[language][of].format(said)


def value_of(row: Reported, language: Language) -> str:
    """Return a figure with its unit."""
    if row.of in AMOUNTS:
        return amount(row.of, row.metric, row.value, language)
    return f"{row.value:,.10g}{row.unit}"


def _bound(figure: FigureAsked, value: float | None, language: Language) -> str:
    """Return a bound with its unit; of a score on a benchmark, which is mostly a share, in per cent."""
    if value is None:
        return ""
    if figure.of in AMOUNTS:
        return amount(figure.of, figure.metric, value, language)
    share = not figure.metric and 1 < value <= 100
    return f"{value:,.10g}{'%' if share else ''}"


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


class Korean:
    """Polite Korean."""

    conditions = "요약에서 읽어 낸 값만 비교했습니다. 요약에 없거나 달리 적힌 값은 빠질 수 있으며, 실험 조건은 논문마다 다를 수 있습니다."
    amounts = "요약에서 읽어 낸 값만 비교했습니다. 요약에 없거나 달리 적힌 값은 빠질 수 있으며, 기준과 설정은 논문마다 다릅니다."
    which = "무엇을 비교할지 알 수 없습니다. 벤치마크나 지표, 크기를 함께 물어봐 주세요. 예: ‘MATH 점수가 가장 높은 논문은?’, ‘가장 작은 모델은?’"

    def asked(self, figure: FigureAsked) -> str:
        """Name what is asked for."""
        if figure.of == "data" and figure.metric:
            return f"{name_of(figure.metric, 'ko')} {name_of(figure.of, 'ko')}"
        if (figure.of, figure.metric) == HELD:
            return "데이터의 토큰 수"
        if figure.of in AMOUNTS:
            return " ".join(filter(None, (name_of(figure.metric, "ko"), name_of(figure.of, "ko"))))
        return " ".join(filter(None, (figure.of, name_of(figure.metric or "score", "ko"))))

    def top(self, figure: FigureAsked, group: Ranked, pool: int, scope: str, among: int) -> str:
        """Say which value is first of how many papers, which are `among` those of a set where there is one."""
        low, high = _ENDS["ko"].get(figure.of, ("낮은", "높은"))
        end, value = low if group.low else high, value_of(group.rows[0], "ko")
        said = josa_or(self.asked(figure), "을/를", " 값을")
        if among:
            return f"‘{scope}’ 관련 논문 {among:,}편 가운데 {pool:,}편의 요약에서 {said} 읽을 수 있습니다. 가장 {end} 값은 {value}입니다."
        return f"요약에서 {said} 읽을 수 있는 논문 {pool:,}편 가운데 가장 {end} 값은 {value}입니다."

    def bounds(self, figure: FigureAsked) -> str:
        """Name the bounds."""
        low, high = (_bound(figure, value, "ko") for value in (figure.least, figure.most))
        if low and high:
            return f"{low}~{high}인"
        if low:
            return f"{low} {'초과인' if figure.strict else '이상인'}"
        return f"{high} {'미만인' if figure.strict else '이하인'}"

    def within(self, figure: FigureAsked, n: int) -> str:
        """Say how many papers report a value within bounds."""
        return f"요약에서 읽은 값으로는 {josa_or(self.asked(figure), '이/가', ' 값이')} {self.bounds(figure)} 논문이 {n:,}편입니다."

    def apart(self, figure: FigureAsked, n: int) -> str:
        """Say that values are not comparable."""
        said = josa_or(self.asked(figure), "은/는", " 값은")
        return f"{said} 논문마다 잰 것이 달라 한 줄로 세울 수 없습니다. 서로 비교할 수 있는 것끼리 나누었습니다(논문 {n:,}편)."

    def none(self, figure: FigureAsked, nearest: str) -> str:
        """Say that no summary reports it."""
        if figure.least is None and figure.most is None:
            return f"요약에서 {josa_or(self.asked(figure), '을/를', ' 값을')} 읽을 수 있는 논문이 없습니다. 논문 본문에는 있을 수 있습니다."
        near = f" 가장 가까운 값은 {nearest}입니다." if nearest else ""
        return f"요약에서 읽어 낸 {self.asked(figure)} 가운데 {self.bounds(figure)} 것은 없습니다.{near} 요약에 없거나 달리 적힌 값은 빠질 수 있습니다."

    def unowned(self, figure: FigureAsked) -> str:
        """Say that no summary gives the amount as its paper's own within bounds."""
        return f"{josa_or(self.asked(figure), '이/가', ' 값이')} {self.bounds(figure)} 것을 논문 자신의 값으로 밝힌 요약은 찾지 못했습니다."

    def named(self, figure: FigureAsked, n: int) -> str:
        """Introduce amounts that summaries write without saying whose they are."""
        return f"**요약에 {self.bounds(figure)} 값이 적힌 논문** · 그 논문의 모델인지, 사용하거나 비교한 모델인지는 문장을 확인해 주세요."

    def unread(self, n: int) -> str:
        """Say of how many papers the amount is not known."""
        return f"같은 조건의 나머지 논문 {n:,}편은 요약에 이 값이 없어 가려낼 수 없습니다."

    def unitless(self, said: str, figure: FigureAsked) -> str:
        """Ask for a unit."""
        example = {"data": "이미지 10만 장", "tokens": "2조 토큰", "context": "128K"}.get(figure.of, "3B")
        asked = josa_or(self.asked(figure), "을/를", " 값을")
        return f"‘{said}’에 단위가 없어 {asked} 비교할 수 없습니다. ‘{example}’처럼 단위를 붙여 다시 물어봐 주세요."

    def first_of(self, shown: int, total: int) -> str:
        """Say how many of a group are shown."""
        return f"{total:,}편 중 {shown:,}편"

    def more(self, groups: int) -> str:
        """Say how many groups are left out."""
        return f"이 밖의 {groups:,}가지는 줄였습니다."


class English:
    """Plain English."""

    conditions = "Only values that could be read from the summaries are compared; others may be missing, and papers may have measured under other conditions."
    amounts = "Only values that could be read from the summaries are compared; others may be missing, and each has its own baseline and setting."
    which = "It is not clear what to compare. Please name a benchmark, a metric or an amount, such as “the highest score on MATH” or “the smallest model”."

    def asked(self, figure: FigureAsked) -> str:
        """Name what is asked for."""
        if (figure.of, figure.metric) == HELD:
            return "number of tokens of data"
        if figure.of in AMOUNTS:
            setting = figure.metric if figure.of != "data" else f"{figure.metric.removesuffix('s')}"
            return " ".join(filter(None, (setting, name_of(figure.of, "en"))))
        return f"{figure.metric or 'score'}{f' on {figure.of}' if figure.of else ''}"

    def _the(self, figure: FigureAsked) -> str:
        """Name what is asked for with its article."""
        return f"the {self.asked(figure)}" if figure.of else self.asked(figure)

    def _a(self, figure: FigureAsked) -> str:
        """Name one value of what is asked for with its article."""
        asked = self.asked(figure)
        return f"{'an' if _VOWEL.match(asked) else 'a'} {asked}"

    def top(self, figure: FigureAsked, group: Ranked, pool: int, scope: str, among: int) -> str:
        """Say which value is first of how many papers, which are `among` those of a set where there is one."""
        low, high = _ENDS["en"].get(figure.of, ("lowest", "highest"))
        end, value = low if group.low else high, value_of(group.rows[0], "en")
        summaries = "one summary" if pool == 1 else f"{pool:,} summaries"
        if among:
            return f"Of {among:,} papers on “{scope}”, {self._a(figure)} could be read from {summaries}. The {end} is {value}."
        return f"{_first_up(self._a(figure))} could be read from {summaries}. The {end} is {value}."

    def bounds(self, figure: FigureAsked) -> str:
        """Name the bounds."""
        low, high = (_bound(figure, value, "en") for value in (figure.least, figure.most))
        if low and high:
            return f"between {low} and {high}"
        if low:
            return f"{'above' if figure.strict else 'of at least'} {low}"
        return f"{'below' if figure.strict else 'of at most'} {high}"

    def within(self, figure: FigureAsked, n: int) -> str:
        """Say how many papers report a value within bounds."""
        papers = "one paper has" if n == 1 else f"{n:,} papers have"
        return f"As far as the summaries state it, {papers} {self._a(figure)} {self.bounds(figure)}."

    def apart(self, figure: FigureAsked, n: int) -> str:
        """Say that values are not comparable."""
        papers = "1 paper states" if n == 1 else f"{n:,} papers state"
        return f"{self.asked(figure).capitalize() if figure.of in AMOUNTS else self.asked(figure)}, as {papers} it, is not the same measure everywhere, so there is no one ranking. Values that compare stand together."

    def none(self, figure: FigureAsked, nearest: str) -> str:
        """Say that no summary reports it."""
        if figure.least is None and figure.most is None:
            return f"No value for {self._the(figure)} could be read from the summaries; the papers themselves may have one."
        near = f" The nearest is {nearest}." if nearest else ""
        return f"As far as the summaries state it, no paper has {self._a(figure)} {self.bounds(figure)}.{near} A value that a summary leaves out or words otherwise may be missing."

    def unowned(self, figure: FigureAsked) -> str:
        """Say that no summary gives the amount as its paper's own within bounds."""
        return f"No summary states {self._a(figure)} {self.bounds(figure)} as its paper's own."

    def named(self, figure: FigureAsked, n: int) -> str:
        """Introduce amounts that summaries write without saying whose they are."""
        return f"**Papers whose summaries name a value {self.bounds(figure)}**: the sentence tells whether it is the paper's own model or one that it uses or compares with."

    def unread(self, n: int) -> str:
        """Say of how many papers the amount is not known."""
        papers = "1 more paper meets" if n == 1 else f"{n:,} more papers meet"
        return f"{papers} the other conditions, but the summary gives no such value, so it cannot be told."

    def unitless(self, said: str, figure: FigureAsked) -> str:
        """Ask for a unit."""
        example = {"data": "100K images", "tokens": "2T tokens", "context": "128K"}.get(figure.of, "3B")
        return f"“{said}” has no unit, so the {self.asked(figure)} cannot be compared. Please ask with one, such as “{example}”."

    def first_of(self, shown: int, total: int) -> str:
        """Say how many of a group are shown."""
        return f"{shown:,} of {total:,} papers"

    def more(self, groups: int) -> str:
        """Say how many groups are left out."""
        return f"{groups:,} more are left out."


WORDS: Mapping[Language, Korean | English] = {"ko": Korean(), "en": English()}
Item = Callable[[int, Reported, str], Iterator[str]]
"""Writes an entry of a list: its number, the figure, and its value in words."""


def figure_lines(evidence: Evidence, item: Item) -> Iterator[str]:
    """Yield the lines of an answer about reported figures."""
    plan, language = evidence.reading.plan, evidence.reading.language
    figure = plan.figure
    assert figure is not None
    words, groups = WORDS[language], evidence.figures
    if evidence.figures:
        yield _opening(words, plan, figure, evidence)
        yield words.amounts if figure.of in AMOUNTS else words.conditions
    else:
        yield words.unowned(figure)
    several = len(groups) > 1
    for group in groups[:_MOST_GROUPS]:
        yield ""
        if several:
            total = group.of or len(group.rows)
            shown = min(len(group.rows), _shown(plan, several))
            yield f"**{name_of(group.label, language)}** ({words.first_of(shown, total)})"
            yield ""
        for at, row in enumerate(group.rows[: _shown(plan, several)], start=1):
            yield from item(at, row, value_of(row, language))
    if len(groups) > _MOST_GROUPS:
        yield ""
        yield words.more(len(groups) - _MOST_GROUPS)
    if evidence.named:
        yield from _named_lines(evidence, figure, item)
    if evidence.unread > 0:
        yield ""
        yield words.unread(evidence.unread)


def _named_lines(evidence: Evidence, figure: FigureAsked, item: Item) -> Iterator[str]:
    """Yield the amounts that summaries write without saying whose they are."""
    words, group = WORDS[evidence.reading.language], evidence.named
    assert group is not None
    yield ""
    yield f"{words.named(figure, group.of)} ({words.first_of(len(group.rows), group.of)})"
    yield ""
    for at, row in enumerate(group.rows, start=1):
        yield from item(at, row, value_of(row, evidence.reading.language))


def _shown(plan: Plan, several: bool) -> int:
    return (
        1
        if several and plan.limit == 1 and plan.figure and plan.figure.of in ("", *AMOUNTS)
        else 3
        if several
        else _LISTED
    )


def _opening(words: Korean | English, plan: Plan, figure: FigureAsked, evidence: Evidence) -> str:
    if len(evidence.figures) > 1:
        return words.apart(figure, evidence.pool)
    if _has_bounds(figure) and plan.kind != "superlative":
        return words.within(figure, len(evidence.papers))
    scope = ", ".join(dict.fromkeys((*plan.terms, *plan.topics)))
    return words.top(figure, evidence.figures[0], evidence.pool, scope, evidence.among)


def _has_bounds(figure: FigureAsked) -> bool:
    return figure.least is not None or figure.most is not None


def no_figure(evidence: Evidence) -> str:
    """Say why a question about reported figures has no answer."""
    reading, figure = evidence.reading, evidence.reading.plan.figure
    assert figure is not None
    words = WORDS[reading.language]
    if not (figure.of or figure.metric):
        return words.which
    if evidence.reason == "ambiguous":
        return words.unitless(reading.unknown[0], figure)
    nearest = [value_of(row, reading.language) for group in evidence.figures for row in group.rows[:1]]
    return words.none(figure, nearest[0] if nearest else "")
