"""The page's JavaScript as files: modules that exist, and tools that are pinned without a registry's address."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.serving import REPOSITORY

STATIC = REPOSITORY / "web" / "static"


@pytest.mark.parametrize("module", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_a_module_imports_only_modules_that_exist_and_each_is_used(module: Path) -> None:
    imported = re.findall(r'from "([^"]+)"', module.read_text(encoding="utf-8"))
    assert all((STATIC / name).is_file() for name in imported), imported
    users = [path for path in STATIC.glob("*.js") if f'from "./{module.name}"' in path.read_text(encoding="utf-8")]
    assert users or module.name == "page.js"  # the one that Gradio's page loads


def test_the_tools_are_pinned_and_no_registry_is_named() -> None:
    wanted = json.loads((REPOSITORY / "package.json").read_text())["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    lock = (REPOSITORY / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "registry" not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
