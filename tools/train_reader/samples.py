"""Training samples: a template filled, made noisy as people type, and labelled token by token."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from functools import cache

from rag.language.text import josa
from rag.questions.tokens import Token, tokenize
from tools.train_reader.fillers import PHRASES, Fillers
from tools.train_reader.templates import Template, expand, parse

_PARTICLES = (
    ("이라는", "라는"), ("이라고", "라고"), ("이란", "란"), ("이랑", "랑"), ("이나", "나"), ("이에요", "예요"), ("이야", "야"), ("이면", "면"), ("이든", "든"),
    ("으로", "로"), ("을", "를"), ("이", "가"), ("은", "는"), ("과", "와"),
)  # fmt: skip
_VOWEL_TWINS = str.maketrans({"있": "잇", "없": "업", "했": "햇", "됐": "됬", "뭐": "머", "왜": "외"})


@cache
def asides(place: str, language: str) -> list[str]:
    """Return what people put `before` or `behind` a question of any kind, with the blanks and marks that they type there."""
    lines = (PHRASES / f"{place}_{language}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip()]


@cache
def reasons(place: str, language: str) -> list[str]:
    """Return in the notation of templates who asks and what for, as people say it `before` or `behind` a question."""
    return (PHRASES / f"reasons_{place}_{language}.txt").read_text(encoding="utf-8").split("\n")[:-1]


def _reason(place: str, language: str, rng: random.Random) -> str:
    """Return a reason for asking, with the marks between it and the question."""
    said = " ".join("".join(words for _, words in expand(parse(rng.choice(reasons(place, language))), rng)).split())
    closed = said.endswith(("?", "!", "."))
    if place == "before":
        ends = closed or language == "en" or said.endswith(("요", "다", "함", "임"))
        return said + rng.choice((" ", " ") if closed else (". ", ". ", ", ", " ", " - ") if ends else (" ", ", "))
    said = rng.choice((said, said[:1].upper() + said[1:]))
    return f" ({said})" if rng.random() < _BRACKETED else said


@dataclass
class Sample:
    """A question with its labels: `roles` one a token ("B:topic"), `begins` the tokens that begin a later question."""

    language: str
    kind: str
    text: str
    tokens: list[Token]
    roles: list[str]
    begins: set[int] = field(default_factory=set)
    after: bool = False
    relation: str = "none"
    order: str = "none"
    aspect: str = "none"
    signs: tuple[str, ...] = ()


@dataclass
class _Text:
    """A text with a role for each character; `starts` are the places where a span begins, `joints` where a part does."""

    chars: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    starts: set[int] = field(default_factory=set)

    def add(self, words: str, role: str = "") -> None:
        if role and words:
            self.starts.add(len(self.chars))
        self.chars += words
        self.roles += [role] * len(words)


def _particled(filling: str, following: str) -> tuple[str, int]:
    """Return the particle that follows a filling in its right form, and how many characters of the text it replaces."""
    for pair in _PARTICLES:
        for form in pair:
            if (following.startswith(form) and not re.match(r"[가-힣]", following[len(form) :][:1] or " ")) or (
                following.startswith(form) and len(form) > 1
            ):
                if pair[0] == "으로":
                    return (josa(filling, "으로/로") or filling + form)[len(filling) :], len(form)
                closed = (josa(filling, "을/를") or "을").endswith("을")
                return (pair[0] if closed else pair[1]), len(form)
    return "", 0


def _inside(words: str, fillers: Fillers, language: str) -> str:
    """Return marked words with their slots filled; a Korean particle straight behind a slot takes the form that fits."""
    made, at = "", 0
    for slot in re.finditer(r"\{(\w+)\}", words):
        filling = fillers.draw(slot[1], language)
        particle, size = _particled(filling, words[slot.end() :]) if language == "ko" else ("", 0)
        made, at = made + words[at : slot.start()] + filling + particle, slot.end() + size
    return made + words[at:]


def _filled(template: Template, fillers: Fillers, rng: random.Random) -> tuple[_Text, list[int]]:
    """Fill a template; return the text with its roles and the places where later questions begin."""
    text, joints = _Text(), []
    pieces = expand(parse(template.text), rng)
    skip = 0
    used: list[str] = []
    for place, (role, words) in enumerate(pieces):
        if role == "joint":
            joints.append(len(text.chars))
        elif role == "":
            text.add(words[skip:])
            skip = 0
        elif role == "ref":
            text.add(words, "ref")
        else:
            filling = _inside(words, fillers, template.language) or fillers.draw(role, template.language)
            if role in ("name", "topic", "doing", "thing") and filling in used and not words:
                filling = fillers.draw(role, template.language)
            used.append(filling)
            text.add(filling, _ROLE_OF.get(role, role))
            following = pieces[place + 1][1] if place + 1 < len(pieces) and pieces[place + 1][0] == "" else ""
            if template.language == "ko" and following:
                particle, skip = _particled(filling, following)
                text.add(particle)
    return text, joints


def _noisy(
    text: _Text, joints: list[int], language: str, bare: bool, rng: random.Random, *, reasoned: float = 0.0
) -> tuple[_Text, list[int]]:
    """Type a text as people do: fillers around it, lost blanks and marks, other case, slips of the finger."""
    made = _Text()
    if not bare and rng.random() < 0.25:
        made.add(rng.choice(asides("before", language)))
    if not bare and rng.random() < 0.04:
        made.add(rng.choice(asides("before", language)))
    if rng.random() < reasoned:
        made.add(_reason("before", language, rng))
    offset_of: dict[int, int] = {}
    lower = rng.random() < 0.22
    slip = rng.random() < 0.14
    bare_quote = rng.random() < 0.25  # "im", "whats", "dont"
    blanks = [at for at, char in enumerate(text.chars) if char == " "]
    lost: set[int] = set()
    if language == "ko" and rng.random() < 0.16 and blanks:
        inner = (
            [at for at in blanks if text.roles[at] and text.roles[at - 1] == text.roles[at + 1 : at + 2][0]]
            if rng.random() < 0.5
            else blanks
        )
        wording = [at for at in inner if text.roles[at] or (not text.roles[at - 1])]
        lost = set(rng.sample(wording, min(len(wording), rng.randint(1, 2))))
    twins = language == "ko" and rng.random() < 0.05
    for at, char in enumerate(text.chars):
        offset_of[at] = len(made.chars)
        if at in lost:
            if at in text.starts:
                made.starts.add(len(made.chars))
            continue
        role = text.roles[at]
        out = char
        if lower and role not in ("name", "person"):
            out = out.lower()
        if twins and not role:
            out = out.translate(_VOWEL_TWINS)
        if char in "'’" and bare_quote and not role:
            continue
        if slip and out.isalpha() and rng.random() < 0.05:
            out = rng.choice(("", out + out, out + rng.choice("aeionrst")) if out.isascii() else (out,))
        if at in text.starts:
            made.starts.add(len(made.chars))
        made.chars += out
        made.roles += [role] * len(out)
    ending = len(made.chars)
    if made.chars and made.chars[-1] in "?." and rng.random() < 0.5:
        made.chars.pop()
        made.roles.pop()
    elif made.chars and made.chars[-1] not in "?.!" and rng.random() < 0.35:
        made.add(rng.choice(("?", "?", "?", ".", "??", "!")))
    if not bare and rng.random() < 0.2:
        tail = rng.choice(asides("behind", language))
        if made.chars and made.chars[-1] in "?.":
            tail = " " + tail.lstrip(" ,") if tail.strip() else tail
        made.add(tail)
    if rng.random() < reasoned:
        said = _reason("behind", language, rng)
        marked = not made.chars or made.chars[-1] in "?.!" or said.startswith(" ")
        made.add(
            said if said.startswith(" ") else f" {said}" if marked else rng.choice((". ", ", ", " ", " - ")) + said
        )
    return made, [offset_of.get(joint, ending) for joint in joints]


_ROLE_OF = {"statement": "description", "doing": "topic", "thing": "topic"}  # slots that fill another role
_OF_FILE = {"person": "list"}  # files whose kind is another one
_SENTENCE_TAIL = ("help", "offtopic")
_BRACKETED = 0.08  # share of the reasons behind a question that stand in brackets
_REASONED = 0.1  # share of the questions that begin with a reason for asking, and of those that end with one


class Sampler:
    """Makes samples from templates, kinds weighed by the square root of their templates."""

    def __init__(self, templates: list[Template], fillers: Fillers, rng: random.Random) -> None:
        self.fillers, self.rng = fillers, rng
        by_kind: dict[tuple[str, str], list[Template]] = {}
        for template in templates:
            by_kind.setdefault((template.language, template.kind), []).extend(
                [template] * template.attributes.get("weight", 1)
            )
        self._groups = [by_kind[key] for key in sorted(by_kind)]
        self._weights = [
            len({template.text for template in group}) ** 0.7 * (2.8 if group[0].kind == "offtopic" else 1)
            for group in self._groups
        ]

    def sample(self) -> list[Sample]:
        """Return a sample; of several questions in one sentence, the whole and each later part."""
        template = self.rng.choice(self.rng.choices(self._groups, self._weights)[0])
        return self.of(template)

    def of(self, template: Template) -> list[Sample]:
        """Return the samples of one template, filled anew."""
        rng, told = self.rng, template.attributes
        text, joints = _filled(template, self.fillers, rng)
        bare = template.kind in _SENTENCE_TAIL
        reasoned = 0.0 if template.kind == "help" else _REASONED / 2 if bare else _REASONED
        text, joints = _noisy(text, joints, template.language, bare, rng, reasoned=reasoned)
        after = template.kind.startswith("after:")
        kinds = told.get("kinds") or []
        kind = _OF_FILE.get(str(kinds[0]) if kinds else template.kind, str(kinds[0]) if kinds else template.kind)
        aspects = told.get("aspects") or [told.get("aspect")]
        order = f"{told['by']} {told.get('order') or 'desc'}" if told.get("by") else "none"
        signs = tuple(sign for sign in ("yes_no", "one", "overview", "in_title") if told.get(sign))
        whole = _labelled(template.language, kind, "".join(text.chars), text, joints)
        whole.after = after or (rng.random() < 0.25)
        whole.relation = str(told.get("relation") or "none")
        whole.order, whole.aspect, whole.signs = order, str(aspects[0] or "none"), signs
        found = [whole]
        for place, joint in enumerate(joints):
            end = joints[place + 1] if place + 1 < len(joints) else len(text.chars)
            part = _Text(
                text.chars[joint:end], text.roles[joint:end], {s - joint for s in text.starts if joint <= s < end}
            )
            said = str(kinds[place + 1]) if place + 1 < len(kinds) else "fact"
            later = _OF_FILE.get(said, said)
            slots = any(role in ("name", "topic", "person") for role in part.roles)
            if later == "fact" and not slots:
                later = "after:ask"
            one = _labelled(template.language, later, "".join(part.chars), part, [])
            one.after = True
            one.aspect = str((aspects[place + 1] if place + 1 < len(aspects) else None) or "none")
            if later == "after:ask" and one.aspect == "none":
                one.aspect = "other"
            found.append(one)
        return found


def _labelled(language: str, kind: str, words: str, text: _Text, joints: list[int]) -> Sample:
    tokens = tokenize(words)
    roles: list[str] = []
    for place, token in enumerate(tokens):
        inside = [text.roles[at] for at in range(token.start, min(token.end, len(text.roles)))]
        named = [role for role in inside if role]
        role = inside[0] if inside and inside[0] else (named[0] if len(named) * 2 > len(inside) else "")
        if not role:
            roles.append("wording")
            continue
        before = tokens[place - 1].start if place else -1
        begins = any(before < start <= token.start or token.start <= start < token.end for start in text.starts)
        same = place > 0 and roles[-1].endswith(f":{role}")
        roles.append(f"{'I' if same and not begins else 'B'}:{role}")
    begins = set()
    for joint in joints:
        after = [place for place, token in enumerate(tokens) if token.start >= joint]
        if after:
            begins.add(after[0])
    return Sample(language, kind, words, tokens, roles, begins)
