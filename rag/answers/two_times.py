"""The sentence that tells which of two times had more papers, where each has an answer of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answers.phrases import period
from rag.evidence.types import Evidence
from rag.language.text import josa_or
from rag.questions.plan import SET_KINDS
from rag.questions.times import asks_which_had_more


def which_had_more(found: Sequence[Evidence]) -> str:
    """Say which of two sets has more papers, if that is asked and only their days differ; "" of others."""
    readings = [one.reading for one in found]
    alike = {replace(one.plan, date_from=None, date_to=None) for one in readings if one.plan.kind in SET_KINDS}
    counted = len(found) == 2 and not any(one.near or one.reason not in (None, "no_evidence") for one in found)
    times = {(one.plan.date_from, one.plan.date_to) for one in readings} - {(None, None)}
    if not counted or len(times) != 2 or len(alike) != 1 or not asks_which_had_more(readings[0].question):
        return ""
    korean, about = readings[0].language == "ko", bool(readings[0].plan.topics)
    first, second = (
        (period(one.reading.plan, korean).removeprefix("in "), one.pool or len(one.papers)) for one in found
    )
    more, fewer = sorted((first, second), key=lambda one: -one[1])
    same = more[1] == fewer[1]
    if korean:
        counts = [f"{josa_or(time, '은/는', '에는')} {'약 ' if about else ''}{n:,}편" for time, n in (first, second)]
        return f"{', '.join(counts)}으로 " + (
            "같습니다." if same else f"{josa_or(more[0], '이/가', ' 쪽이')} 더 많습니다."
        )
    if same:
        return f"{first[0]} and {second[0]} had as many papers ({'about ' if about else ''}{more[1]:,} each)."
    return f"{more[0]} had more papers: {'about ' if about else ''}{more[1]:,} against {fewer[1]:,} in {fewer[0]}."
