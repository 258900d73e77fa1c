"""Optional judgements by a language model, through LlamaIndex's evaluators: reported apart from the scores, never in the gate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.errors import EvaluationError, SettingsError
from rag.evaluation.run import Outcome
from rag.evaluation.scores import Sources
from rag.settings import Settings

JUDGED = frozenset({"fact", "explain", "compare", "known_item", "describe"})
"""Kinds whose answer is prose that a model can judge; sets and counts are scored by code."""


def judge_all(
    settings: Settings, outcomes: Sequence[Outcome], sources: Sources, tick: Callable[[], object] = lambda: None
) -> list[Outcome]:
    """Return the outcomes with faithfulness (0 or 1, against the cited papers) and correctness (0 to 1, where facts are known).

    Only answers of JUDGED kinds that cite something are judged. Raises SettingsError without a model, EvaluationError when
    the model does not answer.
    """
    if not settings.has_model:
        raise SettingsError("--judge needs a language model. Set OPENAI_API_KEY or OPENAI_BASE_URL.")
    return asyncio.run(_judge(settings, outcomes, sources, tick))


async def _judge(
    settings: Settings, outcomes: Sequence[Outcome], sources: Sources, tick: Callable[[], object]
) -> list[Outcome]:
    import httpx
    from llama_index.core.evaluation import CorrectnessEvaluator, FaithfulnessEvaluator

    from rag.models.chat import language_model
    from vectorstore.openai_faults import CLIENT_ERRORS

    judged = []
    async with httpx.AsyncClient(timeout=settings.llm_timeout) as client:
        model = language_model(settings, context_window=32_000, async_http_client=client)
        faithful, correct = FaithfulnessEvaluator(llm=model), CorrectnessEvaluator(llm=model)
        for outcome in outcomes:
            case, reply = outcome.case, outcome.reply
            if reply and reply.status == "answered" and reply.cited and case.kind in JUDGED:
                found = {}
                asked, told = case.question, reply.text
                try:
                    contexts = [sources.texts[i] for _, i in reply.cited if i in sources.texts]
                    said = await faithful.aevaluate(query=asked, response=told, contexts=contexts)
                    found["faithfulness"] = float(said.score or 0.0)
                    if case.facts:
                        said = await correct.aevaluate(
                            query=asked, response=told, reference="; ".join(forms[0] for forms in case.facts)
                        )
                        if said.score is not None:  # a reply that is no mark from 1 to 5 is no judgement
                            found["correctness"] = (min(max(said.score, 1.0), 5.0) - 1.0) / 4.0
                except CLIENT_ERRORS as error:
                    raise EvaluationError(f"The judging model failed on “{case.id}”: {type(error).__name__}.") from None
                outcome = replace(outcome, judged=found)
            judged.append(outcome)
            tick()
    return judged
