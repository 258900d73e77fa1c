"""Facts about a paper: one sentence that answers, then the sentence of the summary that it is taken from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from rag.answers.answer import escape, plain_title
from rag.answers.phrases import joined
from rag.answers.writer import Writer
from rag.corpus.papers import Paper
from rag.evidence.facts import NUMERIC, STATED
from rag.evidence.telling import Told, leans, tell_fact
from rag.language.sentences import standing_alone
from rag.language.text import Language, josa_or
from rag.questions.plan import Field

_NAMED = 6  # authors that are named where there are more than _ALL
_ALL = 12
_PLAIN = 70  # characters up to which a sentence is as good as what would be lifted from it


# --- What the summary states -----------------------------------------------------------------------------------------
def write_fact(writer: Writer, paper: Paper) -> None:
    """Write what one paper says of an asked fact: the value in a sentence where it can be lifted, and what holds it."""
    reading = writer.evidence.reading
    quotes = writer.evidence.quotes.get(paper.arxiv_id, ())
    told = tell_fact(paper, quotes, reading.query, STATED.get(reading.aspect), reading.aspect in NUMERIC)
    if writer.evidence.labels or writer.evidence.unstated:
        told = told[:1]
    lifted = "" if writer.lines or not told else _lifted(paper, told[0], reading.aspect, writer.language)
    if lifted:
        writer.lines += [f"{escape(lifted)} {writer.mark(paper, told[0].statement)}", ""]
    said = [writer.sentence(paper, one) for one in told]
    ours = not writer.lines and all(one.statement.language == reading.language for one in told)
    if ours and said:  # the answer begins with the fact itself
        writer.lines += [said.pop(0), ""]
    bullets = [f"- {sentence}" for sentence in said]
    last = ours or bool(lifted)
    parts = [bullets, [writer.heading(paper)]] if last else [[writer.heading(paper)], bullets]
    for part in filter(None, parts):
        writer.lines += [*part, ""]


def unstated(missing: Sequence[str], language: Language) -> str:
    """Say that a summary does not state what is asked, with the words that stand nowhere in it."""
    named = joined([f"‘{word}’" if language == "ko" else f"“{word}”" for word in missing], ", ")
    if language == "ko":
        about = f"{named} 관련 내용이" if named else "물어보신 내용이 직접"
        return f"요약에는 {about} 나와 있지 않습니다. 가장 가까운 문장:"
    return f"The summary does not state {named or 'it directly'}; nearest:"


# --- Values that can be lifted ---------------------------------------------------------------------------------------
_TIMES = re.compile(
    r"(?:(?P<on>(?<![\w-])(?:[A-Z][\w-]{0,30}|\d{1,6})(?: (?:[A-Z][\w-]{0,30}|\d{1,6})){0,3})에서 )?(?:[가-힣]{1,12} ){0,3}?(?P<base>(?:기존의? )?(?<![\w.+-])[A-Za-z][\w.+-]{0,30}(?: [A-Za-z][\w.+-]{0,30}){0,2}|기존 [가-힣]{1,6})"
    r"(?:보다|에 비해|와 비교해|과 비교해| 대비) (?:(?!최대|평균|약|최소)[가-힣]{1,12} )?(?P<most>최대|평균|약|최소)? ?(?P<n>\d+(?:\.\d+)?)배 ?(?:더 )?(?:이상 )?(?:빠르|빠른|빨라|빠릅|가속)"
)
_MULTIPLES = re.compile(r"(?<![\d.])\d+(?:\.\d+)?배")
_SIZE = re.compile(r"(?<![\w.])(?:[A-Za-z]+-)?(\d+(?:\.\d+)?[BM])(?![\w])")
_CONTEXT = re.compile(
    r"(?<![\w.])(\d[\d.,]*\s?[KkM]|\d[\d,]{3,}|\d+만) ?(?:개의 )?(?=토큰|tokens?|컨텍스트|문맥|context)"
)
_BY: Mapping[str, str] = {"최대": "up to ", "평균": "on average ", "약": "about ", "최소": "at least "}
_MOST_VALUES = 4


def _lifted(paper: Paper, told: Told, aspect: str, language: Language) -> str:
    """Return a sentence with the asked value of a sentence; "" where it cannot be taken out of it safely."""
    lift = _LIFTS.get(aspect)
    foreign = told.statement.language != language
    if lift is None or not paper.name or told.statement.language != "ko":
        return ""
    if not foreign and len(told.text) <= _PLAIN and not leans(told.statement, told.text):
        return ""
    return lift(paper, told, language) if _is_of(paper, told) else ""


def _is_of(paper: Paper, told: Told) -> bool:
    """Whether a sentence speaks of the paper itself: it names it, or goes on from a sentence before."""
    return paper.name.lower() in told.text.lower() or leans(told.statement, standing_alone(told.text))


_RATE = re.compile(
    r"(?:(평균|최대|최고|약|최소) ?)?(?<![\d.])(\d{1,9}(?:\.\d{1,6})?) ?(토큰/초|tokens?/s(?:ec)?|fps|프레임/초)",
    re.IGNORECASE,
)
_ON = re.compile(
    r"((?:RTX |NVIDIA |GTX ){0,3}(?:RTX \d{4}(?: Ti)?|[AHVBL]\d{2,3}S?|T4|iPhone \w+))(?: GPU)?(?: 한 장)?에서"
)
_RATES: Mapping[str, str] = {
    "평균": " on average",
    "최대": " at most",
    "최고": " at most",
    "약": ", about",
    "최소": " at least",
    "": "",
}
_PER: Mapping[str, str] = {"토큰/초": "tokens/s", "프레임/초": "frames/s"}


def _rate(paper: Paper, told: Told, language: Language) -> str:
    """Return the rates that a sentence states, of one device at most."""
    rates, devices = _RATE.findall(told.text), _ON.findall(told.text)
    if not 0 < len(rates) <= 2 or len(devices) > 1:
        return ""
    place = devices[0] if devices else ""
    if language == "ko":
        said = ", ".join(f"{f'{most} ' if most else ''}{n} {unit}" for most, n, unit in rates)
        return f"{paper.name}의 속도는 {f'{place}에서 ' if place else ''}{said}입니다."
    said = joined([f"{n} {_PER.get(unit, unit)}{_RATES[most]}" for most, n, unit in rates], " and ")
    return f"{paper.name} reaches {said}{f' on {place}' if place else ''}."


def _speed(paper: Paper, told: Told, language: Language) -> str:
    """Return how many times as fast a sentence says that the paper's thing is, else the rates that it states."""
    return _times(paper, told, language) or _rate(paper, told, language)


