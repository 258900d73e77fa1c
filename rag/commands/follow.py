"""`nonmun follow`: save questions whose new papers `nonmun news` tells."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from rag.commands.console import counted, say, say_json, settings_of

if TYPE_CHECKING:
    from rag.following.book import Book, Saved
    from rag.pipeline import Pipeline

HELP = "save a question, and be told of papers that come to fit it (nonmun news)"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = _action(actions, "add", "save a question that asks for papers")
    add.add_argument("question", help="a question in Korean or English")
    add.add_argument("--name", help="a short name (default: made of the question)")
    add.add_argument(
        "--not",
        dest="without",
        action="append",
        default=[],
        metavar="WORDS",
        help="leave out papers about this, such as survey; may be given several times",
    )
    add.add_argument("--min-votes", type=int, metavar="N", help="only papers with at least so many votes")
    add.add_argument("--language", choices=("ko", "en"), help="language of the news (default: that of the question)")
    add.add_argument("--all", action="store_true", help="tell the papers that are there already too")
    listing = _action(actions, "list", "list the saved questions")
    show = _action(actions, "show", "show a saved question and how it is read")
    for one in (listing, show):
        one.add_argument("--json", action="store_true", help="print one JSON value")
    for one in (
        show,
        _action(actions, "seen", "take all its papers for seen"),
        _action(actions, "remove", "forget it"),
    ):
        one.add_argument("name", help="the name of a saved question")


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    made = actions.add_parser(name, help=what, description=what)
    made.add_argument(
        "--store", default=argparse.SUPPRESS, help="folder of the index, or http://host:port of a Chroma server"
    )
    return made


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from rag.following.book import Book, book_path
    from rag.pipeline import Pipeline

    settings = settings_of(args)
    book = Book(book_path(settings))
    try:
        if args.action == "add":
            _add(args, book, Pipeline(settings))
        elif args.action == "list":
            _list(book, args.json)
        elif args.action == "show":
            _show(book.get(args.name), book, Pipeline(settings), args.json)
        elif args.action == "seen":
            _seen(book.get(args.name), book, Pipeline(settings))
        else:
            with book.changing():
                book.remove(args.name)
            say(f"“{args.name}” is forgotten.")
    finally:
        book.close()
    return 0


def _add(args: argparse.Namespace, book: Book, pipeline: Pipeline) -> None:
    from rag.following.book import Saved, name_of
    from rag.following.news import checked
    from rag.language.text import question_language
    from rag.readers import today

    question = " ".join(args.question.split())
    language = args.language or question_language(question)
    saved = Saved(args.name or name_of(question), question, language, tuple(args.without), args.min_votes)
    found = checked(saved, pipeline)
    with book.changing():
        book.add(saved, today())
        if not args.all:
            ids = [paper.arxiv_id for paper in found.fits]
            book.mark([(saved.name, ids)], pipeline.snapshot().catalogue.papers.keys(), today())
    print(f"{saved.name}: {_plan_of(found.evidence.reading.plan, language)}")
    told = "will be told" if args.all else "count as seen"
    say(f"{counted(len(found.fits), 'paper')} of now {told}. See what comes: nonmun news --name {saved.name}")


def _plan_of(plan: object, language: str) -> str:
    from rag.questions.plan import Plan, chips

    assert isinstance(plan, Plan)
    return " · ".join(chips(plan, language))


def _row(saved: Saved) -> dict[str, object]:
    return {
        "name": saved.name, "question": saved.question, "language": saved.language, "not": list(saved.without),
        "min_votes": saved.min_votes, "added": saved.added,
    }  # fmt: skip


def _list(book: Book, as_json: bool) -> None:
    saved = book.all()
    if as_json:
        say_json([_row(one) for one in saved])
        return
    for one in saved:
        print(f"{one.name}: {one.question}{_filters(one)}")
    if not saved:
        say("No question is saved yet. Save one: nonmun follow add QUESTION --name NAME")


def _filters(saved: Saved) -> str:
    said = [f"--not {words}" for words in saved.without]
    said += [] if saved.min_votes is None else [f"--min-votes {saved.min_votes}"]
    return f" ({', '.join(said)})" if said else ""


def _show(saved: Saved, book: Book, pipeline: Pipeline, as_json: bool) -> None:
    from rag.following.news import look, news

    found = look(saved, pipeline)
    told = news(found, book)
    if as_json:
        plan = found.evidence.reading.plan.as_json()
        say_json(
            {
                **_row(saved),
                "plan": plan,
                "fits": told.fits,
                "unseen": len(told.papers),
                "announced": len(book.announced(saved.name)),
            }
        )
        return
    print(f"{saved.name}: {saved.question}{_filters(saved)}")
    print(f"read as: {_plan_of(found.evidence.reading.plan, saved.language)}")
    print(f"{counted(told.fits, 'paper')} fit now, {len(told.papers):,} of them unseen. Saved on {saved.added}.")


def _seen(saved: Saved, book: Book, pipeline: Pipeline) -> None:
    from rag.following.news import look, mark, news
    from rag.readers import today

    found = look(saved, pipeline)
    with book.changing():
        told = news(found, book)
        mark([told], book, pipeline, today())
    say(f"{counted(len(told.papers), 'paper')} of “{saved.name}” taken for seen.")
