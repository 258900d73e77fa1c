"""JSON from a language model, by a ladder: a strict schema, the schema in words, one tool; who cannot climb it gets nothing.

Which rung holds is remembered for each server and model. A reply is never repaired here: LlamaIndex's own structured
calls mend arguments that were cut, so its plain `chat` is used. Nothing here logs a key, a prompt or a reply.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
import openai
from llama_index.core.llms import ChatMessage, MessageRole

from rag.language.text import tokens
from rag.models.chat import chat_model, own_model, reasons
from rag.models.shapes import Shape, ShapeError, Spent, last_object
from rag.settings import Settings
from vectorstore.openai_faults import CLIENT_ERRORS, OpenAIFault, fault_of, pause_before_retry

SCHEMA, WORDS, TOOL, NONE = range(4)
RUNGS = ("json_schema", "schema in words", "tool")
_REFUSALS = frozenset({"parameter", "other", "server"})  # faults after which the next rung is tried
_MISSES = 2  # replies in a row that hold no such JSON, after which a rung is left
_REST = 600.0  # seconds after which a server that no rung held for is tried again
_SEEN = 0.4  # of the tokens that we count ourselves, below which a server has cut the prompt
_TOKENS = 900  # of a reply; four times as many for a model that reasons
_SHOWN = 1_500  # characters of a reply that are sent back with what is wrong with it

T = TypeVar("T")


@dataclass
class _Rung:
    """Where a server stands on the ladder: its rung, how often in a row that gave nothing, and until when it rests."""

    at: int = SCHEMA
    misses: int = 0
    rests_until: float = 0.0


_KNOWN: dict[tuple[str, str], _Rung] = {}
_LOCK = threading.Lock()


def forget() -> None:
    """Forget which rung holds for which server."""
    with _LOCK:
        _KNOWN.clear()


def rung_of(settings: Settings) -> int:
    """Return the rung that a server is asked on next."""
    with _LOCK:
        known = _KNOWN.get(_server(settings))
        if known and known.at == NONE and time.monotonic() >= known.rests_until:
            del _KNOWN[_server(settings)]
            known = None
        return known.at if known else SCHEMA if not settings.llm else WORDS


def _server(settings: Settings) -> tuple[str, str]:
    return settings.llm or settings.openai_base_url.reveal(), settings.model


def _learn(settings: Settings, at: int, held: bool) -> None:
    """Remember that a rung held, or gave no JSON."""
    with _LOCK:
        known = _KNOWN.setdefault(_server(settings), _Rung(at))
        if held:
            known.at, known.misses = at, 0
            return
        known.misses = known.misses + 1 if known.at == at else 1
        known.at = at
        if known.misses >= _MISSES:
            known.at, known.misses = NONE if settings.llm else at + 1, 0
            known.rests_until = time.monotonic() + _REST


class Structured:
    """Asks the model of some settings for JSON of a shape; holds nothing of a conversation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def ask(self, system: str, user: str, shape: Shape, check: Callable[[Any], T], seconds: float, spent: Spent) -> T:
        """Return a reply as `check` makes it, which raises ShapeError or ValueError with words for the model.

        One wrong reply may be mended by the model. Raises OpenAIFault with the reason where nothing usable came in time.
        """
        at = rung_of(self._settings)
        if at == NONE:
            raise OpenAIFault("shapeless")
        deadline = time.monotonic() + seconds
        said: list[ChatMessage] = []
        faults, slipped = 0, False
        while True:
            try:
                text = self._reply(at, system, user, shape, said, deadline, spent)
            except OpenAIFault as found:
                faults += 1
                if found.reason in _REFUSALS and at < self._last and not said:
                    if found.reason == "server":  # a passing fault, or a schema that the server cannot take
                        slipped = True
                        _learn(self._settings, at, held=False)
                    at += 1
                elif faults > 1 or not pause_before_retry(found, 1, deadline):
                    raise
                continue
            try:
                made = check(last_object(text))
            except ValueError as wrong:
                if isinstance(wrong, ShapeError) and (said or at == SCHEMA):  # elsewhere one slip is no sign
                    slipped = True
                    _learn(self._settings, at, held=False)
                    at = max(at, WORDS)
                if said:
                    raise OpenAIFault("unusable") from None
                said = [_said(MessageRole.ASSISTANT, text[:_SHOWN]), _said(MessageRole.USER, _mend(str(wrong)))]
                continue
            if not slipped or at <= rung_of(self._settings):
                _learn(self._settings, at, held=True)
            return made

    @property
    def _last(self) -> int:
        return WORDS if self._settings.llm else TOOL

    def try_rungs(
        self, system: str, user: str, shape: Shape, check: Callable[[Any], object]
    ) -> Iterator[tuple[str, str]]:
        """Ask once on every rung; yield its name and how it went: "" where it holds, else a reason."""
        for at, name in enumerate(RUNGS):
            if self._settings.llm and at != WORDS:
                continue
            try:
                deadline = time.monotonic() + self._settings.llm_timeout
                check(last_object(self._reply(at, system, user, shape, [], deadline, Spent())))
            except OpenAIFault as found:
                yield name, found.reason
            except ValueError:
                yield name, "unusable"
            else:
                yield name, ""

    def _reply(
        self, at: int, system: str, user: str, shape: Shape, said: list[ChatMessage], deadline: float, spent: Spent
    ) -> str:
        """Make one request on a rung; return the text of the reply. Raises OpenAIFault."""
        if at == WORDS:
            system = f"{system}\n{shape.words}"
        messages = [_said(MessageRole.SYSTEM, system), _said(MessageRole.USER, user), *said]
        options = {} if self._settings.llm else self._options(at, shape)
        while True:
            try:
                return self._once(at, messages, options, deadline, spent)
            except OpenAIFault as found:
                if found.parameter not in options:
                    raise
                value = options.pop(found.parameter)
                if found.parameter == "max_tokens":
                    options["max_completion_tokens"] = value

    def _once(
        self, at: int, messages: list[ChatMessage], options: dict[str, Any], deadline: float, spent: Spent
    ) -> str:
        """Make one request; return the text of the reply. Raises OpenAIFault."""
        wait = deadline - time.monotonic()
        if wait <= 0:
            raise OpenAIFault("slow")
        spent.calls += 1
        try:
            raw = self._request(messages, options, wait)
            _count(raw, sum(tokens(message.content or "") for message in messages), spent)
            return _text(raw, at)
        except CLIENT_ERRORS as error:
            raise fault_of(error) from None  # the cause may carry the key

    def _options(self, at: int, shape: Shape) -> dict[str, Any]:
        """What a request asks for besides its messages. Tools go without a reasoning effort, which some refuse beside them."""
        options: dict[str, Any] = {"temperature": 0.0, "max_tokens": _TOKENS}
        if reasons(self._settings):
            options = {"max_completion_tokens": 4 * _TOKENS}
            if at != TOOL:
                options["reasoning_effort"] = "low"
        if at == SCHEMA:
            wanted = {"name": shape.name, "strict": True, "schema": shape.schema}
            options["response_format"] = {"type": "json_schema", "json_schema": wanted}
        elif at == TOOL:
            tool = {"name": shape.name, "description": shape.words.partition("\n")[0], "parameters": shape.schema}
            options |= {"tools": [{"type": "function", "function": tool}], "tool_choice": "auto"}
        return options

    def _request(self, messages: list[ChatMessage], options: dict[str, Any], wait: float) -> Any:
        """Return the raw reply of one request, at the latest after `wait` seconds, however slowly it drips."""
        if self._settings.llm:
            model = own_model(self._settings)
            return _within(wait, lambda: model.chat(messages), lambda: None)
        with openai.DefaultHttpxClient() as client:
            more = {"temperature": openai.omit, **options, "timeout": httpx.Timeout(wait, connect=min(5.0, wait))}
            asked = chat_model(self._settings, http_client=client)
            return _within(wait, lambda: asked.chat(messages, **more).raw, client.close)