def _times(paper: Paper, told: Told, language: Language) -> str:
    found = _TIMES.search(told.text)
    if not found or len(_MULTIPLES.findall(told.text)) > 1:
        return ""
    on, base, most, n = found["on"] or "", found["base"], found["most"] or "", found["n"]
    if language == "ko":
        place = f"{on}에서 " if on else ""
        return f"{josa_or(paper.name, '은/는', ' 논문의 방법은')} {place}{base}보다 {f'{most} ' if most else ''}{n}배 빠릅니다."
    plain = re.sub(r"^기존의? ", "", base)
    if not plain.isascii():
        return ""
    return f"{paper.name} is {_BY.get(most, '')}{n} times as fast as {plain}{f' on {on}' if on else ''}."


def _values(pattern: re.Pattern[str], korean: str, english: str) -> Callable[[Paper, Told, Language], str]:
    """Return what lifts all values of one pattern that a sentence holds, a few at most."""

    def lifted(paper: Paper, told: Told, language: Language) -> str:
        values = [*dict.fromkeys(" ".join(value.split()) for value in pattern.findall(told.text))]
        if not 0 < len(values) <= _MOST_VALUES:
            return ""
        if language == "ko":
            return korean.format(name=paper.name, values=", ".join(values))
        return english.format(name=paper.name, values=joined(values, " and "))

    return lifted


_LIFTS: Mapping[str, Callable[[Paper, Told, Language], str]] = {
    "speed": _speed,
    "size": _values(_SIZE, "{name} 요약에 나오는 모델 크기는 {values}입니다.", "The model size that the summary of {name} states: {values}."),
    "context": _values(_CONTEXT, "{name} 요약에 나오는 컨텍스트 길이는 {values}입니다.", "The context length that the summary of {name} states: {values}."),
}  # fmt: skip


