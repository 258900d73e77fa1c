"""The command line as other programs use it: exact JSON keys, exit statuses, data on stdout and sentences on stderr."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from rag import __version__
from rag.cli import main
from rag.pipeline import Pipeline
from tests.doubles import write_sample
from tests.openai_server import completion, openai_server, refusal

REPOSITORY = Path(__file__).resolve().parents[1]
SEEDS = REPOSITORY / "seeds"
ANSWER_KEYS = [
    "question", "language", "status", "reason", "plan", "plans", "answer", "papers", "count", "also_mentioned", "groups",
    "doubtful", "figures", "citations",
    "engine", "reader", "latency_ms", "notices", "usage",
]  # fmt: skip
PLAN_KEYS = [
    "kind", "terms", "not_terms", "relation", "authors", "papers", "date_from", "date_to", "min_votes", "limit", "order", "by",
    "max_votes", "not_authors", "summary", "unvoted", "in_title", "topics", "not_topics", "sorts", "not_sorts", "skip",
    "figure", "per", "measure",
]  # fmt: skip
CITATION_KEYS = ["n", "arxiv_id", "url", "title", "date", "votes", "authors", "relation", "evidence"]
INGEST_KEYS = [
    "added",
    "updated",
    "unchanged",
    "removed",
    "papers",
    "chunks",
    "seconds",
    "failed",
    "warnings",
    "doubtful",
]


class Run:
    """What one command did."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("cli") / "store")
    assert main(["ingest", str(SEEDS), "--store", folder]) == 0
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command in an empty folder with an empty home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    def ran(*arguments: object) -> Run:
        capsys.readouterr()
        try:
            status = main([str(a) for a in arguments])
        except SystemExit as stop:
            status = int(stop.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Run(status, out, err)

    return ran


# --- ingest ----------------------------------------------------------------------------------------------------------
def test_ingest_reports_as_agreed_and_the_second_time_changes_nothing(run: Any, tmp_path: Path) -> None:
    first = run("ingest", SEEDS, "--store", tmp_path / "s", "--json")
    assert (first.status, list(first.json)) == (0, INGEST_KEYS)
    counts = {key: first.json[key] for key in ("added", "updated", "unchanged", "removed", "papers", "failed")}
    assert counts == {"added": 77, "updated": 0, "unchanged": 0, "removed": 0, "papers": 77, "failed": []}
    assert "README.md" in first.err
    second = run("ingest", SEEDS, "--store", tmp_path / "s", "--json").json
    assert (second["added"], second["unchanged"]) == (0, 77)


def test_a_digest_that_cannot_be_read_is_told_and_costs_no_other(run: Any, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "2024-01-01.md").write_text(
        (SEEDS / "2023-12-04.md").read_text("utf-8").replace("2023-12-04", "2024-01-01"), "utf-8"
    )
    (tmp_path / "d" / "2024-01-02.md").write_bytes(
        b"## Daily Papers (2024-01-02)\n\n### [X\xff\xfe](https://arxiv.org/abs/2401.00001)\n\n- \xff\n"
    )
    done = run("ingest", tmp_path / "d", "--store", tmp_path / "s", "--json")
    assert done.status == 1
    assert list(done.json["failed"][0]) == ["file", "line", "reason"]
    assert "2024-01-02.md" in done.json["failed"][0]["file"]
    assert "failed: " in done.err
    assert done.json["papers"] == 18


def test_ingest_without_a_folder_or_with_a_missing_one_says_so(run: Any, tmp_path: Path) -> None:
    for arguments in (["ingest"], ["ingest", tmp_path / "nowhere"]):
        done = run(*arguments, "--store", tmp_path / "s")
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith("nonmun: ")


# --- ask -------------------------------------------------------------------------------------------------------------
def test_an_answer_in_json_has_the_agreed_keys(run: Any, store: str) -> None:
    done = run("ask", "Mamba를 사용한 논문은?", "--store", store, "--json", "--as-of", "2024-06-12")
    answer = done.json
    assert (done.status, done.err, list(answer)) == (0, "", ANSWER_KEYS)
    assert list(answer["plan"]) == PLAN_KEYS
    assert [list(citation) for citation in answer["citations"]] == [CITATION_KEYS] * 2
    assert (answer["papers"], answer["count"], answer["also_mentioned"]) == (["2403.18795", "2312.00752"], 2, [])
    assert (answer["status"], answer["reason"], answer["engine"], answer["language"]) == (
        "answered",
        None,
        "offline",
        "ko",
    )
    assert answer["citations"][1] == {
        "n": 2, "arxiv_id": "2312.00752", "url": "https://arxiv.org/abs/2312.00752",
        "title": "Mamba: Linear-Time Sequence Modeling with Selective State Spaces", "date": "2023-12-04", "votes": None,
        "authors": ["Albert Gu", "Tri Dao"], "relation": "proposes", "evidence": answer["citations"][1]["evidence"],
    }  # fmt: skip


def test_an_answer_to_read_stands_alone_on_stdout_with_its_links(run: Any, store: str) -> None:
    done = run("ask", "which papers used Mamba?", "--store", store)
    assert done.status == 0
    assert done.out.startswith("There are 2 papers that use or propose Mamba.")
    assert (
        "[2] Mamba: Linear-Time Sequence Modeling with Selective State Spaces https://arxiv.org/abs/2312.00752"
        in done.out
    )
    assert done.err.strip() == "term Mamba · use · list"


def test_a_refusal_is_an_answer(run: Any, store: str) -> None:
    done = run("ask", "오늘 날씨 어때?", "--store", store, "--json")
    assert (done.status, done.json["status"], done.json["reason"], done.json["citations"]) == (
        0,
        "refused",
        "out_of_scope",
        [],
    )
    none = run("ask", "GRPO 논문 몇 편?", "--store", store, "--json").json
    assert (none["status"], none["count"], none["papers"]) == ("no_evidence", 0, [])


def test_a_list_for_a_topic_says_that_papers_may_be_missing(run: Any, store: str) -> None:
    for question, said in (
        ("papers about image-to-3D generation", "may be missing"),
        ("확산 모델을 다룬 논문", "추정값"),
    ):
        answer = run("ask", question, "--store", store, "--json").json
        assert answer["status"] == "answered"
        assert said in answer["answer"]


def test_history_language_and_day_are_taken(run: Any, store: str, tmp_path: Path) -> None:
    (tmp_path / "before.txt").write_text("Mamba를 사용한 논문은?\n", "utf-8")
    follow = run("ask", "그중 2024년 것만", "--history", tmp_path / "before.txt", "--store", store, "--json").json
    assert follow["papers"] == ["2403.18795"]
    english = run("ask", "Mamba를 사용한 논문은?", "--language", "en", "--store", store, "--json").json
    assert (english["language"], english["answer"][:9]) == ("en", "There are")
    yesterday = run("ask", "어제 논문", "--as-of", "2024-06-12", "--store", store, "--json").json
    assert (yesterday["plan"]["date_from"], yesterday["plan"]["date_to"], yesterday["count"]) == (
        "2024-06-11",
        "2024-06-12",
        14,
    )


def test_a_batch_answers_each_good_line_and_tells_each_broken_one(run: Any, store: str, tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": "a", "question": "Mamba를 사용한 논문은?", "history": [], "as_of": "2024-06-12"}),
        "not json", "", json.dumps({"id": "c"}), json.dumps({"question": "hello", "as_of": "yesterday"}),
        json.dumps({"id": "d", "question": "그중 2024년 것만", "history": ["Mamba를 사용한 논문은?"]}),
        json.dumps({"id": "e", "question": "가" * 2001}), json.dumps([1]), json.dumps({"question": 5}),
        json.dumps({"question": "hello"}),
    ]  # fmt: skip
    (tmp_path / "b.jsonl").write_text("\ufeff" + "\n".join(rows) + "\n", "utf-8")
    done = run("ask", "--batch", tmp_path / "b.jsonl", "--json", "--store", store)
    assert done.status == 1
    assert [row["id"] for row in done.lines] == ["a", "2", "c", "5", "d", "e", "8", "9", "10"]
    good = [row for row in done.lines if "error" not in row]
    assert [row["id"] for row in good] == ["a", "d", "10"]
    assert list(good[0]) == ["id", *ANSWER_KEYS]
    assert good[1]["papers"] == ["2403.18795"]
    assert done.err.count("failed: ") == 6
    assert "b.jsonl:2: Line 2 is not a question" in done.err
    assert "6 lines of 9 failed." in done.err


def test_a_line_that_fails_is_named_by_its_number_and_its_id(run: Any, store: str, tmp_path: Path) -> None:
    rows = [{"id": "long", "question": "가" * 2001}, {"id": "no-question"}, {"id": None, "question": 5}]
    (tmp_path / "b.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    done = run("ask", "--batch", tmp_path / "b.jsonl", "--json", "--store", store)
    assert [(row["id"], row["line"]) for row in done.lines] == [("long", 1), ("no-question", 2), (None, 3)]
    first = done.err.splitlines()[0]
    assert first.startswith(f"failed: {tmp_path / 'b.jsonl'}:1: ")
    assert "2,001 characters" in first
    assert first.endswith("(line 1, id long)")


def test_a_line_that_is_not_utf8_costs_no_other(run: Any, store: str, tmp_path: Path) -> None:
    rows = [
        b'{"id": "a", "question": "Mamba"}',
        '{"id": "b", "question": "맘바"}'.encode("cp949"),
        b'{"id": "c", "question": "Mamba"}',
    ]
    (tmp_path / "b.jsonl").write_bytes(b"\n".join(rows))
    done = run("ask", "--batch", tmp_path / "b.jsonl", "--json", "--store", store)
    assert done.status == 1
    assert [row["id"] for row in done.lines] == ["a", "2", "c"]
    assert done.lines[1]["error"] == "Line 2 is not UTF-8 text. Save it as UTF-8."
    (tmp_path / "b.jsonl").write_text('{"question": "Mamba"}', "utf-16")
    assert "UTF-16 text. Save it as UTF-8." in run("ask", "--batch", tmp_path / "b.jsonl", "--store", store).err
    (tmp_path / "history").write_bytes("Mamba\n맘바\n".encode("cp949"))
    asked = run("ask", "그중 2024년 것만", "--history", tmp_path / "history", "--store", store)
    assert (asked.status, "Its line 2 is not UTF-8 text" in asked.err) == (2, True)


@pytest.mark.parametrize("given", [{"a": 1}, ["a"], True])
def test_an_id_that_is_no_text_or_number_is_refused(
    run: Any, store: str, monkeypatch: pytest.MonkeyPatch, given: object
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"id": given, "question": "Mamba"}) + "\n"))
    done = run("ask", "--batch", "-", "--json", "--store", store)
    assert done.status == 1
    assert done.lines == [{"id": "1", "line": 1, "error": "Line 1: “id” must be a text or a number."}]


