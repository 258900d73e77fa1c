"""The feeds of saved questions over the real program, where the page is open; tests/web/test_followed_questions.py has readers who sign in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pytest

from tests.serving import nonmun, serving

pytestmark = pytest.mark.server
ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_saved_question_has_a_feed_and_nothing_else_has_one(seeds_home: Path, tmp_path: Path) -> None:
    book = {"NONMUN_FOLLOW": str(tmp_path / "follow.sqlite")}
    with serving(seeds_home, **book) as address:
        assert httpx.get(f"{address}/feeds/맘바.atom", timeout=60).status_code == 404
        assert not (tmp_path / "follow.sqlite").exists()
        nonmun(seeds_home, "follow", "add", "Mamba를 언급한 논문은?", "--name", "맘바", **book)
        reply = httpx.get(f"{address}/feeds/{quote('맘바')}.atom", timeout=60)
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "application/atom+xml; charset=utf-8"
        links = [link.get("href") for link in ElementTree.fromstring(reply.content).iter(f"{ATOM}link")]
        assert "https://arxiv.org/abs/2312.00752" in links
        for path in ("/feeds/nothing.atom", "/feeds/../page/state.atom", "/feeds/맘바", f"/feeds/{'x' * 80}.atom"):
            assert httpx.get(f"{address}{path}", timeout=60).status_code == 404, path
