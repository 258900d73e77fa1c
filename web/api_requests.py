"""Checks on calls of Gradio's HTTP API, before Gradio sees them.

Gradio answers a call of an unknown function, or with a value of the wrong type, with status 500 and a traceback in the log.
Here such a call gets a 4xx status and a sentence, and nothing is logged.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.responses import refusal

_CALL = re.compile(r"/gradio_api/call(?P<named>/v2)?/(?P<name>[^/]+)(?:/(?P<event>[^/]+))?/?$")
_JOIN = re.compile(r"/gradio_api/queue/join/?$")
_STEER = re.compile(r"/gradio_api/(?P<name>cancel|reset)/?$")
_DATA = re.compile(r"/gradio_api/queue/data/?$")
UNCLAIMED = 4_000  # calls with an answer that was not fetched, before those without are looked for


class CallRefusedError(Exception):
    """A call that cannot be carried out; holds the status and the sentence for the caller."""

    def __init__(self, status: int, message: str) -> None:
        """Take an HTTP status and a sentence."""
        super().__init__(message)
        self.status = status


class ApiRequests:
    """Validate the calls of a Gradio app and fill in default values."""

    def __init__(self, app: ASGIApp, blocks: Any) -> None:
        """Guard a mounted app; `blocks` is its Gradio app, whose functions and queue are looked up."""
        self.app, self._blocks = app, blocks
        self._signatures: dict[int, Signature] = {
            number: Signature(inspect.unwrap(function.fn))
            for number, function in blocks.fns.items()
            if function.fn is not None and function.api_name
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            if scope["method"] == "GET":
                self._check_event(scope)
            elif scope["method"] == "POST" and any(one.search(scope["path"]) for one in (_CALL, _JOIN, _STEER)):
                self._forget_unclaimed()
                body = self._checked_body(scope["path"], await _read(receive))
                scope, receive = _with_body(scope, receive, body)
        except CallRefusedError as refused:
            response: Response = refusal(refused.status, str(refused))
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _check_event(self, scope: Scope) -> None:
        """Refuse to wait for events that nobody has asked for."""
        queue = self._blocks._queue
        if _DATA.search(scope["path"]):
            (session,) = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[:1]
            if session not in queue.pending_messages_per_session:
                raise CallRefusedError(404, "This session has no call that is waited for. Send a call first.")
        elif call := _CALL.search(scope["path"]):
            self._number(call["name"])
            event = call["event"]
            waited_for = queue.pending_event_ids_session
            if event not in queue.event_ids_to_events and not any(event in events for events in waited_for.values()):
                raise CallRefusedError(404, "There is no call with this event id. Send a call first.")

    def _forget_unclaimed(self) -> None:
        """Forget the calls whose answers nobody came for. Gradio drops the answers of all but the last 2,000 and keeps the rest."""
        queue = self._blocks._queue
        if len(queue.pending_event_ids_session) > UNCLAIMED:
            for session in [*queue.pending_event_ids_session]:
                if session not in queue.pending_messages_per_session:
                    del queue.pending_event_ids_session[session]

    def _checked_body(self, path: str, body: bytes) -> bytes:
        """Return the body of a call with all values in place. Raises CallRefusedError."""
        try:
            sent = json.loads(body)
        except (ValueError, RecursionError):  # no JSON, or brackets in brackets without end
            sent = None
        if not isinstance(sent, dict):
            raise CallRefusedError(422, "The body of a call is a JSON object.")
        if steer := _STEER.search(path):
            return json.dumps(_STEERING[steer["name"]].check(sent)).encode()
        call = _CALL.search(path)
        if call and call["named"]:
            return json.dumps(self._signatures[self._number(call["name"])].check(sent)).encode()
        number = self._number(call["name"]) if call else sent.get("fn_index")
        signature = self._signatures.get(number) if type(number) is int else None  # True is an int too
        if signature is None:
            known = ", ".join(str(one) for one in self._signatures)
            raise CallRefusedError(404, f"There is no function with fn_index {_shown(number)}. There are {known}.")
        values = signature.check_list(sent.get("data"))
        if not call and not isinstance(sent.get("session_hash"), str):
            raise CallRefusedError(422, "A call of the queue needs a text for session_hash.")
        kept = {name: sent[name] for name in ("fn_index", "session_hash") if name in sent}
        return json.dumps({**kept, "data": values}).encode()

    def _number(self, name: str) -> int:
        for number, signature in self._signatures.items():
            if signature.name == name:
                return number
        known = ", ".join(signature.name for signature in self._signatures.values())
        raise CallRefusedError(404, f"There is no function {_shown(name)}. There are {known}.")


class Signature:
    """The parameters of a function, as a model that checks values."""

    def __init__(self, function: Callable[..., Any]) -> None:
        """Read the parameters, their types and their default values."""
        self.name = function.__name__
        hints = get_type_hints(function)
        fields: dict[str, Any] = {
            name: (hints[name], ... if parameter.default is parameter.empty else parameter.default)
            for name, parameter in inspect.signature(function).parameters.items()
        }
        self.names = list(fields)
        self._model: type[BaseModel] = create_model(self.name, __config__=ConfigDict(extra="forbid"), **fields)

    def check(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values by name, with the default of each one that is missing. Raises CallRefusedError."""
        try:
            return self._model.model_validate(dict(values)).model_dump()
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = str(first["loc"][0])
            raise CallRefusedError(422, self._sentence(name, first["type"], first["msg"])) from None

    def check_list(self, values: Any) -> list[Any]:
        """Return values in the order of the parameters. Raises CallRefusedError."""
        if not isinstance(values, list) or len(values) > len(self.names):
            raise CallRefusedError(
                422, f"{self.name} takes “data”: a list of at most {len(self.names)} values ({', '.join(self.names)})."
            )
        return list(self.check(dict(zip(self.names, values, strict=False))).values())

    def _sentence(self, name: str, kind: str, message: str) -> str:
        if kind == "missing":
            return f"{self.name} needs a value for {name}."
        if kind == "extra_forbidden":
            return f"{self.name} has no parameter {_shown(name)}. It has {', '.join(self.names)}."
        return f"{self.name} cannot take this value for {name}: {message[:1].lower()}{message[1:]}."


def cancel(session_hash: str, fn_index: int, event_id: str) -> None:
    """Show the parameters of Gradio's route of this name."""


def reset(event_id: str) -> None:
    """Show the parameters of Gradio's route of this name."""


_STEERING = {function.__name__: Signature(function) for function in (cancel, reset)}


def _shown(value: object) -> str:
    return f"“{str(value)[:40]}”"


async def _read(receive: Receive) -> bytes:
    """Read a whole body, which the request guard has limited."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallRefusedError(400, "The body of the call did not arrive.")
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _with_body(scope: Scope, receive: Receive, body: bytes) -> tuple[Scope, Receive]:
    """Put another body in the place of the one that was read."""
    headers = [(name, value) for name, value in scope["headers"] if name not in (b"content-length", b"content-type")]
    headers += [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return {**scope, "headers": headers}, replayed