def test_a_line_may_hold_what_other_programs_break_lines_at(run: Any, store: str, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "question": "Mamba를 사용한\u2028논문은?"},
        {"id": "b", "question": "Mamba를 사용한\u0085논문은?"},
    ]
    text = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "b.jsonl").write_bytes(text.encode())
    done = run("ask", "--batch", tmp_path / "b.jsonl", "--json", "--store", store)
    assert [(row["id"], row.get("count")) for row in done.lines] == [("a", 2), ("b", 2)]


def test_an_id_of_null_stays_null(run: Any, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"id": null, "question": "안녕하세요"}\n'))
    assert run("ask", "--batch", "-", "--json", "--store", store).lines[0]["id"] is None


def test_a_history_that_is_no_list_is_refused_and_not_split_into_letters(
    run: Any, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"id": "h", "question": "그중 2024년 것만", "history": "Mamba를 사용한 논문은?"}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(row) + "\n"))
    done = run("ask", "--batch", "-", "--json", "--store", store)
    assert (done.status, done.lines[0]["id"]) == (1, "h")
    assert "“history” must be a list of earlier questions" in done.lines[0]["error"]


def test_whatever_one_question_raises_the_next_is_answered(
    run: Any, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = Pipeline.ask

    def ask(self: Pipeline, question: str, *more: Any) -> Any:
        if question == "고장":
            raise RuntimeError("something broke")
        return answered(self, question, *more)

    monkeypatch.setattr(Pipeline, "ask", ask)
    rows = [{"id": "a", "question": "고장"}, {"id": "b", "question": "Mamba를 사용한 논문은?"}]
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(json.dumps(row) + "\n" for row in rows)))
    done = run("ask", "--batch", "-", "--json", "--store", store)
    assert done.status == 1
    assert "something broke" in done.lines[0]["error"]
    assert done.lines[1]["count"] == 2


