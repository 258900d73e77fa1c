"""One request for each call of another program: `POST /api/NAME` with the values as a JSON object.

Gradio's own way takes two requests, a queue and a session, which cost as much as an answer. Both have the same functions.
"""

from __future__ import annotations

import inspect
import json
from functools import partial
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from web.api_requests import CallRefusedError, Signature
from web.programs import QUEUED, WAITING, CallError
from web.responses import refusal

BUSY = "Many programs are asking just now. Please try again in a moment."


class DirectCalls:
    """Carries out the functions of a Gradio app without Gradio."""

    def __init__(self, page: Any) -> None:
        """Take the app whose functions are offered."""
        found = [one.fn for one in page.fns.values() if one.fn is not None and one.api_name]
        self._signatures = {function.__name__: Signature(inspect.unwrap(function)) for function in found}
        self._functions = {function.__name__: function for function in found}
        self._threads = CapacityLimiter(WAITING)

    @property
    def route(self) -> Route:
        """The route of all functions."""
        return Route("/api/{name}", self.call, methods=["POST"])

    async def call(self, request: Request) -> JSONResponse:
        """Carry out one call."""
        name = request.path_params["name"]
        if name not in self._functions:
            return refusal(404, f"There is no function “{name[:40]}”. There are {', '.join(self._functions)}.")
        if self._threads.statistics().tasks_waiting >= QUEUED:
            return refusal(503, BUSY, "busy")
        try:
            values = self._signatures[name].check(_object(await request.body()))
            work = partial(self._functions[name], **values)
            return JSONResponse(await to_thread.run_sync(work, limiter=self._threads))
        except CallRefusedError as refused:
            return refusal(refused.status, str(refused))
        except CallError as error:
            return refusal(error.status, str(error))


def _object(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise CallRefusedError(422, "The body of a call is a JSON object.")
    return sent
