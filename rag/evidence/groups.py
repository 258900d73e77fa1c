"""Groups of a topical set: papers that take the same approach, named by the terms that set them apart.

The names come first, as in description-driven clustering. Of all terms that several papers use, those are taken whose papers
lie close together and apart from the rest, until the set is covered; then each paper joins the group it lies nearest to. So
no group is without a name that means something. Knows papers, their whole-paper vectors and the glossary; no question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from rag.corpus.catalogue import Catalogue
from rag.corpus.papers import Paper
from rag.evidence.approaches import (
    GENERIC,
    HANGUL,
    Use,
    flat_of,
    key_of,
    known_groups,
    parts_of_spellings,
    text_of,
    uses_of,
)
from rag.evidence.labels import written
from rag.language.analysis import latin_terms
from rag.language.terms import glossary
from rag.language.text import Language
from vectorstore.bundled import Vectors

LEAST_PAPERS = 12  # fewer are read faster than their groups
FEWEST_GROUPS, MOST_GROUPS = 3, 7  # the others aside
OTHERS: Mapping[Language, str] = {"en": "others", "ko": "그 밖"}

# Measured on 32 topics of the real digests, docs/experiments.md.
_SMALLEST, _FEWEST_USES = 3, 2  # papers of a group, and of a term that may name one
_NARROWEST, _WIDEST = 0.04, 0.5  # share of the set that a term may hold to name a group
# Mean cosine of a term's papers to the middle of the others: below, it is wording and no topic. The next where the one
# before leaves too few groups, or too many papers to none.
_COHERENT = (0.15, 0.08, 0.03)
_LEFT = 0.25  # share of the papers that may lie near no group
_NAMED = 0.15  # what it adds to a paper's cosine to a group that the paper uses the term
_NEAR = 0.1  # least affinity of a paper to its group; others lie far from all
_GAIN = 0.015  # least that a further group adds to the mean affinity
_SAME = 0.6  # shared papers, of the fewer, from which on two terms name one thing
_PART = 0.7  # share of a term's papers that hold a longer term around it: then it is a part of that
_SECOND = 0.25  # share of a group that holds a further term of its name
_FRESH = 0.2  # share of a group that only the further term reaches
_MOST_TERMS = 3  # of a name

_LONGEST_ENDING = 5  # letters that are looked for behind a Korean noun
_DIMENSION = re.compile(r"[2346]d(?:of)?")
_CAMEL = re.compile(r"[a-z][A-Z]")
_HALF = ("based", "driven", "aware", "guided", "free", "augmented", "specific", "level", "wise", "centric")

_KINDS = frozenset({"attention", "benchmark", "multimodal", "reasoning", "survey", "alignment", "trainingfree"})
# Terms that papers of every topic hold, in the spelling of their keys.
_TOO_WIDE = frozenset(
    """
    ablation action benchmarking computationalcost downstreamtask evaluationmetric finegrained generalistmodel generativemodel
    highresolution hybrid inferencespeed interactive memoryusage modelweight modelweights plugandplay realtime sequencelength
    successrate textprompt trainingtime answer answering api arxiv bert bit chatgpt claude code codebase com control cpu dataset deepseek deeplearning
    embedding faster flop flops foundationmodel fid fine-tuning finetuning fps gemini github gpu guidance http https human
    foundation huggingface humanevaluation image imagenet inference instruction language languagemodel largelanguagemodel latency latent
    license llama llm llmagent prompt realworld
    llminference llmbased machinelearning mistral mit naturallanguage naturallanguageprocessing neuralnetwork nvidia object
    opensource posttraining preference pretraining query question questionanswering qwen ram reinforcement reward sampling score
    search sft sora sota stateoftheart supervisedfinetuning text token transformer tuning vector video visual web weight wer
    whisper word world
    """.split()
)

_KEPT = 3_000  # papers whose terms are kept
_kept: WeakKeyDictionary[Catalogue, dict[str, dict[str, Use]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Group:
    """Papers of one approach, the most central first, and the one to three terms that name it; OTHERS name what is left."""

    label: str
    papers: tuple[Paper, ...]

    @property
    def most_voted(self) -> Paper:
        """The paper with the most votes; of equal ones the newest, then the first."""
        return max(self.papers, key=lambda paper: (_votes(paper), paper.date))

    @property
    def newest(self) -> Paper:
        """The paper of the latest digest; of one day the one with the most votes, then the first."""
        return max(self.papers, key=lambda paper: (paper.date, _votes(paper)))


def _votes(paper: Paper) -> int:
    return -1 if paper.votes is None else paper.votes


def groups(
    papers: Sequence[Paper], facets: Sequence[str], catalogue: Catalogue, vectors: Vectors, language: Language
) -> tuple[Group, ...]:
    """Divide a set of papers by approach, the largest group first and the others last.

    `facets` are the terms that all papers of the set have in common: they name no group. `vectors` hold one whole-paper
    vector a paper, in the order of `papers`. Empty for fewer than LEAST_PAPERS papers, and where no two groups can be told
    apart. The order of equal papers is that of `papers`.
    """
    if len(papers) < LEAST_PAPERS:
        return ()
    found = _candidates(papers, facets, catalogue)
    rows = _centred(vectors)
    near = _affinities(found.holds, rows)
    anchors = _anchors(found.holds, near)
    member, middle = _members(found.holds[anchors], near[anchors], rows)
    sizes = [int((member == place).sum()) for place in range(len(anchors))]
    order = sorted((place for place, size in enumerate(sizes) if size), key=lambda place: -sizes[place])
    if len(order) < 2:
        return ()
    texts = "\n".join(text_of(paper) for paper in papers)
    named_as = cache(lambda n: written(found.keys[n], found.spellings[n], texts, language))
    made: list[Group] = []
    taken: set[int] = set()
    for place in order:
        named = _label(
            found, member == place, taken, lambda n: language == "en" or bool(HANGUL.search(named_as(n)))
        ) or [anchors[place]]
        taken.update(named)
        label = ", ".join(map(named_as, named))
        if any(label == other.label for other in made):  # two English terms may have one Korean name
            label = ", ".join(written(found.keys[n], found.spellings[n], texts, "en") for n in named)
        inside = np.flatnonzero(member == place)
        central = inside[np.argsort(-middle[place][inside], kind="stable")]
        made.append(Group(label, tuple(papers[row] for row in central.tolist())))
    left = tuple(papers[row] for row in np.flatnonzero(member < 0).tolist())
    return (*made, Group(OTHERS[language], left)) if left else tuple(made)


# --- Terms that may name a group -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Terms that may name a group: their keys, how each is written most often, which papers hold it (1 or 0, a row a term)."""

    keys: tuple[str, ...]
    spellings: tuple[str, ...]
    holds: Vectors


