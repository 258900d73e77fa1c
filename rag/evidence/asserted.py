"""Statements of why something is so, whether it works, what its limits are, who doubts it: sentences that say just that.

A sentence counts where it has what the question speaks of, by words, by the glossary or by meaning, and a word that states
what is asked. Where none does, that is told, and the nearest papers are only near. No prose here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import Statement, meant
from rag.corpus.papers import Paper
from rag.evidence.definitions import BRIEF, BRINGS, LONG
from rag.evidence.matching import filtered
from rag.evidence.retriever import Retriever
from rag.evidence.spellings import known_pieces
from rag.evidence.telling import Told, is_link, leans, numbered
from rag.evidence.types import Evidence
from rag.index.passages import PassageIndex
from rag.language.assertions import Words, assertion_words, is_open, is_stray
from rag.language.terms import squash, stands
from rag.language.text import ENGLISH_GRAMMAR
from rag.questions.reading import Reading
from rag.questions.spans import bare

_NAMING, _LIKELY, _SEARCHED = 150, 60, 40  # papers that are looked at: by name, by topic, by the words of the question
_SHOWN = 5  # sentences that state it
_NEAR = 3  # papers that are shown where none does
_HELD = 0.6  # nearness of meaning from which a sentence has a word of the question
_TITLE = 0.75  # what a word counts that only the title has
_LEAST = 0.7  # share of the question that a sentence must have
_SURELY = 0.8  # nearness from which it has a thing that has a name
_ENOUGH, _BESIDE = 1.0, 0.8  # weight of a sentence that states it, and how much less than the best it may have
_OF_TITLES = ("effect", "doubt", "finding")  # what a sentence states of what only its title names
_STEM = 2  # syllables of a Korean word by which it is found in any of its forms


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what a question is about: its spellings, and whether it is a thing that has a name."""

    spellings: tuple[str, ...]
    is_thing: bool

    def stands_in(self, text: str) -> bool:
        """Whether a text has it in one of its spellings."""
        if any(stands(text, one) for one in self.spellings):
            return True
        stems = (
            one[:_STEM] for one in self.spellings if len(one) > _STEM and "가" <= one[0] <= "힣" and " " not in one
        )
        return not self.is_thing and any(stem in text for stem in stems)


def parts_of(reading: Reading, catalogue: Catalogue) -> tuple[Part, ...]:
    """Return what a question speaks of beside its words of asking: names, things of the glossary, and single words."""
    text = reading.claim
    pieces = [(piece.start, piece.end, piece.group) for piece in known_pieces(text)]
    for name in reading.plan.terms:
        at = text.find(name)
        if at >= 0 and not any(start < at + len(name) and at < end for start, end, _ in pieces):
            pieces.append((at, at + len(name), meant(name).variants))
    found = [Part(tuple(group), True) for _, _, group in sorted(pieces)]
    inside = {at for start, end, _ in pieces for at in range(start, end)}
    rest = "".join(" " if at in inside else letter for at, letter in enumerate(text))
    for word in rest.replace("?", " ").replace(",", " ").split():
        stem = bare(word.strip(".!\"'()"), catalogue.declines)
        if len(stem) > 1 and stem.lower() not in ENGLISH_GRAMMAR and not is_stray(stem) and not is_stray(word):
            found.append(Part((stem,), False))
    return tuple(dict.fromkeys(found))


def asserted(reading: Reading, catalogue: Catalogue, retriever: Retriever) -> Evidence | None:
    """Return the sentences that state what a question asks, best first; where none does, the nearest papers, as near.

    None where the question speaks of nothing that papers have.
    """
    if reading.asserts is None:
        return None
    words = assertion_words()[reading.asserts]
    parts = [part for part in parts_of(reading, catalogue) if not _is_told(part, words)]
    if not parts:
        return None
    papers = _papers(reading, parts, catalogue, retriever)
    found = _stating(papers, parts, words, reading)
    own = bool(reading.plan.papers)
    if found:
        shown = found[:_SHOWN]
        chosen = tuple(dict.fromkeys(paper for paper, _ in shown))
        quotes = {paper.arxiv_id: tuple(t.statement for p, t in shown if p == paper) for paper in chosen}
        return Evidence(reading, chosen, quotes=quotes, stated=tuple(shown), pool=len(papers))
    topics = reading.plan.topics
    if own or not papers or (topics and not reading.plan.terms and not retriever.is_present(topics)):
        return None
    near = tuple(papers[:_NEAR])
    quotes = retriever.telling(" ".join(part.spellings[0] for part in parts), near, reading.language)
    return Evidence(reading, near, quotes=quotes, pool=len(papers), near=True)


def _is_told(part: Part, words: Words) -> bool:
    """Whether a word of the question is one of those that state what is asked."""
    return not part.is_thing and any(words.told.search(one) for one in part.spellings)


