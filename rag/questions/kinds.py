"""Which kind of question it is: the network's, unless plain words settle it; and whether it asks for figures or a table. Pure functions."""

from __future__ import annotations

import re

from rag.corpus.catalogue import Catalogue
from rag.corpus.figure_words import figure_words
from rag.corpus.figures import figures
from rag.language.terms import glossary
from rag.questions.constraints import Parsed
from rag.questions.counting import Tallied, against_a_time, tallied
from rag.questions.measures import Measured, is_of_field, measured, speaks_of_votes
from rag.questions.plan import AMOUNTS, Plan
from rag.questions.quantities import names_a_top, team_order
from rag.questions.scope import SCOPE, is_own
from rag.questions.wants import SAID_PLAINLY, asks_how_done, asks_what, names_series, said_aspect
from rag.questions.words import words

_SURELY = 0.9  # probability of being off topic from which a unit of time beside the word paper says nothing
_FOREIGN = 0.5  # probability from which amounts without a word of the field are not those of papers
_EXPLAINS = 0.3  # probability from which a fact without an aspect ("X가 뭐야?") is an explanation
OF_PAPERS = ("fact", "explain", "compare", "similar", "describe")
"""Kinds that ask of one paper or a few."""


def asked_figure(parsed: Parsed, catalogue: Catalogue) -> Measured | None:
    """Return what a question asks of reported figures; None of one about papers that it names, their authors or topics."""
    kind = parsed.tagged.kind
    if (
        parsed.ids
        or parsed.unknown_ids
        or kind in ("topics", "more", "compare", "similar")
        or words().writers.any_of(parsed.wording)
    ):
        return None
    votes = [span for span in parsed.role("votes") if speaks_of_votes(parsed.text, span.start, span.end)]
    held = [(span.start, span.end) for span in (*votes, *parsed.role("description"))]
    held += parsed.dates.spans if parsed.dates else ()
    held += parsed.people.spans
    held = [(start, end) for start, end in held if not parsed.text[:start][-1:].isdigit()]  # 5천만 is one number
    asked = measured(
        parsed.text, held, parsed.tagged.orders, lambda: figures(catalogue).benchmarks, ranks=kind == "rank",
        values=bool(parsed.found) and not any(is_own(one, catalogue) for one in parsed.found),
    )  # fmt: skip
    if asked and _is_of_named(asked, parsed):
        return None
    elsewhere = asked and (
        (kind == "writers" and asked.order)
        or (parsed.tagged.kinds["offtopic"] >= _FOREIGN and not is_of_field(parsed.text))
    )
    return None if asked and elsewhere and asked.figure.of in ("", *AMOUNTS) and not asked.figure.metric else asked


def _is_of_named(asked: Measured, parsed: Parsed) -> bool:
    """Whether a question asks for an amount of one thing that it names ("GPT-4 파라미터 수 얼마야?"), and of no set."""
    figure = asked.figure
    every = asked.order is None and figure.least is None and figure.most is None
    own = parsed.tagged.kind == "fact" and any(one.papers and one.text[:1].isupper() for one in parsed.found[:1])
    named = figure.of in AMOUNTS and any(one.kind == "term" for one in parsed.found)
    return every and parsed.tagged.kind in OF_PAPERS and (named or own)


def _asks_a_figure(parsed: Parsed) -> bool:
    """Whether what seems to compare two things asks for a metric of one: "GTR의 최종 PSNR 값"."""
    own = [one for one in parsed.found if one.papers]
    rest = [one.text for one in parsed.found if not one.papers]
    return len(own) == 1 and bool(rest) and all(figure_words().metric_words.fullmatch(text) for text in rest)


_VENUE = r"(?P<name>[A-Z][a-z]{0,12}[A-Z][A-Za-z]{0,12})(?![A-Za-z0-9_-])"
_APPEARED = (
    re.compile(rf"\b(?:accepted (?:at|by|to|in|for)|(?:published|presented) (?:at|in)|appear(?:s|ed)? at) (?:the )?{_VENUE}"),
    re.compile(rf"{_VENUE}(?:'?s)? ?(?:(?:19|20)?\d\d년?)? ?(?:[Bb]est|[Oo]utstanding|베스트|최우수|우수) ?(?:[Pp]aper|페이퍼|논문)"),
    re.compile(rf"{_VENUE} ?(?:(?:19|20)\d\d년?)?에서?(?:는|도)? ?(?:붙|억셉|어셉|게재|채택|통과|합격|실린|실렸|발표된|발표됐|발표했)"),
)  # fmt: skip


