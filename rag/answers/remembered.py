"""The note behind an answer about a paper that was described and not named: that this is the closest one, and which others are close."""

from __future__ import annotations

from rag.answers.answer import linked_title
from rag.answers.writer import Writer


def write_closest(writer: Writer) -> None:
    """Write that the answer is of the paper closest to a description, with the links of those that may be meant too."""
    others = ", ".join(map(linked_title, writer.evidence.close))
    if writer.language == "ko":
        note = "설명하신 내용에 가장 가까운 논문으로 답했습니다."
        note += f" 다음 논문을 찾으셨을 수도 있습니다: {others}" if others else ""
    else:
        note = "This is the paper closest to your description."
        note += f" You may also mean: {others}" if others else ""
    writer.lines += ["", note]
