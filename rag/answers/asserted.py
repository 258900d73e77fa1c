"""Answers that are statements: the sentences that state what is asked, each with its paper, or that none does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.answers.writer import Writer
from rag.language.assertions import Assertion
from rag.language.text import Language


@dataclass(frozen=True)
class _Words:
    """The wording of one language: of each kind of statement how sentences are introduced, and how their want is told."""

    found: Mapping[Assertion, str]
    none: Mapping[Assertion, str]
    nearest: str
    looked: str


_WORDS: Mapping[Language, _Words] = {
    "ko": _Words(
        {
            "cause": "요약에서 이유나 원인을 밝힌 문장입니다.",
            "limits": "요약에서 한계나 문제로 적은 내용입니다.",
            "effect": "요약에서 효과에 대해 밝힌 문장입니다. 조건이 논문마다 달라 한마디로 답할 수는 없습니다.",
            "doubt": "요약에서 의문을 제기하거나 반대되는 결과를 적은 문장입니다.",
            "finding": "요약에서 밝힌 결과입니다.",
        },
        {
            "cause": "그 이유를 밝힌 문장은 요약에서 찾지 못했습니다.",
            "limits": "그 한계를 적은 문장은 요약에서 찾지 못했습니다.",
            "effect": "그 효과를 밝힌 문장은 요약에서 찾지 못했습니다.",
            "doubt": "그에 대해 의문을 제기한 문장은 요약에서 찾지 못했습니다.",
            "finding": "그 결과를 밝힌 문장은 요약에서 찾지 못했습니다.",
        },
        "주제가 가장 가까운 논문은 다음과 같습니다.",
        "관련 논문 {n:,}편의 요약을 살펴보았습니다.",
    ),
    "en": _Words(
        {
            "cause": "What the summaries give as a reason or a cause:",
            "limits": "What the summaries call a limit or a problem:",
            "effect": "What the summaries say of the effect; each paper has its own setting, so there is no one answer:",
            "doubt": "What the summaries question, or report to the contrary:",
            "finding": "What the summaries report as found:",
        },
        {
            "cause": "No sentence of the summaries gives the reason.",
            "limits": "No sentence of the summaries states such a limit.",
            "effect": "No sentence of the summaries states that effect.",
            "doubt": "No sentence of the summaries questions it.",
            "finding": "No sentence of the summaries states what was found.",
        },
        "The papers closest to the topic:",
        "The summaries of {n:,} related papers were looked at.",
    ),
}


def write_asserted(writer: Writer) -> None:
    """Write the sentences that state what is asked, or that there is none and the nearest papers."""
    evidence, words = writer.evidence, _WORDS[writer.language]
    kind = evidence.reading.asserts
    assert kind is not None
    if not evidence.stated:
        writer.lines.append(f"{words.none[kind]} {words.nearest}")
        writer.listed(evidence.papers)
        return
    writer.lines += [words.found[kind], ""]
    for paper, told in evidence.stated:
        said = f"- {writer.sentence(paper, told)}"
        writer.lines.append(said if evidence.pool == 1 else f"{said}\n   - {writer.heading(paper)}")
    if evidence.pool == 1:
        writer.lines += ["", writer.heading(evidence.papers[0])]
    else:
        writer.lines += ["", words.looked.format(n=evidence.pool)]
