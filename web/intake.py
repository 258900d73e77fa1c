"""Digests that signed-in readers bring: files from their browser, or a folder of this machine that the operator allowed.

Files are kept in a folder of their own, each reader's apart, and are indexed one batch after the other. A file is never run,
shown or served; it is only read as a digest.
"""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from rag.corpus.days import SUFFIXES
from rag.errors import DigestError, NonmunError
from rag.index.ingest import IngestReport, ingest
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.wiring import embedder
from web.chats import ReaderOf, key_of
from web.responses import refusal

MOST_FILES, MOST_BYTES = 5_000, 200 * 1024 * 1024  # that one reader may leave here
DEEPEST = 4  # parts of a path that are kept: the date may stand in the names of folders
MOST_TOLD = 50  # problems of a report that are told one by one
_PART = re.compile(r"[^\w.\- ]+")


# What is wrong with a digest, by the words of `rag.corpus` that say so; the page says it in the reader's language.
_KINDS = {
    "no paper heading": "no_papers", "has no date": "no_date", "the heading is cut": "heading", "not UTF-8": "encoding",
    "characters long": "long_line", "longer than": "long_line",
}  # fmt: skip


class RefusedFileError(ValueError):
    """A file or folder that is not taken; the message says why, and the code says it to the page."""

    def __init__(self, code: str, message: str) -> None:
        """Take the code and the message."""
        super().__init__(message)
        self.code = code


class FolderRequest(BaseModel):
    """What is to be indexed: a folder of this machine, or the files that the reader has sent where none is named."""

    folder: Annotated[str, Field(max_length=1_000)] = ""


def place_of(name: str) -> Path:
    """Return where below a reader's folder a file is kept. Raises RefusedFileError for a name that is no digest's.

    >>> place_of("내 폴더/../2024/06-11.md").as_posix(), place_of("/etc/.x/2024-06-11.MD").as_posix()
    ('내 폴더/2024/06-11.md', 'etc/x/2024-06-11.MD')
    """
    parts = [_PART.sub("_", part).strip(". ")[:100] for part in re.split(r"[/\\]", unicodedata.normalize("NFC", name))]
    kept = [part for part in parts if part][-DEEPEST:]
    if not kept or not kept[-1].lower().endswith(SUFFIXES):
        raise RefusedFileError("no_digest_name", f"A digest ends in {', '.join(SUFFIXES)}.")
    return Path(*kept)


