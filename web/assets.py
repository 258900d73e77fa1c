"""The page's script, style and icon, as few small files: one script of all modules, compressed, and kept by the browser."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from graphlib import TopologicalSorter
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|function|async) )", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:const|class|(?:async )?function) (\w+)", re.MULTILINE)
_KEPT = "public, max-age=31536000, immutable"


def bundle(folder: Path, first: str) -> str:
    """Return one script of a module and all that it imports. Each module keeps its own names.

    Raises graphlib.CycleError if two modules import each other.
    """
    sources: dict[str, str] = {}
    wanted, graph = [first], {}
    while wanted:
        name = wanted.pop()
        if name not in sources:
            sources[name] = (folder / name).read_text(encoding="utf-8")
            graph[name] = [found for _, found in _IMPORT.findall(sources[name])]
            wanted += graph[name]
    return "\n".join(_wrapped(name, sources[name]) for name in TopologicalSorter(graph).static_order())


def _wrapped(name: str, source: str) -> str:
    """Return a module as a function that is called at once and returns what it exports."""
    exported = ", ".join(_EXPORTED.findall(source))
    body = _IMPORT.sub(lambda match: f"const {{{match[1].replace(' as ', ': ')}}} = {_variable(match[2])};\n", source)
    return f"const {_variable(name)} = (() => {{\n{_EXPORT.sub('', body)}\nreturn {{ {exported} }};\n}})();"


def _variable(name: str) -> str:
    return "module_" + name.removesuffix(".js")


class Assets:
    """Serves the files of a folder. Its scripts are one; `version` changes with any of them."""

    def __init__(self, folder: Path, script: str) -> None:
        """Take the folder, and the module that the page begins with."""
        self._files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix != ".js"}
        self._files[script] = bundle(folder, script).encode()
        self._small = {name: gzip.compress(content, mtime=0) for name, content in self._files.items()}
        self.version = hashlib.sha256(b"".join(self._files.values())).hexdigest()[:12]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope)
        name = scope["path"].rsplit("/", 1)[-1]
        if name not in self._files:
            await PlainTextResponse("There is nothing here.", 404)(scope, receive, send)
            return
        if request.method not in ("GET", "HEAD"):
            await PlainTextResponse("Only GET.", 405)(scope, receive, send)
            return
        is_current = request.url.query == self.version
        headers = {"cache-control": _KEPT if is_current else "no-cache", "vary": "accept-encoding"}
        content = self._files[name]
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            content = self._small[name]
        media = mimetypes.guess_type(name)[0] or "application/octet-stream"
        await Response(content, headers=headers, media_type=media)(scope, receive, send)
