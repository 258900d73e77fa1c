"""Faults of an OpenAI-compatible server: a one-word reason for each, and when a request is worth another attempt.

Embedders and the language model share it. The words of a server are never passed on: they may contain a key or a
prompt.
"""

from __future__ import annotations

import logging
import random
import re
import time

import httpx
import openai

from vectorstore.errors import OpenAIFault as OpenAIFault

CLIENT_ERRORS = (openai.OpenAIError, httpx.HTTPError, ValueError, AttributeError, IndexError, KeyError, TypeError)
"""All exceptions that the clients were seen to raise when a server misbehaves."""

TRANSIENT = frozenset({"busy", "server", "gone", "slow", "cut", "empty", "garbled"})  # reasons worth another attempt
PATIENCE = 20.0  # the longest pause, in seconds, that a server may ask for
PAUSE = 0.5  # the shortest one, before the second attempt
_TOO_LONG = re.compile(
    r"context|too long|maximum.{0,20}(?:length|tokens)|exceed.{0,30}(?:length|tokens|window)", re.IGNORECASE
)
_PARAMETERS = ("temperature", "max_tokens", "max_completion_tokens", "reasoning_effort", "stream_options")


def silence_client_log() -> None:
    """Disable the debug log of the client, which contains whole requests."""
    logging.getLogger("openai").setLevel(logging.WARNING)


def _retry_after(headers: httpx.Headers) -> float:
    try:
        return max(0.0, float(headers.get("retry-after") or 0))
    except ValueError:
        return PATIENCE + 1  # a date: not worth waiting for


def fault_of(error: Exception) -> OpenAIFault:
    """Return the fault behind an exception of a client."""
    if isinstance(error, OpenAIFault):
        return error
    if isinstance(error, openai.APIStatusError):
        status, code, said = error.status_code, str(error.code or ""), str(error.message)
        if code == "content_filter":
            return OpenAIFault("filter")
        if status in (400, 413, 422) and (code == "context_length_exceeded" or _TOO_LONG.search(said)):
            return OpenAIFault("long")
        if status in (400, 422) and (named := next((p for p in _PARAMETERS if p in f"{error.param} {said}"), "")):
            return OpenAIFault("parameter", parameter=named)
        if status == 429:
            return OpenAIFault(
                "quota" if code == "insufficient_quota" else "busy", _retry_after(error.response.headers)
            )
        if status in (408, 409) or status >= 500:
            return OpenAIFault("slow" if status == 408 else "server", _retry_after(error.response.headers))
        return OpenAIFault({401: "key", 403: "forbidden", 404: "model"}.get(status, "other"))
    if isinstance(error, (openai.APITimeoutError, httpx.TimeoutException)):
        return OpenAIFault("slow")
    if isinstance(error, openai.APIConnectionError):
        return OpenAIFault("gone")
    if isinstance(error, openai.APIError):  # an error event in a stream
        return OpenAIFault("filter" if error.code == "content_filter" else "server")
    return OpenAIFault("cut" if isinstance(error, httpx.HTTPError) else "garbled")


def pause_before_retry(found: OpenAIFault, attempt: int, deadline: float) -> bool:
    """Wait before another attempt, and return True.

    Return False at once if the fault is not transient, or if the wait would pass the deadline (of `time.monotonic`).
    """
    wait = max(found.retry_after, PAUSE * 2 ** (attempt - 1)) * random.uniform(1.0, 1.25)
    if found.reason not in TRANSIENT or wait > PATIENCE or time.monotonic() + wait > deadline:
        return False
    time.sleep(wait)
    return True
