"""`nonmun follow`: save questions whose new papers `nonmun news` tells."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.commands.console import counted, say, say_json, settings_of, typed

if TYPE_CHECKING:
    from rag.following.book import Saved, Standing
    from rag.following.desk import Desk

HELP = "save a question, and be told of papers that come to fit it (nonmun news)"


def flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of this command."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = _action(actions, "add", "save a question that asks for papers")
    add.add_argument("question", type=typed, help="a question in Korean or English")
    add.add_argument("--name", help="a short name (default: made of the question)")
    never = _action(
        actions, "never", "leave papers out of every saved question and of “For you”; says what is left out"
    )
    never.add_argument("--clear", action="store_true", help="leave nothing out any more")
    for one in (add, never):
        one.add_argument(
            "--not",
            dest="without",
            action="append",
            default=[],
            metavar="WORDS",
            help="leave out papers about this, such as survey; may be given several times",
        )
        one.add_argument("--min-votes", type=int, metavar="N", help="only papers with at least so many votes")
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
    from rag.following.desk import Desk
    from rag.pipeline import Pipeline

    desk = Desk(Pipeline(settings_of(args)))
    _ACTIONS[args.action](args, desk)
    return 0


def _add(args: argparse.Namespace, desk: Desk) -> None:
    from rag.following.book import Saved, name_of
    from rag.language.text import question_language

    question = " ".join(args.question.split())
    language = args.language or question_language(question)
    saved = Saved(args.name or name_of(question), question, language, tuple(args.without), args.min_votes)
    found = desk.follow(saved, tell_all=args.all)
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


def _list(args: argparse.Namespace, desk: Desk) -> None:
    saved = desk.all()
    if args.json:
        say_json([_row(one) for one in saved])
        return
    for one in saved:
        print(f"{one.name}: {one.question}{_filters(one)}")
    if not saved:
        say("No question is saved yet. Save one: nonmun follow add QUESTION --name NAME")


def _filters(saved: Saved | Standing) -> str:
    said = [f"--not {words}" for words in saved.without]
    said += [] if saved.min_votes is None else [f"--min-votes {saved.min_votes}"]
    return f" ({', '.join(said)})" if said else ""


def _show(args: argparse.Namespace, desk: Desk) -> None:
    from rag.following.news import look, news

    with desk.book() as book:
        saved = book.get(args.name)
        found = look(saved, desk.pipeline, book.standing())
        told, announced = news(found, book), len(book.announced(saved.name))
    if args.json:
        plan = found.evidence.reading.plan.as_json()
        counts = {"fits": told.fits, "unseen": len(told.papers), "announced": announced}
        say_json({**_row(saved), "plan": plan, **counts})
        return
    print(f"{saved.name}: {saved.question}{_filters(saved)}")
    print(f"read as: {_plan_of(found.evidence.reading.plan, saved.language)}")
    print(f"{counted(told.fits, 'paper')} fit now, {len(told.papers):,} of them unseen. Saved on {saved.added}.")


def _seen(args: argparse.Namespace, desk: Desk) -> None:
    (told,) = desk.told([args.name], seen=True)
    say(f"{counted(len(told.papers), 'paper')} of “{args.name}” taken for seen.")


def _remove(args: argparse.Namespace, desk: Desk) -> None:
    desk.forget(args.name)
    say(f"“{args.name}” is forgotten.")


def _never(args: argparse.Namespace, desk: Desk) -> None:
    from rag.following.book import Standing

    if args.clear:
        desk.stand(Standing())
    elif args.without or args.min_votes is not None:
        before = desk.standing()
        without = tuple(dict.fromkeys((*before.without, *args.without)))
        desk.stand(Standing(without, before.min_votes if args.min_votes is None else args.min_votes))
    print(_filters(desk.standing()).strip(" ()") or "Nothing is left out.")


_ACTIONS: dict[str, Callable[[argparse.Namespace, Desk], None]] = {
    "add": _add,
    "list": _list,
    "show": _show,
    "seen": _seen,
    "remove": _remove,
    "never": _never,
}
