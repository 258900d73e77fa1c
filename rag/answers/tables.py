"""Tables over time: papers or votes by day, week, month, quarter or year, the best paper of each; and votes of a whole set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from rag.answers.english import papers_of
from rag.answers.overview import percentage, shares_line
from rag.answers.writer import Writer
from rag.corpus.papers import Paper
from rag.evidence.tallies import Tally
from rag.language.text import Language, josa_or
from rag.questions.plan import Measure, Unit

_ROWS = 24  # of a table; of more units those with most are shown
_FAVOURED = 12  # rows up to which each has its most voted paper beside it
_SAME = 3  # units that are named as those with most
_BAR = 20  # blocks of the longest bar
_LISTED = 5  # papers that follow a long table

_UNITS: Mapping[Language, Mapping[Unit, tuple[str, str, str]]] = {  # by it, one of them, heading
    "ko": {
        "day": ("날짜별", "날", "날짜"), "week": ("주별", "주", "주"), "month": ("월별", "달", "월"),
        "quarter": ("분기별", "분기", "분기"), "year": ("연도별", "해", "연도"),
    },
    "en": {unit: (f"by {unit}", unit, unit.capitalize()) for unit in ("day", "week", "month", "quarter", "year")},
}  # fmt: skip


@dataclass(frozen=True)
class _Columns:
    """The headings of one language."""

    papers: str
    votes: str
    mean: str
    share: str
    best: str


_COLUMNS: Mapping[Language, _Columns] = {
    "ko": _Columns("논문 수", "투표 합계", "한 편 평균", "전체에서", "표가 가장 많은 논문"),
    "en": _Columns("Papers", "Votes", "Votes a paper", "Of all papers", "Most voted paper"),
}


def write_tallies(writer: Writer) -> None:
    """Write a set counted by a unit of time: what is counted, where it is most, how two times compare, and the table."""
    evidence, plan = writer.evidence, writer.evidence.reading.plan
    unit = plan.per or "month"
    rows, note = _shown(evidence.tallies, unit, plan.measure, bool(plan.limit), writer.language)
    told = [_opening(writer, unit), _extreme(writer, unit), _partial(writer, unit)]
    whole = evidence.trend is not None and evidence.trend.now.papers == evidence.trend.now.of
    if evidence.trend and not whole and not plan.measure and not plan.limit:
        told.append(_compared(writer, unit))
    dates = evidence.reading.dates
    counted = writer.words.counted_from(dates.counted_from) if dates and dates.counted_from else ""
    writer.lines += [" ".join(filter(None, [*told, note, counted])), ""]
    _table(writer, rows, unit)
    if len(rows) > _FAVOURED and not plan.limit:
        voted = sorted(evidence.papers, key=lambda paper: -(paper.votes or 0))
        writer.lines += ["", f"**{_COLUMNS[writer.language].best}**"]
        writer.listed(voted[:_LISTED])


def _shown(
    tallied: Sequence[Tally], unit: Unit, measure: Measure | None, best: bool, language: Language
) -> tuple[list[Tally], str]:
    """Return the rows that a table shows, and what to say where these are not all: the last ones, or those with most."""
    if len(tallied) <= _ROWS:
        return list(tallied), ""
    name = _UNITS[language][unit][1]
    if best:
        said = (
            f"표에는 마지막 {_ROWS}개 {name}만 실었습니다."
            if language == "ko"
            else f"The table shows the last {_ROWS} {name}s."
        )
        return list(tallied[-_ROWS:]), said
    most = sorted(tallied, key=lambda one: (-_value(one, measure), -one.start.toordinal()))[:_FAVOURED]
    said = (
        f"표에는 가장 많은 {name} {_FAVOURED}개만 실었습니다."
        if language == "ko"
        else f"The table shows the {_FAVOURED} {name}s with most."
    )
    return most, said


def _value(one: Tally, measure: Measure | None) -> float:
    return {"votes": float(one.votes), "mean": one.mean, None: float(len(one.papers))}[measure]


def _number(value: float, measure: Measure | None, language: Language) -> str:
    """Write a count with its unit."""
    amount = f"{value:,.1f}" if measure == "mean" else f"{value:,.0f}"
    if language == "ko":
        return amount + ("표" if measure else "편")
    return f"{amount} votes" if measure else papers_of(int(value))


def _opening(writer: Writer, unit: Unit) -> str:
    """Say what is counted, of which papers, and by what."""
    evidence, words = writer.evidence, writer.words
    plan, n = evidence.reading.plan, len(evidence.papers)
    by, each, _ = _UNITS[writer.language][unit]
    subject = words.counted(plan, n)
    if writer.language == "ko":
        if plan.limit:
            return f"{subject}에서 {each}마다 표를 가장 많이 받은 논문입니다."
        told = {
            "votes": "의 투표 수를 {by}로 더했습니다.",
            "mean": "이 받은 표의 평균을 {by}로 냈습니다.",
            None: "을 {by}로 세었습니다.",
        }
        return subject + told[plan.measure].format(by=by)
    if plan.limit:
        return f"The most voted paper of each {each}, out of {subject}."
    if plan.measure:
        what = "Votes" if plan.measure == "votes" else "Mean votes"
        return f"{what} of {subject}, {by}."
    return f"{subject[:1].upper()}{subject[1:]}, counted {by}."


def _extreme(writer: Writer, unit: Unit) -> str:
    """Say in which units there is most, where these are few, and that of fewest where only one is."""
    evidence, plan = writer.evidence, writer.evidence.reading.plan
    if plan.limit or len(evidence.tallies) < 2:
        return ""
    told = [one for one in evidence.tallies if one.voted or not plan.measure]
    top = max((_value(one, plan.measure) for one in told), default=0)
    whole = [one for one in told if not one.is_partial]  # a part of a year is no year of few papers
    low = min((_value(one, plan.measure) for one in whole), default=0)
    most = [one for one in told if _value(one, plan.measure) == top]
    least = [one for one in whole if _value(one, plan.measure) == low] if low < top else []
    if len(most) > _SAME or len(most) == len(told):
        return ""
    name = _UNITS[writer.language][unit][1]
    number = _number(top, plan.measure, writer.language)
    if len(most) > 1:
        number = f"각 {number}" if writer.language == "ko" else f"{number} each"
    if writer.language == "ko":
        high, few = ("높은", "낮은") if plan.measure == "mean" else ("많은", "적은")
        line = f"가장 {high} {name}{_topic(name)} {_named(most, unit, 'ko')}({number})"
        if len(least) == 1 and len(told) > 2:
            line += f", 가장 {few} {name}{_topic(name)} {_named(least, unit, 'ko')}({_number(low, plan.measure, 'ko')})"
        return f"{line}입니다."
    verb = f"{name} is" if len(most) == 1 else f"{name}s are"
    high, few = ("highest", "lowest") if plan.measure == "mean" else ("busiest", "quietest")
    line = f"The {high} {verb} {_named(most, unit, 'en')} ({number})"
    if len(least) == 1 and len(told) > 2:
        line += f", the {few} {_named(least, unit, 'en')} ({_number(low, plan.measure, 'en')})"
    return f"{line}."


def _partial(writer: Writer, unit: Unit) -> str:
    """Say which units the digests hold only a part of, and that shares are what to compare."""
    evidence, language = writer.evidence, writer.language
    parts = [one for one in evidence.tallies if one.is_partial]
    if not parts or evidence.reading.plan.limit or len(evidence.tallies) < 2:
        return ""
    shared = not evidence.reading.plan.measure and any(len(one.papers) < one.of for one in evidence.tallies)
    if language == "ko":
        said = [f"{josa_or(time_name(one.start, unit, 'ko'), '은/는', ' 기간은')} {_reach(one, 'ko')}" for one in parts]
        return f"{', '.join(said)}의 다이제스트만 있습니다{'. 그래서 편수보다는 비중으로 비교하는 편이 낫습니다' if shared else ''}."
    said = [f"{time_name(one.start, unit, 'en')} only {_reach(one, 'en')}" for one in parts]
    return f"The digests cover {' and '.join(said)}{', so compare shares rather than counts' if shared else ''}."


def _reach(one: Tally, language: Language) -> str:
    """Say from which day and up to which one the digests reach into a unit."""
    if language == "ko":
        first = f"{one.since.month}월 {one.since.day}일부터" if one.since else ""
        last = f"{one.until.month}월 {one.until.day}일까지" if one.until else ""
        return " ".join(filter(None, (first, last)))
    first = f"from {one.since.day} {one.since:%B}" if one.since else ""
    last = f"up to {one.until.day} {one.until:%B}" if one.until else ""
    return " ".join(filter(None, (first, last)))


def _topic(name: str) -> str:
    """Return the topic particle of a unit's Korean name."""
    return "은" if name in ("날", "달") else "는"


