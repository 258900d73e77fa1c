"""What a question asks for, as one frozen value that is shown to the reader and that code carries out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal, get_args

from rag.language.periods import day_before

Kind = Literal[
    "list", "count", "superlative", "author", "date", "digest", "known_item", "fact", "explain", "compare", "trend",
    "similar", "describe", "help", "out_of_scope",
]  # fmt: skip
Field = Literal["authors", "votes", "date", "link", "picture"]
Reason = Literal[
    "out_of_scope", "no_evidence", "field_not_in_digest", "before_first_digest", "after_last_digest",
    "no_digest_that_day", "impossible_day", "unknown_author", "ambiguous", "no_reference",
]  # fmt: skip

Asked = Literal["use", "mention", "propose", "beat", "extend"]
"""What the papers of a set are asked to do with its terms."""

Unit = Literal["day", "week", "month", "quarter", "year"]
"""What time is counted by."""

Measure = Literal["votes", "mean"]
"""What is counted of papers besides how many they are: the sum of their votes, or votes by paper."""

AMOUNTS = ("size", "tokens", "context", "data", "speedup", "cost", "memory", "time")
"""What papers have so much of; every other figure is a score on the benchmark that it names."""

HELD = ("tokens", "data")
"""The amount and what it is of, where the tokens are asked for that data hold, and not those that something was trained on."""


@dataclass(frozen=True, slots=True)
class FigureAsked:
    """A reported figure that a question ranks or bounds papers by.

    `of` is one of AMOUNTS or a benchmark's name, "" for a metric on any; `metric` what a score measures, or what an amount of
    data counts ("images"), "" for any. `least` and `most` are bounds as plain values (3e9, 90), `strict` that they do not
    belong to it themselves. `best` asks for the better end, whichever that is.
    """

    of: str
    metric: str = ""
    least: float | None = None
    most: float | None = None
    strict: bool = False
    best: bool = False


SET_KINDS: frozenset[Kind] = frozenset({"list", "count", "superlative", "author", "date", "digest", "trend"})


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a question. `date_from` is inclusive, `date_to` exclusive; `papers` restricts to those (a follow-up).

    `min_votes` and `max_votes` are inclusive; a paper whose votes are not told meets neither, and `unvoted` asks for these. `limit` is how many were asked
    for ("top 3"), None for all; `order` and `by` how they are ordered, and an ordered `trend` asks for topics, or `by` authors
    for these; `summary` the language there has to be a summary in; `in_title` that the terms have to stand in titles.
    `topics` are what papers are about by meaning, `not_topics` what they are not about; `sorts` and `not_sorts` kinds of
    contribution (survey, benchmark, dataset, …). `per` is the unit of time that a `trend` counts by, months where it is None,
    and with `limit` its most voted papers are shown; `measure` what a `trend` or a `count` counts in place of papers. `skip` leaves out the first papers of the set from what is shown. `figure` is
    a reported figure that papers have to have; a `superlative` with it is ordered by it and never by votes.
    """

    kind: Kind
    terms: tuple[str, ...] = ()
    not_terms: tuple[str, ...] = ()
    relation: Asked | None = None
    authors: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    min_votes: int | None = None
    limit: int | None = None
    order: Literal["desc", "asc"] | None = None
    by: Literal["votes", "date", "authors"] | None = None
    max_votes: int | None = None
    not_authors: tuple[str, ...] = ()
    summary: Literal["ko", "en"] | None = None
    unvoted: bool = False
    in_title: bool = False
    topics: tuple[str, ...] = ()
    not_topics: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    not_sorts: tuple[str, ...] = ()
    skip: int = 0
    figure: FigureAsked | None = None
    per: Unit | None = None
    measure: Measure | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the plan as it stands in --json: dates in ISO form, lists for tuples, an object for a figure."""
        made = {
            name: list(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value
            for name in self.__slots__
            for value in (getattr(self, name),)
        }
        return made | {"figure": asdict(self.figure) if self.figure else None}

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the set of papers."""
        return (
            bool(self.terms or self.not_terms or self.authors or self.not_authors or self.papers)
            or bool(self.topics or self.not_topics or self.sorts or self.not_sorts)
            or bool(self.date_from or self.date_to)
            or self.summary is not None
            or self.min_votes is not None
            or self.max_votes is not None
            or self.unvoted
            or self.figure is not None
        )

    @property
    def ranks_topics(self) -> bool:
        """Whether the topics of the papers are asked for, most treated first, or (`by` date) those that grow."""
        return self.kind == "trend" and self.order is not None and self.by in (None, "date")

    @property
    def ranks_authors(self) -> bool:
        """Whether the authors of the papers are asked for, those of most papers first."""
        return self.kind == "trend" and self.by == "authors"

    @property
    def by_votes(self) -> bool:
        """Whether votes choose or order the papers."""
        return self.by == "votes" or self.min_votes is not None or self.max_votes is not None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows every question by; the range of days is half-open, as in a plan."""

    date_from: date | None = None
    date_to: date | None = None
    author: str | None = None
    min_votes: int | None = None
    summary: Literal["ko", "en"] | None = None


def narrowed(plan: Plan, filters: Filters) -> Plan:
    """Return a plan within filters; a plan about named papers, help or nothing at all stays as it is.

    >>> narrowed(Plan("list", min_votes=5), Filters(date_from=date(2024, 1, 1), min_votes=3)).as_json()["min_votes"]
    5
    """
    if plan.kind in ("help", "out_of_scope") or (plan.papers and plan.kind not in SET_KINDS):
        return plan
    starts = [day for day in (plan.date_from, filters.date_from) if day]
    ends = [day for day in (plan.date_to, filters.date_to) if day]
    votes = [least for least in (plan.min_votes, filters.min_votes) if least is not None]
    return replace(
        plan,
        date_from=max(starts, default=None),
        date_to=min(ends, default=None),
        authors=tuple(dict.fromkeys((*plan.authors, filters.author))) if filters.author else plan.authors,
        min_votes=max(votes, default=None),
        summary=filters.summary or plan.summary,
    )


CHIP_WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "list": "목록", "count": "편수", "superlative": "순위", "author": "저자", "date": "날짜", "digest": "요약",
        "known_item": "논문 찾기", "fact": "사실", "explain": "설명", "compare": "비교", "trend": "추이", "similar": "비슷한 논문",
        "describe": "내용으로 찾기", "help": "도움말", "out_of_scope": "범위 밖", "term": "용어", "topic": "주제", "not": "제외", "use": "사용",
        "mention": "언급", "propose": "제안", "beat": "능가", "extend": "개선·확장", "topics": "주제 순위", "authors": "저자 순위", "rising": "늘어난 주제", "votes": "표", "top": "상위",
        "within": "앞 답변 안에서", "votes desc": "표 많은 순", "summary ko": "한국어 요약", "summary en": "영어 요약", "unvoted": "표 정보 없음", "in_title": "제목에",
        "votes asc": "표 적은 순", "date desc": "최신순", "date asc": "오래된 순", "authors desc": "저자 많은 순", "authors asc": "저자 적은 순",
        "desc": "높은 순", "asc": "낮은 순", "best": "좋은 순", "size": "파라미터", "tokens": "학습 토큰", "context": "문맥 길이", "data": "데이터 크기",
        "speedup": "속도 향상", "cost": "비용", "memory": "메모리", "time": "시간",
        "day": "일별", "week": "주별", "month": "월별", "quarter": "분기별", "year": "연도별", "sum": "표 합계", "mean": "평균 표",
    },
    "en": {
        "list": "list", "count": "count", "superlative": "ranking", "author": "author", "date": "dates", "digest": "summary",
        "known_item": "paper", "fact": "fact", "explain": "explanation", "compare": "comparison", "trend": "trend",
        "similar": "similar papers", "describe": "by description", "help": "help", "out_of_scope": "out of scope",
        "term": "term", "topic": "topic", "not": "without", "use": "use", "mention": "mention", "propose": "proposal", "beat": "better than", "extend": "improvement", "topics": "topics", "authors": "authors",
        "rising": "growing topics", "votes": "votes", "top": "top", "within": "within the last answer",
        "summary ko": "Korean summary", "summary en": "English summary", "votes desc": "most votes first", "votes asc": "fewest votes first",
        "unvoted": "votes not told", "in_title": "in titles", "date desc": "newest first", "date asc": "oldest first",
        "authors desc": "most authors first", "authors asc": "fewest authors first",
        "desc": "highest first", "asc": "lowest first", "best": "best first", "size": "parameters", "tokens": "training tokens",
        "context": "context length", "data": "data size", "speedup": "speed-up", "cost": "cost", "memory": "memory", "time": "time",
        "day": "by day", "week": "by week", "month": "by month", "quarter": "by quarter", "year": "by year", "sum": "sum of votes", "mean": "mean votes",
    },
}  # fmt: skip


SORT_WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {"survey": "서베이", "benchmark": "벤치마크", "dataset": "데이터셋", "framework": "프레임워크", "theory": "이론", "position": "입장 논문", "report": "기술 보고서", "system": "시스템",
           "open code": "코드 공개", "open weights": "모델 공개", "open data": "데이터 공개", "demo": "데모 공개", "open source": "오픈소스"},
    "en": {"survey": "survey", "benchmark": "benchmark", "dataset": "dataset", "framework": "framework", "theory": "theory", "position": "position paper", "report": "technical report", "system": "system",
           "open code": "released code", "open weights": "a released model", "open data": "released data", "demo": "a demo", "open source": "anything open-sourced"},
}  # fmt: skip
"""Kinds of contribution, as they are named to a reader."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of a plan as a short label: the field of the plan it shows, and which value of a field that has many."""

    text: str
    field: str
    value: str = ""


