"""The answer to a request that is refused: a sentence for people, and a code for the page."""

from __future__ import annotations

from starlette.responses import JSONResponse


def refusal(status: int, message: str, code: str = "broken", **headers: str) -> JSONResponse:
    """Return a refusal.

    `code` names the text that the page shows in the reader's language. Gradio's clients read the message from `detail`.
    """
    return JSONResponse({"error": message, "detail": message, "code": code}, status, headers)
