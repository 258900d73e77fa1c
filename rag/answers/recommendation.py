"""A recommendation: one paper, and in computed terms why."""

from __future__ import annotations

from rag.answers.answer import linked_title
from rag.answers.writer import Writer
from rag.evidence.recommendation import Choice
from rag.language.text import Language


def write_reasons(writer: Writer, pool: int) -> None:
    """Write below the most voted paper how far it leads and how new it is; nothing where it stands alone."""
    choice = writer.evidence.chosen
    if choice is None or choice.second is None:
        return
    second = f"{linked_title(choice.second)} {writer.mark(choice.second)}"
    reasons = _reasons(choice, second, pool, writer.language)
    writer.lines += ["", reasons]


def _reasons(choice: Choice, second: str, pool: int, language: Language) -> str:
    votes = choice.paper.votes or 0
    if language == "ko":
        told = f"{pool:,}편 가운데 표가 가장 많습니다({votes}표)."
        if choice.tied:
            told += f" 같은 표를 받은 논문이 {choice.tied}편 더 있어, 그 가운데 가장 최근 논문을 골랐습니다."
        else:
            told += f" 다음으로 많은 논문보다 {choice.lead}표 많습니다: {second}."
        return told + (f" 상위 {choice.newest_of}편 가운데 가장 최근 논문이기도 합니다." if choice.newest_of else "")
    told = f"It has the most votes of {pool:,} papers ({votes})."
    if choice.tied:
        others = "another paper has" if choice.tied == 1 else f"{choice.tied} others have"
        told += f" {others.capitalize()} as many; of these the newest was taken."
    else:
        told += f" That is {choice.lead} more than the next: {second}."
    return told + (f" It is the newest of the top {choice.newest_of}, too." if choice.newest_of else "")
