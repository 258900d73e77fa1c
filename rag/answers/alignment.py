"""A sentence laid beside its evidence, word by word: what each word finds there, as numbers that `judge` weighs.

Words are compared by spelling, by the glossary, and by the vectors of the bundled model, across languages. Weighs nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.answers.binding import WHOLE_FEATURES, WORD_FEATURES, bound, clauses_of
from rag.answers.claims import Comparison, Word, comparisons, introduced, quantities, read, values_of
from rag.index.passages import one_thread
from rag.language.analysis import latin_stem
from rag.language.terms import fold, glossary, squash
from rag.language.text import Language
from vectorstore.bundled import BundledModel, bundled

Rows = NDArray[np.float32]

MAX_EVIDENCE = 1_500  # words of the evidence that a sentence is laid beside
_WINDOW = 3  # words to each side that make the setting of a word
_REACH = 4  # words to each side of its counterpart among which they may stand
_SETTING = 0.8  # how much the setting counts beside the word itself
_LEAST = 0.3  # the cosine of words that have nothing to do with one another
_SHARPNESS = 12.0
_OWN = frozenset("it its they this the method model approach system framework work paper proposed our we".split())
_OWN_KOREAN = ("제안", "이", "본", "새", "모델", "방법", "연구", "논문", "기법", "시스템")
_GLOSSARY_WORDS = 4
_NO_SAME, _NO_OTHER = -0.2, -0.5  # how closely a word of that side stands where there is none
_SPELLED, _TELLING = (
    0.6,
    150,
)  # the share of a word that must be spelled alike, and the length of a vector that tells something
_COMPARISONS, _COMPARISONS_THERE = 4, 40  # of a sentence and of its evidence: what more there are is not looked at
_COMPARED = 7  # the first of RELATIONS, which come of comparisons

FEATURES = (
    "word", "pieces", "weakest", "placed", "setting", "spelled", "glossary", "unknown", "weight", "denied", "denied there",
    "denial differs", "standard", "standard there", "new standard", "own", "pole", "same pole", "other pole", "pole gap",
    "no pole there", "quantity", "new quantity", "latin", "hangul", "digits", "length", "from the end", "first", "subject",
    "same tongue", "spelled start", "best statement", "best statement setting", "sure denial differs", "sure pole gap",
    *WORD_FEATURES,
)  # fmt: skip
RELATIONS = (
    "compares", "own behind", "own behind there", "roles exchanged", "roles kept", "order differs", "unlike any",
    "pole gap", "sure pole gap", "sure denial differs", "spelled denial differs", "own behind alone",
    *WHOLE_FEATURES,
)  # fmt: skip


@lru_cache(maxsize=1)
def _table() -> tuple[BundledModel, Rows]:
    one_thread()
    model = bundled()
    return model, model.piece_vectors()


def _unit(rows: Rows) -> Rows:
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    found: Rows = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)
    return found


@dataclass(frozen=True)
class Text:
    """The words of a statement with the vectors of their pieces (`of_word` says whose) and of the words; `weights` are lengths."""

    words: list[Word]
    pieces: Rows
    of_word: NDArray[np.int64]
    piece_weights: Rows
    vectors: Rows
    weights: Rows


@lru_cache(maxsize=8_192)
def _of_word(word: str) -> tuple[Rows, Rows, Rows, float]:
    """Return the directions of a word's pieces, their lengths, and the direction and the length of their sum."""
    model, table = _table()
    raw = table[model.pieces([word])[0]].astype(np.float32)
    if not len(raw):
        return np.zeros((0, _dimensions()), np.float32), raw[:, 0], np.zeros(_dimensions(), np.float32), 0.0
    whole = raw.sum(axis=0, keepdims=True)
    short = model.shorten(np.concatenate([raw, whole]))
    return short[:-1], np.linalg.norm(raw, axis=1), short[-1], float(np.linalg.norm(whole))


def _without_particle(word: Word) -> str:
    """Return a word as it is looked up: a Hangul one of three syllables or more without its particle."""
    bare = word.text.removesuffix(word.particle)
    return bare if word.text[0] >= "가" and len(bare) > 1 else word.text


@lru_cache(maxsize=128)
def laid_out(text: str) -> Text:
    """Return a statement's words with their vectors."""
    words = read(text)
    empty = np.zeros((0, _dimensions()), dtype=np.float32)
    found = [_of_word(_without_particle(word)) for word in words]
    of_word = np.array([at for at, (some, _, _, _) in enumerate(found) for _ in some], dtype=np.int64)
    pieces = np.concatenate([empty, *(some for some, _, _, _ in found)])
    long = np.concatenate([empty[:, 0], *(lengths for _, lengths, _, _ in found)])
    vectors = np.concatenate([empty, *(vector[None] for _, _, vector, _ in found)])
    lengths = np.array([length for _, _, _, length in found], dtype=np.float32)
    return Text(words, pieces, of_word, long, vectors, lengths)