def _range_chip(start: date | None, end: date | None) -> str:
    last = day_before(end) if end else None
    if start and last and start == last:
        return start.isoformat()
    if start and end and start.day == 1 and end.day == 1:
        if (end.year - start.year) * 12 + end.month - start.month == 1:
            return start.strftime("%Y-%m")
        if (start.month, end.month, end.year - start.year) == (1, 1, 1):
            return str(start.year)
    return f"{start or ''}~{last or ''}"


def figure_label(figure: FigureAsked, plan: Plan, language: str) -> str:
    """Return a figure with its bounds, or the end of it that is asked for, as a short label."""
    words = CHIP_WORDS[language]
    named = " ".join(filter(None, (words.get(figure.of, figure.of), figure.metric)))
    bounds = [
        f"{sign}{'' if figure.strict else '='} {value:,.12g}"
        for sign, value in ((">", figure.least), ("<", figure.most))
        if value is not None
    ]
    way = "best" if figure.best else plan.order or "desc"
    return " ".join([named, *bounds, *([words[way]] if plan.kind == "superlative" else [])])


def parts(plan: Plan, language: str) -> tuple[Chip, ...]:
    """Return every constraint of a plan as a chip, its kind last."""
    words = CHIP_WORDS[language]
    found = [Chip(f"{words['term']} {term}", "terms", term) for term in plan.terms]
    found += [Chip(f"{words['not']} {term}", "not_terms", term) for term in plan.not_terms]
    found += [Chip(f"{words['topic']} {topic}", "topics", topic) for topic in plan.topics]
    found += [Chip(f"{words['not']} {topic}", "not_topics", topic) for topic in plan.not_topics]
    found += [Chip(SORT_WORDS[language].get(sort, sort), "sorts", sort) for sort in plan.sorts]
    found += [
        Chip(f"{words['not']} {SORT_WORDS[language].get(sort, sort)}", "not_sorts", sort) for sort in plan.not_sorts
    ]
    if plan.relation:
        found.append(Chip(words[plan.relation], "relation"))
    if plan.in_title:
        found.append(Chip(words["in_title"], "in_title"))
    found += [Chip(f"{words['author']} {name}", "authors", name) for name in plan.authors]
    found += [Chip(f"{words['not']} {name}", "not_authors", name) for name in plan.not_authors]
    if plan.kind not in SET_KINDS:
        found += [Chip(f"arXiv {arxiv_id}", "papers", arxiv_id) for arxiv_id in plan.papers[:5]]
    elif plan.papers:
        found.append(Chip(words["within"], "papers"))
    if plan.date_from or plan.date_to:
        found.append(Chip(_range_chip(plan.date_from, plan.date_to), "date_from"))
    for field, sign in (("min_votes", "≥"), ("max_votes", "≤")):
        if (votes := getattr(plan, field)) is not None:
            found.append(Chip(f"{words['votes']} {sign} {votes}", field))
    if plan.unvoted:
        found.append(Chip(words["unvoted"], "unvoted"))
    if plan.figure:
        found.append(Chip(figure_label(plan.figure, plan, language), "figure"))
    if plan.summary:
        found.append(Chip(words[f"summary {plan.summary}"], "summary"))
    if plan.by and not plan.ranks_authors:
        found.append(Chip(words["rising" if plan.ranks_topics else f"{plan.by} {plan.order or 'desc'}"], "by"))
    if plan.limit is not None:
        found.append(Chip(f"{words['top']} {plan.limit}", "limit"))
    if plan.per:
        found.append(Chip(words[plan.per], "per"))
    if plan.measure:
        found.append(Chip(words["sum" if plan.measure == "votes" else "mean"], "measure"))
    ranked = "topics" if plan.ranks_topics else "authors" if plan.ranks_authors else plan.kind
    return (*found, Chip(words[ranked], "kind"))


