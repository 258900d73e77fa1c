"""Scores of one reply to one golden question, each from 0 to 1, higher better; one that does not apply is left out.

Shares nothing with the product's own gate: numbers and names are read here again, so that a fault there shows here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import ir_measures
from ir_measures import RR, R, Success, nDCG

from rag.evaluation.golden import Case

MEASURES = {"mrr@10": RR @ 10, "recall@10": R @ 10, "ndcg@10": nDCG @ 10, "success@1": Success @ 1}
RANKED = frozenset({"list_name", "list_topic", "known_item", "fact", "explain", "describe"})
"""The kinds whose question itself is a query, so that its ranking is scored too."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What any system answered: its text with [n] marks, its papers in order, (mark, id) of what it cites.

    `status` is answered, or how it was not: refused, no_evidence, rejected (the question was not taken). `also` are papers
    it named besides (mentioned only); they may be cited and are no part of the set.
    """

    status: str
    reason: str | None
    text: str
    papers: tuple[str, ...] = ()
    count: int = 0
    cited: tuple[tuple[int, str], ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sources:
    """All that may be stated of each paper, and the days that have a digest: what groundedness is held against."""

    texts: Mapping[str, str]
    digests: tuple[str, ...]


# --- Numbers and names -----------------------------------------------------------------------------------------------
_SCALES = {
    "천": 10**3, "만": 10**4, "십만": 10**5, "백만": 10**6, "천만": 10**7, "억": 10**8, "조": 10**12,
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "K": 10**3, "M": 10**6, "B": 10**9,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:\s?(조|억|[십백천]?만|천|thousand|million|billion|[KMB](?![A-Za-z])))?"
)
_PERCENT = re.compile(r"(?<=\d)\s?(?:퍼센트|프로(?![가-힣])|percent\b|%p?)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*")


def _spelled(number: Decimal) -> str:
    return f"{number.normalize():f}"


def canonical(text: str) -> str:
    """Return text in one case and spacing with its numbers in one form, so that equal amounts are equal strings.

    >>> canonical("645 million, 6억 4,500만"), canonical("13.20 tokens / 72 퍼센트")
    ('645000000, 645000000', '13.2 tokens / 72%')
    """
    text = _PERCENT.sub("%", " ".join(unicodedata.normalize("NFC", text).split()))
    parts: list[str] = []
    end, total, unit = 0, Decimal(0), 0
    for match in _NUMBER.finditer(text):
        value = Decimal(match[1].replace(",", "") + (match[2] or ""))
        scale = _SCALES.get(match[3] or "", 1)
        gap = text[end : match.start()]
        if parts and match[3] and "가" <= match[3] <= "힣" and unit > scale > 1 and gap in ("", " "):
            total += value * scale
            parts[-1] = _spelled(total)
        else:
            total = value * scale
            parts += [gap, _spelled(total)]
        unit = scale if match[3] and "가" <= match[3] <= "힣" else 0
        end = match.end()
    return ("".join(parts) + text[end:]).casefold()


def states(text: str, form: str) -> bool:
    """Whether a canonical text states a form of a fact: a number as a whole number, a word anywhere."""
    form = canonical(form)
    before = r"(?<![\d.])" if form[:1].isdigit() else ""
    after = r"(?!\d|\.\d)" if form[-1:].isdigit() else ""
    return re.search(before + re.escape(form) + after, text) is not None


def numbers(text: str) -> set[str]:
    """Return the numbers of a text in one form, days like 2024-03-28 as a whole and in their parts."""
    text = canonical(text)
    days = set(re.findall(r"(?<![\d-])\d{4}-\d{1,2}-\d{1,2}(?![\d-])", text))
    return days | set(re.findall(r"(?<![\d.])\d+(?:\.\d+)?(?!\d|\.\d)", text))


def names(text: str) -> set[str]:
    """Return what is written like a name in Latin letters: with a capital or a digit after its first letter."""
    return {name.casefold() for name in _NAME.findall(text) if re.search(r"[A-Z0-9]", name[1:]) and len(name) > 2}


# --- Groundedness ----------------------------------------------------------------------------------------------------
_MARK = re.compile(r"\[(\d{1,3})\](?!\()")
_LINK = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(([^)\s]*)\)")
_ARXIV = re.compile(r"https://arxiv\.org/abs/([\w.-]+(?:/\d{7})?)")
_QUOTED = re.compile(r"[‘“\"][^’”\"]*[’”\"]")
_HTML = re.compile(r"(?<!\\)<(?!br>)\s*/?[a-zA-Z!]")


def _plain(text: str) -> str:
    """Return text without escapes and the signs of formulas, which a title may be shown with or without."""
    return re.sub(r"[\\$^{}]", "", text)


def _bare(line: str) -> str:
    """Return a line without marks, addresses, escapes and its place in a list."""
    line = _LINK.sub(r"\1", _MARK.sub("", line))
    return _plain(re.sub(r"^\s*(?:\d+\.|[-*])\s+", "", line))


def grounded(case: Case, reply: Reply, sources: Sources) -> float | None:
    """Return the share of lines whose numbers, names and links stand in what they cite; None where no line states any.

    A line without a mark speaks of the whole answer: it may say what the question, the days and the answer's papers say,
    and count papers (whole numbers up to their total; the counts themselves are scored with `count_exact`).
    """
    cited = dict(reply.cited)
    named = (*reply.papers, *reply.also)
    days = (*sources.digests, case.as_of.isoformat() if case.as_of else "")
    general = "\n".join((case.question, *case.history, *days, *(sources.texts.get(i, "") for i in named)))
    counts = {str(n) for n in range(len(sources.texts) + 1)}
    good = total = 0
    for line in reply.text.splitlines():
        marks = [int(n) for n in _MARK.findall(line)]
        linked, told = set(_ARXIV.findall(line)), _bare(line)
        said_numbers, said_names = numbers(told), names(told)
        if not (said_numbers or said_names or linked or marks):
            continue
        total += 1
        ids = {cited.get(n, "") for n in marks}
        source = _plain("\n".join(sources.texts.get(i, "") for i in sorted(ids)) if marks else general)
        if not marks:  # its days may be those of a range
            said_numbers = {number for number in said_numbers if "-" not in number}
        good += (
            ids <= sources.texts.keys()
            and linked <= (ids if marks else {*named})
            and said_numbers <= numbers(source) | (set() if marks else counts)
            and said_names <= names(source) | {name for name in said_names if name in source.casefold()}
        )
    return good / total if total else None


def clean(reply: Reply) -> bool:
    """Whether the reply shows no HTML of others and links to nothing but arXiv papers that it names."""
    ids = {*reply.papers, *reply.also, *(i for _, i in reply.cited)}
    links = [_ARXIV.fullmatch(url) for _, url in _LINK.findall(reply.text)]
    return not _HTML.search(reply.text) and all(link and link[1] in ids for link in links)


def language_of(text: str) -> str:
    """Return the language a text speaks: that of its own sentences, not of the titles, quotes and bullets in it."""
    own = [line for line in text.splitlines() if not re.match(r"\s*(?:[-*>|]|\d+\.)\s", line)]
    for lines in (own, text.splitlines()):
        said = [
            line
            for line in (_QUOTED.sub("", _LINK.sub("", line)) for line in lines)
            if re.search(r"[A-Za-z가-힣]", line)
        ]
        if said:
            return "ko" if 2 * sum(bool(re.search(r"[가-힣]", line)) for line in said) >= len(said) else "en"
    return ""


# --- All scores of a case --------------------------------------------------------------------------------------------
def _set_scores(case: Case, given: set[str]) -> dict[str, float]:
    recall = len(given & case.must) / len(case.must)
    if case.open:
        return {"recall": recall}
    precision = len(given & (case.must | case.may)) / len(given) if given else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"recall": recall, "precision": precision, "f1": f1, "exact": float(recall == precision == 1)}


def score(case: Case, reply: Reply | None, sources: Sources) -> dict[str, float]:
    """Return the scores of a reply to a case. A reply that crashed (None) scores zero wherever it could have scored."""
    given = reply or Reply("crashed", None, "")
    answered = given.status == "answered"
    cited = {i for _, i in given.cited}
    scores: dict[str, float] = {}
    if case.answerable:
        scores["answered"] = float(answered)
        if case.must:
            scores |= _set_scores(case, set(given.papers) if answered else set())
            wanted = case.must | case.may | set(given.also)
            right = cited - case.must_not if case.open else cited & wanted
            if answered or reply is None:
                scores["citation_precision"] = len(right) / len(cited) if cited else 0.0
            shown = case.must if len(case.must) <= 10 else case.must & set(given.papers[:10])
            if case.kind != "trend":  # a table by month shows examples only
                scores["citation_recall"] = len(cited & shown) / len(shown) if shown else 0.0
        if case.count is not None:
            told = numbers(given.text) if case.kind == "count" else {str(case.count)}
            scores["count_exact"] = float(answered and given.count == case.count and str(case.count) in told)
        if case.facts:
            text = canonical(given.text)
            scores["facts"] = sum(any(states(text, form) for form in forms) for forms in case.facts) / len(case.facts)
        held = grounded(case, given, sources) if reply else 0.0
        if held is not None and (answered or reply is None):
            scores["grounded"] = held
    else:
        quiet = case.kind == "hostile" and not given.papers  # help is a sane answer to noise
        refused = reply is not None and (quiet or not answered) and not cited
        scores["refusal_recall"] = float(refused)
        if case.reason:
            scores["reason_exact"] = float(refused and given.reason == case.reason)
    if not answered:
        scores["refusal_precision"] = float(not case.answerable and reply is not None)
    if given.status != "rejected":
        scores["language"] = float(language_of(given.text) == case.language)
    scores["clean"] = float(reply is not None and clean(given))
    return scores


def rank_scores(case: Case, ranking: Sequence[str]) -> dict[str, float]:
    """Score the ranking of a question's papers (best first) through ir_measures; the papers that may stand there are left out."""
    qrels = [ir_measures.Qrel("q", i, 1) for i in sorted(case.must)]
    run = [ir_measures.ScoredDoc("q", i, -float(n)) for n, i in enumerate(i for i in ranking if i not in case.may)]
    found = ir_measures.calc_aggregate(list(MEASURES.values()), qrels, run)
    return {name: float(found[measure]) for name, measure in MEASURES.items()}


def perfect(scores: Mapping[str, float]) -> bool:
    """Whether an answer is right in every respect that was scored (its ranking aside)."""
    return all(value == 1.0 for name, value in scores.items() if name not in MEASURES)


def ordered(names: Iterable[str]) -> list[str]:
    """Return names of scores in reading order."""
    order = ["exact", "f1", "precision", "recall", "count_exact", "facts", "citation_precision", "citation_recall", "grounded",
             "answered", "refusal_recall", "refusal_precision", "reason_exact", "language", "clean", *MEASURES]  # fmt: skip
    return sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))