@lru_cache(maxsize=1)
def _dimensions() -> int:
    model, table = _table()
    return int(model.shorten(table[1:2].astype(np.float32)).shape[1])


def _near(likeness: Rows, statement: NDArray[np.int64]) -> Rows:
    """Return for each pair of words how much of what stands around the first stands around the second, from 0 to 1."""
    best = likeness.copy()
    for step in range(1, _REACH + 1):
        same = statement[step:] == statement[:-step]
        np.maximum(best[:, :-step], np.where(same, likeness[:, step:], 0), out=best[:, :-step])
        np.maximum(best[:, step:], np.where(same, likeness[:, :-step], 0), out=best[:, step:])
    total = np.zeros_like(best)
    whole = np.zeros((len(best), 1), dtype=np.float32)
    for step in range(1, _WINDOW + 1):
        for to, of in ((slice(step, None), slice(None, -step)), (slice(None, -step), slice(step, None))):
            total[to] += best[of] / step
            whole[to] += 1 / step
    return np.divide(total, whole, out=np.zeros_like(total), where=whole > 0)


class Evidence:
    """What a sentence is laid beside: the statements of what it cites, in `languages`; `name` is what a paper calls its own."""

    def __init__(self, statements: Iterable[str], name: str, languages: Collection[Language]) -> None:
        self.languages = frozenset(languages)
        texts: list[Text] = []
        room = MAX_EVIDENCE
        kept: list[str] = []
        for statement in statements:
            text = laid_out(statement)
            if not text.words or len(text.words) > room:
                continue
            room -= len(text.words)
            texts.append(text)
            kept.append(statement)
        whole = "\n".join(kept)
        self.texts = texts
        self.words = [word for text in texts for word in text.words]
        self.squashed = squash(whole)
        self.spellings = {w.text for w in self.words}
        self.stems = {latin_stem(w.text) for w in self.words if w.text[0] < "가"}
        self.values = values_of(whole)
        self.quantities = {name for name, _, _ in quantities(fold(whole)).values()}
        self.name = squash(name)
        empty = np.zeros((0, _dimensions()), dtype=np.float32)
        self.pieces = np.concatenate([empty, *(t.pieces for t in texts)])
        self.vectors = np.concatenate([empty, *(t.vectors for t in texts)])
        self.starts = np.cumsum([0, *(len(t.words) for t in texts)])
        self.statement = np.repeat(np.arange(len(texts)), np.diff(self.starts))
        self.denied = np.array([w.denied for w in self.words], dtype=np.float32)
        self.standard = np.array([w.standard for w in self.words], dtype=np.float32)
        held: dict[int, tuple[list[int], list[int]]] = {}
        for at, word in enumerate(self.words):
            for dimension, pole in word.poles.items():
                held.setdefault(dimension, ([], []))[pole < 0].append(at)
        self.poles = {
            dimension: (np.array(plus, dtype=np.int64), np.array(minus, dtype=np.int64))
            for dimension, (plus, minus) in held.items()
        }
        self.names = frozenset(name for statement in kept for name in introduced(statement))
        self.own = _owns(self.words, self.name, self.names)
        self.clauses = clauses_of([text.words for text in texts])
        self.comparisons = [
            Comparison(
                frozenset(i + start for i in one.first),
                frozenset(i + start for i in one.second),
                one.sign,
                one.dimensions,
            )
            for start, text in zip(self.starts, texts, strict=False)
            for one in comparisons(text.words)
        ]

    def spells(self, word: str) -> float:
        """Return how much of a word stands in the evidence as it is written: 1 all, less for its beginning, 0 nothing."""
        if word in self.spellings:
            return 1.0
        if word[0] < "가":
            if latin_stem(word) in self.stems or (len(word) > 3 and squash(word) in self.squashed):
                return 1.0
            return 0.0
        for end in range(len(word), 1, -1):
            if word[:end] in self.squashed:
                return end / len(word)
        return 0.0


@lru_cache(maxsize=4096)
def _variants(span: str) -> tuple[str, ...]:
    known = glossary()
    if known.knows(span):
        return tuple(map(squash, known.term(span).variants))
    return ()


def _bare(word: str) -> Iterable[str]:
    """Yield a word, and a Hangul one without its last one to three syllables, which may be particles."""
    yield word
    if word[0] >= "가":
        for cut in (1, 2, 3):
            if len(word) - cut > 1:
                yield word[:-cut]