def _candidates(papers: Sequence[Paper], facets: Sequence[str], catalogue: Catalogue) -> _Candidates:
    kept = _kept.setdefault(catalogue, {})
    if len(kept) > _KEPT:
        kept.clear()
    rows: dict[str, list[int]] = {}
    uses: dict[str, list[Use]] = {}
    for row, paper in enumerate(papers):
        if paper.arxiv_id in catalogue.doubtful:  # its summary is another paper's
            continue
        if paper.arxiv_id not in kept:
            kept[paper.arxiv_id] = uses_of(paper)
        for key, use in kept[paper.arxiv_id].items():
            rows.setdefault(key, []).append(row)
            uses.setdefault(key, []).append(use)
    least, widest = max(_FEWEST_USES, _NARROWEST * len(papers)), _WIDEST * len(papers)
    own = _own(facets)
    fit = [key for key, held in rows.items() if least <= len(held) <= widest and not own(key)]
    named = [key for key in fit if _may_name(key, uses[key], catalogue)]
    keys = [key for key in named if not _is_part(key, named, rows)]
    holds = np.zeros((len(keys), len(papers)), np.float32)
    for place, key in enumerate(keys):
        holds[place, rows[key]] = 1
    return _Candidates(tuple(keys), tuple(_usual(uses[key]) for key in keys), holds)


