"""Who does what to whom: the clauses of a statement, and the part that each word plays in its clause.

Reads Korean by particles and endings, and English by the order of words around the verb. Knows no evidence and no paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.answers.claims import Word
from rag.language.analysis import latin_stem

ROLES = ("", "subject", "object", "to", "at", "than")
"""`to` is what something becomes or is done with, `at` where it comes from or takes place, `than` what it is compared with."""
NONE, SUBJECT, OBJECT, TO, AT, THAN = range(len(ROLES))

_CONNECTIVE = re.compile(
    r"(?:지만|으나|으며|하며|되며|이며|[지리기우추서]며|는데|은데|인데|면서|으면|하면|[되지리기우]면|반면|므로|하여|해서|아서|어서|려고|도록|다가|뒤|다음|때|수록|덕분에|때문에|대신)$"
    r"|.고$"
)
_NOT_CONNECTIVE = frozenset("최고 보고 광고 창고 사고 재고 참고 경고 그리고 중고 권고 하면 으면 없이하고".split())
_ADVERBS = frozenset(
    "거의 없이 같이 많이 높이 깊이 서로 스스로 새로 바로 주로 별로 따로 실제로 그대로 대로 더 오히려 함께 각각 모두 특히 매우 아주 훨씬".split()
)
ADNOMINAL = re.compile(
    r"(?:하|되|있|없|않|주|쓰|드|루|누|꾸|르|추|우|내|[줄높보쓰놓쌓붙]이|시키|[지어아여해]지)는$"
    r"|(?:많|적|높|낮|작|짧|깊|좋|같|않|받|얻|얇|넓|좁|굵|맞|찾|남|붙|담|읽|없|있)은$"
)
_BY_PARTICLE = {
    "은": SUBJECT, "는": SUBJECT, "이": SUBJECT, "가": SUBJECT, "들은": SUBJECT, "들이": SUBJECT, "을": OBJECT, "를": OBJECT, "들을": OBJECT,
    "로": TO, "으로": TO, "로써": TO, "으로써": TO, "로서": TO, "으로서": TO, "에서": AT, "에서는": AT, "에서도": AT, "에": AT, "에는": AT,
    "에도": AT, "에게": AT, "에게는": AT, "부터": AT, "보다": THAN, "보다는": THAN, "보다도": THAN,
}  # fmt: skip
_GAPPED = ("을", "를", "들을", "로", "으로", "에", "에서", "보다")  # before a comma: the verb comes later
_SHARED = frozenset(("", "의", "와", "과", "이나", "나", "및"))  # what stands so plays the part of what follows
_KOREAN_PASSIVE = re.compile(
    r"(?:된|되|됩|됐|되었|받[는습아았]|쓰[이인입여였]|바뀌|바뀐|바뀝|바뀌었|나뉘|나뉜|나뉩|맡겨|불린|불리|막힌|막히)"
)

_AUXILIARIES = frozenset(
    "is are was were be been being has have had does do did can could will would may might must should cannot remains remain".split()
)
_BE = frozenset("is are was were be been being gets get got".split())
_VERBS = (
    "accelerate accept achieve act adapt add adjust aim align allow analyse answer apply ask assign attack attain attend avoid balance beat become begin "
    "bring build buy call carry cause change check choose clean collect combine come compare compress compute connect contain control convert copy correct cost "
    "cover create cut damage decide decode decouple decrease degrade delete deliver depend derive describe design detect determine develop differ discard distil distill divide "
    "double draw drive drop edit eliminate embed employ enable encode encourage enhance ensure equal erase estimate evaluate exceed exclude expand explain explore extend extract "
    "fail fall feed fill filter find fit fix follow forget form freeze gain generate get give go govern grow guide halve handle harm help hide hold hurt identify ignore improve include "
    "increase inform inject insert introduce involve join judge keep know label lack lead leave learn let lie lift limit link locate look lose lower maintain make manage map mask match matter mean "
    "measure merge miss mix model move narrow need obtain occur offer open optimise optimize outperform overtake pass pay perform place plan play pool post precede predict prefer preserve prevent produce "
    "profit project propose protect prove provide prune pull push put query raise rank rate reach read receive recognise recognize record recover reduce refine regularise reject release rely remove render "
    "repair replace represent require rescue resemble restore result retain retrieve return reuse reveal reverse reward rise run sample save say scale score see seem segment select send separate serve set "
    "shape share shift shorten show shrink simulate skip slow solve speak speed split stabilise stand start stay stop store study succeed suffer suggest supervise supply support surpass switch take teach tell "
    "test tie track trail train transfer transform translate treat trust try tune turn understand update use vanish vary verify want weaken win work worsen write yield"
).split()  # fmt: skip
_IRREGULAR = frozenset(
    "built made shown seen found given taken known kept cut held drawn fed left lost learnt taught told thought put set written chosen frozen run sent led hidden won".split()
)
_PARTICIPLE = re.compile(r"[a-z]{2,}(?:ed|en)$")
_DETERMINERS = frozenset(
    "a an the of for with in on by its their this these those each every no some any more most less fewer one two from into than both such other "
    "another all as per via using through between".split()
)
PREPOSITIONS = {
    "into": TO, "to": TO, "as": TO, "with": TO, "using": TO, "via": TO, "through": TO, "from": AT, "in": AT, "on": AT, "at": AT, "for": AT, "during": AT,
    "within": AT, "across": AT, "between": AT, "under": AT, "among": AT, "than": THAN, "over": THAN, "versus": THAN, "behind": THAN, "below": THAN,
}  # fmt: skip
_OPENERS = frozenset(
    "but while whereas although though because which when if unless so then yet who where after before once until".split()
)


@lru_cache(maxsize=1)
def _verb_stems() -> frozenset[str]:
    return frozenset(latin_stem(verb) for verb in _VERBS)


def is_verb_stem(stem: str) -> bool:
    """Whether the stem of an English word is that of a verb known here."""
    return stem in _verb_stems()


def connects(word: str) -> bool:
    """Whether a Korean word ends a clause that another one follows."""
    return bool(_CONNECTIVE.search(word)) and word not in _NOT_CONNECTIVE


def _verbs(words: Sequence[Word]) -> list[bool]:
    stems = _verb_stems()
    found = []
    for at, word in enumerate(words):
        text, before = word.text, words[at - 1].text if at else ""
        is_verb = text in _AUXILIARIES or (
            text[0] < "가" and latin_stem(text) in stems and before not in _DETERMINERS and not text.endswith("ing")
        )
        found.append(is_verb)
    return found


def _korean_clauses(words: Sequence[Word]) -> list[int]:
    found, clause, length = [], 0, 0
    for at, word in enumerate(words):
        before = words[at - 1].text if at else ""
        connected = length >= 2 and connects(before)
        gapped = length >= 2 and word.starts and words[at - 1].particle in _GAPPED
        if at and (word.stops or connected or gapped):
            clause, length = clause + 1, 0
        found.append(clause)
        length += 1
    return found


def _english_clauses(words: Sequence[Word], verbs: Sequence[bool]) -> list[int]:
    found, clause, start = [], 0, 0
    for at, word in enumerate(words):
        if at > start and (word.stops or _opens(words, verbs, at, start)):
            clause, start = clause + 1, at
        found.append(clause)
    return found


def _opens(words: Sequence[Word], verbs: Sequence[bool], at: int, start: int) -> bool:
    """Whether an English word opens a clause of its own."""
    word = words[at]
    if at - start < 2:
        return False
    if word.text in _OPENERS:
        return True
    if not (word.text == "and" or word.starts) or not any(verbs[start:at]):
        return False
    return any(verbs[at + 1 : at + 6])


def _korean_roles(words: Sequence[Word], clause: Sequence[int]) -> list[int]:
    found = [NONE] * len(words)
    for at, word in enumerate(words):
        if word.text not in _ADVERBS and not ADNOMINAL.search(word.text):
            found[at] = _BY_PARTICLE.get(word.particle, NONE)
    for first, last in _spans(clause):
        _turn_korean(words, found, first, last)
    for at in range(len(words) - 2, -1, -1):
        shares = words[at].particle in _SHARED and clause[at] == clause[at + 1] and not found[at]
        if shares and words[at].text not in _ADVERBS:
            found[at] = found[at + 1]
    return found


def _turn_korean(words: Sequence[Word], found: list[int], first: int, last: int) -> None:
    """Turn the parts of a passive clause, and of one whose topic is not what acts: what is said of it is done to it."""
    places = range(first, last)
    topics = [at for at in places if found[at] == SUBJECT and words[at].particle in ("은", "는", "들은")]
    subjects = [at for at in places if found[at] == SUBJECT and words[at].particle not in ("은", "는", "들은")]
    objects = any(found[at] == OBJECT for at in places)
    if topics and subjects and not objects:
        for at in topics:
            found[at] = OBJECT
    elif not objects and last > first and _KOREAN_PASSIVE.search(words[last - 1].text):
        for at in (*topics, *subjects):
            found[at] = OBJECT


def _spans(clause: Sequence[int]) -> list[tuple[int, int]]:
    starts = [at for at in range(len(clause)) if not at or clause[at] != clause[at - 1]]
    return [*zip(starts, [*starts[1:], len(clause)], strict=True)]


def _english_roles(words: Sequence[Word], clause: Sequence[int], verbs: Sequence[bool]) -> list[int]:
    found = [NONE] * len(words)
    for first, last in _spans(clause):
        verb = next((at for at in range(first, last) if verbs[at]), last)
        passive = _passive(words, verb, last)
        role = OBJECT if passive else SUBJECT
        for at in range(first, last):
            text = words[at].text
            if at == verb:
                role = NONE if passive else OBJECT
            elif text == "by":
                role = SUBJECT if passive else TO
            elif text in PREPOSITIONS:
                role = PREPOSITIONS[text]
            elif not verbs[at]:
                found[at] = role
    return found


def _passive(words: Sequence[Word], verb: int, last: int) -> bool:
    if verb >= last or not any(words[at].text in _BE for at in range(verb, min(verb + 3, last))):
        return False
    return any(
        _PARTICIPLE.match(words[at].text) or words[at].text in _IRREGULAR for at in range(verb + 1, min(verb + 4, last))
    )


def parts(words: Sequence[Word]) -> tuple[list[int], list[int]]:
    """Return for each word the number of its clause, and its part in it: an index of ROLES.

    >>> from rag.answers.claims import read
    >>> words = read("the encoder turns speech into units")
    >>> [(w.text, ROLES[role]) for w, role in zip(words, parts(words)[1]) if role]
    [('the', 'subject'), ('encoder', 'subject'), ('speech', 'object'), ('units', 'to')]
    """
    if any(word.text[0] >= "가" for word in words):
        clause = _korean_clauses(words)
        return clause, _korean_roles(words, clause)
    verbs = _verbs(words)
    clause = _english_clauses(words, verbs)
    return clause, _english_roles(words, clause, verbs)
