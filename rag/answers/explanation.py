"""Explanations: the sentence that defines a thing first, then what else is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.answers.answer import escape, linked_title, plain_title
from rag.answers.english import papers_of
from rag.answers.writer import Writer
from rag.corpus.papers import Paper
from rag.evidence.telling import tell_of
from rag.language.sentences import LIMITS
from rag.language.terms import glossary
from rag.language.text import Language, josa_or

_MOST_AUTHORS = 6  # that are named below a summary
_MORE = 3  # further sentences of a paper that proposes a thing


def write_explanation(writer: Writer) -> None:
    """Write what explains a thing: its own paper whole, else sentences that define it with where they stand."""
    evidence = writer.evidence
    if evidence.reading.shortly and (evidence.defined or evidence.speaking):
        _write_shortly(writer)
    elif evidence.reading.plan.papers and len(evidence.papers) == 1:
        write_summary(writer, evidence.papers[0])
    elif evidence.labels:
        _write_proposed(writer)
    elif evidence.outside:
        _write_by_others(writer)
    else:
        words, n = writer.words, len(evidence.papers)
        writer.lines.append(words.near(evidence.reading.plan, n) if evidence.near else words.found(n))
        writer.listed(evidence.papers)


def _write_shortly(writer: Writer) -> None:
    """Write the one sentence that explains a thing best; where simpler words are asked for, say that it is quoted."""
    evidence = writer.evidence
    (best, *_) = evidence.defined or evidence.speaking
    if evidence.reading.shortly == "simpler":
        writer.lines += [_WORDS[writer.language].quoted, ""]
    writer.lines.append(_quoted_line(writer, best.paper, writer.sentence(best.paper, best.told)))


# --- What an abbreviation stands for ---------------------------------------------------------------------------------
def write_spelled(writer: Writer) -> None:
    """Write what an abbreviation stands for, with a sentence that spells it out, and how else papers do."""
    evidence = writer.evidence
    (paper,) = evidence.papers
    first, *others = evidence.spelled
    name = evidence.reading.plan.terms[0]
    korean = next((spelling for spelling in glossary().term(name).variants if not spelling.isascii()), "")
    n = len(first.papers)
    if writer.language == "ko":
        whole = f"{first.text}({korean})" if korean else first.text
        said = f"{josa_or(escape(name), '은/는', ' 약어는')} {escape(whole)}의 약자입니다. 논문 {n:,}편이 이렇게 풀어 씁니다."
        said += "".join(f" {escape(one.text)}의 약자로 쓴 논문도 {len(one.papers):,}편 있습니다." for one in others)
    else:
        said = f"{escape(name)} stands for {escape(first.text)}: {papers_of(n)} {'spells' if n == 1 else 'spell'} it out so."
        said += "".join(f" It also stands for {escape(one.text)} ({papers_of(len(one.papers))})." for one in others)
    writer.lines += [f"{said} {writer.mark(paper, first.statement)}", ""]
    told = tell_of(paper, first.statement, writer.asked, writer.said) if first.statement else None
    line = writer.sentence(paper, told, LIMITS[told.statement.language or "ko"]) if told else linked_title(paper)
    writer.lines.append(_quoted_line(writer, paper, line) if told else f"- {writer.heading(paper)}")


# --- A paper of its own ----------------------------------------------------------------------------------------------
def write_summary(writer: Writer, paper: Paper) -> None:
    """Write the summary of one paper: the sentence that defines it, all others by their sections, who wrote it when."""
    evidence, words = writer.evidence, writer.words
    writer.lines += [words.paper_is(linked_title(paper)), ""]
    own = [one for one in evidence.defined if one.paper == paper]
    if own:
        writer.lines += [writer.sentence(paper, own[0].told), ""]
    bullets = (writer.bullet(paper, statement) for statement in evidence.quotes[paper.arxiv_id])
    writer.lines += [*filter(None, bullets), ""]
    more = " …" if len(paper.authors) > _MOST_AUTHORS or paper.authors_cut else ""
    authors = escape(", ".join(paper.authors[:_MOST_AUTHORS])) + more
    told = [f"{paper.date:%Y-%m-%d}", words.votes(paper.votes), *([authors] if paper.authors else [])]
    writer.lines.append(f"{' · '.join(told)} {writer.mark(paper)}")
    if evidence.also:
        writer.lines += ["", words.mentioned_too(escape(paper.name or plain_title(paper.title)), len(evidence.also))]


# --- A thing that papers propose -------------------------------------------------------------------------------------
def _write_proposed(writer: Writer) -> None:
    """Write what the papers that propose a thing say of it, then one sentence of another paper that defines it."""
    evidence, words = writer.evidence, writer.words
    name = escape(evidence.reading.plan.terms[0])
    writer.lines += [words.proposed_by(name, len(evidence.papers)), ""]
    for paper in evidence.papers:
        own = [one.told for one in evidence.defined if one.paper == paper]
        if own:
            writer.lines += [writer.sentence(paper, own[0]), ""]
        for statement in evidence.quotes.get(paper.arxiv_id, ())[:_MORE]:
            if told := tell_of(paper, statement, writer.asked, writer.said):
                writer.lines.append(f"- {writer.sentence(paper, told)}")
        writer.lines += ["", f"{writer.heading(paper)} {writer.mark(paper)}", ""]
    others = [one for one in evidence.defined if one.paper not in evidence.papers]
    if others:
        writer.lines += [_WORDS[writer.language].elsewhere, ""]
        writer.lines += [_quoted_line(writer, one.paper, writer.sentence(one.paper, one.told)) for one in others]
        writer.lines.append("")
    _write_reasons(writer)
    if evidence.also:
        writer.lines.append(words.mentioned_too(name, len(evidence.also)))


# --- A thing that none proposes --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Words:
    """The wording of one language."""

    elsewhere: str
    reasons: str
    no_reason: str
    quoted: str


_WORDS: Mapping[Language, _Words] = {
    "ko": _Words(
        "다른 논문은 이렇게 설명합니다.",
        "왜 쓰는가",
        "왜 쓰는지 따로 적은 문장은 요약에서 찾지 못했습니다.",
        "요약의 문장을 그대로 옮기므로 더 쉬운 말로 바꿔 쓰지는 못합니다. 가장 잘 설명한 한 문장입니다.",
    ),
    "en": _Words(
        "Another paper explains it so:",
        "Why it is used",
        "No other sentence of the summaries says what it is good for.",
        "Answers quote the summaries, so they cannot put it in simpler words. The one sentence that explains it best:",
    ),
}


def _write_by_others(writer: Writer) -> None:
    """Write sentences that define a thing; where none does, say so and write what the papers nearest to it say."""
    evidence = writer.evidence
    name = evidence.outside[0]
    count = len(evidence.papers) + len(evidence.also)
    shown = evidence.defined or evidence.speaking
    lines = [_quoted_line(writer, one.paper, said) for one in shown if (said := writer.sentence(one.paper, one.told))]
    if evidence.reading.aspect == "limits":
        writer.lines += [_limits(name, writer.language), "", *lines] if lines else [_no_limits(name, writer.language)]
        return
    writer.lines += [_by_others(name, bool(evidence.defined), count, writer.language), "", *lines]
    _write_reasons(writer)
    for paper in () if shown else evidence.papers:
        for statement in evidence.quotes[paper.arxiv_id][:1]:
            if told := tell_of(paper, statement, writer.asked, writer.said):
                said = writer.sentence(paper, told, LIMITS[told.statement.language or "ko"])
                writer.lines.append(_quoted_line(writer, paper, said))


def _write_reasons(writer: Writer) -> None:
    """Write what a thing is good for, where that is asked; where no sentence says so, say that."""
    if not writer.evidence.reading.why:
        return
    words, reasons = _WORDS[writer.language], writer.evidence.reasons
    writer.lines += ["", f"**{words.reasons}**", ""]
    writer.lines += [_quoted_line(writer, one.paper, writer.sentence(one.paper, one.told)) for one in reasons]
    writer.lines += [*([] if reasons else [words.no_reason]), ""]


def _limits(name: str, language: Language) -> str:
    """Say that what follows is what other papers say of the limits of a thing."""
    if language == "ko":
        return f"다른 논문의 요약이 {escape(name)}의 한계로 적은 내용입니다."
    return f"What the summaries of other papers say of the limits of {escape(name)}:"


def _no_limits(name: str, language: Language) -> str:
    """Say that no summary tells of the limits of a thing."""
    if language == "ko":
        return f"{escape(name)}의 한계를 적은 문장은 요약에서 찾지 못했습니다."
    return f"No sentence of the summaries tells of the limits of {escape(name)}."


def _by_others(name: str, is_defined: bool, papers: int, language: Language) -> str:
    """Say that no paper proposes a thing, how many name it, and what follows."""
    shown = escape(name)
    if language == "ko":
        first = f"{josa_or(shown, '을/를', ' 자체를')} 제안한 논문은 색인에 없고, 언급한 논문은 {papers:,}편입니다."
        return first + (
            " 그 요약들은 이렇게 설명합니다."
            if is_defined
            else " 정의한 문장은 없어, 가장 많이 다룬 논문의 문장을 옮깁니다."
        )
    first = f"No indexed paper proposes {shown}; {papers_of(papers)} {'names' if papers == 1 else 'name'} it."
    return first + (" They explain it so:" if is_defined else " None defines it; this is said of it:")


def _quoted_line(writer: Writer, paper: Paper, said: str) -> str:
    """Return a sentence as a bullet, with the paper it stands in below."""
    return f"- {said}\n   - {writer.heading(paper)}"
