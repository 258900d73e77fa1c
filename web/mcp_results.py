"""Results of MCP tools as JSON, with a schema.

Gradio sends a result as the text of a Python value. Here it becomes structured content, and the text is the same as JSON.
"""

from __future__ import annotations

import json
from typing import Any

from mcp import types
from mcp.server import Server

_TEXT = {"type": "string"}
_OPTIONAL_TEXT = {"type": ["string", "null"]}
_TEXTS = {"type": "array", "items": _TEXT}
_COUNT = {"type": "integer", "minimum": 0}
_OPTIONAL_COUNT = {"type": ["integer", "null"], "minimum": 0}


def _object(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object that has these properties, and may have others."""
    return {"type": "object", "properties": properties, "required": list(properties)}


_PAPER = {
    "id": {**_TEXT, "description": "arXiv id"},
    "url": _TEXT,
    "title": _TEXT,
    "date": {**_TEXT, "description": "the day of its newest digest, as 2024-06-11"},
    "votes": {**_OPTIONAL_COUNT, "description": "null where no digest says them"},
    "authors": _TEXTS,
}
_PLAN = {"type": "object", "description": "how the question was read"}
_NEWS = {"type": "array", "items": _object(
    arxiv_id=_TEXT, url=_TEXT, title=_TEXT, date=_TEXT, votes=_OPTIONAL_COUNT, authors=_TEXTS,
    sentence={**_TEXT, "description": "what makes it fit"},
)}  # fmt: skip
_CITATION = _object(
    n={**_COUNT, "description": "the mark in the answer, [1]"}, arxiv_id=_TEXT, url=_TEXT, title=_TEXT, date=_TEXT,
    votes=_OPTIONAL_COUNT, authors=_TEXTS, relation=_OPTIONAL_TEXT, evidence=_TEXTS,
)  # fmt: skip

OUTPUT_SCHEMAS: dict[str, dict[str, Any]] = {
    "search_papers": _object(result={"type": "array", "items": _object(**_PAPER, score={"type": "number"})}),
    "get_paper": _object(
        **_PAPER, dates=_TEXTS, summaries={"type": "object", "additionalProperties": _TEXTS}
    ),
    "ask": _object(
        question=_TEXT, language={"enum": ["ko", "en"]}, status={"enum": ["answered", "no_evidence", "refused"]},
        reason=_OPTIONAL_TEXT, plan=_PLAN, answer={**_TEXT, "description": "Markdown with marks such as [1]"},
        papers={**_TEXTS, "description": "arXiv ids of the whole set"}, count=_COUNT, also_mentioned=_TEXTS,
        citations={"type": "array", "items": _CITATION}, engine=_TEXT, reader=_TEXT, latency_ms={"type": "number"}, notices=_TEXTS,
    ),
    "count": _object(count=_COUNT, papers=_TEXTS, plan=_PLAN),
    "brief": _object(
        language={"enum": ["ko", "en"]}, text={**_TEXT, "description": "Markdown with marks such as [1]"},
        citations={"type": "array", "items": _CITATION},
    ),
    "follow": _object(name=_TEXT, fits={**_COUNT, "description": "papers that fit now, taken for seen"}, plan=_PLAN),
    "news": _object(questions={"type": "array", "items": _object(
        name=_TEXT, question=_TEXT, fits=_COUNT, new=_NEWS, now_fit=_NEWS, near=_NEWS,
    )}),
    "digest_of_day": _object(day=_TEXT, papers={"type": "array", "items": _object(**_PAPER)}),
}  # fmt: skip
"""The schema of each tool's structured content. It is an object in MCP, so a list stands under `result`."""


def send_json(gradio_server: Any) -> None:
    """Have Gradio's MCP server send JSON. It is the `mcp_server_obj` of a mounted Gradio app."""
    gradio_server.postprocess_output_data = _as_text
    server: Server[Any, Any] = gradio_server.mcp_server
    list_tools = server.request_handlers[types.ListToolsRequest]
    call_tool = server.request_handlers[types.CallToolRequest]

    async def list_with_schemas(request: types.ListToolsRequest) -> types.ServerResult:
        result = await list_tools(request)
        if isinstance(result.root, types.ListToolsResult):
            for tool in result.root.tools:
                tool.outputSchema = OUTPUT_SCHEMAS[tool.name]
        return result

    async def call_with_structure(request: types.CallToolRequest) -> types.ServerResult:
        result = await call_tool(request)
        if isinstance(result.root, types.CallToolResult) and not result.root.isError:
            (content,) = result.root.content
            assert isinstance(content, types.TextContent)
            result.root.structuredContent = json.loads(content.text)
        return result

    server.request_handlers[types.ListToolsRequest] = list_with_schemas
    server.request_handlers[types.CallToolRequest] = call_with_structure


def _as_text(outputs: list[Any], _root_url: str) -> list[types.TextContent]:
    """Return a tool's only output as JSON text."""
    (output,) = outputs
    value = output if isinstance(output, dict) else {"result": output}
    return [types.TextContent(type="text", text=json.dumps(value, ensure_ascii=False))]
