"""Sentence templates: read from YAML, checked, and expanded at random.

The notation is explained in docs/reading.md: `(a|b)` one of these, `[a|b]` one of these or nothing, `{slot}`, `<ref words>`,
`<topic words>` (slots may stand among them), `\\(` a bracket as people type it, and `||` where a second question begins.
A block's `weight` says how many times as often as others its wordings are drawn.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rag.language.text import Language
from rag.questions.features import Wording, word_hash
from rag.questions.tokens import tokenize

TEMPLATES = Path(__file__).resolve().parents[2] / "rag" / "questions" / "templates"
SLOTS = frozenset(
    {
        "topic",
        "name",
        "person",
        "date",
        "votes",
        "number",
        "excluded",
        "description",
        "statement",
        "sort",
        "aspect",
        "org",
        "value",
        "doing",
        "thing",
    }
)
_ATTRIBUTES = frozenset(
    {"say", "relation", "by", "order", "aspect", "yes_no", "one", "overview", "after", "in_title", "kind", "kinds",
     "aspects", "weight"}
)  # fmt: skip
_PART = re.compile(r"\{(\w+)\}|<((?:ref|topic) [^>]*)>|\|\||([()\[\]|])|([^(){}\[\]|<>\\]+)|(<|>)|\\([()\[\]])")


class TemplateError(ValueError):
    """A template file that cannot be used; the message names the file and the line."""


@dataclass(frozen=True)
class Template:
    """One wording with what it means. `language` is ko or en, `kind` the file's name or the block's own."""

    language: str
    kind: str
    attributes: Mapping[str, Any]
    text: str


Node = tuple[str, Any]


def parse(text: str) -> list[Node]:
    """Parse a wording into nodes: ("text", words), ("slot", name), ("ref" or "topic", words), ("joint", None), ("one", branches).

    Raises TemplateError for brackets that do not balance and for unknown slots.
    """
    nodes, rest = _sequence(text, 0, "")
    if rest != len(text):
        raise TemplateError(f"a bracket too many at character {rest}: {text}")
    return nodes


def _sequence(text: str, at: int, closing: str) -> tuple[list[Node], int]:
    nodes: list[Node] = []
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            raise TemplateError(f"cannot be read from character {at}: {text}")
        mark = match.group(3)
        if mark in (")", "]") or (mark == "|" and closing):
            return nodes, at
        at = match.end()
        if match.group(1):
            if match.group(1) not in SLOTS:
                raise TemplateError(f"unknown slot {{{match.group(1)}}}: {text}")
            nodes.append(("slot", match.group(1)))
        elif match.group(2) is not None:
            role, _, words = match.group(2).partition(" ")
            nodes.append((role, _sequence(words, 0, "")[0]))
        elif match.group() == "||":
            nodes.append(("joint", None))
        elif mark in ("(", "["):
            branches: list[list[Node]] = [[]] if mark == "[" else []
            end = {"(": ")", "[": "]"}[mark]
            while True:
                branch, at = _sequence(text, at, end)
                branches.append(branch)
                if at >= len(text):
                    raise TemplateError(f"a bracket is not closed: {text}")
                closed = text[at] == end
                at += 1
                if closed:
                    break
            nodes.append(("one", branches))
        else:
            nodes.append(("text", match.group(6) or match.group()))
    return nodes, at


def expand(nodes: list[Node], rng: random.Random) -> list[tuple[str, str]]:
    """Choose one branch everywhere; return (role, words) pieces in order, the role "" for plain text.

    Slots among marked words stay in them as they are written: ("topic", "{topic} on phones").
    """
    pieces: list[tuple[str, str]] = []
    for kind, value in nodes:
        if kind == "one":
            pieces += expand(rng.choice(value), rng)
        elif kind in ("ref", "topic"):
            pieces.append((kind, "".join(text or f"{{{role}}}" for role, text in expand(value, rng))))
        elif kind == "text":
            pieces.append(("", value))
        elif kind == "slot":
            pieces.append((value, ""))
        else:
            pieces.append(("joint", ""))
    return pieces


def read_templates(folder: Path = TEMPLATES) -> list[Template]:
    """Read every template file of a folder. Raises TemplateError with the file of the first that cannot be read."""
    found: list[Template] = []
    for path in sorted(folder.glob("*/*.yaml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            if "examples" in block:
                continue
            if unknown := block.keys() - _ATTRIBUTES:
                raise TemplateError(f"{path.name}: unknown attribute {sorted(unknown)[0]}")
            attributes = {key: value for key, value in block.items() if key != "say"}
            for text in block["say"]:
                try:
                    parse(str(text))
                except TemplateError as error:
                    raise TemplateError(f"{path.parent.name}/{path.name}: {error}") from error
                kind = str(block.get("kind") or path.stem)
                found.append(
                    Template(path.parent.name, kind if path.stem != "after" else f"after:{kind}", attributes, str(text))
                )
    return found


_PARTICLES = "은 는 이 가 을 를 의 에 와 과 로 으로 이랑 랑 하고 도 만 이나 나 에서 까지 부터 라는 이라는 라고 이라고 란 이란 야 이야 들 들의 들은 들을 용 요".split()
_OFTEN = 6  # templates that a common word of asking stands in


def wording_of(templates: list[Template], asides: Mapping[Language, list[str]]) -> Wording:
    """Return the words that the templates and the asides of each language are made of."""
    counts: dict[int, int] = {}
    texts: list[tuple[Language, str]] = [
        ("ko" if template.language == "ko" else "en", template.text)
        for template in templates
        if template.kind != "offtopic"
    ]
    texts += [(language, text) for language, said in asides.items() for text in said]
    for language, text in texts:
        words = re.sub(r"\{\w+\}|<topic [^>]*>|<ref |[()\[\]|<>]+", " ", text)
        for word in {word_hash(token.text, language) for token in tokenize(words)}:
            counts[word] = counts.get(word, 0) + 1
    for particle in _PARTICLES:
        counts[word_hash(particle, "ko")] = _OFTEN
    for prefix, count in _beginnings(templates).items():
        if count >= _OFTEN:
            counts[prefix] = count
    return Wording(frozenset(counts), frozenset(word for word, count in counts.items() if count >= _OFTEN))


def _beginnings(templates: list[Template]) -> dict[int, int]:
    """Count how often the first two syllables of longer Korean words stand in templates: verbs come in many endings."""
    counts: dict[int, int] = {}
    for template in templates:
        if template.language == "ko" and template.kind != "offtopic":
            for word in set(re.findall("[가-힣]{3,}", re.sub(r"\{\w+\}|<topic [^>]*>", " ", template.text))):
                prefix = word_hash(f"{word[:2]}*", "ko")
                counts[prefix] = counts.get(prefix, 0) + 1
    return counts


def read_examples(folder: Path = TEMPLATES) -> list[dict[str, Any]]:
    """Return the examples of every file, each with its language and the file's kind."""
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*/*.yaml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            for example in block.get("examples", ()):
                found.append({"language": path.parent.name, "file": path.stem, **example})
    return found
