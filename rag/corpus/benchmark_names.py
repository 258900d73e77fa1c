"""Names in a sentence of a summary: which are the paper's own, which are benchmarks, which are other models.

Benchmarks are told by how the papers write of them (“the MATH benchmark”) and by their shape, not by a list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rag.corpus.figure_words import figure_words
from rag.corpus.papers import Paper
from rag.language.terms import squash

Owner = Literal["own", "benchmark", "metric", "other"]

_TOKEN = re.compile(r"(?<![A-Za-z0-9_.+@-])(?<![A-Za-z];)[A-Za-zµτ](?:[A-Za-z0-9_µτ²*]|[-+./@×'’](?=[A-Za-z0-9²])|\+)*")
_NEXT = re.compile(r" ([A-Z0-9](?:[A-Za-z0-9_²]|[-+./@×](?=[A-Za-z0-9]))*)(?![%A-Za-z0-9]|\.\d| ?(?:배|점|개|명|%))")
_SHAPE = re.compile(r"bench|eval\b|QA\b|arena|-test|challenge|leaderboard", re.IGNORECASE)
_BEHIND_LATIN = "(?:(?<=[A-Za-z0-9+²)])|(?<=[A-Za-z0-9+²)] ))"
_GLOSS = re.compile(r" ?\([^()]{1,80}\)")
_IN = re.compile(r" ?(?:에서|의 (?!벤)|상에서|에 대해|에 대한|기준)")
SUBJECT = re.compile(
    r"(?: ?\([^()]{1,60}\))?(?: (?:기본|기반|챗|언어|비전|멀티모달|대형|소형)){0,3}(?: ?(?:모델|방법|모델군|시리즈|에이전트|시스템|버전|변형|프레임워크|기법|데이터 ?[셋세]트?|벤치마크|말뭉치|method|model|agent)){0,3}[은는이가도](?![가-힣])"
    r"| (?:achieves|reaches|scores|gets|obtains|attains|model)"
)
"""What stands behind a name that a sentence speaks of."""
LISTED = re.compile(r"(?: ?\([^()]*\))?[ ,·]{0,4}(?:와|과|및|그리고|and|,|/|&)? ?(?:the )?")
"""What stands between two names of one list."""
_ON = re.compile(r"(?: ?\([^()]{1,40}\))?(?:에서|에서는|에서도|상에서) (?:[^ .,]+ ){0,4}?[0-9.]+ ?(?:%|점)")
_SCORED = re.compile(r"[A-Z].*[A-Z0-9]|[a-z][A-Z]")
DEVICE = re.compile(
    r"GPU|CPU|RTX|TPU|NVIDIA|GiB|\b[BF]+P?\d+$|^INT\d|Snapdragon|iPhone|Pixel|Jetson|Intel|Apple|Python|Java|[AHVTL]\d{2,4}\b|\d[BMbm]\b|^v\d|^GPT|^o\d"
)
"""What shows a name to be one of a device, a language or a model."""
_TEXT_BEFORE = 70  # letters before a word for benchmarks in which the name of one may stand
_OFTEN = 3  # times that a name is spoken of as a model, from which it is known as one
_WORDS = 3  # words of a title's head whose initials are a name
_OWN = 4  # letters that a name shares with the paper's own, from which it is one of its variants


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a sentence: where it stands and whose it is."""

    text: str
    start: int
    end: int
    owner: Owner


@lru_cache(maxsize=8192)
def canonical(name: str) -> str:
    """Return what all spellings of a benchmark share; MATH-500 is another one than MATH.

    >>> canonical("AIME 2024") == canonical("AIME24"), canonical("ImageNet 256×256"), canonical("MATH-500")
    (True, 'imagenet256', 'math500')
    """
    return re.sub(r"(?<=[a-z])20(?=\d\d$)", "", squash(name).replace("×", "x"))


def _is_name(text: str) -> bool:
    return bool(re.search(r"[A-Z0-9µτ]", text)) and len(text) > 1


def spelled(text: str) -> Iterator[tuple[int, int]]:
    """Yield where Latin names stand in a text: words with a capital or a digit, with what belongs to them ("AIME 2024")."""
    metric = figure_words().metric_words
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() < end or not _is_name(match.group()):
            continue
        end = match.end()
        if not metric.fullmatch(match.group()):
            while (more := _NEXT.match(text, end)) and not metric.fullmatch(more[1]):
                end = more.end()
        yield match.start(), end


@dataclass(frozen=True, slots=True)
class Spoken:
    """The names that texts speak of: `benchmarks` by canonical form with their usual spelling, and first words of `models`."""

    benchmarks: Mapping[str, str]
    models: frozenset[str]


def spoken(texts: Iterable[str]) -> Spoken:
    """Return the benchmarks and the models that some texts name, told by the word behind a name: “MATH 벤치마크”, “GPT-4보다”."""
    words = figure_words()
    cue, model = (
        re.compile(_BEHIND_LATIN + f"(?:{words.lists[name].pattern})", re.I) for name in ("benchmark", "model")
    )
    seen: Counter[str] = Counter()
    others: Counter[str] = Counter()
    heads: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for text in texts:
        for match in cue.finditer(text):
            if name := _ending(text[max(0, match.start() - _TEXT_BEFORE) : match.start()]):
                seen[canonical(name)] += 1
                spellings.setdefault(canonical(name), Counter())[name] += 1
        for match in model.finditer(text):
            if name := _ending(text[max(0, match.start() - _TEXT_BEFORE) : match.start()]):
                others[canonical(name)] += 1
                heads[re.split(r"[- \d]", name.lower())[0]] += 1
    kept = (key for key, count in seen.items() if count > others[key] and key not in words.generic and len(key) > 2)
    listed = {key: spellings[key].most_common(1)[0][0] for key in kept}
    return Spoken(listed, frozenset(head for head, count in heads.items() if count >= _OFTEN and len(head) > 2))


