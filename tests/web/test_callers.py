"""What Gradio keeps of the callers of the HTTP API: a bounded part, whether they fetch their answers or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.serving import result_of

pytestmark = pytest.mark.server  # Gradio runs in another process
BUILDERS = ("build_page", "build_programs")


def _built(builder: str, folder: Path) -> Any:
    from rag.pipeline import Pipeline
    from rag.settings import read_settings
    from web import page
    from web.scheduling import Scheduler

    return getattr(page, builder)(Pipeline(read_settings({"store": str(folder)}, environment={})), Scheduler(2))


def _remembered(builder: str, folder: Path, callers: int) -> list[str]:
    """Let so many callers come, and return those of whom Gradio knows."""
    from gradio.state_holder import StateHolder

    holder = StateHolder()
    holder.set_blocks(_built(builder, folder))
    for n in range(callers):
        assert holder[str(n)]
    return list(holder.session_data)


def _waiting(builder: str, folder: Path) -> tuple[list[str], list[str]]:
    """Note calls as Gradio does, of which three have an answer yet, and return those that are known before and after a call."""
    from tests.web.asgi import echo, sent_for
    from web import api_requests

    api_requests.UNCLAIMED = 5
    page = _built(builder, folder)
    page._queue.pending_messages_per_session.max_size = 3  # 2,000 as Gradio has it
    for n in range(20):
        page._queue.pending_messages_per_session[str(n)] = object()
        page._queue.pending_event_ids_session[str(n)] = {f"event {n}"}
    before = list(page._queue.pending_event_ids_session)
    guarded = api_requests.ApiRequests(echo, page)
    sent_for(guarded, "/gradio_api/call/count", pieces=(b'{"data": ["Mamba"]}',), method="POST")
    return before, list(page._queue.pending_event_ids_session)


@pytest.mark.parametrize("builder", BUILDERS)
def test_of_many_callers_only_the_last_are_remembered(tmp_path: Path, builder: str) -> None:
    remembered = result_of(_remembered, builder, tmp_path, 1_000)
    assert len(remembered) == 100
    assert remembered[-1] == "999"


@pytest.mark.parametrize("builder", BUILDERS)
def test_calls_whose_answers_nobody_came_for_are_forgotten(tmp_path: Path, builder: str) -> None:
    before, after = result_of(_waiting, builder, tmp_path)
    assert len(before) == 20
    assert after == ["17", "18", "19"]
