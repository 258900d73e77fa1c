"""Every shape of a digest is read as the file beside it says, and the page on shapes is made from them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rag.corpus.digests import Digest, parse_digest
from rag.corpus.papers import Entry
from tests.formats.shapes import PAGE, Case, cases, page

TODAY = date(2026, 11, 29)


def read(case: Case) -> Digest:
    return parse_digest(case.file.read_bytes(), case.expected["path"], TODAY)


def said(entry: Entry) -> dict[str, Any]:
    """Return an entry in the words of a case; what is empty is left out."""
    whole = {
        "id": entry.arxiv_id,
        "title": entry.title,
        "date": str(entry.date),
        "since": str(entry.since) if entry.since else None,
        "votes": entry.votes,
        "authors": list(entry.authors),
        "cut": entry.authors_cut,
        "media": entry.media.url if entry.media else None,
        "tags": list(entry.tags),
        "bullets": [bullet.quote for bullet in entry.bullets],
    }
    return {key: value for key, value in whole.items() if value or (value == 0 and key == "votes")}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_shape_is_read_as_the_file_beside_it_says(case: Case) -> None:
    digest = read(case)
    assert [said(entry) for entry in digest.entries] == case.expected["papers"]
    for problems, expected in (
        (digest.failed, case.expected.get("failed", [])),
        (digest.warnings, case.expected.get("warnings", [])),
    ):
        told = [(problem.line, problem.reason) for problem in problems]
        for line, words in expected:
            assert any(at == line and words in reason for at, reason in told), told
    if not case.expected.get("failed"):
        assert digest.failed == ()


def test_there_are_shapes_enough_in_both_languages() -> None:
    texts = [case.file.read_bytes() for case in cases()]
    assert len(texts) >= 40
    assert sum("나비".encode() in text or "새의".encode() in text for text in texts) > 20
    assert sum(b"small model" in text for text in texts) > 20


def test_the_page_on_shapes_is_made_from_them() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.formats"