def _ending(text: str) -> str:
    """Return the name that a text ends with, its gloss in brackets left out; empty where there is none."""
    text = re.sub(r" ?\([^()]*\)$", "", text.rstrip(" "))
    if not text or not re.match(r"[A-Za-z0-9+²]", text[-1]):
        return ""
    found = [text[start:end] for start, end in spelled(text) if end == len(text)]
    return found[0] if found else ""


Elsewhere = Callable[[str], bool]
"""Whether papers other than one at hand use a name too."""


def own_names(paper: Paper, texts: Sequence[str], elsewhere: Elsewhere, models: Container[str]) -> frozenset[str]:
    """Return the names that a paper calls itself by, squashed: its title's, what it brings, and those no other paper uses."""
    brings = figure_words().lists["brings"]
    name = re.sub(r" (?:Technical )?Report$", "", paper.name)
    made = {squash(name)} if name else {squash(paper.title[a:b]) for a, b in spelled(paper.title)}
    made |= {short for short in _shortened(paper.title, name) if short in squash(name) or not elsewhere(short)}
    for place, text in enumerate(texts):
        for start, end in spelled(text):
            gloss = _GLOSS.match(text, end)
            brought = place < 2 and brings.match(text, gloss.end() if gloss else end)
            if brought or (SUBJECT.match(text, end) and not _is_known(text[start:end], elsewhere, models)):
                made.add(squash(text[start:end]))
    return frozenset(one for one in made if len(one) > 1)


def _shortened(title: str, name: str) -> Iterator[str]:
    """Yield what a paper's name is cut to: the initials of its words, and its part before a hyphen or a number."""
    words = re.findall(r"[A-Za-z]+", title.split(":")[0])
    if len(words) >= _WORDS and ":" in title:
        yield "".join(word[0] for word in words).lower()
    head = re.match(r"([A-Za-z]{4,})[- ]\d", name)
    if head:
        yield squash(head[1])


def _is_known(name: str, elsewhere: Elsewhere, models: Container[str]) -> bool:
    """Whether other papers use a name, or it holds the name of a known model: “Llama-3-8B-80K” holds “Llama”."""
    if re.fullmatch(r"[A-Za-z]\d?[- ][\d.]+[BMbm]", name):
        return True  # R1-32B is short for another name
    parts = re.split(r"[- \d]+", name.lower())
    return any(part in models for part in parts) or bool(figure_words().metric_words.fullmatch(name)) or elsewhere(name)


def _is_own(name: str, own: frozenset[str]) -> bool:
    key, heads = squash(name), {squash(name[: match.start()]) for match in re.finditer("[- ]", name)}
    if key in own or heads & own:
        return True
    parts = re.split("[- ]", name)
    runs = (squash("".join(parts[at:end])) for at in range(len(parts)) for end in range(at + 1, len(parts) + 1))
    if any(len(run) >= _OWN and run in own for run in runs):
        return True
    return any(min(len(one), len(key)) >= _OWN and (key.startswith(one) or one.startswith(key)) for one in own)


def named(text: str, own: frozenset[str], known: Container[str], models: Container[str] = frozenset()) -> list[Named]:
    """Return the names of a sentence in order. `known` holds the canonical forms of benchmarks, `models` first words of models."""
    words = figure_words()
    found: list[Named] = []
    for start, end in spelled(text):
        name = text[start:end]
        owner: Owner = "other"
        if words.metric_words.fullmatch(re.split("[-@]", name)[0]) or words.metric_words.fullmatch(name):
            owner = "metric"
        elif canonical(name) in words.generic or text.startswith(" et al", end):
            continue
        elif _is_own(name, own):
            owner = "own"
        elif canonical(name) in known or _is_benchmark(text, name, end):
            owner = "benchmark"
        found.append(Named(name, start, end, owner))
    for at in range(len(found) - 1, -1, -1):
        following = found[at + 1] if at + 1 < len(found) else None
        if _is_measured_on(text, found[at], following, models):
            found[at] = replace(found[at], owner="benchmark")
    return found


def _is_measured_on(text: str, name: Named, following: Named | None, models: Container[str]) -> bool:
    """Whether a name is what a number is measured on: “NAME에서 81.5%”, or it stands in one list with such a name."""
    if name.owner != "other" or DEVICE.search(name.text) or not _SCORED.search(name.text):
        return False
    if any(part in models for part in re.split(r"[- \d]+", name.text.lower())):
        return False
    listed = following and following.owner == "benchmark" and LISTED.fullmatch(text, name.end, following.start)
    return bool(listed or _ON.match(text, name.end))


def _is_benchmark(text: str, name: str, end: int) -> bool:
    """Whether a name is one of a benchmark by what stands behind it, or by its shape."""
    gloss = _GLOSS.match(text, end)
    at = gloss.end() if gloss else end
    rest = text[at : at + 12].lstrip(" ")
    if figure_words().lists["model"].match(rest):
        return False
    return bool(figure_words().lists["benchmark"].match(rest) or (_SHAPE.search(name) and _IN.match(text, at)))