def test_a_batch_without_an_index_or_a_model_stops_before_the_first_line(run: Any, store: str, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"question": "Mamba"}\n' * 3, "utf-8")
    for arguments, said in (
        (["--store", tmp_path / "none"], "nonmun ingest"),
        (["--store", store, "--engine", "llm"], "OPENAI_API_KEY"),
    ):
        done = run("ask", "--batch", tmp_path / "b.jsonl", "--json", *arguments)
        assert (done.status, done.out) == (2, "")
        assert done.err.count(said) == 1


def test_a_good_batch_from_stdin_ends_well(run: Any, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"id":"1","question":"안녕하세요"}\n'))
    done = run("ask", "--batch", "-", "--json", "--store", store)
    assert (done.status, done.lines[0]["id"], done.lines[0]["plan"]["kind"]) == (0, "1", "help")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "Give one question"), (["ask", "a", "--batch", "b"], "Give one question"),
        (["ask", "--batch", "nowhere.jsonl"], "nowhere.jsonl"), (["ask", "Mamba", "--history", "nowhere.txt"], "nowhere.txt"),
        (["ask", "가" * 2001], "2,001"), (["ask", "PowerInfer가 뭐야?", "--engine", "llm"], "OPENAI_API_KEY"),
        (["ask", "a", "--as-of", "someday"], "someday"), (["ask", "a", "--language", "fr"], "fr"), (["ask", "a", "--engine", "magic"], "magic"),
        (["search"], "Give one query"), (["search", "a", "--top-k", "0"], "--top-k is 0"), (["search", "--batch", "nowhere.jsonl"], "nowhere.jsonl"),
        (["evaluate", "--review", "f.jsonl"], "--golden"), (["evaluate", "--queries", "q.jsonl"], "go together"), (["evaluate", "--golden", "nowhere.jsonl"], "nowhere.jsonl"),
        (["serve", "--port", "99999"], "99999"), (["dance"], "dance"), ([], "COMMAND"),
    ],
)  # fmt: skip
def test_wrong_usage_is_a_sentence_on_stderr_and_status_2(
    run: Any, store: str, arguments: list[str], said: str
) -> None:
    known = arguments and arguments[0] != "dance"
    done = run(*arguments, *(["--store", store] if known else []))
    assert (done.status, done.out) == (2, "")
    assert said in done.err