def chips(plan: Plan, language: str) -> tuple[str, ...]:
    """Return the plan as short labels for a reader.

    >>> chips(Plan("list", terms=("Mamba",), relation="use", date_from=date(2024, 3, 1), date_to=date(2024, 4, 1)), "ko")
    ('용어 Mamba', '사용', '2024-03', '목록')
    """
    return tuple(chip.text for chip in parts(plan, language))


def without(plan: Plan, chip: Chip) -> Plan:
    """Return the plan without one of its parts, as a plan that can be carried out; the kind itself stays.

    >>> plan = Plan("author", authors=("Tri Dao",), min_votes=5)
    >>> without(plan, parts(plan, "en")[0]) == Plan("list", min_votes=5)
    True
    """
    name = chip.field
    if name == "kind":
        return plan
    value = getattr(plan, name)
    kept: object = False if isinstance(value, bool) else None
    if isinstance(value, tuple):
        kept = tuple(v for v in value if chip.value and v != chip.value)
    made = replace(plan, **{name: kept})  # type: ignore[arg-type]
    if name == "date_from":
        made = replace(made, date_to=None)
    if name == "by" and not plan.ranks_topics:
        made = replace(made, order=None, kind="list" if plan.kind == "superlative" else plan.kind)
    if not made.terms:
        made = replace(made, relation=None, in_title=False)
    if name == "figure":
        made = replace(made, order=None, kind="list" if plan.kind == "superlative" else plan.kind)
    dated = made.date_from or made.date_to
    if (made.kind == "author" and not made.authors) or (made.kind in ("date", "digest") and not dated):
        made = replace(made, kind="list")
    if name == "papers" and made.kind not in SET_KINDS and not made.papers:
        made = replace(made, kind="list")
    elif made.kind == "compare" and len(made.papers) < 2:
        made = replace(made, kind="explain")
    return made