def _said(role: MessageRole, text: str) -> ChatMessage:
    return ChatMessage(role=role, content=text)


def _mend(wrong: str) -> str:
    return f"That cannot be used: {wrong} Reply with the whole JSON object again, corrected, and nothing else."


@dataclass
class _Result:
    value: Any = None
    error: Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)


def _within(seconds: float, work: Callable[[], T], stop: Callable[[], object]) -> T:
    """Return what work gives. Raises OpenAIFault("slow") where it takes longer, and stops it."""
    result = _Result()

    def run() -> None:
        try:
            result.value = work()
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits
            result.error = error
        result.done.set()

    threading.Thread(target=run, daemon=True, name="nonmun-model").start()
    if not result.done.wait(seconds):
        stop()
        raise OpenAIFault("slow")
    if result.error is not None:
        if isinstance(result.error, CLIENT_ERRORS):
            raise result.error
        raise OpenAIFault("other") from None
    value: T = result.value
    return value


def _count(raw: Any, counted: int, spent: Spent) -> None:
    """Add what a reply took: the server's own count, else ours."""
    usage = getattr(raw, "usage", None)
    told = getattr(usage, "prompt_tokens", None)
    spent.tokens_in += told or counted
    spent.tokens_out += getattr(usage, "completion_tokens", None) or 0
    spent.estimated = spent.estimated or not told
    if told and told < _SEEN * counted:
        raise OpenAIFault("shortened")


def _text(raw: Any, at: int) -> str:
    """Return the text of a reply, from where servers put it. Raises OpenAIFault for one that is refused, cut or empty."""
    if not hasattr(raw, "choices"):  # of another LlamaIndex LLM
        own = str(getattr(getattr(raw, "message", None), "content", "") or "")
        if not own.strip():
            raise OpenAIFault("empty")
        return own
    choice = raw.choices[0]
    message = choice.message
    if getattr(message, "refusal", None):
        raise OpenAIFault("declined")
    called = getattr(message, "tool_calls", None) if at == TOOL else None
    if choice.finish_reason not in (("stop", "tool_calls") if called else ("stop",)):
        raise OpenAIFault({"length": "limit", "content_filter": "filter"}.get(choice.finish_reason or "", "cut"))
    said = called[0].function.arguments if called else message.content
    thoughts = getattr(message, "reasoning_content", None) or getattr(message, "reasoning", None)
    text = said if isinstance(said, str) and said.strip() else thoughts
    if not isinstance(text, str) or not text.strip():
        raise OpenAIFault("empty")
    return text
