"""The documents tell the truth: their commands run, their files exist, the two languages agree."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.ko.md")


def _blocks(name: str, kind: str) -> list[str]:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, flags=re.DOTALL)


def _commands(name: str) -> list[str]:
    lines = [line.split(" #")[0].strip() for block in _blocks(name, "sh") for line in block.splitlines()]
    return [line for line in lines if line]


def test_both_readmes_show_the_same_commands() -> None:
    assert _commands("README.md") == _commands("README.ko.md")
    assert _commands("README.md")[:2] == ["make run", "make test"]


@pytest.mark.server
def test_the_commands_of_the_readme_run_and_say_something(tmp_path: Path) -> None:
    (tmp_path / "seeds").symlink_to(REPOSITORY / "seeds")
    shown = [command for command in _commands("README.md") if command.startswith("nonmun ")]
    assert len(shown) >= 5
    for command in shown:
        done = subprocess.run(
            [sys.executable, "-m", "rag", *shlex.split(command)[1:]],
            cwd=tmp_path,
            env={"PYTHONPATH": str(REPOSITORY), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, (command, done.stderr)
        assert done.stdout.strip(), command
    assert (
        "2312.00752"
        in subprocess.run(
            [sys.executable, "-m", "rag", "ask", "Mamba를 사용한 논문은?", "--store", ".nonmun/demo"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(REPOSITORY), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
    )


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), flags=re.MULTILINE))
    named = {command.split()[1] for name in READMES for command in _commands(name) if command.startswith("make ")}
    assert named <= targets


@pytest.mark.parametrize("name", READMES)
def test_links_to_files_lead_somewhere(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (REPOSITORY / target).exists(), target


def test_every_file_of_the_house_exists_and_every_module_is_in_the_house() -> None:
    house = (REPOSITORY / "README.md").read_text(encoding="utf-8").split("## The house")[1]
    named = set(re.findall(r"\b([a-z_]+\.py)\b", house))
    modules = {path.name for folder in ("rag", "web") for path in (REPOSITORY / folder).glob("*.py")}
    assert named == modules - {"__init__.py", "__main__.py", "errors.py"} | {"app.py"}


def test_every_dependency_is_explained_and_nothing_else() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[>=<~!]", item)[0].split("[")[0].lower() for item in project["dependencies"]}
    rows = re.findall(r"^\| ([^|]+?) \|", (REPOSITORY / "docs" / "dependencies.md").read_text(), flags=re.MULTILINE)
    explained = {name.split("[")[0].split(",")[0].strip().lower() for name in rows[1:] if not name.startswith("-")}
    assert needed <= explained


def test_no_registry_address_and_no_machine_path_is_tracked() -> None:
    for path in ("requirements.lock", "requirements-dev.lock", "tests/peers/requirements.lock"):
        text = (REPOSITORY / path).read_text()
        assert "://" not in text
        assert "--hash=sha256:" in text
