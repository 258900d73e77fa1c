"""The feeds of saved questions over the real program: open where the page is, closed where readers sign in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pytest

from rag.passwords import hash_password
from tests.serving import environment, serving

pytestmark = pytest.mark.server
ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_saved_question_has_a_feed_and_nothing_else_has_one(seeds_home: Path, tmp_path: Path) -> None:
    book = {"NONMUN_FOLLOW": str(tmp_path / "follow.sqlite")}
    with serving(seeds_home, **book) as address:
        assert httpx.get(f"{address}/feeds/맘바.atom", timeout=60).status_code == 404
        assert not (tmp_path / "follow.sqlite").exists()
        command = [
            sys.executable,
            "-m",
            "rag",
            "follow",
            "add",
            "Mamba를 언급한 논문은?",
            "--name",
            "맘바",
            "--store",
            str(seeds_home / "store"),
        ]
        subprocess.run(
            command, env=environment(seeds_home, **book), check=True, cwd=seeds_home, capture_output=True, timeout=300
        )
        reply = httpx.get(f"{address}/feeds/{quote('맘바')}.atom", timeout=60)
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "application/atom+xml; charset=utf-8"
        links = [link.get("href") for link in ElementTree.fromstring(reply.content).iter(f"{ATOM}link")]
        assert "https://arxiv.org/abs/2312.00752" in links
        for path in ("/feeds/nothing.atom", "/feeds/../page/state.atom", "/feeds/맘바", f"/feeds/{'x' * 80}.atom"):
            assert httpx.get(f"{address}{path}", timeout=60).status_code == 404, path
    accounts = tmp_path / "readers"
    accounts.write_text(f"kim:{hash_password('소나무는 늘 푸르다')}\n", encoding="utf-8")
    with serving(seeds_home, NONMUN_AUTH_FILE=str(accounts), **book) as address:
        assert httpx.get(f"{address}/feeds/{quote('맘바')}.atom", timeout=60).status_code == 401
        with httpx.Client(base_url=address, timeout=60) as reader:
            reader.post("/login", data={"username": "kim", "password": "소나무는 늘 푸르다"})
            assert reader.get(f"/feeds/{quote('맘바')}.atom").status_code == 200
