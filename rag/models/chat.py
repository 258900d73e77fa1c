"""The language model of the settings as a LlamaIndex LLM: OpenAI, a compatible server, or any class by its name."""

from __future__ import annotations

import importlib
import json
import re
from typing import Any

import openai
from llama_index.core.llms import LLM
from llama_index.llms.openai_like import OpenAILike

from rag.errors import SettingsError
from rag.settings import Settings
from vectorstore.openai_faults import silence_client_log

_REASONING = re.compile(r"o\d|gpt-[5-9](?!.*chat)|gpt-oss|deepseek-r|qwq", re.IGNORECASE)


def reasons(settings: Settings) -> bool:
    """Whether the model is known to think on our tokens and to take no temperature."""
    return bool(_REASONING.match(settings.model))


def chat_model(settings: Settings, **more: Any) -> OpenAILike:
    """Build the OpenAI-compatible model of the settings, for one request an attempt; a reasoning model takes no temperature.

    `more` goes to LlamaIndex as it is: an HTTP client, a context window. Its repr holds the key: never show it.
    """
    silence_client_log()
    return OpenAILike(
        model=settings.model,
        api_key=settings.openai_api_key.reveal() or "none",
        api_base=settings.openai_base_url.reveal() or "https://api.openai.com/v1",
        is_chat_model=True,
        max_retries=0,
        temperature=0.0,
        additional_kwargs={"temperature": openai.omit} if reasons(settings) else {},
        **more,
    )


def own_model(settings: Settings) -> LLM:
    """Make the LlamaIndex LLM that `NONMUN_LLM` names, with the arguments of `NONMUN_LLM_ARGS`.

    Raises SettingsError when it cannot be made. What it says of its arguments is not passed on, for they may hold a key.
    """
    module, _, name = settings.llm.partition(":")
    try:
        arguments = json.loads(settings.llm_args.reveal() or "{}")
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        raise SettingsError('NONMUN_LLM_ARGS must be a JSON object of arguments, such as {"model": "NAME"}.')
    try:
        made = getattr(importlib.import_module(module), name)(**arguments)
    except Exception as error:  # noqa: BLE001 - a class of anybody's may raise anything
        raise SettingsError(
            f"NONMUN_LLM is “{settings.llm}”, which cannot be made: {type(error).__name__}. "
            "Name a LlamaIndex LLM as module:Class, and give its arguments as JSON in NONMUN_LLM_ARGS."
        ) from None
    if not isinstance(made, LLM):
        raise SettingsError(f"NONMUN_LLM is “{settings.llm}”, a {type(made).__name__}, not a LlamaIndex LLM.")
    return made


def language_model(settings: Settings, **more: Any) -> LLM:
    """Build the model of the settings, whichever it is; `more` goes to an OpenAI-compatible one only."""
    return own_model(settings) if settings.llm else chat_model(settings, **more)
