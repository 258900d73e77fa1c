"""The model engine: freer prose from the same evidence, through LlamaIndex, on OpenAI or any compatible server.

The model is never asked for facts, sets or counts; it is handed numbered evidence and its sentences pass the gate. Every
failure ends in the offline answer with a notice. Nothing here logs a key, a prompt or evidence.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import openai
from llama_index.core.llms import ChatMessage, MessageRole

from rag.answers.answer import MARK, Answer, Usage
from rag.answers.gate import Gate
from rag.answers.introduction import computed, form_of, parted
from rag.answers.prices import cost
from rag.answers.prompts import NOTICE, prompt
from rag.errors import ModelError
from rag.language.text import tokens
from rag.models.chat import language_model, reasons
from rag.settings import Settings
from vectorstore.openai_faults import CLIENT_ERRORS, OpenAIFault, fault_of, pause_before_retry

_COUNTED = re.compile(r"\s*\[0\]")
_LISTED = re.compile(r"^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+)")
ATTEMPTS = 2  # for faults that pass; a refused parameter or a context too long is mended once on top


@dataclass
class _Call:
    """What one answer took of the model."""

    attempts: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = True
    first_ms: float = 0.0
    sha256: str = ""
    sent: int = 0  # papers


class LlmEngine:
    """Writes answers with a chat model; holds no state of a conversation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.name = f"llm:{settings.model_name}"

    def _options(self) -> dict[str, Any]:
        """What a request asks for besides its messages. Reasoning models take no temperature and think on our tokens."""
        settings = self._settings
        own: dict[str, Any] = {"stream_options": {"include_usage": True}}
        if reasons(settings):
            return {**own, "reasoning_effort": "low", "max_completion_tokens": 4 * settings.llm_answer_tokens}
        return {**own, "temperature": settings.llm_temperature, "max_tokens": settings.llm_answer_tokens}

    def _once(self, system: str, user: str, options: dict[str, Any], deadline: float, call: _Call) -> Iterator[str]:
        """Make one request; yield the model's words as they come. Raises OpenAIFault."""
        settings, started = self._settings, time.monotonic()
        client = openai.DefaultHttpxClient()
        model = language_model(settings, http_client=client)
        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=system),
            ChatMessage(role=MessageRole.USER, content=user),
        ]
        wait = max(0.1, min(settings.llm_timeout, deadline - started))
        call.attempts += 1
        call.sha256 = hashlib.sha256(f"{system}\0{user}".encode()).hexdigest()[:16]
        call.tokens_in, call.tokens_out, call.estimated = tokens(system + user), 0, True
        own = bool(settings.llm)  # knows no options of ours, and tells no reason to stop
        finished, said = ("stop" if own else None), False
        try:
            more = {"temperature": openai.omit, **options, "timeout": httpx.Timeout(wait, connect=min(5.0, wait))}
            more = {} if own else more
            for part in model.stream_chat(messages, **more):
                if time.monotonic() > deadline:
                    raise OpenAIFault("slow")
                if used := getattr(part.raw, "usage", None):
                    call.tokens_in, call.tokens_out, call.estimated = used.prompt_tokens, used.completion_tokens, False
                choices = getattr(part.raw, "choices", None)
                if choices:
                    finished = choices[0].finish_reason or finished
                    if getattr(choices[0].delta, "refusal", None):
                        raise OpenAIFault("declined")
                if part.delta:
                    call.first_ms = call.first_ms or (time.monotonic() - started) * 1000
                    call.tokens_out += tokens(part.delta) if call.estimated else 0
                    said = True
                    yield part.delta
        except CLIENT_ERRORS as error:
            raise fault_of(error) from None  # the cause may carry the key
        except OpenAIFault:
            raise
        except Exception:
            if not own:
                raise
            raise OpenAIFault("other") from None
        finally:
            client.close()  # a reader who goes away ends the request too
        if finished != "stop":
            raise OpenAIFault(
                {"length": "limit", "content_filter": "filter"}.get(finished or "", "cut" if said else "empty")
            )
        if not said:
            raise OpenAIFault("empty")

    def _words(self, make: Callable[[float], tuple[str, str]], call: _Call) -> Iterator[str]:
        """Yield a model's words; `make` gives the messages with a share of the evidence. Nothing is tried again after a word."""
        deadline = time.monotonic() + self._settings.llm_deadline
        options, share, tries = self._options(), 1.0, 1
        while True:
            said = False
            try:
                for piece in self._once(*make(share), options, deadline, call):
                    said = True
                    yield piece
                return
            except OpenAIFault as found:
                if said:
                    raise
                if found.parameter in options:
                    value = options.pop(found.parameter)
                    if found.parameter == "max_tokens":
                        options["max_completion_tokens"] = value
                elif found.reason == "long" and share == 1.0:
                    share = 0.3
                elif tries >= ATTEMPTS or not pause_before_retry(found, tries, deadline):
                    raise
                else:
                    tries += 1
                    if found.reason == "empty":  # so llama.cpp's Python server streams a context that is too long
                        share = 0.3

    def complete(self, system: str, user: str) -> tuple[str, Usage]:
        """Return a whole reply, unchecked, and what it took. Raises ModelError with a sentence."""
        call = _Call()
        try:
            text = "".join(self._words(lambda _: (system, user), call))
        except OpenAIFault as found:
            raise ModelError(
                f"The language model {self._settings.model_name} gave no answer: {NOTICE['en'][found.reason]}."
            ) from None
        return text.strip(), self._usage(call)

    def _usage(self, call: _Call) -> Usage:
        dollars = cost(self._settings.model, self._settings.price_place, call.tokens_in, call.tokens_out)
        return Usage(
            self._settings.model_name, call.tokens_in, call.tokens_out, call.estimated, dollars, call.attempts, call.first_ms, call.sha256
        )  # fmt: skip

    def stream(self, offline: Answer) -> Iterator[str | Answer]:
        """Yield the text so far as it passes the gate, then the final answer (the offline one where the model failed).

        A model writes some answers anew and introduces the others, whose lists and counts stay as they are.
        """
        introduces = form_of(offline) == "introduction"
        notice, call = NOTICE[offline.language], _Call()
        mark = notice["mark"] if self._settings.unsupported == "mark" else None
        if introduces:
            facts = computed(offline)
        else:  # what is not there is no fact that a model may build on
            facts = "\n".join((offline.lead, *offline.chips) if offline.plan.kind == "digest" else offline.chips)
        gate = Gate(offline.citations, offline.language, facts, mark, counted=introduces)

        def make(share: float) -> tuple[str, str]:
            system, user, call.sent = prompt(offline, int(share * self._settings.llm_evidence_tokens))
            return system, user

        passed = gate.filter(self._words(make, call))
        reason, final = yield from (_introduced if introduces else _anew)(offline, passed)
        if final is None:
            reason = reason or ("language" if gate.foreign and gate.foreign == gate.dropped else "unsupported")
            failed = notice["failed"].format(reason=notice[reason])
            yield replace(offline, notices=(*offline.notices, failed), usage=self._usage(call))
            return
        notices = list(offline.notices)
        if call.sent < len(offline.citations):
            notices.append(notice["trimmed"].format(kept=call.sent, total=len(offline.citations)))
        if gate.dropped:
            notices.append(notice["marked" if mark else "dropped"].format(n=gate.dropped))
        if reason:
            notices.append(notice["introduced" if introduces else "cut_short"].format(reason=notice[reason]))
        yield replace(final, engine=self.name, notices=tuple(notices), usage=self._usage(call))