def _papers(reading: Reading, parts: Sequence[Part], catalogue: Catalogue, retriever: Retriever) -> list[Paper]:
    """Return the papers that may state it: those on the question's words, and those that name its things, nearest first."""
    plan = reading.plan
    if plan.papers:
        return [catalogue.papers[i] for i in plan.papers if i in catalogue.papers]
    inside = filtered(replace(plan, terms=(), topics=(), relation=None), catalogue)
    inside &= ~catalogue.mask(catalogue.doubtful)
    spoken = " ".join(part.spellings[0] for part in parts)
    found = [hit.arxiv_id for hit in retriever.search(spoken, _SEARCHED)]
    for part in parts:
        if not part.is_thing:
            continue
        mentions = catalogue.mentioning(meant(part.spellings[0]))
        ranked = sorted(mentions, key=lambda i: (i not in found, not mentions[i].in_title, -len(mentions[i].bullets)))
        found += ranked[:_NAMING] if len(mentions) <= 8 * _NAMING else []
        shares = np.where(inside, retriever.membership(part.spellings[0]), 0)
        found += [catalogue.ids[row] for row in np.argsort(-shares, kind="stable")[:_LIKELY] if shares[row] > 0]
    allowed = {paper.arxiv_id for paper in catalogue.at(inside)}
    return [catalogue.papers[i] for i in dict.fromkeys(found) if i in allowed]


_Row = tuple[Paper, Statement, str]


def _stating(
    papers: Iterable[Paper], parts: Sequence[Part], words: Words, reading: Reading
) -> list[tuple[Paper, Told]]:
    """Return the sentences that have the parts of a question and state what it asks, one a paper but of one paper alone."""
    rows: list[_Row] = [
        (paper, statement, said)
        for paper in papers
        for statement, said in numbered(paper, reading.language)
        if words.told.search(said) and not is_link(statement, said)
    ]
    if not rows:
        return []
    titles = list(dict.fromkeys(paper.title for paper, _, _ in rows))
    texts = [said for _, _, said in rows]
    index = PassageIndex.build([[text] for text in (*texts, *titles)])
    queries = [spelling for part in parts for spelling in part.spellings[:1]]
    near = np.stack([one.best for one in index.shares(queries, range(len(index)))], axis=1)
    place = {title: len(texts) + at for at, title in enumerate(titles)}
    by_title = reading.asserts in _OF_TITLES
    ranked: list[tuple[float, _Row]] = []
    for at, row in enumerate(rows):
        weight = _weight(row, parts, words, by_title, near[at].tolist(), near[place[row[0].title]].tolist())
        if weight >= _ENOUGH:
            ranked.append((weight, row))
    ranked.sort(key=lambda one: -one[0])
    several = len(reading.plan.papers) != 1
    best = ranked[0][0] if ranked else 0.0
    ranked = [one for one in ranked if one[0] >= best - _BESIDE]
    made: list[tuple[Paper, Told]] = []
    said: set[str] = set()
    for _, (paper, statement, sentence) in ranked:
        if (several and any(paper == other for other, _ in made)) or squash(sentence) in said:
            continue
        said.add(squash(sentence))
        made.append((paper, Told(statement, sentence)))
    return made


def _weight(
    row: _Row, parts: Sequence[Part], words: Words, by_title: bool, near: Sequence[float], titled: Sequence[float]
) -> float:
    """Weigh how plainly a sentence states what is asked of the parts of a question; 0 where it does not."""
    paper, statement, sentence = row
    here = [1.0 if part.stands_in(sentence) else one for part, one in zip(parts, near, strict=True)]
    there = [1.0 if part.stands_in(paper.title) else one for part, one in zip(parts, titled, strict=True)]
    held = [max(a if a >= _HELD else 0.0, _TITLE * b if b >= _HELD else 0.0) for a, b in zip(here, there, strict=True)]
    things = [
        part.stands_in(sentence) or one >= _SURELY or (by_title and part.stands_in(paper.title))
        for part, one in zip(parts, near, strict=True)
        if part.is_thing
    ]
    share = sum(held) / len(held)
    if share < _LEAST or not all(things) or not (by_title or any(a >= _HELD for a in here)):
        return 0.0
    weight = share + 0.6 * sum(min(a, 1.0) for a in here) / len(here)
    weight += 0.5 * bool(words.titled.search(paper.title)) + 0.15 * min(len(words.told.findall(sentence)), 3)
    weight -= 1.0 * bool(words.mended.search(sentence)) + 0.6 * bool(BRINGS.search(sentence)) + 0.6 * is_open(sentence)
    weight -= 0.2 * leans(statement, sentence) + 0.3 * LONG * max(len(sentence) - BRIEF, 0)
    return max(weight, 0.0)