def _usual(uses: Iterable[Use]) -> str:
    """Return the spelling that stands most often, of equal ones the first, in the singular; "" where all are Korean."""
    counted = Counter(use.spelling for use in uses if use.spelling)
    spelling = max(counted, key=counted.__getitem__, default="")
    return (
        spelling[:-1]
        if flat_of(spelling).endswith("s") and key_of(flat_of(spelling)) == flat_of(spelling)[:-1]
        else spelling
    )


def _may_name(key: str, uses: Sequence[Use], catalogue: Catalogue) -> bool:
    """Whether a term can be an approach: not what papers of every topic say, no model or data set, no part of a compound."""
    if key in _TOO_WIDE or key in GENERIC or len(key) < 3 or any(map(str.isdigit, _DIMENSION.sub("", key))):
        return False
    spelling = _usual(uses)
    known = key in known_groups()
    compound = " " in (known_groups()[key][0] if known else spelling)
    # What titles never say is wording; one word alone is a topic only where several say it.
    if sum(use.titled for use in uses) < (1 if compound or len(uses) < _SMALLEST else 2):
        return False
    if key.endswith(_HALF):
        return False
    if known:
        return True
    if 2 * sum(use.whole for use in uses) < len(uses):
        return False
    if compound:
        return key not in parts_of_spellings()
    return not _CAMEL.search(spelling) and not catalogue.named(spelling)  # a name of its own is a model or a data set


def _own(facets: Sequence[str]) -> Callable[[str], bool]:
    """Return what tells a term that only says again what all papers of the set have in common."""
    variants = [variant for facet in facets for variant in glossary().term(facet).variants]
    whole = {key_of(flat_of(variant)) for variant in variants} | {flat_of(variant) for variant in variants}
    parts = {key_of(flat_of(word)) for variant in variants for word in re.split(r"[\s-]+", variant)}
    stems = {stem for variant in variants for stem in latin_terms(variant)}
    return lambda key: (
        key in parts
        or any(part in key or key in part for part in whole if part)
        or stems.issuperset(latin_terms(key) or "-")
    )


def _is_part(key: str, keys: Sequence[str], rows: Mapping[str, Sequence[int]]) -> bool:
    """Whether a term stands mostly within a longer one, as “score distillation” within its sampling."""
    if key in known_groups():
        return False
    return any(key != other and key in other and len(rows[other]) >= _PART * len(rows[key]) for other in keys)


# --- Groups ----------------------------------------------------------------------------------------------------------


def _centred(vectors: Vectors) -> Vectors:
    """Return vectors as unit rows around their mean: what all papers of a set share tells none of them apart."""
    rows = vectors - vectors.mean(axis=0)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    centred: Vectors = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 1e-9)
    return centred


def _affinities(holds: Vectors, rows: Vectors) -> Vectors:
    """Return the cosine of each paper to the middle of the other papers of each term or group."""
    sums = holds @ rows
    dots = sums @ rows.T
    own = np.square(rows).sum(axis=1) * holds
    squares = np.square(sums).sum(axis=1, keepdims=True) - 2 * holds * dots + own
    near: Vectors = (dots - own) / np.sqrt(np.maximum(squares, 1e-6))
    return near


def _anchors(holds: Vectors, near: Vectors) -> list[int]:
    """Return the terms whose papers cover the set best, one by one; none that shares most of its papers with another."""
    size = holds.sum(axis=1)
    within = (near * holds).sum(axis=1) / size
    score = near + _NAMED * holds
    for coherent in _COHERENT:
        taken = _covering(holds, score, within >= coherent)
        if len(taken) >= FEWEST_GROUPS and (score[taken].max(axis=0) < _NEAR).mean() <= _LEFT:
            break
    return taken