def asked_venue(parsed: Parsed, catalogue: Catalogue) -> str:
    """Return the conference or journal that a question asks papers to have appeared at; "" where it asks nothing of the kind."""
    relations = parsed.tagged.relations
    match = next(filter(None, (pattern.search(parsed.text) for pattern in _APPEARED)), None)
    if match is None or max(relations, key=relations.__getitem__) == "mention":
        return ""
    return "" if catalogue.named(match["name"]) else match["name"]


_COUNTS = ("count", "rank", "list", "trend", "more", "topics", "writers", "compare")


def asked_tally(parsed: Parsed) -> Tallied | None:
    """Return the table or the sum that a question asks for; None of one that asks for something else by the same words."""
    counted, kind = tallied(parsed.text), parsed.tagged.kind
    if counted is None or parsed.ids or parsed.unknown_ids:
        return None
    of_papers = words().papers.any_of(token.text for token in parsed.tokens)
    if kind in ("help", "offtopic", "describe", "fact", "explain") and of_papers:
        return counted if parsed.tagged.kinds["offtopic"] < _SURELY or not counted.per else None
    if kind == "period":
        return counted if counted.best or counted.measure or not counted.each else None
    sure = of_papers or parsed.found or parsed.people.names or parsed.tagged.kinds["offtopic"] < SCOPE
    return counted if kind in _COUNTS and sure else None


_WHO = re.compile(
    r"^(?:so )?who(?:['’]?s| is| was| are)?\b|누구(?:야|예요|에요|인가요|지|니|인지|입니까)?[?.! ]*$|누군[지가데]",
    re.IGNORECASE,
)


def settled(parsed: Parsed, plan: Plan) -> str:
    """Return the kind of a question: the network's, unless plain words of a month, of authors or of advice settle it."""
    if counted := asked_tally(parsed):
        return "trend" if counted.per else "count"
    kind = _likeliest(parsed)
    said = [token.text for token in parsed.tokens]
    if kind in ("writers", "list") and plan.authors and _WHO.search(parsed.text):  # “who is X?”, “who works with X?”
        return "writers" if words().companions.any_of(said) else "list"
    if kind == "writers" and len(plan.authors) > 1 and words().more.any_of(said):
        return "more"  # “who of A and B has more papers?”
    if kind == "writers" and plan.authors and words().authored.any_of(said):
        return "list"
    if kind == "compare" and _asks_a_figure(parsed):
        return "fact"
    if kind == "compare" and (_joins_topics(parsed) or _offers_either(parsed)):
        return "list"
    if kind == "compare" and parsed.dates and _sets_times_apart(parsed):
        return "trend"
    if kind == "compare" and plan.relation and parsed.tagged.kinds["list"] >= SCOPE:
        return "list"
    if kind == "similar" and any(names_series(parsed.text, one.text) for one in parsed.found):
        return "list"
    if plan.relation == "extend" and kind not in ("count", "rank", "trend"):
        return "list"  # “who improved LoRA?”
    if kind == "rank" and (plan.max_votes == 0 or (plan.limit and plan.topics and not _orders(parsed))):
        return "list"  # “show me 3 papers on X” orders nothing
    if _ranks(kind, parsed, plan, said):
        return "rank"
    writers = words().writers.any_of(parsed.wording)
    return "writers" if kind in ("list", "rank", "count", "explain") and writers else kind


def _likeliest(parsed: Parsed) -> str:
    """Return the network's kind: "X가 뭐야?" explains and asks no fact, and a trend is one only where a word speaks of it."""
    told = parsed.tagged
    kind = "list" if told.kind.startswith("after:") else told.kind
    plainly = said_aspect(parsed.text) in SAID_PLAINLY
    if kind in ("explain", "describe", "list") and plainly and _names_a_paper(parsed):
        return "fact"
    explains = kind == "fact" and told.kinds["explain"] >= _EXPLAINS
    if explains and max(told.aspects, key=told.aspects.__getitem__) == "none":
        return "explain"
    if kind == "fact" and parsed.dates and not (parsed.found or parsed.ids or parsed.people.names or parsed.spans):
        return "list"  # “what came out the day after X?”
    if kind in ("fact", "offtopic", "list") and _asks_what_it_is(parsed):
        return "explain"
    said = [token.text for token in parsed.tokens]
    if kind in ("trend", "rank", "fact") and asks_how_done(parsed.text) and parsed.found and not parsed.dates:
        return "list"
    if kind == "trend" and (names_a_top(parsed.text) or not (parsed.dates or words().trends.any_of(said))):
        return max((name for name in told.kinds if name != "trend"), key=told.kinds.__getitem__)
    return kind