def _named(units: Sequence[Tally], unit: Unit, language: Language) -> str:
    """Name units of time in a sentence."""
    names = [time_name(one.start, unit, language) for one in units]
    if language == "ko":
        return ", ".join(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def time_name(start: date, unit: Unit, language: Language) -> str:
    """Name a unit of time by its first day.

    >>> time_name(date(2024, 7, 1), "quarter", "ko"), time_name(date(2024, 7, 1), "week", "en")
    ('2024년 3분기', 'the week of 1 July 2024')
    """
    quarter = (start.month + 2) // 3
    if language == "ko":
        day = f"{start.year}년 {start.month}월 {start.day}일"
        month = f"{start.year}년 {start.month}월"
        return {
            "day": day,
            "week": f"{day}부터의 주",
            "month": month,
            "quarter": f"{start.year}년 {quarter}분기",
            "year": f"{start.year}년",
        }[unit]
    day = f"{start.day} {start:%B %Y}"
    return {
        "day": day,
        "week": f"the week of {day}",
        "month": f"{start:%B %Y}",
        "quarter": f"Q{quarter} {start.year}",
        "year": f"{start.year}",
    }[unit]


def _compared(writer: Writer, unit: Unit) -> str:
    """Say how the later half of a time stands to the earlier one, or the later of two units."""
    trend = writer.evidence.trend
    assert trend is not None
    korean = writer.language == "ko"
    if len(writer.evidence.tallies) == 2 or unit == "year":
        before, now = (time_name(share.start, unit, writer.language) for share in (trend.before, trend.now))
    else:
        before, now = ("전반기", "후반기") if korean else ("The earlier half", "the later half")
        before, now = f"{before}({trend.before.span})", f"{now}({trend.now.span})"
        if not korean:
            before, now = before.replace("(", " ("), now.replace("(", " (")
    return shares_line(trend, before, now, writer.language)


def _table(writer: Writer, rows: Sequence[Tally], unit: Unit) -> None:
    evidence, plan = writer.evidence, writer.evidence.reading.plan
    words = _COLUMNS[writer.language]
    top = max((_value(one, plan.measure) for one in rows), default=0) or 1
    columns = [
        _UNITS[writer.language][unit][2],
        {"votes": words.votes, "mean": words.mean, None: words.papers}[plan.measure],
    ]
    shared = not plan.measure and not plan.limit and any(len(one.papers) < one.of for one in evidence.tallies)
    favoured = bool(plan.limit) or len(rows) <= _FAVOURED
    columns += [words.papers] if plan.measure else []
    columns += [words.share] if shared else []
    columns += [words.best] if favoured else []
    made = []
    for one in rows:
        value = _value(one, plan.measure)
        bar = "" if plan.limit else "▇" * (max(1, round(_BAR * value / top)) if value else 0) + " "
        if plan.measure and not one.voted:
            made.append([one.label, "–", f"{len(one.papers):,}", *([_best(writer, one)] if favoured else [])])
            continue
        row = [one.label, f"{bar}{value:,.1f}" if plan.measure == "mean" else f"{bar}{value:,.0f}"]
        row += [f"{len(one.papers):,}"] if plan.measure else []
        row += [percentage(len(one.papers), one.of)] if shared else []
        row += [_best(writer, one)] if favoured else []
        made.append(row)
    writer.table(columns, made)


def _best(writer: Writer, one: Tally) -> str:
    if one.best is None:
        return writer.favourite(one.papers)
    return f"{writer.favourite(one.papers)} ({writer.words.votes(one.best.votes)})"


# --- The votes of a whole set ----------------------------------------------------------------------------------------
def write_votes(writer: Writer) -> None:
    """Write the sum, the mean and the median of the votes of a set, and its most voted paper."""
    evidence, words = writer.evidence, writer.words
    plan, papers = evidence.reading.plan, evidence.papers
    known = [paper.votes for paper in papers if paper.votes is not None]
    unknown = len(papers) - len(known)
    if not known:
        writer.lines.append(_unknown(writer, papers))
        return
    total, mean, middle = sum(known), sum(known) / len(known), median(known)
    n = len(known)
    if writer.language == "ko":
        line = f"{words.counted(plan, n)}이 받은 표는 모두 {total:,}표이고, 한 편에 평균 {mean:,.1f}표(중앙값 {middle:,.12g}표)입니다."
        left = f" 투표 수를 알 수 없는 {unknown:,}편은 뺐습니다." if unknown else ""
        best = f" 표가 가장 많은 논문은 {writer.favourite(papers)}({max(known):,}표)입니다."
    else:
        subject = words.counted(plan, n)
        verb = "has" if n == 1 else "have"
        line = f"{subject[:1].upper()}{subject[1:]} {verb} {total:,} votes in all, {mean:,.1f} a paper on average (median {middle:,.12g})."
        left = (
            f" {papers_of(unknown)} with unknown votes {'is' if unknown == 1 else 'are'} left out." if unknown else ""
        )
        best = f" Most voted: {writer.favourite(papers)} ({max(known):,} votes)."
    writer.lines += [line + left + best, "", words.votes_are]


def _unknown(writer: Writer, papers: Sequence[Paper]) -> str:
    """Say that no votes of a set are known."""
    first = f"{writer.favourite(papers)}"
    if writer.language == "ko":
        return f"논문 {len(papers):,}편 모두 투표 수를 알 수 없습니다. {first}"
    return f"The votes of none of the {papers_of(len(papers))} are known. {first}"