def test_a_store_that_is_not_there_is_told_with_the_command_that_makes_it(run: Any, tmp_path: Path) -> None:
    for command in (["ask", "Mamba"], ["search", "Mamba"], ["stats"]):
        done = run(*command, "--store", tmp_path / "none")
        assert (done.status, done.out) == (2, "")
        assert "nonmun ingest" in done.err


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("", "--store is empty"), ("http://127.0.0.1:99999", "Its port must be a number up to 65535"),
        ("http://127.0.0.1:port", "Its port must be a number"), ("ftp://127.0.0.1/index", "--store is “ftp://127.0.0.1/index”"),
        ("http://", "as in http://127.0.0.1:8000"), ("http://[::1", "It is not a URL"),
        ("http://papers..example:80", "It is not a URL"), (f"http://{'x' * 64}:80", "It is not a URL"), ("http://a b:80", "It is not a URL"),
        ("http://127.0.0.1:80/index", "has no path"), ("http://127.0.0.1:80?key=hush", "http://127.0.0.1:80?•••"),
        ("http://kim:hush@127.0.0.1:1", "takes no name or password"), ("http://kim:hush@127.0.0.1:99999", "http://•••@127.0.0.1:99999"),
    ],
)  # fmt: skip
def test_a_store_that_cannot_be_one_is_refused_with_what_can(run: Any, tmp_path: Path, place: str, said: str) -> None:
    for command in (["ask", "Mamba"], ["doctor"], ["ingest", SEEDS]):
        done = run(*command, "--store", place)
        assert (done.status, done.out) == (2, "")
        assert said in done.err
        assert "hush" not in done.err
    assert not list(tmp_path.iterdir())