def _covering(holds: Vectors, score: Vectors, allowed: NDArray[np.bool_]) -> list[int]:
    size = holds.sum(axis=1)
    best = np.full(holds.shape[1], _NEAR, np.float32)
    taken: list[int] = []
    while len(taken) < MOST_GROUPS and allowed.any():
        gains = np.where(allowed, np.maximum(score - best, 0).mean(axis=1), -1.0)
        place = int(gains.argmax())
        if gains[place] < (_GAIN if len(taken) >= FEWEST_GROUPS else 1e-6):
            break
        taken.append(place)
        best = np.maximum(best, score[place])
        allowed = allowed & (holds @ holds[place] < _SAME * np.minimum(size, size[place]))
    return taken


def _members(named: Vectors, near: Vectors, rows: Vectors) -> tuple[NDArray[np.int64], Vectors]:
    """Return the place of each paper's group, -1 for those far from all, and each paper's cosine to the middle of each group.

    First by the papers that use the terms, then once more by those that joined; a group that came out too small is dropped.
    """
    member = np.full(rows.shape[0], -1)
    for _ in range(2):
        if not len(named):
            break
        score = near + _NAMED * named
        member = np.where(score.max(axis=0) < _NEAR, -1, score.argmax(axis=0))
        joined = np.array([member == place for place in range(len(named))], dtype=np.float32)
        joined[joined.sum(axis=1) < _SMALLEST] = 0
        near = np.where(joined.any(axis=1, keepdims=True), _affinities(joined, rows), -1.0)
        named = named * joined.any(axis=1, keepdims=True)
    sizes = np.bincount(member[member >= 0], minlength=len(named))
    small = np.flatnonzero(sizes < _SMALLEST)
    return np.where(np.isin(member, small), -1, member), near


# --- Names -----------------------------------------------------------------------------------------------------------


def _merit(key: str, spelling: str) -> float:
    """Return how well a term reads as a name: what the glossary knows and compounds before single words and kinds of work."""
    if key in _KINDS:
        return 0.6
    if " " in spelling or "-" in spelling:
        return 1.25 if key in known_groups() else 1.15
    return 1.0 if key in known_groups() else 0.8


_LIKELY, _FOREIGN = 25, 0.4  # terms that may become a name; what one counts that has no spelling in the language


def _label(found: _Candidates, inside: NDArray[np.bool_], taken: set[int], is_ours: Callable[[int], bool]) -> list[int]:
    """Return the terms that set a group apart most, by their share inside and outside it (class-based tf-idf).

    A further term has to stand in papers that the first does not reach. None of `taken`. `is_ours` tells whether a term has
    a spelling in the reader's language; one that has none names a group only where no other does nearly as well.
    """
    share = found.holds[:, inside].mean(axis=1)
    rest = found.holds[:, ~inside].mean(axis=1)
    merits = np.array([_merit(key, spelling) for key, spelling in zip(found.keys, found.spellings, strict=True)])
    weight = share * np.log((share + 0.02) / (rest + 0.02)) * merits
    for place in np.argsort(-weight, kind="stable")[:_LIKELY].tolist():
        weight[place] *= 1.0 if weight[place] <= 0 or is_ours(place) else _FOREIGN
    covered = np.zeros(inside.sum(), bool)
    named: list[int] = []
    for place in np.argsort(-weight, kind="stable").tolist():
        held = found.holds[place][inside] > 0
        if place in taken or weight[place] <= 0 or held.sum() < 2:
            continue
        if named and not _adds(found, place, named, share[place], rest[place], float((held & ~covered).mean())):
            continue
        named.append(place)
        covered |= held
        if len(named) == _MOST_TERMS:
            break
    return named


def _adds(found: _Candidates, place: int, named: Sequence[int], share: float, rest: float, fresh: float) -> bool:
    """Whether a further term says more of a group than those that name it."""
    key = found.keys[place]
    within = any(key in found.keys[other] or found.keys[other] in key for other in named)
    return not within and key not in _KINDS and share >= _SECOND and share >= 2 * rest and fresh >= _FRESH
