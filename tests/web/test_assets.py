"""The page's files as they are served: one script of all modules, compressed, and kept by the browser."""

from __future__ import annotations

import gzip
from graphlib import CycleError
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from web.assets import Assets, bundle
from web.page import STATIC


def _modules(folder: Path, **sources: str) -> Path:
    for name, text in sources.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def test_a_bundle_holds_each_module_once_before_those_that_use_it(tmp_path: Path) -> None:
    folder = _modules(
        tmp_path,
        first='import { two as second } from "./b.js";\nimport { one } from "./a.js";\nconst shown = [one, second];\n',
        a="const shown = 1;\nexport const one = shown;\n",
        b='import { one } from "./a.js";\nexport const two = one + 1;\nexport async function wait() {}\n',
    )
    assert bundle(folder, "first.js").split("\n") == [
        "const module_a = (() => {", "const shown = 1;", "const one = shown;", "", "return { one };", "})();",
        "const module_b = (() => {", "const { one } = module_a;", "const two = one + 1;", "async function wait() {}", "", "return { two, wait };", "})();",
        "const module_first = (() => {", "const { two: second } = module_b;", "const { one } = module_a;", "const shown = [one, second];", "", "return {  };", "})();",
    ]  # fmt: skip


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    folder = _modules(
        tmp_path,
        a='import { two } from "./b.js";\nexport const one = two;\n',
        b='import { one } from "./a.js";\nexport const two = one;\n',
    )
    with pytest.raises(CycleError):
        bundle(folder, "a.js")


def test_files_are_compressed_and_kept_as_long_as_they_are_current() -> None:
    assets = Assets(STATIC, "page.js")
    client = TestClient(assets)  # type: ignore[arg-type]
    current = client.get(f"/page.js?{assets.version}", headers={"accept-encoding": "gzip"})
    assert current.headers["content-encoding"] == "gzip"
    assert current.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in current.headers["content-type"]
    assert client.get("/page.js?0123456789ab").headers["cache-control"] == "no-cache"
    plain = client.get("/page.css", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == (STATIC / "page.css").read_bytes()
    assert client.get("/chats.js").status_code == 404
    assert client.post("/page.js").status_code == 405
    assert len(gzip.compress(current.content)) < 100_000
