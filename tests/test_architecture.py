"""The architecture: imports run one way, each third-party library is imported in one place, and cold starts stay quick."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
from collections.abc import Collection
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.doubles import REPOSITORY, child_environment, write_sample

PAGE = [path for path in (REPOSITORY / "app.py", *sorted((REPOSITORY / "web").glob("**/*.py"))) if path.is_file()]
RAG, VECTORSTORE = (sorted((REPOSITORY / name).glob("**/*.py")) for name in ("rag", "vectorstore"))
PRODUCT = [*PAGE, *RAG, *VECTORSTORE]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def spelled_in(path: Path) -> frozenset[str]:
    """Return every name and dotted name that a file uses in an expression."""
    return frozenset(ast.unparse(n) for n in ast.walk(tree_of(path)) if isinstance(n, (ast.Attribute, ast.Name)))


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@cache
def imports(path: Path) -> frozenset[str]:
    """Return everything a file imports, also in functions and under TYPE_CHECKING, as dotted names."""
    package = path.relative_to(REPOSITORY).with_suffix("").parts[:-1]
    found: list[str] = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join(part for part in (*above, node.module) if part)
            found += [f"{base}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("importlib.import_module", "__import__"):
            found += [str(word.value) for word in node.args if isinstance(word, ast.Constant)]
    return frozenset(found)


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def files_that_import(*packages: str) -> set[str]:
    return {name_of(path) for path in PRODUCT if any(within(module, *packages) for module in imports(path))}


def files_that_touch(*names: str) -> set[str]:
    """Return the files that use or import one of these names, such as os.environ."""
    wanted = set(names)
    return {name_of(path) for path in PRODUCT if spelled_in(path) & wanted or imports(path) & wanted}


def test_the_scan_sees_the_product() -> None:
    assert {"app.py", "rag/pipeline.py", "vectorstore/store.py"} <= {name_of(path) for path in PRODUCT}
    assert "rag/pipeline.py" in files_that_import("vectorstore.embedders")  # an import inside a function
    assert "rag/settings.py" in files_that_touch("os.environ")


@pytest.mark.parametrize("path", VECTORSTORE, ids=name_of)
def test_vectorstore_imports_neither_rag_nor_the_page(path: Path) -> None:
    assert not [
        module for module in imports(path) if within(module, "rag", "app", "web", "tests", "tools", "benchmarks")
    ]


@pytest.mark.parametrize("path", RAG, ids=name_of)
def test_rag_does_not_import_the_page(path: Path) -> None:
    assert not [module for module in imports(path) if within(module, "app", "web", "tests", "tools", "benchmarks")]


@pytest.mark.parametrize("path", PAGE, ids=name_of)
def test_the_page_imports_rag_only(path: Path) -> None:
    assert not [module for module in imports(path) if within(module, "vectorstore", "tests", "tools", "benchmarks")]


def test_chromadb_stands_in_vectorstore_only() -> None:
    assert files_that_import("chromadb") == {"vectorstore/chroma.py", "vectorstore/server.py"}


def test_gradio_stands_in_the_page_only() -> None:
    assert files_that_import("gradio") == {"web/page.py", "web/programs.py"}


def test_openai_and_its_wrappers_stand_in_the_model_engine_and_the_embedders_only() -> None:
    doors = ("openai", "llama_index.llms", "llama_index.core.llms", "llama_index.embeddings", "llama_index.core.embeddings",
             "llama_index.core.base.embeddings", "llama_index.core.base.llms")  # fmt: skip
    assert files_that_import(*doors) == {
        "rag/answers/llm.py", "rag/models/chat.py", "rag/models/structured.py", "vectorstore/embedders.py", "vectorstore/llamaindex.py", "vectorstore/openai_faults.py"
    }  # fmt: skip


def test_only_the_client_of_feeds_and_those_of_models_open_connections() -> None:
    doors = (
        "httpx",
        "requests",
        "aiohttp",
        "urllib.request",
        "urllib3",
        "http.client",
        "websockets",
        "smtplib",
        "ftplib",
    )
    assert files_that_import(*doors) == {
        "rag/answers/llm.py", "rag/evaluation/judges.py", "rag/feeds/client.py", "rag/models/structured.py", "vectorstore/chroma.py",
        "vectorstore/openai_faults.py",
    }  # fmt: skip


def test_flags_and_printing_are_the_programs_own() -> None:
    assert {at for at in files_that_import("argparse") if not at.startswith("rag/commands/")} <= {
        "rag/cli.py",
        "app.py",
    }
    assert {at for at in files_that_touch("print") if not at.startswith("rag/commands/")} == set()


def test_the_environment_is_read_in_the_settings_only() -> None:
    doors = ("os.environ", "os.getenv", "os.environb", "dotenv.dotenv_values", "dotenv.load_dotenv")
    assert files_that_touch(*doors) - {"app.py", "rag/commands/serve.py"} == {"rag/settings.py"}
    handed_on = (
        (REPOSITORY / "rag" / "commands" / "serve.py").read_text(encoding="utf-8").replace("dict(os.environ)", "")
    )
    assert "os.environ" not in handed_on  # `serve` hands it whole to the page's process


def test_the_page_asks_the_surroundings_for_a_screen_only() -> None:
    """Gradio reads a variable on import, so it must be set before. Whether there is a screen is not a setting."""
    text = (REPOSITORY / "app.py").read_text(encoding="utf-8")
    names = {
        argument.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.Call, ast.Subscript)) and "os.environ" in ast.unparse(node)
        for argument in ast.walk(node)
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value.isupper()
    }
    assert names <= {"GRADIO_ANALYTICS_ENABLED", "DISPLAY", "WAYLAND_DISPLAY"}


# The packages of the product, lowest first. Each imports only from itself and from those before it.
_ROOMS = (
    "vectorstore", "rag.errors", "rag.settings", "rag.passwords", "rag.language", "rag.models", "rag.corpus", "rag.questions", "rag.index", "rag.evidence",
    "rag.answers", "rag.feeds", "rag.selection", "rag.readers", "rag.wiring", "rag.pipeline", "rag.llamaindex", "rag.following", "rag.evaluation", "rag.commands",
    "rag.cli",
)  # fmt: skip


def room_of(module: str) -> int:
    return next((place for place, room in enumerate(_ROOMS) if within(module, room)), -1)


def modules_imported(path: Path, modules: Collection[str]) -> set[str]:
    """Return which of these modules a file imports, also in functions."""
    return {other for other in modules if any(within(module, other) for module in imports(path))}


def module_of(path: Path) -> str:
    return name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


FILES = {module_of(path): path for path in [*RAG, *VECTORSTORE]}
PACKAGES = {module_of(path) for path in FILES.values() if path.name == "__init__.py"}


@pytest.mark.parametrize("module", sorted(FILES.keys() - {"rag", "rag.__main__"}))
def test_a_room_imports_only_from_rooms_below_it(module: str) -> None:
    assert room_of(module) >= 0, f"{module} stands in no room"
    above = {
        other
        for other in modules_imported(FILES[module], FILES.keys() - PACKAGES)
        if room_of(other) > room_of(module) and not (module == "rag.commands.serve" and other == "rag.cli")
    }
    assert not above


def test_no_module_imports_one_that_imports_it_back() -> None:
    names = FILES.keys() - PACKAGES
    graph = {name: modules_imported(FILES[name], names) - {name} for name in names}
    assert sum(map(len, graph.values())) > 50
    list(TopologicalSorter(graph).static_order())  # raises CycleError, naming the cycle


_ASK = """
import sys
from rag.cli import main
status = main(sys.argv[1:])
heavy = sorted({name.partition(".")[0] for name in sys.modules} & {"llama_index", "chromadb", "gradio", "openai", "torch"})
print(heavy, file=sys.stderr)
sys.exit(status)
"""


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of the sample papers."""
    folder = tmp_path_factory.mktemp("architecture")
    ingest = importlib.import_module("rag.index.ingest").ingest
    embedding = importlib.import_module("vectorstore.embedders").load_embedding("bundled")
    store = importlib.import_module("vectorstore.folder").FolderStore(folder / "store")
    ingest(store, embedding, [write_sample(folder / "digests")])
    return folder / "store"


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("맘바를 사용한 논문은?", ["2406.00002"]),
        ("Which papers did Han Sora co-author?", ["2406.00001", "2406.00002"]),
        ("2024년 6월 12일 논문 목록", ["2406.00003", "2406.00004"]),
    ],
)
def test_a_set_question_loads_neither_llamaindex_nor_chroma_nor_gradio(
    indexed: Path, question: str, papers: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ASK, "ask", question, "--as-of", "2024-06-30", "--store", str(indexed), "--json"],
        env=child_environment(), cwd=indexed.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)["papers"]) == papers
    assert done.stderr.splitlines()[-1] == "[]"


_HEAVY = """
import sys
from rag.cli import main
status = main(sys.argv[1:])
print(sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(status)
"""
_NEVER = {"llama_index", "gradio", "fastapi", "uvicorn", "openai", "torch", "matplotlib", "pandas", "sklearn", "nltk"}


@pytest.mark.parametrize(
    ("arguments", "never"),
    [
        (["ask", "NightOwl의 정확도는 몇 %야?"], {*_NEVER, "chromadb"}),
        (["ask", "숲속 마이크가 잡은 새소리를 구별하는 방법을 설명해 줘"], {*_NEVER, "chromadb"}),
        (["search", "로봇이 연을 날린 논문"], {*_NEVER, "chromadb"}),
        (["ingest", "digests"], {*_NEVER, "chromadb", "kiwipiepy", "model2vec"}),
    ],
    ids=["a fact of a named paper", "an open question", "a search", "an ingest of nothing new"],
)
def test_a_command_loads_only_what_it_uses(indexed: Path, arguments: list[str], never: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HEAVY, *arguments, "--store", str(indexed)],
        env=child_environment(), cwd=indexed.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    loaded = set(ast.literal_eval(done.stderr.splitlines()[-1]))
    assert "rag" in loaded
    assert not loaded & never