class Intake:
    """Takes files and indexes them, one batch at a time."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Take the pipeline into whose store is indexed; its settings say where files are kept and which folders are allowed."""
        self._pipeline = pipeline
        settings = pipeline.settings
        self._folder = Path(settings.upload_folder).expanduser()
        self.allowed = tuple(
            Path(part.strip()).expanduser() for part in settings.upload_from.split(",") if part.strip()
        )
        self._busy = threading.Lock()
        self._progress: dict[str, Any] | None = None  # of the batch that is indexed
        self._reports: dict[str, dict[str, Any]] = {}  # of the last batch of each reader: it names their files
        self._sent: dict[str, set[str]] = {}  # files of each reader that wait for a batch

    def folder_of(self, reader: str) -> Path:
        """Return where the files of a reader are kept."""
        return self._folder / key_of(reader)

    def take(self, reader: str, name: str, data: bytes) -> None:
        """Keep a file. Raises RefusedFileError for one that is no digest, or where there is no more room."""
        place = self.folder_of(reader) / place_of(name)
        if b"\0" in data[:1_000]:
            raise RefusedFileError("no_text", "This is no text.")
        held = [path.stat().st_size for path in self.folder_of(reader).rglob("*") if path.is_file()]
        if len(held) >= MOST_FILES or sum(held) + len(data) > MOST_BYTES:
            most = f"At most {MOST_FILES:,} files of {MOST_BYTES // 1024**2} MB in all are kept."
            raise RefusedFileError("no_room", most)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            aside = place.with_name(f".{place.name}.{os.getpid()}")
            aside.write_bytes(data)
            os.replace(aside, place)
        except OSError as error:
            raise RefusedFileError("not_written", f"The file cannot be written: {error.strerror}.") from error
        self._sent.setdefault(reader, set()).add(os.path.realpath(place))

    def source(self, reader: str, folder: str) -> Path:
        """Return the folder to index. Raises RefusedFileError for one that the operator has not allowed."""
        if not folder:
            return self.folder_of(reader)
        wanted = Path(os.path.realpath(Path(folder).expanduser()))
        if not any(wanted.is_relative_to(os.path.realpath(root)) for root in self.allowed):
            raise RefusedFileError("closed_folder", "This folder is not among those that may be indexed from the page.")
        return wanted

    def begin(self, reader: str, folder: str) -> bool:
        """Begin to index; False while another batch is indexed."""
        source = self.source(reader, folder)
        if not self._busy.acquire(blocking=False):
            return False
        self._progress = {"stage": "read", "done": 0, "total": 0}
        sent = set() if folder else self._sent.pop(reader, set())
        threading.Thread(target=self._run, args=(reader, source, sent), daemon=True).start()
        return True

    def state(self, reader: str) -> dict[str, Any]:
        """Return how far the batch is that is indexed, whoever sent it, or how the last one of this reader went."""
        progress = self._progress
        return {"running": True, **progress} if progress else {"running": False, **self._reports.get(reader, {})}

    def _run(self, reader: str, source: Path, sent: set[str]) -> None:
        def progress(stage: str, done: int, total: int) -> None:
            self._progress = {"stage": stage, "done": done, "total": total}

        try:
            report = ingest(self._pipeline.store, embedder(self._pipeline.settings), [source], progress=progress)
            self._reports[reader] = _told(report, sent)
            if source.is_relative_to(self._folder):
                _drop_unread(report)
        except DigestError as error:
            self._reports[reader] = {"error": str(error), "code": "no_digests"}
        except NonmunError as error:
            self._reports[reader] = {"error": str(error), "code": "not_indexed"}
        except Exception as error:  # noqa: BLE001 - whatever happened, the page is told that it is over
            what = f"The digests could not be indexed ({type(error).__name__})."
            self._reports[reader] = {"error": what, "code": "not_indexed"}
        finally:
            self._progress = None
            self._busy.release()


def _told(report: IngestReport, sent: set[str]) -> dict[str, Any]:
    """Return a report for the page. Where files were sent, what is wrong with others was told when they were sent."""
    failed = [one for one in report.failed if not sent or one.file in sent]
    problems = [
        {"file": Path(one.file).name, "line": one.line, "reason": one.reason, "code": _kind(one.reason)}
        for one in failed
    ]
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "failed": len(failed),
        "problems": problems[:MOST_TOLD],
    }


def _kind(reason: str) -> str:
    return next((code for words, code in _KINDS.items() if words in reason), "")


def _drop_unread(report: IngestReport) -> None:
    """Remove the files that cannot be read at all, so that they are told of once and not after each batch."""
    for one in report.failed:
        if not one.line:
            Path(one.file).unlink(missing_ok=True)


def intake_routes(intake: Intake | None, reader_of: ReaderOf) -> APIRouter:
    """Return the routes by which readers add digests; without an intake, or for somebody who did not sign in, they answer 404."""
    routes = APIRouter(prefix="/page/uploads")

    def opened(request: Request) -> tuple[Intake, str]:
        reader = reader_of(request)
        if intake is None or reader is None:
            raise HTTPException(404, "Digests cannot be added here.")
        return intake, reader

    @routes.post("/file", status_code=204)
    async def take(request: Request, name: str) -> Response:
        found, reader = opened(request)
        data = await request.body()
        try:
            await run_in_threadpool(found.take, reader, name, data)
        except RefusedFileError as error:
            return refusal(422, str(error), error.code)
        return Response(status_code=204)

    @routes.post("", status_code=202)
    async def begin(request: Request, asked: FolderRequest) -> Response:
        found, reader = opened(request)
        try:
            begun = await run_in_threadpool(found.begin, reader, asked.folder)
        except RefusedFileError as error:
            return refusal(422, str(error), error.code)
        return JSONResponse({"begun": begun}, 202)

    @routes.get("")
    def state(request: Request) -> dict[str, Any]:
        found, reader = opened(request)
        return {**found.state(reader), "folders": [str(folder) for folder in found.allowed]}

    return routes


def intake_of(pipeline: Pipeline) -> Intake | None:
    """Return the intake of a pipeline; None where its settings leave it out."""
    settings: Settings = pipeline.settings
    return Intake(pipeline) if settings.uploads == "on" else None