Written = tuple[str, Answer | None]
"""Why a model stopped too early, or "", and the answer with its words; None where none of them may be shown."""


def _anew(offline: Answer, passed: Iterator[str]) -> Generator[str, None, Written]:
    """Write an answer anew. Marks are numbered in order of first use; the offline answer follows where the model stops in the middle."""
    order: dict[int, int] = {}

    def numbered(text: str) -> str:
        return MARK.sub(lambda match: f"[{order.setdefault(int(match.group(1)), len(order) + 1)}]", text)

    text, reason = f"{offline.lead}\n\n" if offline.lead else "", ""
    try:
        for sentence in passed:
            text = re.sub(r"\n{3,}", "\n\n", text + numbered(sentence))
            yield text
    except OpenAIFault as found:
        reason = found.reason
    if not order:
        return reason, None
    if reason:
        text = f"{text.rstrip()}\n\n{numbered(offline.text)}"
    kept = sorted((replace(c, n=order[c.n]) for c in offline.citations if c.n in order), key=lambda c: c.n)
    return reason, replace(offline, text=text.strip(), citations=tuple(kept))


def _introduced(offline: Answer, passed: Iterator[str]) -> Generator[str, None, Written]:
    """Put a paragraph between what an answer counts and its lists."""
    before, after = parted(offline.text)
    said, shown, reason = "", False, ""
    try:
        for sentence in passed:
            shown = shown or bool(MARK.search(sentence))
            said = " ".join(f"{said} {_LISTED.sub('', _COUNTED.sub('', sentence))}".split())
            yield "\n\n".join(filter(None, (before, said, after)))
    except OpenAIFault as found:
        reason = found.reason
    text = "\n\n".join(filter(None, (before, said, after)))
    return reason, replace(offline, text=text) if shown else None
