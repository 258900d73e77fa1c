"""The command line: `nonmun ingest | ask | search | evaluate | serve | stats | doctor | trace | translate`. Data to stdout, the rest to stderr.

Exit status: 0 done (a refusal is an answer), 1 part of the input failed, 2 wrong usage or configuration.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rag import __version__
from rag.errors import NonmunError, QuestionError, SettingsError
from rag.settings import Settings, cache_folder, environment_name, read_settings, trace_file
from rag.text import one_line

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

APP = Path(__file__).resolve().parents[1] / "app.py"


def _say(text: str) -> None:
    print(one_line(text, 2_000), file=sys.stderr, flush=True)  # a file's name may hold newlines and worse


def _json(value: object) -> None:
    text = json.dumps(
        value, ensure_ascii=False
    )  # a file's name may be no UTF-8: its bytes become \udcxx, as JSON has it
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"), flush=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day like 2024-06-11") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nonmun", description="Ask a folder of daily paper digests, in Korean or English."
    )
    parser.add_argument("--version", action="version", version=f"nonmun {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.add_argument("--store", help="folder of the index, or http://host:port of a Chroma server")
        return made

    ingest = command("ingest", "index digests, or bring an index up to date")
    ingest.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="folders of digests (or single files)")
    ingest.add_argument("--prune", action="store_true", help="remove papers that these folders no longer have")
    ingest.add_argument("--rebuild", action="store_true", help="make every vector anew")
    ingest.add_argument("--embedder", help="bundled, openai:MODEL, or module:Class")
    ingest.add_argument("--yes", action="store_true", help="embed a large number of texts elsewhere without asking")
    ingest.add_argument("--json", action="store_true", help="print the report as one JSON value")

    ask = command("ask", "answer a question, or many")
    ask.add_argument("question", nargs="?", help="a question in Korean or English")
    ask.add_argument(
        "--batch", type=Path, metavar="FILE", help="JSON Lines of {id, question, history, as_of}; - for stdin"
    )
    ask.add_argument("--history", type=Path, metavar="FILE", help="earlier questions of the conversation, one a line")
    ask.add_argument(
        "--as-of", type=_day, metavar="DATE", help="the day that relative dates count from (default: today in Seoul)"
    )
    ask.add_argument("--language", choices=("ko", "en"), help="answer language (default: the question's)")
    ask.add_argument("--engine", choices=("offline", "llm"), help="who writes the prose")
    ask.add_argument("--json", action="store_true", help="print JSON (JSON Lines with --batch)")

    search = command("search", "rank papers for a query, or run a set of queries")
    search.add_argument("query", nargs="?")
    search.add_argument("--top-k", type=int, default=10, help="papers a query (default 10)")
    search.add_argument("--mode", choices=("hybrid", "lexical", "dense"), default="hybrid", help="which signals rank")
    search.add_argument("--batch", type=Path, metavar="FILE", help="BEIR queries.jsonl")
    search.add_argument("--run", type=Path, metavar="FILE", help="write a TREC run here")
    search.add_argument("--json", action="store_true")

    evaluate = command("evaluate", "measure answers against golden questions, ranking against qrels")
    evaluate.add_argument("--golden", type=Path, metavar="FILE", help="golden questions, JSON Lines (docs/golden.md)")
    evaluate.add_argument("--queries", type=Path, metavar="FILE", help="BEIR queries.jsonl")
    evaluate.add_argument("--qrels", type=Path, metavar="FILE", help="BEIR qrels.tsv")
    evaluate.add_argument(
        "--report", type=Path, metavar="DIR", help="write report.html, report.md and results.json here"
    )
    evaluate.add_argument("--baseline", type=Path, metavar="FILE", help="compare with the results.json of another run")
    evaluate.add_argument(
        "--fail-under", type=Path, metavar="FILE", help="thresholds; status 1 when a figure falls short"
    )
    evaluate.add_argument(
        "--engine", choices=("offline", "llm"), default="offline", help="who writes (default offline)"
    )
    evaluate.add_argument(
        "--judge", action="store_true", help="let the configured model judge prose too, reported apart"
    )
    evaluate.add_argument(
        "--review", type=Path, metavar="FEEDBACK", help="review thumbs-down lines into the --golden file"
    )
    evaluate.add_argument("--json", action="store_true", help="print the results as one JSON value")

    serve = command("serve", "open the web page")
    serve.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port (default 7860)")
    serve.add_argument("--auth", metavar="USER:PASSWORD", help="ask for this name and password")
    serve.add_argument("--open", action="store_true", help="open the page in a browser")

    trace = command("trace", "show the last answers that were traced (NONMUN_TRACE=on)")
    trace.add_argument("last", nargs="?", type=int, default=1, help="how many (default 1)")
    trace.add_argument("--json", action="store_true", help="print JSON Lines")

    translate = command("translate", "write companions of digests in the other language, with the language model")
    translate.add_argument("folder", type=Path, metavar="DIR", help="a folder of digests")
    translate.add_argument("--to", choices=("en", "ko"), default="en", help="the language to write (default en)")
    translate.add_argument("--yes", action="store_true", help="go on without asking")

    for name, text in (("stats", "say what is indexed"), ("doctor", "say what is configured and whether it works")):
        command(name, text).add_argument("--json", action="store_true")
    return parser


def _settings(args: argparse.Namespace) -> Settings:
    names = ("store", "embedder", "host", "port", "auth")
    return read_settings({name: getattr(args, name, None) for name in names})


# --- ingest ----------------------------------------------------------------------------------------------------------
class _Bars:
    """Progress bars on stderr, one a stage; silent where stderr is no terminal."""

    _NAMES: ClassVar = {"read": "Reading digests", "analyse": "Analysing text ", "embed": "Embedding      "}

    def __init__(self) -> None:
        self._bars: dict[str, Any] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        from tqdm import tqdm

        bar = self._bars.get(stage)
        if bar is None:
            shown = "{desc} {percentage:3.0f}%|{bar:30}| {n_fmt}/{total_fmt} [{elapsed}]"
            bar = tqdm(total=total, desc=self._NAMES[stage], bar_format=shown, disable=None, position=len(self._bars))
            self._bars[stage] = bar
        bar.update(done - bar.n)

    def close(self) -> None:
        for bar in self._bars.values():
            bar.close()


LARGE = 100_000  # tokens that leave the machine without a question; a month of digests is about as many


def _go_on(what: str, model: str, base_url: str, tokens_in: int, tokens_out: int, yes: bool) -> None:
    """Say what a run sends and costs, and ask where it is large. Raises SettingsError when the answer is no."""
    from rag.prices import as_of, cost

    dollars = cost(model, base_url, tokens_in, tokens_out)
    price = "price unknown" if dollars is None else f"about ${dollars:.2f}, prices of {as_of()}"
    _say(f"{what}: about {tokens_in:,} tokens to {model} at {base_url or 'the OpenAI API'} ({price}).")
    if yes or tokens_in <= LARGE:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise SettingsError("That is a large run. Add --yes to go on.")
    _say("Go on? [y/N]")
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "예", "네"):
        raise SettingsError("Stopped; nothing was sent.")


def _approve_embedding(settings: Settings, texts: list[str], yes: bool) -> None:
    kind, _, model = settings.embedder.partition(":")
    if kind == "openai" and texts:
        from rag.prompts import tokens

        _go_on(f"{len(texts):,} texts to embed", model, settings.openai_base_url, sum(map(tokens, texts)), 0, yes)


def _ingest(args: argparse.Namespace) -> int:
    from rag.ingest import ingest
    from rag.pipeline import embedder
    from vectorstore.store import open_store

    if not args.folders and not args.rebuild:
        raise SettingsError("Give at least one folder of digests: nonmun ingest DIR")
    settings = _settings(args)
    bars = _Bars()
    try:
        report = ingest(
            open_store(settings.store, cache_folder()),
            embedder(settings),
            args.folders,
            prune=args.prune,
            rebuild=args.rebuild,
            progress=bars,
            approve=lambda texts: _approve_embedding(settings, texts, args.yes),
        )
    finally:
        bars.close()
    for warning in report.warnings[:20]:
        _say(f"note: {warning}")
    if len(report.warnings) > 20:
        _say(f"note: … and {len(report.warnings) - 20} more")
    for problem in report.failed:
        place = f"{problem.file}:{problem.line}" if problem.line else problem.file
        _say(f"failed: {place}: {problem.reason}")
    if args.json:
        _json(report.as_json())
    else:
        print(
            f"{report.papers:,} papers, {report.chunks:,} chunks in {settings.store}: {report.added:,} added, {report.updated:,} updated, "
            f"{report.unchanged:,} unchanged, {report.removed:,} removed, {len(report.failed):,} failed, in {report.seconds:.1f} s"
        )
    return 1 if report.failed else 0


# --- ask -------------------------------------------------------------------------------------------------------------
def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}."
        ) from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line


def _case(line: str, number: int) -> tuple[str, str, list[str], date | None]:
    try:
        row = json.loads(line)
        question, history = row["question"], row.get("history") or []
        as_of = date.fromisoformat(row["as_of"]) if row.get("as_of") else None
        if not isinstance(question, str) or not all(isinstance(earlier, str) for earlier in history):
            raise TypeError
        return str(row.get("id", number)), question, list(history), as_of
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionError(
            f'Line {number} is not a question like {{"id": "1", "question": "…", "history": [], "as_of": "2024-06-11"}}.'
        ) from error


def _ask(args: argparse.Namespace) -> int:
    from rag.pipeline import Pipeline

    if (args.question is None) == (args.batch is None):
        raise SettingsError("Give one question, or --batch FILE.")
    pipeline = Pipeline(_settings(args))
    if args.batch is None:
        history = [line for _, line in _lines(args.history)] if args.history else []
        answer = pipeline.ask(args.question, history, args.as_of, args.language, args.engine)
        for notice in answer.notices:
            _say(f"note: {notice}")
        if used := answer.usage:
            price = "price unknown" if used.usd is None else f"${used.usd:.5f}"
            about = "about " if used.estimated else ""
            _say(f"{used.model}: {about}{used.tokens_in:,} tokens in, {used.tokens_out:,} out, {price}")
        if args.json:
            _json(answer.as_json())
        else:
            _say(" · ".join(answer.chips))
            print(answer.text)
            if answer.citations:
                print()
            for citation in answer.citations:
                print(f"[{citation.n}] {citation.paper.title} {citation.paper.url}")
        return 0
    failures = 0
    for number, line in _lines(args.batch):
        try:
            name, question, history, as_of = _case(line, number)
            answer = pipeline.ask(question, history, as_of or args.as_of, args.language, args.engine)
        except QuestionError as error:
            failures += 1
            _say(f"failed: {args.batch}:{number}: {error}")
            _json({"id": str(number), "error": str(error)})
            continue
        _json({"id": name, **answer.as_json()})
    return 1 if failures else 0


# --- search ----------------------------------------------------------------------------------------------------------
def _search(args: argparse.Namespace) -> int:
    from rag.pipeline import Pipeline

    if (args.query is None) == (args.batch is None):
        raise SettingsError("Give one query, or --batch queries.jsonl.")
    if not 1 <= args.top_k <= 1000:
        raise SettingsError(f"--top-k is {args.top_k}; it must lie between 1 and 1000.")
    pipeline = Pipeline(_settings(args))
    if args.batch is None:
        papers = pipeline.snapshot().catalogue.papers
        hits = pipeline.search(args.query, args.top_k, args.mode)
        rows = [
            {"rank": h.rank, "arxiv_id": h.arxiv_id, "score": round(h.score, 4), "title": papers[h.arxiv_id].title,
             "url": papers[h.arxiv_id].url, "date": papers[h.arxiv_id].date.isoformat()}
            for h in hits
        ]  # fmt: skip
        if args.json:
            _json(rows)
        else:
            for row in rows:
                print(f"{row['rank']:3}  {row['score']:.3f}  {row['date']}  {row['title']}  {row['url']}")
        return 0
    from rag.evaluation import read_queries, run_line

    out = args.run.open("w", encoding="utf-8") if args.run else sys.stdout
    try:
        for query_id, text in read_queries(args.batch):
            for hit in pipeline.search(text, args.top_k, args.mode):
                print(run_line(query_id, hit), file=out)
    finally:
        if args.run:
            out.close()
    return 0


def _prompt(text: str) -> str:
    print(text, end="", file=sys.stderr, flush=True)
    return (sys.stdin.readline() or "q").strip()  # the end of the input stops the review


def _evaluate(args: argparse.Namespace) -> int:
    from rag.evaluation import evaluate_ranking
    from rag.evaluation.feedback import review
    from rag.evaluation.report import ranking_table
    from rag.pipeline import Pipeline

    if not args.golden and (args.review or not args.queries):
        raise SettingsError("Give --golden FILE, or --queries FILE with --qrels FILE.")
    if bool(args.queries) != bool(args.qrels):
        raise SettingsError("--queries and --qrels go together.")
    if args.review:
        _say(f"{review(args.review, args.golden, _prompt)} cases added to {args.golden}")
        return 0
    pipeline = Pipeline(_settings(args))
    short: list[str] = []
    printed: dict[str, Any] = {}
    if args.golden:
        printed, short = _golden(args, pipeline)
    if args.queries:
        ranking = evaluate_ranking(pipeline, args.queries, args.qrels)
        printed |= ranking
        if not args.json:
            print(ranking_table(ranking))
    if args.json:
        _json(printed)
    for line in short:
        _say(f"falls short: {line}")
    return 1 if short else 0


def _golden(args: argparse.Namespace, pipeline: Pipeline) -> tuple[dict[str, Any], list[str]]:
    """Ask the golden questions, print or write what was asked for; return the results and what falls short."""
    from tqdm import tqdm

    from rag.evaluation import ask_all, compare, fallen, read_golden, read_results, read_thresholds, results, sources_of
    from rag.evaluation.judges import judge_all
    from rag.evaluation.report import changes_table, render_html, render_markdown, table

    cases = read_golden(args.golden)
    thresholds = read_thresholds(args.fail_under) if args.fail_under else {}
    before = read_results(args.baseline) if args.baseline else None
    with tqdm(total=len(cases), desc="Golden questions", disable=None) as bar:
        outcomes = ask_all(pipeline, cases, args.engine, bar.update)
    if args.judge:
        with tqdm(total=len(cases), desc="Judging", disable=None) as bar:
            sources = sources_of(list(pipeline.snapshot().catalogue.papers.values()))
            outcomes = judge_all(pipeline.settings, outcomes, sources, bar.update)
    found = results(args.golden.name, outcomes)
    changes, flipped = compare(before["cases"], found["cases"]) if before else ([], [])
    if args.report:
        args.report.mkdir(parents=True, exist_ok=True)
        (args.report / "report.html").write_text(render_html(found, changes, flipped), encoding="utf-8")
        (args.report / "report.md").write_text(render_markdown(found, changes, flipped), encoding="utf-8")
        (args.report / "results.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        _say(f"written: {args.report / 'report.html'}")
    if not args.json:
        print(table(found))
        if changes:
            print(f"\n{changes_table(changes, flipped)}")
    return found, fallen(found["figures"], thresholds)


# --- serve, stats, doctor --------------------------------------------------------------------------------------------
def _serve(args: argparse.Namespace) -> int:
    settings = _settings(args)
    if not APP.is_file():
        raise SettingsError(
            f"The page's program {APP.name} is not beside the package. Run it from the project's folder."
        )
    command = [
        sys.executable,
        str(APP),
        "--store",
        settings.store,
        "--host",
        settings.host,
        "--port",
        str(settings.port),
    ]
    environment = dict(os.environ)
    if settings.auth.reveal():  # in the environment, where other people's process lists do not show it
        environment[environment_name("auth")] = settings.auth.reveal()
    os.execve(sys.executable, [*command, "--open"] if args.open else command, environment)


def _stats(args: argparse.Namespace) -> int:
    from rag.pipeline import Pipeline

    settings = _settings(args)
    snapshot = Pipeline(settings).snapshot()
    catalogue, manifest = snapshot.catalogue, snapshot.manifest
    papers = list(catalogue.papers.values())
    figures = {
        "store": settings.store,
        "generation": snapshot.name,
        "papers": len(papers),
        "files": len(manifest.files),
        "days": len(catalogue.days),
        "first_day": catalogue.days[0].isoformat() if catalogue.days else None,
        "last_day": catalogue.days[-1].isoformat() if catalogue.days else None,
        "korean_summaries": sum(bool(paper.ko) for paper in papers),
        "english_summaries": sum(bool(paper.en) for paper in papers),
        "authors": len(catalogue.people),
        "papers_without_votes": sum(paper.votes is None for paper in papers),
        "embedder": manifest.embedder,
        "analysis": manifest.analysis,
    }
    if args.json:
        _json(figures)
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):22} {value}")
    return 0


def _doctor(args: argparse.Namespace) -> int:
    settings = _settings(args)
    rows = {
        environment_name(spec.name): {
            "value": str(getattr(settings, spec.name)), "from": settings.origin[spec.name], "means": spec.metadata["doc"]
        }
        for spec in fields(Settings)
        if spec.name != "origin"
    }  # fmt: skip
    leaves = []
    place = settings.openai_base_url or "the OpenAI API"
    if settings.has_model and settings.engine != "offline":
        leaves.append(f"questions and the evidence for them, to {place}")
    if settings.embedder.startswith("openai:"):
        leaves.append(f"the text of digests, and questions, to be embedded, to {place}")
    if settings.store.startswith("http"):
        leaves.append(f"vectors, titles, bullets and metadata, to {settings.store}")
    leaves = leaves or ["nothing"]
    checks: dict[str, str] = {}
    problems = 0
    for name, check in (("index", _check_index), ("embedder", _check_embedder), ("model", _check_model)):
        try:
            checks[name] = check(settings)
        except NonmunError as error:
            checks[name] = f"problem: {error}"
            problems += 1
    if args.json:
        _json({"settings": rows, "leaves_this_machine": leaves, "checks": checks})
    else:
        for name, row in rows.items():
            print(f"{name:22} {row['value']:40} ({row['from']}) {row['means']}")
        print(f"{'leaves this machine':22} {'; '.join(leaves)}")
        for name, said in checks.items():
            print(f"{name:22} {said}")
    return 1 if problems else 0


def _check_index(settings: Settings) -> str:
    from rag.pipeline import Pipeline

    started = time.perf_counter()
    pipeline = Pipeline(settings)
    papers = len(pipeline.snapshot().catalogue)
    pipeline.warm()
    return f"{papers:,} papers, ready to search in {time.perf_counter() - started:.1f} s"


def _check_embedder(settings: Settings) -> str:
    from rag.pipeline import embedder

    started = time.perf_counter()
    size = len(embedder(settings).query("맘바 Mamba"))
    return f"{settings.embedder} gives {size} numbers a text, in {time.perf_counter() - started:.2f} s"


def _check_model(settings: Settings) -> str:
    if not settings.has_model:
        return "none is configured: set OPENAI_API_KEY or OPENAI_BASE_URL to have answers written by one"
    from rag.llm import LlmEngine

    started = time.perf_counter()
    _, used = LlmEngine(settings).complete("You are being tried out.", "Reply with the word: ready")
    return f"{settings.model} answers, in {time.perf_counter() - started:.1f} s ({used.tokens_in} tokens in, {used.tokens_out} out)"


# --- trace, translate ------------------------------------------------------------------------------------------------
def _trace(args: argparse.Namespace) -> int:
    from rag.traces import read

    settings = _settings(args)
    rows = list(read(trace_file(), max(1, args.last)))
    if not rows:
        state = "on" if settings.trace == "on" else "off; set NONMUN_TRACE=on"
        _say(f"Nothing is traced in {trace_file()} (tracing is {state}).")
    for row in rows:
        if args.json:
            _json(row)
            continue
        for name, value in row.items():
            shown = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
            print(f"{name:14} {shown}")
        print()
    return 0


def _translate(args: argparse.Namespace) -> int:
    from rag.digests import find_digests
    from rag.llm import LlmEngine
    from rag.prompts import tokens
    from rag.translate import translate
    from vectorstore.cache import TextCache

    settings = _settings(args)
    if not settings.has_model:
        raise SettingsError("Translating needs a language model: set OPENAI_API_KEY or OPENAI_BASE_URL.")
    size = sum(tokens(path.read_text(encoding="utf-8", errors="replace")) for path in find_digests(args.folder))
    _go_on("Translating, at most", settings.model, settings.openai_base_url, 2 * size, size, args.yes)
    engine = LlmEngine(settings)
    cache = TextCache(cache_folder() / "translations.sqlite")
    problems = files = 0
    try:
        made_by = f"{settings.model}>{args.to}"
        for done in translate(args.folder, args.to, lambda *said: engine.complete(*said)[0], cache, made_by):
            files += 1
            problems += len(done.problems)
            print(f"{done.companion}: {done.bullets} bullets")
            for problem in done.problems:
                _say(f"failed: {done.source}: {problem}")
    finally:
        cache.close()
    _say(f"{files:,} files written. Index them: nonmun ingest {args.folder}")
    return 1 if problems else 0


_COMMANDS = {
    "ingest": _ingest, "ask": _ask, "search": _search, "evaluate": _evaluate, "serve": _serve, "stats": _stats, "doctor": _doctor,
    "trace": _trace, "translate": _translate,
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status. A NonmunError becomes its sentence on stderr and status 2."""
    args = _parser().parse_args(argv)
    try:
        return _COMMANDS[args.command](args)
    except NonmunError as error:
        _say(f"nonmun: {error}")
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _say("nonmun: stopped; the index is as it was.")
        return 130
    except OSError as error:
        _say(f"nonmun: {error.filename or 'the system'}: {error.strerror or error}")
        return 2
