"""Questions to offer a reader: starters drawn from what is indexed, the next ones after an answer, and what a plan would
find without one of its parts. Nothing is offered that was not asked first and answered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from rag.answers.answer import Answer
from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import meant
from rag.corpus.papers import Paper
from rag.language.terms import glossary
from rag.language.text import Language, josa_or
from rag.questions.plan import SET_KINDS, Plan, parts, without

Ask = Callable[[str], Answer]
_NAME = re.compile(r"[A-Z][A-Za-z]+(?:-?\d)?")
_OFFERED = 3
_TRIED = 8  # methods that are asked about until one was used


def relaxations(plan: Plan, count: Callable[[Plan], int]) -> tuple[tuple[str, str, int], ...]:
    """Return (field, value, papers there would be) for each part whose removal gives an empty set some papers.

    `count` tells how many papers a plan finds. A range of days may be the last part to go; without another last part nothing of the question would be left.
    """
    if plan.kind not in SET_KINDS:
        return ()
    rests = [(chip, without(plan, chip)) for chip in parts(plan, "en")[:-1]]
    counted = [
        (chip.field, chip.value, count(replace(rest, limit=None)))
        for chip, rest in rests
        if rest.filtered or chip.field == "date_from"
    ]
    return tuple(row for row in counted if row[2])


def _answered(candidates: Iterable[str], ask: Ask, limit: int, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the first questions that are answered with papers, and with others than those already seen."""
    kept: list[str] = []
    for question in candidates:
        answer = ask(question)
        if answer.status == "answered" and answer.papers and (answer.papers != seen or answer.plan.kind == "trend"):
            kept.append(question)
        if len(kept) == limit:
            break
    return tuple(kept)


def _methods(catalogue: Catalogue) -> list[str]:
    """Methods of the glossary that still tell papers apart (at most one in fifty has them, or 5), the most named first."""
    names = [group[0] for group in glossary().groups if _NAME.fullmatch(group[0])]
    counted = [(len(catalogue.mentioning(meant(name))), name) for name in names]
    narrow = [row for row in counted if 2 <= row[0] <= max(5, len(catalogue) // 50)]
    return [name for _, name in sorted(narrow, key=lambda row: -row[0])]


def _best(papers: Iterable[Paper]) -> Paper | None:
    named = [p for p in papers if p.name and len(p.name.split()) < 3 and p.votes is not None]
    return max(named, key=lambda paper: paper.votes or 0, default=None)


def starters(catalogue: Catalogue, language: Language, ask: Ask, limit: int = 6) -> tuple[str, ...]:
    """Return questions to begin with, about this index: a method, a month, the newest day, a person, a paper, a trend."""
    if not catalogue.days:
        return ()
    korean, found = language == "ko", []
    day = catalogue.days[-1]
    months = Counter(f"{paper.date:%Y-%m}" for paper in catalogue.papers.values() if paper.votes is not None)
    people = Counter(name for paper in catalogue.papers.values() for name in paper.authors)
    if month := max((m for m, n in months.items() if n >= 3), default=""):
        year, number = month.split("-")
        english = f"Top 3 papers by votes in {day.replace(year=int(year), month=int(number), day=1):%B %Y}"
        found.append(f"{year}년 {int(number)}월 논문 중 표가 가장 많은 3편은?" if korean else english)
    summary = f"{day.year}년 {day.month}월 {day.day}일 논문 요약해 줘"
    found.append(summary if korean else f"Summarise the papers of {day:%B} {day.day}, {day.year}")
    if paper := _best(sorted(catalogue.papers.values(), key=lambda p: p.date, reverse=True)[:100]):
        found.append(f"{paper.name}에 대해 설명해 줘" if korean else f"Explain {paper.name}")
    if people:
        name = max(people.items(), key=lambda row: (row[1], row[0]))[0]
        found.append(f"{name}의 논문은?" if korean else f"Which papers did {name} co-author?")
    uses = [(josa_or(m, "을/를", " 기술을") + " 사용한 논문은?" if korean else f"Which papers used {m}?", m)
            for m in _methods(catalogue)[:_TRIED]]  # fmt: skip
    method = next(((question, name) for question, name in uses if ask(question).papers), None)
    if method:
        found.insert(0, method[0])
        found.append(f"{method[1]} 논문의 월별 추이는?" if korean else f"{method[1]} papers by month")
    return _answered(found, ask, limit)


def follow_ups(answer: Answer, catalogue: Catalogue, ask: Ask) -> tuple[str, ...]:
    """Return up to three next questions about an answer; `ask` answers one as it would be asked after this answer."""
    korean, found = answer.language == "ko", []
    papers = [catalogue.papers[i] for i in answer.papers if i in catalogue.papers]
    if len(papers) > 1:
        if len(papers) > 3 and answer.plan.by != "votes":
            found.append("그중 표가 가장 많은 3편은?" if korean else "Which of those have the most votes?")
        years = {paper.date.year for paper in papers}
        if len(years) > 1:
            found.append(f"그중 {max(years)}년 것만 보여 줘" if korean else f"Of those, only the ones of {max(years)}")
        if len(papers) > 11 and answer.plan.terms and answer.plan.kind != "trend":
            name = answer.plan.terms[0]
            found.append(f"{name} 논문의 월별 추이는?" if korean else f"{name} papers by month")
        found.append("첫 번째 논문을 설명해 줘" if korean else "Explain the first one")
        if len(papers) < 6 and answer.plan.kind != "compare":
            found.append("표로 보여 줘" if korean else "As a table")
    elif papers:
        found.append("이 논문과 비슷한 논문은?" if korean else "Which papers are similar to this paper?")
        if papers[0].authors:
            counts = [(len(catalogue.authors.papers(name)), name) for name in papers[0].authors]
            name = max(counts)[1]
            found.append(f"{name}의 논문은?" if korean else f"Which papers did {name} co-author?")
        day = papers[0].date
        found.append(
            f"{day.year}년 {day.month}월 {day.day}일 논문은?" if korean else f"Papers of {day:%B} {day.day}, {day.year}"
        )
    return _answered(found, ask, _OFFERED, answer.papers)