def _glossary_hits(words: Sequence[Word], evidence: Evidence) -> NDArray[np.float32]:
    """Return which words belong to a term of the glossary that the evidence holds in any spelling."""
    found = np.zeros(len(words), dtype=np.float32)
    for at in range(len(words)):
        for size in range(1, min(_GLOSSARY_WORDS, len(words) - at) + 1):
            head = " ".join(word.text for word in words[at : at + size - 1])
            for last in _bare(words[at + size - 1].text):
                variants = _variants(f"{head} {last}".strip())
                if any(len(v) > 1 and v in evidence.squashed for v in variants):
                    found[at : at + size] = 1.0
    return found


@dataclass(frozen=True)
class Laid:
    """What a sentence finds in the evidence: each word, by FEATURES, and the whole, by RELATIONS."""

    words: Rows
    relations: Rows


def _peaks(likeness: Rows, of_word: NDArray[np.int64], weights: Rows, count: int) -> tuple[Rows, Rows]:
    """Return, by word, the mean over its pieces of what each finds at best, weighed by length; and the weakest."""
    best = likeness.max(axis=1) if likeness.size else np.zeros(len(of_word), dtype=np.float32)
    total, whole = np.zeros(count, dtype=np.float32), np.zeros(count, dtype=np.float32)
    np.add.at(total, of_word, best * weights)
    np.add.at(whole, of_word, weights)
    weakest = np.ones(count, dtype=np.float32)
    np.minimum.at(weakest, of_word, np.where(weights > _TELLING, best, 1.0).astype(np.float32))
    return np.divide(total, whole, out=np.zeros_like(total), where=whole > 0), weakest


def _pole_features(words: Sequence[Word], close: Rows, evidence: Evidence) -> Rows:
    """Return for each word whether it has an opposite, and how closely it and its opposite stand in the evidence."""
    found = np.zeros((len(words), 5), dtype=np.float32)
    for at, word in enumerate(words):
        best: tuple[float, float] | None = None
        for dimension, pole in word.poles.items():
            sides = evidence.poles.get(dimension)
            if sides is None:
                continue
            same, other = sides if pole > 0 else sides[::-1]
            pair = (
                float(close[at, same].max()) if len(same) else _NO_SAME,
                float(close[at, other].max()) if len(other) else _NO_OTHER,
            )
            if best is None or pair[1] - pair[0] > best[1] - best[0]:
                best = pair
        if best is not None:
            found[at] = (1.0, best[0], best[1], best[1] - best[0], 0.0)
        elif word.poles:
            found[at] = (1.0, _NO_SAME, _NO_SAME, 0.0, 1.0)
    return found


def _new_quantities(text: str, words: Sequence[Word], evidence: Evidence) -> NDArray[np.float32]:
    """Return which words say a quantity that the evidence has neither in words nor in figures."""
    bounds = {name: (least, most) for name, least, most in quantities(fold(text)).values()}
    return np.array(
        [
            float(
                bool(word.quantity)
                and word.quantity not in evidence.quantities
                and not any(bounds[word.quantity][0] <= value <= bounds[word.quantity][1] for value in evidence.values)
            )
            for word in words
        ],
        dtype=np.float32,
    )


def _owns(words: Sequence[Word], name: str, names: frozenset[str]) -> list[bool]:
    """Return which words name what the paper itself presents."""
    return [
        w.text in _OWN
        or w.text in names
        or w.text.startswith(_OWN_KOREAN)
        or (len(name) > 1 and (w.text.startswith(name) or (len(w.text) > 2 and w.text in name)))
        for w in words
    ]


def _side(
    mine: Iterable[int], theirs: Iterable[int], likeness: Rows, own: Sequence[bool], own_there: Sequence[bool]
) -> float:
    """Return how alike two sides of comparisons are, from 0 to 1; an empty one is what the paper presents."""
    mine, theirs = list(mine), list(theirs)
    if all(own[i] for i in mine) and (not theirs or any(own_there[j] for j in theirs)):
        return 1.0
    telling = [i for i in mine if not own[i]]
    if not telling or not theirs:
        return 0.0
    return float(likeness[np.ix_(telling, theirs)].max(axis=1).mean())


