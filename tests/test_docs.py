"""The documents tell the truth: their commands run, their files exist, the two languages agree."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks.measuring import read_json
from benchmarks.performance import page
from rag.settings import Settings, environment_name
from tests.serving import forked

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
    said: dict[str, str] = {}
    for at, command in enumerate(shown):
        log = tmp_path / f"{at}.log"
        with forked(tmp_path, log, *shlex.split(command)[1:], module="rag.cli") as child:
            child.join(120)
            said[command] = log.read_text(encoding="utf-8")
            assert child.exitcode == 0, (command, said[command])
        assert said[command].strip(), command
    assert "2312.00752" in said['nonmun ask "Mamba를 사용한 논문은?" --store .nonmun/demo']


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


def _tree(name: str) -> str:
    """The file tree of a README: its last block without a language."""
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    return next(block for kind, block in reversed(blocks) if not kind)


@pytest.mark.parametrize("name", READMES)
def test_the_file_tree_names_every_room_and_every_top_level_module_with_a_clause(name: str) -> None:
    named = dict(re.findall(r"^ {0,2}([\w.]+/?) +(\S.*)$", _tree(name), flags=re.MULTILINE))
    rooms = {f"{path.parent.name}/" for path in (REPOSITORY / "rag").glob("*/__init__.py")}
    modules = {path.name for path in (REPOSITORY / "rag").glob("*.py") if not path.name.startswith("__")}
    folders = {f"{path.name}/" for path in REPOSITORY.iterdir() if path.is_dir() and _is_tracked(path)}
    assert set(named) == rooms | modules | folders | {"app.py"}


def _is_tracked(folder: Path) -> bool:
    return (
        folder.name[0] not in "._"
        and folder.name not in ("build", "node_modules")
        and not folder.name.endswith(".egg-info")
    )


@pytest.mark.parametrize("name", READMES)
def test_the_file_tree_names_every_document(name: str) -> None:
    documents = {path.name for path in (REPOSITORY / "docs").glob("*.md")}
    assert set(re.findall(r"\b[a-z]+\.md\b", _tree(name))) == documents


def test_every_promise_names_a_test_that_exists() -> None:
    text = (REPOSITORY / "docs" / "promises.md").read_text(encoding="utf-8")
    promises = [line.split(" | ") for line in text.splitlines() if line.startswith("| ") and "| promise |" not in line]
    assert len(promises) > 35
    for promise, tests in promises:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", tests)
        assert named, promise
        for file, test in named:
            assert re.search(rf"^def {test}\(", (REPOSITORY / file).read_text("utf-8"), flags=re.MULTILINE), test


def test_both_readmes_name_the_same_settings_and_documents() -> None:
    english, korean = ((REPOSITORY / name).read_text(encoding="utf-8") for name in READMES)
    for pattern in (r"\b(?:NONMUN|OPENAI|CHROMA)_\w+", r"\]\(([a-z]+/[\w-]+\.\w+)"):
        assert set(re.findall(pattern, english)) == set(re.findall(pattern, korean))


def test_every_setting_that_a_document_names_exists() -> None:
    known = {environment_name(spec.name) for spec in fields(Settings) if spec.name != "origin"}
    for path in (*(REPOSITORY / name for name in (*READMES, "SECURITY.md")), *(REPOSITORY / "docs").glob("*.md")):
        named = set(re.findall(r"\bNONMUN_[A-Z_]+\b", path.read_text(encoding="utf-8")))
        assert {name for name in named if not name.startswith("NONMUN_TEST_")} <= known, path.name


def test_the_changelog_keeps_to_its_form() -> None:
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE)[0] == "[Unreleased]"
    assert set(re.findall(r"^### (.+)$", text, flags=re.MULTILINE)) <= {
        "Added", "Changed", "Deprecated", "Removed", "Fixed", "Security",
    }  # fmt: skip


def test_every_dependency_is_explained_and_nothing_else() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[>=<~!]", item)[0].split("[")[0].lower() for item in project["dependencies"]}
    rows = re.findall(r"^\| ([^|]+?) \|", (REPOSITORY / "docs" / "dependencies.md").read_text(), flags=re.MULTILINE)
    explained = {name.split("[")[0].split(",")[0].strip().lower() for name in rows[1:] if not name.startswith("-")}
    assert needed <= explained


def test_the_page_of_speed_is_what_its_program_writes_from_the_figures() -> None:
    figures = read_json(REPOSITORY / "docs" / "performance.json")
    assert (REPOSITORY / "docs" / "performance.md").read_text(encoding="utf-8") == page(figures)


def test_no_registry_address_and_no_machine_path_is_tracked() -> None:
    for path in ("requirements.lock", "requirements-dev.lock", "tests/peers/requirements.lock"):
        text = (REPOSITORY / path).read_text()
        assert "://" not in text
        assert "--hash=sha256:" in text
