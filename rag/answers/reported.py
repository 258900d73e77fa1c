"""The answer to a question about reported figures, in both languages: what was compared, and each value with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rag.corpus.figures import Reported
from rag.evidence.types import Evidence, Ranked
from rag.language.text import Language, josa_or
from rag.questions.plan import AMOUNTS, FigureAsked, Plan

_MOST_GROUPS = 6  # of values that cannot be compared, that are shown
_LISTED = 20  # papers of one group that are shown
_NAMES: Mapping[Language, Mapping[str, str]] = {
    "ko": {
        "size": "파라미터 수", "tokens": "학습 토큰 수", "context": "문맥 길이", "data": "데이터 크기", "speedup": "속도 향상", "cost": "비용",
        "memory": "메모리", "images": "이미지", "videos": "비디오", "audio": "오디오", "hours": "시간", "pairs": "쌍", "questions": "문제",
        "samples": "샘플", "documents": "문서", "trajectories": "궤적", "accuracy": "정확도", "score": "점수", "success rate": "성공률",
        "win rate": "승률", "error rate": "오류율", "recall": "재현율", "precision": "정밀도", "exact match": "정확 일치",
    },
    "en": {
        "size": "number of parameters", "tokens": "number of training tokens", "context": "context length", "data": "data size", "speedup": "speed-up", "cost": "cost",
        "memory": "memory",
    },
}  # fmt: skip
_COUNTED: Mapping[Language, Mapping[str, str]] = {
    "ko": {"images": "{}장", "videos": "{}개", "hours": "{}시간", "pairs": "{}쌍", "documents": "{}편"},
    "en": {},
}
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


def value_of(row: Reported, language: Language) -> str:
    """Return a figure with its unit."""
    if row.of not in AMOUNTS:
        return f"{row.value:,.10g}{row.unit}"
    said = number(row.value, language)
    if row.of == "speedup":
        return f"{row.value:,.10g}{'배' if language == 'ko' else '×'}"
    if row.of == "memory":
        return f"{row.value:,.3g}GB"
    if row.of == "cost":
        return f"{said}달러" if language == "ko" else f"${row.value:,.10g}"
    if row.of == "data":
        counted = _COUNTED[language].get(row.metric, "{}개" if language == "ko" else f"{{}} {row.metric}")
        return counted.format(said)
    return said


class Korean:
    """Polite Korean."""

    conditions = "요약에 적힌 값만 비교했으며, 실험 조건은 논문마다 다를 수 있습니다."
    amounts = "요약에 적힌 값만 비교했으며, 기준과 설정은 논문마다 다릅니다."

    def asked(self, figure: FigureAsked) -> str:
        """Name what is asked for."""
        of = name_of(figure.of, "ko")
        metric = name_of(figure.metric, "ko") if figure.metric else ""
        return " ".join(filter(None, (of if figure.of in AMOUNTS and not metric else of, metric)))

    def top(self, figure: FigureAsked, group: Ranked, pool: int) -> str:
        """Say which value is first of how many papers."""
        end = "낮은" if group.low else "높은"
        if figure.of in AMOUNTS:
            end = {"size": "작은" if group.low else "큰", "data": "작은" if group.low else "큰", "context": "짧은" if group.low else "긴"}.get(figure.of, "적은" if group.low else "큰")
        asked, best = self.asked(figure), value_of(group.rows[0], "ko")
        return f"요약이 {josa_or(asked, '을/를', ' 값을')} 보고한 논문 {pool:,}편 가운데 가장 {end} 값은 {best}입니다."

    def within(self, figure: FigureAsked, n: int) -> str:
        """Say how many papers report a value within bounds."""
        return f"요약에 {self.bounds(figure)} {self.asked(figure)} 값이 적힌 논문은 {n:,}편입니다."

    def bounds(self, figure: FigureAsked) -> str:
        """Name the bounds."""
        share = "%" if figure.of not in AMOUNTS and (figure.least or figure.most or 0) > 1 and not figure.metric else ""
        low, high = (number(v, "ko") + share if v is not None else "" for v in (figure.least, figure.most))
        if low and high:
            return f"{low}~{high}인"
        if low:
            return f"{low} {'초과인' if figure.strict else '이상인'}"
        return f"{high} {'미만인' if figure.strict else '이하인'}"

    def apart(self, figure: FigureAsked, n: int) -> str:
        """Say that values are not comparable."""
        asked = self.asked(figure)
        return f"{josa_or(asked, '은/는', ' 값은')} 논문마다 재는 것이 달라 한 줄로 세우지 않고, 서로 비교할 수 있는 것끼리 나누었습니다({n:,}편)."

    def none(self, figure: FigureAsked, nearest: str) -> str:
        """Say that no summary reports it."""
        asked = self.asked(figure)
        if figure.least is None and figure.most is None:
            return f"{josa_or(asked, '을/를', ' 값을')} 수치로 보고한 요약이 없습니다."
        near = f" 가장 가까운 값은 {nearest}입니다." if nearest else ""
        return f"{self.bounds(figure)} {asked} 값을 보고한 요약이 없습니다.{near}"

    def unitless(self, said: str, figure: FigureAsked) -> str:
        """Ask for a unit."""
        example = {"data": "10만 장", "tokens": "2조", "context": "128K"}.get(figure.of, "3B")
        return f"‘{said}’에 단위가 없어 {josa_or(self.asked(figure), '을/를', ' 값을')} 비교할 수 없습니다. ‘{example}’처럼 단위를 붙여 다시 물어봐 주세요."

    def first_of(self, shown: int, total: int) -> str:
        """Say how many of a group are shown."""
        return f"{total:,}편 중 {shown:,}편"

    def more(self, groups: int) -> str:
        """Say how many groups are left out."""
        return f"그 밖의 {groups:,}가지 기준은 생략했습니다."


class English:
    """Plain English."""

    conditions = "Only values that summaries state are compared; papers may have measured under other conditions."
    amounts = "Only values that summaries state are compared; each has its own baseline and setting."

    def asked(self, figure: FigureAsked) -> str:
        """Name what is asked for."""
        of = name_of(figure.of, "en")
        return " ".join(filter(None, (of, figure.metric)))

    def top(self, figure: FigureAsked, group: Ranked, pool: int) -> str:
        """Say which value is first of how many papers."""
        end = "lowest" if group.low else "highest"
        if figure.of in AMOUNTS:
            end = "smallest" if group.low else "largest"
        papers = "the one paper" if pool == 1 else f"{pool:,} papers"
        return f"The {end} {self.asked(figure)} value in {papers} whose summary states one is {value_of(group.rows[0], 'en')}."

    def within(self, figure: FigureAsked, n: int) -> str:
        """Say how many papers report a value within bounds."""
        papers = "paper states" if n == 1 else "papers state"
        return f"The summaries of {n:,} {papers} a {self.asked(figure)} value {self.bounds(figure)}.".replace(
            "The summaries of 1 paper states", "The summary of 1 paper states"
        )

    def bounds(self, figure: FigureAsked) -> str:
        """Name the bounds."""
        share = "%" if figure.of not in AMOUNTS and (figure.least or figure.most or 0) > 1 and not figure.metric else ""
        low, high = (number(v, "en") + share if v is not None else "" for v in (figure.least, figure.most))
        if low and high:
            return f"between {low} and {high}"
        if low:
            return f"{'above' if figure.strict else 'of at least'} {low}"
        return f"{'below' if figure.strict else 'of at most'} {high}"

    def apart(self, figure: FigureAsked, n: int) -> str:
        """Say that values are not comparable."""
        papers = "1 paper" if n == 1 else f"{n:,} papers"
        return f"The {self.asked(figure)} values of {papers} do not measure the same thing, so they are not put in one ranking. Those that compare stand together."

    def none(self, figure: FigureAsked, nearest: str) -> str:
        """Say that no summary reports it."""
        if figure.least is None and figure.most is None:
            return f"No indexed summary states a figure for {self.asked(figure)}."
        near = f" The nearest is {nearest}." if nearest else ""
        return f"No indexed summary states a {self.asked(figure)} value {self.bounds(figure)}.{near}"

    def unitless(self, said: str, figure: FigureAsked) -> str:
        """Ask for a unit."""
        example = {"data": "100K images", "tokens": "2T", "context": "128K"}.get(figure.of, "3B")
        return f"“{said}” has no unit, so the {self.asked(figure)} cannot be compared. Please ask with one, such as “{example}”."

    def first_of(self, shown: int, total: int) -> str:
        """Say how many of a group are shown."""
        return f"{shown:,} of {total:,} papers"

    def more(self, groups: int) -> str:
        """Say how many groups are left out."""
        return f"{groups:,} more kinds of values are left out."


WORDS: Mapping[Language, Korean | English] = {"ko": Korean(), "en": English()}
Item = Callable[[int, Reported, str], Iterator[str]]
"""Writes an entry of a list: its number, the figure, and its value in words."""


def figure_lines(evidence: Evidence, item: Item) -> Iterator[str]:
    """Yield the lines of an answer about reported figures."""
    plan, language = evidence.reading.plan, evidence.reading.language
    figure = plan.figure
    assert figure is not None
    words, groups = WORDS[language], evidence.figures
    yield _opening(words, plan, figure, evidence)
    yield words.amounts if figure.of in AMOUNTS else words.conditions
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


def _shown(plan: Plan, several: bool) -> int:
    return 1 if several and plan.limit == 1 else 3 if several else _LISTED


def _opening(words: Korean | English, plan: Plan, figure: FigureAsked, evidence: Evidence) -> str:
    if len(evidence.figures) > 1:
        return words.apart(figure, evidence.pool)
    if plan.kind == "superlative":
        return words.top(figure, evidence.figures[0], evidence.pool)
    return words.within(figure, len(evidence.papers)) if _has_bounds(figure) else words.top(
        figure, evidence.figures[0], evidence.pool
    )


def _has_bounds(figure: FigureAsked) -> bool:
    return figure.least is not None or figure.most is not None


def no_figure(evidence: Evidence) -> str:
    """Say why a question about reported figures has no answer."""
    reading, figure = evidence.reading, evidence.reading.plan.figure
    assert figure is not None
    words = WORDS[reading.language]
    if evidence.reason == "ambiguous":
        return words.unitless(reading.unknown[0], figure)
    nearest = [value_of(row, reading.language) for group in evidence.figures for row in group.rows[:1]]
    return words.none(figure, nearest[0] if nearest else "")