def _names_a_paper(parsed: Parsed) -> bool:
    return bool(parsed.ids) or any(one.papers for one in parsed.found)


def _asks_what_it_is(parsed: Parsed) -> bool:
    """Whether a question asks what a thing is that the glossary knows: "what's test-time compute?"."""
    named = [one.text for one in parsed.found]
    return len(named) == 1 and glossary().knows(named[0]) and asks_what(parsed.text, named[0])


_COMPARES = re.compile(
    r"\b(?:compar\w*|vs|versus|differ\w*|better|than|or|which|between|against)\b|vs\.?|비교|차이|다른|다르|달라|대비|중에|중 |뭐가|누가|어느|낫|나은|나아|보다",
    re.IGNORECASE,
)


def _joins_topics(parsed: Parsed) -> bool:
    """Whether two things are only joined, and not all of them are papers: “SWE-bench and coding agents”."""
    own = all(one.papers for one in parsed.found)
    return (
        parsed.tagged.kinds["list"] >= SCOPE and len(parsed.found) > 1 and not own and not _COMPARES.search(parsed.text)
    )


_PLAINLY = re.compile(
    r"\b(?:compar\w*|vs|versus|differ\w*|better|than|between|against|which|what|who|how)\b|vs\.?|비교|차이|다른|다르|달라|대비|뭐|누가|어느|낫|나은|나아|보다|중에|\?",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\bor\b|또는|혹은|이나 |거나", re.IGNORECASE)


def _offers_either(parsed: Parsed) -> bool:
    """Whether "or" joins ways of describing what papers are about, and nothing compares them: “4-bit or 8-bit models”."""
    named = parsed.found and all(one.kind == "term" for one in parsed.found)
    return bool(_EITHER.search(parsed.text)) and not named and not _PLAINLY.search(parsed.text)


def _sets_times_apart(parsed: Parsed) -> bool:
    """Whether what seems to compare things sets a time against another one: "VLA 작년이랑 비교해서 얼마나 늘었어?"."""
    return against_a_time(parsed.text) and not any(one.kind == "term" for one in parsed.found[1:])


_TO_READ = re.compile(
    r"\b(?:something|anything|what|papers?|one)\b.{0,30}\bto read\b|읽을 ?(?:만한|거|것|게)", re.IGNORECASE
)


_GOOD = re.compile(
    r"핵심|중요|주요|대표|필독|재밌|재미|흥미|볼 ?만|읽을 ?만|화제|유명|좋은|핫|뜨"
    r"|\b(?:important|key|essential|influential|notable|must|interesting|seminal|significant|representative|good|great|worth|hot|big|trending)\b",
    re.IGNORECASE,
)


def _orders(parsed: Parsed) -> bool:
    """Whether a word of a question puts papers in an order, or asks for the best of them."""
    listed, said = words(), [token.text for token in parsed.tokens]
    named = listed.superlatives.any_of(said) or listed.voted.any_of(said) or listed.recommend.any_of(said)
    ordered = listed.order(said) != "none" or listed.sorted.any_of(said) or listed.lately.any_of(said)
    best = names_a_top(parsed.text) or team_order(parsed.text) or parsed.role("votes") or _GOOD.search(parsed.text)
    return named or ordered or bool(best)


def _ranks(kind: str, parsed: Parsed, plan: Plan, said: list[str]) -> bool:
    """Whether a question orders papers: by their authors, by votes, or to have some of all of them recommended."""
    if kind in ("rank", "list", "writers", "count", "fact") and team_order(parsed.text):
        return True
    best = words().superlatives.any_of(said) or names_a_top(parsed.text)
    if kind in ("list", "period", "count") and best and words().voted.any_of(said) and plan.min_votes is None:
        return True
    named = plan.terms or plan.topics or plan.authors or plan.papers or parsed.role("votes", "description")
    several = plan.limit and words().papers.any_of(said) and not parsed.dates  # “논문 20편”
    wanted = several or words().recommend.any_of(parsed.wording) or _TO_READ.search(parsed.text)
    return not named and kind in ("list", "describe", "period", "offtopic") and bool(wanted)