def test_the_scheme_of_a_store_may_be_in_capitals(run: Any) -> None:
    done = run("stats", "--store", "HTTP://127.0.0.1:1")
    assert (done.status, "There is no Chroma server at http://127.0.0.1:1" in done.err) == (2, True)


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-16-le"])
def test_an_env_file_in_another_encoding_is_a_sentence(run: Any, tmp_path: Path, encoding: str) -> None:
    (tmp_path / ".env").write_bytes("# 설정\nNONMUN_TOP_K=7\n".encode(encoding))
    done = run("stats")
    assert (done.status, done.out) == (2, "")
    assert ".env is not UTF-8 text. Save it as UTF-8" in done.err


def test_an_env_file_that_is_a_folder_is_a_sentence(run: Any, tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    done = run("stats")
    assert (done.status, done.out) == (2, "")
    assert ".env cannot be read: Is a directory" in done.err
    (tmp_path / ".env").rmdir()
    (tmp_path / ".env").symlink_to(tmp_path / "gone")
    done = run("stats")
    assert (done.status, ".env cannot be read: No such file or directory" in done.err) == (2, True)


def test_a_password_in_the_address_of_a_model_is_never_printed(
    run: Any, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.openai_faults.PAUSE", 0.01)
    folder = write_sample(tmp_path / "digests")
    with openai_server() as server:
        server.say("ready")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url.replace("http://", "http://kim:hush@") + "?key=hush")
        monkeypatch.setattr("rag.commands.console.LARGE", 10)
        runs = [
            run("doctor", "--store", store),
            run("doctor", "--store", store, "--json"),
            run("translate", folder),
            run("ingest", folder, "--store", tmp_path / "s", "--embedder", "openai:some-model"),
        ]
    for done in runs:
        assert "hush" not in done.out + done.err
    assert "http://•••@127.0.0.1" in runs[0].out
    monkeypatch.setenv("OPENAI_BASE_URL", "http://kim:hush@127.0.0.1:99999/v1")
    refused = run("doctor", "--store", store)
    assert (refused.status, "http://•••@127.0.0.1:99999/v1" in refused.err) == (2, True)
    assert "hush" not in refused.err
    monkeypatch.setenv("OPENAI_BASE_URL", "kim:hush@127.0.0.1:9/v1")  # its scheme was forgotten
    refused = run("doctor", "--store", store)
    assert (refused.status, "“•••@127.0.0.1:9/v1”" in refused.err, "hush" in refused.err) == (2, True, False)


def test_a_misspelt_variable_stops_every_command(run: Any, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NONMUN_STOER", "x")
    done = run("stats", "--store", store)
    assert (done.status, done.out) == (2, "")
    assert "Did you mean NONMUN_STORE?" in done.err


# --- search, evaluate, stats, doctor ---------------------------------------------------------------------------------
def test_search_ranks_and_says_so_in_json(run: Any, store: str) -> None:
    rows = run("search", "Mamba", "--top-k", "3", "--store", store, "--json").json
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert list(rows[0]) == ["rank", "arxiv_id", "score", "title", "url", "date"]
    assert {row["arxiv_id"] for row in rows[:2]} == {"2312.00752", "2403.18795"}
    assert rows[0]["score"] >= rows[1]["score"] >= rows[2]["score"]
    assert len(run("search", "Mamba", "--store", store).out.splitlines()) == 10


def test_a_run_is_written_as_trec_reads_it(run: Any, store: str, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"_id":"q1","text":"PowerInfer"}\n{"_id":"q2","text":"Mamba"}\n', "utf-8")
    done = run(
        "search", "--batch", tmp_path / "q.jsonl", "--run", tmp_path / "run.trec", "--top-k", "2", "--store", store
    )
    assert (done.status, done.out) == (0, "")
    lines = [line.split() for line in (tmp_path / "run.trec").read_text("utf-8").splitlines()]
    assert [(row[0], row[1], row[3], row[5]) for row in lines] == [
        ("q1", "Q0", "1", "nonmun"),
        ("q1", "Q0", "2", "nonmun"),
        ("q2", "Q0", "1", "nonmun"),
        ("q2", "Q0", "2", "nonmun"),
    ]
    assert lines[0][2] == "2312.12456"
    assert run("search", "--batch", tmp_path / "q.jsonl", "--top-k", "1", "--store", store).out.startswith(
        "q1 Q0 2312.12456 1 "
    )


def test_evaluate_prints_figures(run: Any, store: str, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"_id":"q1","text":"PowerInfer"}\n', "utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t2312.12456\t1\n", "utf-8")
    figures = run(
        "evaluate", "--queries", tmp_path / "q.jsonl", "--qrels", tmp_path / "qrels.tsv", "--store", store, "--json"
    ).json
    assert figures["ranking/lexical"]["RR@10"] == 1.0
    assert (
        "ranking/hybrid"
        in run("evaluate", "--queries", tmp_path / "q.jsonl", "--qrels", tmp_path / "qrels.tsv", "--store", store).out
    )


@pytest.mark.gate
def test_evaluate_alone_asks_the_golden_questions_of_the_sample_digests(run: Any) -> None:
    done = run("evaluate", "--json")
    assert done.status == 0
    assert "Indexing the sample digests" in done.err
    assert len(done.json["cases"]) == 418
    assert done.json["figures"]["all"]["answered"]["value"] > 0.5


def test_the_golden_questions_are_packaged_with_the_sample_digests() -> None:
    tools = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert "seeds" in tools["packages"]["find"]["include"]
    assert {"*.md", "*.jsonl"} <= set(tools["package-data"]["seeds"])
    assert (SEEDS / "golden.jsonl").is_file()
    for file in ("Dockerfile", ".dockerignore"):
        assert "seeds" in (REPOSITORY / file).read_text("utf-8")


def test_stats_tell_what_is_indexed(run: Any, store: str) -> None:
    figures = run("stats", "--store", store, "--json").json
    assert (figures["papers"], figures["days"], figures["first_day"], figures["last_day"]) == (
        77,
        5,
        "2023-12-04",
        "2024-06-11",
    )
    assert (figures["korean_summaries"], figures["english_summaries"]) == (77, 77)
    assert figures["doubtful"] == []
    assert "papers                 77" in run("stats", "--store", store).out


def test_doctor_tells_every_setting_its_source_and_what_leaves(run: Any, store: str) -> None:
    report = run("doctor", "--store", store, "--json").json
    assert list(report) == ["settings", "leaves_this_machine", "checks"]
    assert report["settings"]["NONMUN_STORE"]["from"] == "flag"
    assert report["leaves_this_machine"] == ["nothing"]
    assert report["checks"]["index"].startswith("77 papers, ready to search in ")
    assert "gives 256 numbers" in report["checks"]["embedder"]
    assert "none is configured" in report["checks"]["model"]


def test_doctor_tries_the_model_and_sends_it_no_digest(
    run: Any, store: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("vectorstore.openai_faults.PAUSE", 0.01)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-TEST-never-to-be-seen-42")
    with openai_server() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        server.say("ready")
        done = run("doctor", "--store", store)
        assert done.status == 0
        assert f"evidence for them, and digests that you translate, to {server.url} (on this machine)" in done.out
        assert "gpt-4.1-mini answers, in " in done.out
        assert "Reply with the word" in server.requests[0]["messages"][1]["content"]
        tried = "json_schema: a reply that cannot be used; schema in words: a reply that cannot be used; tool: a reply"
        assert f"gpt-4.1-mini gives no plan ({tried}" in done.out
        assert len(server.requests) == 4
        server.respond = lambda request: (
            refusal(400, "no tools") if "tools" in request else completion('{"plans": [{"kind": "count"}]}')
        )
        reading = run("doctor", "--store", store, "--json").json["checks"]["reader"]
        assert reading == (
            "gpt-4.1-mini reads questions (json_schema: works; schema in words: works; tool: the server refused the request)"
        )
        server.respond = None
        server.mode, server.status = "status", 401
        refused = run("doctor", "--store", store, "--json")
        assert refused.status == 1
        assert "the server refused the key" in refused.json["checks"]["model"]
        assert "sk-TEST" not in done.out + done.err + refused.out + refused.err


def test_doctor_tells_a_problem_and_ends_with_1(run: Any, tmp_path: Path) -> None:
    done = run("doctor", "--store", tmp_path / "none", "--json")
    assert done.status == 1
    assert "nonmun ingest" in done.json["checks"]["index"]


# --- trace, translate, what a large run costs -----------------------------------------------------------------------
def test_trace_says_that_it_is_off_and_shows_what_was_traced(
    run: Any, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert "NONMUN_TRACE=on" in run("trace").err
    monkeypatch.setenv("NONMUN_TRACE", "on")
    run("ask", "Mamba를 사용한 논문은?", "--as-of", "2024-06-12", "--store", store)
    assert run("trace", "--json").json["plan"]["terms"] == ["Mamba"]
    assert "Mamba를 사용한 논문은?" in run("trace").out


def test_translate_writes_companions_and_says_what_to_do_next(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "digests"
    folder.mkdir()
    digest = "## Daily Papers (2024-06-11)\n\n### [OwlNet](https://arxiv.org/abs/2406.00001)\n\n- OwlNet은 정확도 63%를 얻습니다.\n"
    (folder / "2024-06-11.md").write_text(digest, encoding="utf-8")
    assert "OPENAI_API_KEY" in run("translate", folder).err
    with openai_server() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        server.say("OwlNet reaches 63% accuracy.")
        done = run("translate", folder)
        assert (done.status, "1 bullet\n" in done.out, "price unknown" in done.err) == (0, True, True)
        assert "- OwlNet reaches 63% accuracy." in (folder / "2024-06-11.en.md").read_text(encoding="utf-8")
        assert "only OpenAI's own prices are listed" in done.err
        sent = len(server.requests)
        assert "to translate" not in run("translate", folder).err  # all of it is kept
        assert len(server.requests) == sent
        assert "Nothing is left to translate" in run("translate", folder, "--to", "ko").err
        monkeypatch.setattr("rag.commands.console.LARGE", 1)
        (folder / "2024-06-12.md").write_text(digest.replace("06-11", "06-12").replace("63%", "64%"), encoding="utf-8")
        refused = run("translate", folder)  # not asked where nobody can answer
        assert "--yes" in refused.err
        assert "1 bullet to translate: about" in refused.err
        wrong = run("translate", folder, "--yes")
        assert (wrong.status, "left out, its figures differ: OwlNet은" in wrong.err) == (1, True)
        assert "2024-06-12" not in wrong.out
        assert not (folder / "2024-06-12.en.md").exists()
        server.mode, server.status = "status", 401
        broken = run("translate", folder, "--yes")
        assert broken.status == 2
        assert "the server refused the key. What was translated until then is kept" in broken.err


def test_where_every_translation_is_refused_it_says_so_and_writes_none(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "digests"
    folder.mkdir()
    bullets = "- OwlNet은 정확도 63%를 얻습니다.\n- OwlNet은 5배 빠릅니다.\n"
    (folder / "2024-06-11.md").write_text(
        f"## Daily Papers (2024-06-11)\n\n### [OwlNet](https://arxiv.org/abs/2406.00001)\n\n{bullets}", "utf-8"
    )
    with openai_server() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        server.say("OwlNet reaches 99% accuracy.")
        done = run("translate", folder)
    assert (done.status, done.out) == (1, "")
    assert "No file was written: 2 translations failed the checks and were left out." in done.err
    assert [path.name for path in folder.iterdir()] == ["2024-06-11.md"]


def test_a_large_embedding_run_says_its_cost_and_stops_where_nobody_can_agree(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.commands.console.LARGE", 10)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-TEST-never-to-be-seen-42")
    digests = write_sample(tmp_path / "digests")
    done = run("ingest", digests, "--store", tmp_path / "s", "--embedder", "openai:text-embedding-3-small")
    assert done.status == 2
    assert "texts to embed: about" in done.err
    assert "prices of 20" in done.err
    assert "Add --yes to start it" in done.err
    assert not (tmp_path / "s" / "CURRENT").exists()


def test_version_and_help_say_what_there_is(run: Any) -> None:
    assert run("--version").out.strip() == f"nonmun {__version__}"
    text = run("--help").out
    assert all(
        name in text
        for name in ("ingest", "ask", "search", "evaluate", "serve", "stats", "doctor", "trace", "translate")
    )


# --- As a process ----------------------------------------------------------------------------------------------------
def _process(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "rag", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
        **more,
    )


def test_the_module_is_the_command_and_its_stdout_is_pure(store: str) -> None:
    done = _process("ask", "Mamba를 사용한 논문은?", "--store", store, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["count"] == 2


def test_a_question_is_read_where_the_locale_cannot_read_it(store: str) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "rag", "ask", "Mamba를 사용한 논문은?", "--store", store, "--json"], capture_output=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **plain}, timeout=60, check=False,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert (answer["question"], answer["count"]) == ("Mamba를 사용한 논문은?", 2)


@pytest.mark.parametrize("as_json", [True, False])
def test_an_output_that_has_no_korean_gets_escapes_and_a_note(store: str, as_json: bool) -> None:
    arguments = (
        ["ask", "--batch", "-", "--store", store] if as_json else ["ask", "Mamba를 사용한 논문은?", "--store", store]
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "ascii"}
    row = '{"id": "\N{GRINNING FACE}", "question": "Mamba를 사용한 논문은?"}\n'
    done = subprocess.run(
        [sys.executable, "-m", "rag", *arguments], input=row.encode(), capture_output=True, env=environment, timeout=60, check=False
    )  # fmt: skip
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert b"Set PYTHONIOENCODING=utf-8" in done.stderr
    if as_json:
        answer = json.loads(done.stdout)
        assert (answer["id"], answer["question"]) == ("\N{GRINNING FACE}", "Mamba를 사용한 논문은?")
    else:
        assert b"\\ub17c\\ubb38" in done.stdout


def test_a_reader_that_goes_away_is_no_error(store: str) -> None:
    command = f"{sys.executable} -m rag ask --batch - --json --store {store} | head -c 1"
    rows = '{"id":"1","question":"2023년 12월 논문"}\n' * 40
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        ["bash", "-c", command], input=rows, capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.stdout == "{"