# --- Metadata --------------------------------------------------------------------------------------------------------
def write_metadata(writer: Writer, fields: Sequence[Field]) -> None:
    """Write the asked facts of the metadata of each paper, in one sentence a paper."""
    say = _korean if writer.language == "ko" else _english
    for paper in writer.evidence.papers:
        name = escape(paper.name or plain_title(paper.title))
        writer.lines.append(f"{say(name, paper, fields)}{_number_of_authors(writer, paper)} {writer.mark(paper)}")
    if "authors" in fields and any(paper.authors for paper in writer.evidence.papers):
        writer.lines += ["", writer.words.author_order]


_HOW_MANY = re.compile(
    r"저자 ?수|몇 ?(?:명|사람|분)|(?:how many|number of) (?:\w+ )?(?:co-?)?(?:authors|people|folks|names|researchers)|how (?:big|large) (?:is|was) the (?:team|group)",
    re.IGNORECASE,
)


def _number_of_authors(writer: Writer, paper: Paper) -> str:
    """Say how many authors a paper has, where it is asked and their names do not tell it."""
    count = len(paper.authors)
    if not _HOW_MANY.search(writer.evidence.reading.question) or paper.authors_cut or not 0 < count <= _ALL:
        return ""
    if writer.language == "ko":
        return f" 모두 {count}명입니다."
    return f" That is {count} author{'' if count == 1 else 's'}."


def _authors(paper: Paper, language: Language) -> str:
    """Name the authors of a paper; of many the first ones and how many more."""
    named = paper.authors if len(paper.authors) <= _ALL else paper.authors[:_NAMED]
    rest = len(paper.authors) - len(named)
    if language == "ko":
        more = f" 외 {rest}명(모두 {len(paper.authors)}명)" if rest else " 등" if paper.authors_cut else ""
        return escape(", ".join(named)) + more
    if rest or paper.authors_cut:
        return escape(", ".join(named)) + (
            f" and {rest} more ({len(paper.authors)} authors in all)" if rest else " and others"
        )
    return escape(joined(named, " and ", _ALL))


def _korean(name: str, paper: Paper, fields: Sequence[Field]) -> str:
    """Say the facts in one Korean sentence: all but the last in the connective form."""
    days = ", ".join(f"{day:%Y-%m-%d}" for day in paper.dates)
    shown = "영상은" if paper.media and paper.media.kind == "video" else "그림은"
    forms: Mapping[Field, tuple[str, str]] = {
        "date": (f"{days} 다이제스트에 실렸고", f"{days} 다이제스트에 실렸습니다"),
        "votes": (f"투표 수는 {paper.votes}표이고", f"투표 수는 {paper.votes}표입니다") if paper.votes is not None
        else ("투표 수는 다이제스트에 적혀 있지 않고", "투표 수는 다이제스트에 적혀 있지 않습니다"),
        "authors": (f"저자는 {_authors(paper, 'ko')}이고", f"저자는 {_authors(paper, 'ko')}입니다") if paper.authors
        else ("저자는 다이제스트에 적혀 있지 않고", "저자는 다이제스트에 적혀 있지 않습니다"),
        "link": (f"링크는 {paper.url} 이고", f"링크는 {paper.url} 입니다"),
        "picture": (f"{shown} [다이제스트에]({paper.media.url}) 있고", f"{shown} [다이제스트에]({paper.media.url}) 있습니다") if paper.media
        else ("그림은 다이제스트에 실려 있지 않고", "그림은 다이제스트에 실려 있지 않습니다"),
    }  # fmt: skip
    *first, last = fields
    said = ", ".join([*(forms[field][0] for field in first), forms[last][1]])
    topic = josa_or(name, "은/는", " 논문은") if fields[0] == "date" else f"{name}의"
    return f"{topic} {said}."


def _english(name: str, paper: Paper, fields: Sequence[Field]) -> str:
    """Say the facts in one English sentence."""
    days = joined([f"{day:%Y-%m-%d}" for day in paper.dates], " and ")
    votes = (
        f"had {'1 vote' if paper.votes == 1 else f'{paper.votes} votes'} on the day of its digest"
        if paper.votes is not None
        else "has no votes stated"
    )
    forms: Mapping[Field, str] = {
        "date": f"was featured in the digest of {days}", "votes": votes,
        "authors": f"was written by {_authors(paper, 'en')}" if paper.authors else "has no authors stated", "link": f"is at {paper.url}",
        "picture": f"has [a {'video' if paper.media.kind == 'video' else 'picture'}]({paper.media.url}) in its digest" if paper.media else "has no picture in its digest",
    }  # fmt: skip
    return f"{name} {joined([forms[field] for field in fields], ' and ')}."