_ORDERS: tuple[tuple[Literal["votes", "date"], Literal["desc", "asc"]], ...] = (
    ("votes", "desc"), ("votes", "asc"), ("date", "desc"), ("date", "asc"),
)  # fmt: skip


def choices(plan: Plan, chip: Chip, language: str) -> tuple[tuple[str, Plan], ...]:
    """Return what a part that is one of few could be, itself among them: each label with the plan it stands for.

    Empty for a part that is written freely, and for the kind of a plan that asks for no set.

    >>> [label for label, _ in choices(Plan("list", terms=("Mamba",), relation="use"), Chip("use", "relation"), "en")]
    ['use', 'mention', 'proposal', 'better than']
    """
    made: list[Plan] = []
    if chip.field == "relation":
        made = [replace(plan, relation=relation) for relation in get_args(Asked)]
    elif chip.field == "summary":
        made = [replace(plan, summary="ko"), replace(plan, summary="en")]
    elif chip.field == "figure" and plan.kind == "superlative" and plan.figure:
        made = [replace(plan, order=way, figure=replace(plan.figure, best=False)) for way in ("desc", "asc")]
        made += [plan] if plan.figure.best else []
    elif chip.field in ("unvoted", "in_title", "figure"):
        made = [plan]
    elif chip.field == "per":
        made = [replace(plan, per=unit) for unit in get_args(Unit)]
    elif chip.field == "measure":
        made = [replace(plan, measure=measure) for measure in get_args(Measure)]
    elif chip.field == "by":
        made = [plan] if plan.ranks_topics else [replace(plan, by=by, order=order) for by, order in _ORDERS]
    elif chip.field == "kind" and plan.kind in SET_KINDS:
        ranked: Literal["votes"] | None = None if plan.figure else "votes"
        own = [] if plan.kind in ("list", "count", "superlative", "trend") else [plan]
        made = [*own, *(replace(plan, kind=kind, by=None, order=None) for kind in ("list", "count", "trend"))]
        made.append(replace(plan, kind="trend", by=plan.by if plan.ranks_topics else None, order="desc"))
        made.append(replace(plan, kind="trend", by="authors", order="desc"))
        made.append(plan if plan.kind == "superlative" else replace(plan, kind="superlative", by=ranked, order="desc"))
    return tuple((part.text, one) for one in made for part in parts(one, language) if part.field == chip.field)