def _relations(words: Sequence[Word], evidence: Evidence, likeness: Rows) -> Rows:
    """Return how the comparisons of a sentence stand to those of the evidence, by RELATIONS."""
    own, there = _owns(words, evidence.name, evidence.names), evidence.own
    found = np.zeros(_COMPARED, dtype=np.float32)
    for one in comparisons(words)[:_COMPARISONS]:
        found[0] = 1.0
        behind = one.first if one.sign < 0 else one.second
        ahead = one.second if one.sign < 0 else one.first
        own_behind = all(own[i] for i in behind) and not all(own[i] for i in ahead)
        found[1] = max(found[1], own_behind)
        kept = exchanged = 0.0
        for other in evidence.comparisons[:_COMPARISONS_THERE]:
            straight = min(
                _side(one.first, other.first, likeness, own, there),
                _side(one.second, other.second, likeness, own, there),
            )
            crossed = min(
                _side(one.first, other.second, likeness, own, there),
                _side(one.second, other.first, likeness, own, there),
            )
            sign = one.sign * other.sign or 1
            kept = max(kept, straight if sign > 0 else crossed)
            exchanged = max(exchanged, crossed if sign > 0 else straight)
        found[2] = max(found[2], own_behind * kept)
        found[3], found[4] = max(found[3], exchanged), max(found[4], kept)
        found[5] = max(found[5], exchanged - kept)
        found[6] = max(found[6], float(max(kept, exchanged) < 0.4))
    return found


def lay(sentence: str, evidence: Evidence) -> Laid:
    """Lay a sentence beside its evidence."""
    text = laid_out(sentence)
    words, count = text.words, len(text.words)
    if not count or not evidence.words:
        return Laid(np.zeros((count, len(FEATURES)), dtype=np.float32), np.zeros(len(RELATIONS), dtype=np.float32))
    cosines = text.vectors @ evidence.vectors.T
    likeness = np.clip((cosines - _LEAST) / (1 - _LEAST), 0, 1)
    settings = _near(likeness, evidence.statement)
    close = likeness + _SETTING * settings
    pieces, weakest = _peaks(text.pieces @ evidence.pieces.T, text.of_word, text.piece_weights, count)
    place, rows = close.argmax(axis=1), np.arange(count)
    pull = np.exp(_SHARPNESS * (close - close.max(axis=1, keepdims=True)))
    pull /= pull.sum(axis=1, keepdims=True)
    denied = np.array([w.denied for w in words], dtype=np.float32)
    standard = np.array([w.standard for w in words], dtype=np.float32)
    denied_there, standard_there = pull @ evidence.denied, pull @ evidence.standard
    spelled = np.array([evidence.spells(w.text) for w in words], dtype=np.float32)
    by_statement = np.maximum.reduceat(cosines, evidence.starts[:-1], axis=1)
    focus = int((by_statement * text.weights[:, None]).sum(axis=0).argmax())
    inside = slice(evidence.starts[focus], evidence.starts[focus + 1])
    is_own = _owns(words, evidence.name, evidence.names)
    own = np.array(is_own, dtype=np.float32)
    latin = np.array([w.text[0].isascii() and w.text[0].isalpha() for w in words], dtype=np.float32)
    hangul = np.array([w.text[0] >= "가" for w in words], dtype=np.float32)
    subject = np.array([w.particle in ("은", "는", "이", "가") for w in words], dtype=np.float32)
    tongue = float(("ko" if hangul.any() else "en") in evidence.languages)
    poles = _pole_features(words, settings, evidence)
    differs = np.abs(denied - denied_there)
    sure = close[rows, place]
    columns = [
        cosines.max(axis=1), pieces, weakest, likeness[rows, place], settings[rows, place], spelled, _glossary_hits(words, evidence),
        (text.weights == 0).astype(np.float32), text.weights / 600, denied, denied_there, differs, standard,
        standard_there, standard * (1 - standard_there), own, *poles.T,
        np.array([float(bool(w.quantity)) for w in words], dtype=np.float32), _new_quantities(sentence, words, evidence), latin, hangul,
        1 - latin - hangul, np.array([len(w.text) / 10 for w in words], dtype=np.float32), (count - 1 - rows) / 10,
        (rows == 0).astype(np.float32), subject, np.full(count, tongue, dtype=np.float32), (spelled > 0).astype(np.float32),
        by_statement[:, focus], settings[:, inside].max(axis=1), differs * sure, poles[:, 3] * np.maximum(poles[:, 1], poles[:, 2]),
    ]  # fmt: skip
    together, of_all = bound(words, text.weights, is_own, likeness, evidence.clauses)
    features: Rows = np.column_stack([*columns, together]).astype(np.float32)
    compared = _relations(words, evidence, likeness)
    telling = (spelled > _SPELLED) & (text.weights > _TELLING)
    worst = [
        poles[:, 3].max(),
        columns[-1].max(),
        columns[-2].max(),
        (differs * telling).max(),
        compared[1] * (compared[2] < 0.4),
    ]
    return Laid(features, np.concatenate([compared, worst, of_all]).astype(np.float32))
