"""What a plan asks for, said as a reader would ask it: "2024년 RWKV를 사용한 논문", "Papers that use RWKV in 2024"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answers.english import English
from rag.answers.korean import Korean
from rag.answers.phrases import and_joined, joined, period
from rag.language.text import Language, josa_or
from rag.questions.plan import CHIP_WORDS, SET_KINDS, Plan, chips, figure_label

_WHOLE = "사용하거나 제안", "use or propose"  # who asks what used a thing means both
_ENDS = {
    ("votes", "desc"): "표가 가장 많은", ("votes", "asc"): "표가 가장 적은", ("date", "desc"): "가장 최근의", ("date", "asc"): "가장 오래된",
    ("authors", "desc"): "저자가 가장 많은", ("authors", "asc"): "저자가 가장 적은",
}  # fmt: skip
_ORDERS = {
    ("votes", "desc"): ("표가 많은 순", "most votes first"), ("votes", "asc"): ("표가 적은 순", "fewest votes first"),
    ("date", "desc"): ("최신순", "newest first"), ("date", "asc"): ("오래된 순", "oldest first"),
    ("authors", "desc"): ("저자가 많은 순", "most authors first"), ("authors", "asc"): ("저자가 적은 순", "fewest authors first"),
}  # fmt: skip


def asked(plan: Plan, language: Language, titles: Sequence[str] = ()) -> str:
    """Return what a plan asks for in words; `titles` are those of the papers it is about.

    >>> from datetime import date
    >>> plan = Plan("list", terms=("RWKV",), relation="use", date_from=date(2024, 1, 1), date_to=date(2025, 1, 1))
    >>> asked(plan, "ko"), asked(plan, "en")
    ('2024년 RWKV를 사용한 논문', 'Papers that use RWKV in 2024')
    """
    if plan.kind not in SET_KINDS:
        return _about_papers(plan, language, titles)
    return _korean(plan) if language == "ko" else _english(plan)


def _about_papers(plan: Plan, language: Language, titles: Sequence[str]) -> str:
    """Name the papers that are explained, compared or searched from; the parts of the plan where there are none."""
    korean = language == "ko"
    if not titles or plan.kind not in ("explain", "compare", "similar", "known_item"):
        return " · ".join(chips(plan, language))
    if plan.kind == "compare" and len(titles) > 1:
        return f"{and_joined(titles)} 비교" if korean else f"{joined(titles, ' and ')} compared"
    if plan.kind == "similar":
        return f"{josa_or(titles[0], '과/와', ' 논문과')} 비슷한 논문" if korean else f"Papers similar to {titles[0]}"
    return f"{titles[0]} 설명" if korean else f"{titles[0]} explained"


def _measured(plan: Plan, language: Language) -> str:
    """Name what is counted in place of papers: the sum of their votes, or votes by paper."""
    return CHIP_WORDS[language]["sum" if plan.measure == "votes" else "mean"] if plan.measure else ""


def _korean(plan: Plan) -> str:
    dateless = replace(plan, date_from=None, date_to=None)
    papers = " ".join(filter(None, (period(plan, True), Korean().subject(dateless).replace(_WHOLE[0], "사용"))))
    measured = _measured(plan, "ko")
    if plan.kind == "trend":
        return f"{papers}의 {_ranked(plan) or ' '.join((CHIP_WORDS['ko'][plan.per or 'month'], measured or '추이'))}"
    if plan.figure:
        papers = f"{papers}, {figure_label(plan.figure, plan, 'ko')}"
    elif plan.by:
        way = (plan.by, plan.order or "desc")
        return f"{papers} 중 {_ENDS[way]} {plan.limit}편" if plan.limit else f"{papers}, {_ORDERS[way][0]}"
    ending = {"count": f" {measured or '수'}", "digest": " 요약"}.get(plan.kind, "")
    return f"{papers}{ending}" + (f" {plan.limit}편" if plan.limit else "")


def _ranked(plan: Plan, language: Language = "ko") -> str:
    """Name the ranking that a trend asks for; "" for counts by time."""
    korean = language == "ko"
    if plan.ranks_authors:
        return "저자 순위" if korean else "Authors"
    if plan.ranks_topics and plan.by == "date":
        return "늘어난 주제" if korean else "Growing topics"
    return ("주제 순위" if korean else "Topics") if plan.ranks_topics else ""


def _english(plan: Plan) -> str:
    dateless = replace(plan, date_from=None, date_to=None)
    papers = f"papers{English().which(dateless, 2)}".replace(_WHOLE[1], "use")
    papers = " ".join(filter(None, (papers, period(plan, False))))
    measured = _capital(_measured(plan, "en"))
    if plan.kind == "trend":
        ranked = _ranked(plan, "en") or measured
        of = f"{ranked} of {papers}" if ranked else _capital(papers)
        return of if _ranked(plan, "en") else f"{of} {CHIP_WORDS['en'][plan.per or 'month']}"
    papers = papers.replace("papers", "paper", 1) if plan.limit == 1 else papers
    few = f"{plan.limit} " if plan.limit else ""
    if plan.kind == "count":
        return f"{measured or 'Number'} of {papers}"
    if plan.kind == "digest":
        return f"Summary of {few}{papers}"
    if plan.figure:
        return f"{_capital(few + papers)}, {figure_label(plan.figure, plan, 'en')}"
    if plan.by:
        return f"{_capital(few + papers)}, {_ORDERS[plan.by, plan.order or 'desc'][1]}"
    return _capital(few + papers)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
