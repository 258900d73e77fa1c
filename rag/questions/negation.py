"""What a question does not want: names and topics that one word of denial excludes together.

“Mamba도 Transformer도 쓰지 않은” and “without Mamba or Transformer” exclude both. The network tags words one by one and often
takes only the one beside the denial; here the whole list is followed. Pure functions over tokens and tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.questions.quantities import names_a_sort
from rag.questions.tokens import Token

Known = Callable[[str], bool]

_NAMING = ("topic", "name", "person", "excluded", "sort")  # roles that can be excluded
# Korean: the denial stands behind the list.
_OBJECT = ("을", "를", "도", "은", "는", "이", "가", "조차", "모두")
_JOINS = ("이나", "이랑", "하고", "도", "나", "와", "과", "랑", "및", "또는", "혹은", "그리고")
_BETWEEN = frozenset("둘 다 둘다 모두 전혀 아예 하나도 아무것도 함께 같이 동시에 공동으로".split())
_COVERS = re.compile(r"(?:쓰|사용하|이용하|활용하|채택하|다루|언급하|포함하|참여하|등장하|나오|소개하|제안하)지[는도]?")
_NOT = re.compile(r"않(?:은|는|고|았고|으면서|고서|거나)|못한|아니한")
_NOT_SHORT = re.compile(r"(?:안|않)(?:쓴|쓰는|다룬|다루는|나온|나오는|들어간)?")
_WITHOUT = frozenset("없이 없는".split())
_LIGHT = re.compile(
    r"(?:하는|한|되는|된|나온|쓰인)?(?:논문|연구|것|게|건).*|(?:하는|한|되는|된|나온|쓰인)"
)  # what papers do without a thing
_PAPERS_OF = re.compile(r"(?:논문|연구)(?:들)?(?:에서|중에서?|인데|가운데|은|는)?|중에서?|중|가운데|에서|인데")
_SHORT_VERBS = re.compile(
    r"(?:쓴|쓰는|쓰거나|사용한|사용하는|사용하거나|다룬|다루는|다루거나|언급한|나온|나오는|나오거나|들어간|들어가는)"
)
_APART_FROM = re.compile(r"제외(?:한|하고|하면|된)|빼고|뺀|빼면|말고|아닌|외의|없이|없는")
# English: the denial stands before it.
_USES = frozenset(
    "use uses using used mention mentions mentioning mentioned cover covers covering involve involves involving include includes "
    "including employ employs employing apply applies applying contain contains need needs have having".split()
)
_ABOUT = frozenset("about on with by from of".split())
_OR = frozenset("or nor and".split())
_DO = frozenset("do does did".split())
_ARTICLES = frozenset("the a an any either both".split())
_NOR_VERBS = _USES | frozenset("propose proposes proposing introduce introduces introducing".split())
_EXCEPT = frozenset("except excluding without neither ignoring minus besides lacking".split())
_NEGATES = frozenset(
    "not never don't doesn't didn't isn't aren't wasn't weren't dont doesnt didnt isnt arent wasnt werent cannot".split()
)
_PLAIN = frozenset("without no".split())  # part of a topic as often: “segmentation without labels”


_THING = r"(?:논문|연구|것|게|건)(?:이|은|도)? ?(?:아닌|아니라)"
_TWICE_KOREAN = re.compile(rf"(?P<verb>[가-힣]{{1,12}})지[는도]? ?(?:않은|않는|못한|아니한) ?{_THING}")
_TWICE_SHORT = re.compile(rf"(?<![가-힣])안 ?(?P<verb>[가-힣]+) {_THING}")
_TWICE_OTHER = re.compile(rf"(?:이|가|은|는)? 아닌 {_THING}")
_TWICE_LACKING = re.compile(rf"(?<![가-힣])없는 {_THING}")
_NOT_LEFT_OUT = re.compile(r"(?:제외하|배제하|빼)지 ?않(?P<end>은|는|고)")
_ANYONE_BUT = re.compile(r"\bby (?:any|every)(?:one|body) (?:but|except(?: for)?|other than|besides) ", re.IGNORECASE)
_TOGETHER = re.compile(  # what is denied of all at once, and not of each
    r"(?:모두|둘 ?다|다|전부|함께|같이|동시에) [가-힣]{1,6}지는 ?않|(?:함께|같이|동시에) [가-힣]{1,6}지 ?않"
    r"|[가-힣]지 ?않거나|(?<![가-힣])안 ?[가-힣]{1,6}거나"
    r"|\b(?:not|cannot|never|without|\w{2,6}n['’]t)(?: \w+)? both\b|\bor (?:do|does|did|are|is)(?: not|n['’]t)\b",
    re.IGNORECASE,
)
_TWICE_ENGLISH = (
    (re.compile(r"\b(?:not|never) (?:without|lacking|excluding|omitting|missing)\b", re.IGNORECASE), "with"),
    (re.compile(r"\b(?:do|does|did)(?: not|n['’]t) (?:exclude|lack|omit|avoid|miss)\b", re.IGNORECASE), "have"),
)


def undenied(text: str) -> str:
    """Return a question in which what is denied twice is said plainly.

    >>> undenied("Mamba를 쓰지 않은 것이 아닌 논문"), undenied("papers not without Mamba"), undenied("Mamba를 제외하지 않은 논문")
    ('Mamba를 쓴 논문', 'papers with Mamba', 'Mamba를 다룬 논문')
    """
    text = _TWICE_KOREAN.sub(lambda match: _adnominal(match["verb"]), text)
    text = _TWICE_SHORT.sub(lambda match: match["verb"], text)
    text = _TWICE_LACKING.sub("있는", text)
    text = _TWICE_OTHER.sub("", text)
    text = _NOT_LEFT_OUT.sub(lambda match: "다루고" if match["end"] == "고" else "다룬", text)
    for pattern, plain in _TWICE_ENGLISH:
        text = pattern.sub(plain, text)
    return _ANYONE_BUT.sub("not by ", text)


def denies_together(text: str) -> bool:
    """Whether a question denies that papers have several things at once, and not each of them.

    >>> denies_together("papers that do not use both A and B"), denies_together("papers that use neither A nor B")
    (True, False)
    >>> denies_together("A와 B를 모두 쓰지는 않은 논문"), denies_together("A와 B를 모두 쓰지 않은 논문")
    (True, False)
    """
    return bool(_TOGETHER.search(text))


_NEEDED = r"(?:(?:any|extra|additional|further|more|model) )*"
_LEARNING = r"(?P<what>re-?training|training|fine-?tuning|tuning)"
_NEEDS = r"(?:need|needs|needing|require|requires|requiring|involve|involves|use|uses)"
_FREE_ENGLISH = (
    re.compile(
        rf"\b(?:but )?not (?:the (?:ones|papers|methods) (?:that|which)|those (?:that|which)|ones (?:that|which)) {_NEEDS} {_NEEDED}{_LEARNING}\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:that|which|who)?\s*(?:do|does|did)(?: not|n['’]t) {_NEEDS} {_NEEDED}{_LEARNING}\b", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?:that|which) {_NEEDS} no {_NEEDED}{_LEARNING}\b|\bno (?P<what2>training|fine-?tuning) needed\b",
        re.IGNORECASE,
    ),
)
_FREE_KOREAN = re.compile(
    r"(?:추가 ?|별도의? ?|모델 ?)*(?P<what>재학습|학습|훈련|파인 ?튜닝|미세 ?조정|튜닝)(?:[이을를은]|도|조차)? ?"
    r"(?:(?:전혀 |따로 |별로 )?(?:필요 ?없는|필요 ?없이|필요로 ?하지 ?않는|안 ?해도 ?되는|하지 ?않아도 ?되는|요구하지 ?않는)"
    r"|없이 ?(?:되는|하는|쓸 ?수 ?있는|가능한|바로 ?되는|돌아가는|할 ?수 ?있는)"
    r"|(?:이|가)? ?필요(?:한|로 ?하는) ?(?:것|거|건|게|논문|방법)[은는이을를]? ?(?:다 |모두 )?(?:빼고|빼줘|빼|말고|제외하고|제외해줘|제외))"
)
_UNWANTED = re.compile(
    r"(?<![가-힣A-Za-z0-9-])(?P<what>[가-힣A-Za-z0-9-]{1,30} ?(?:쪽|관련|것|거|건|이야기|얘기)?)(?P<end>[은는이가]|건)? (?:필요 ?없어|관심 ?없어|안 ?궁금해)(?:요|서)?"
)


def with_free(text: str) -> str:
    """Return a question in which what needs no training is said by the field's word for it.

    >>> with_free("image editing, not the ones that need training"), with_free("학습이 필요 없는 이미지 편집 논문만")
    ('image editing, training-free', 'training-free 이미지 편집 논문만')
    """
    for pattern in _FREE_ENGLISH:
        text = pattern.sub(" training-free", text)
    text = _FREE_KOREAN.sub("training-free", text)
    return " ".join(text.split()) if "training-free" in text else text


def without_unwanted(text: str) -> str:
    """Return a Korean question in which “is not needed” says that a thing is left out.

    >>> without_unwanted("GUI 에이전트 논문, 모바일 쪽은 필요 없어")
    'GUI 에이전트 논문, 모바일 쪽은 빼고'
    """
    return _UNWANTED.sub(lambda match: f"{match['what']}{match['end'] or ''} 빼고", text)


_OTHER_THAN = re.compile(
    r"\b(?P<which>(?:any )?other) (?P<what>[\w-]{2,30}(?: [\w-]{2,30}){0,3}?) than\b", re.IGNORECASE
)


def plainly(text: str) -> str:
    """Return a question in which all denials are said in words that are read elsewhere.

    >>> plainly("other games than minecraft?")
    'games other than minecraft?'
    """
    return without_unwanted(with_free(undenied(_OTHER_THAN.sub(r"\g<what> other than", text))))


_FINALS, _FINAL_N, _FINAL_L = 28, 4, 8  # finals of a syllable, and the places of ㄴ and ㄹ among them


def _adnominal(stem: str) -> str:
    """Return the form of a Korean verb that stands before a noun: 쓰 → 쓴, 만들 → 만든, 넣 → 넣은."""
    last = ord(stem[-1])
    final = (last - ord("가")) % _FINALS
    return f"{stem[:-1]}{chr(last - final + _FINAL_N)}" if final in (0, _FINAL_L) else f"{stem}은"


@dataclass(frozen=True)
class Denials:
    """The tags of a question with all that is denied as excluded; the tokens that are so, and those that deny."""

    tags: Sequence[str]
    excluded: frozenset[int] = frozenset()
    wording: frozenset[int] = frozenset()


_WITHIN = ("없이", "없는")


def denials(text: str, tokens: Sequence[Token], tags: Sequence[str], known: Known) -> Denials:
    """Read what a question denies.

    `known` tells whether a Korean word is one as it stands, so that its end is no particle.
    """
    read, places, wording = list(tags), set[int](), set[int]()
    for at, token in enumerate(tokens):
        if not at and token.text.lower() not in (*_EXCEPT, *_PLAIN):
            continue
        if token.text in _WITHIN and tags[at] == "I:topic" and tags[at - 1].endswith(":excluded"):
            read[at - 1] = "B:topic"  # “토크나이저 없이 학습하는 모델” tells what is looked for
            continue
        korean = "가" <= token.text[0] <= "힣"
        parts, words = _behind(text, tokens, tags, at, known) if korean else _before(text, tokens, tags, at)
        wording.update(words)
        for place in words:
            read[place] = "wording"
        for first, last in parts:
            read[first:last] = ["B:excluded", *["I:excluded"] * (last - first - 1)]
            places.update(range(first, last))
    for place, token in enumerate(tokens):
        if token.text.lower() in ("neither", "nor"):
            read[place] = "wording"
    return Denials(tuple(read), frozenset(places), frozenset(wording))


def _role(tag: str) -> str:
    return tag.partition(":")[2]


_Denial = tuple[list[tuple[int, int]], list[int]]  # the parts of the list, and the words around them
_NOTHING: _Denial = ([], [])


def _behind(text: str, tokens: Sequence[Token], tags: Sequence[str], at: int, known: Known) -> _Denial:
    """Read a Korean list that ends before the denial at a token."""
    word, end = tokens[at].text, at
    words = [at]
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if _NOT.fullmatch(word) and _COVERS.fullmatch(tokens[at - 1].text):
        end = at - 1
    elif _NOT_SHORT.fullmatch(word) and (len(word) > 1 or _SHORT_VERBS.fullmatch(following)):
        words += [at + 1] if len(word) == 1 else []
    elif not _APART_FROM.fullmatch(word):
        return _NOTHING
    words += range(end, at)
    while end and tokens[end - 1].text in _BETWEEN:
        end -= 1
        words.append(end)
    parts, joints = _list_before(text, tokens, tags, end, known)
    several, certain = len(parts) > 1, any(_role(tags[place]) == "excluded" for part in parts for place in range(*part))
    certain = certain or (bool(parts) and all(_role(tags[first]) == "person" for first, _ in parts))
    certain = certain or (word in _WITHOUT and bool(_LIGHT.fullmatch(following)))
    is_verb = bool(_NOT.fullmatch(word) or _NOT_SHORT.fullmatch(word))
    return (parts, [*words, *joints]) if parts and (several or certain or is_verb) else _NOTHING


def _list_before(
    text: str, tokens: Sequence[Token], tags: Sequence[str], end: int, known: Known
) -> tuple[list[tuple[int, int]], list[int]]:
    """Return the parts of the list that ends before a token, and the particles and conjunctions in it."""
    parts: list[tuple[int, int]] = []
    joints: list[int] = []
    also = False  # whether the part behind says 도, as all parts of such a list do
    while end:
        last = end
        while last and tokens[last - 1].text in (*_OBJECT, *_JOINS):
            last -= 1
        first = _phrase_start(text, tokens, tags, last, known)
        if first == last or _PAPERS_OF.fullmatch(tokens[last - 1].text):
            break
        ending = tokens[last].text if last < end else _particle(tokens[last - 1].text, known)
        if parts and not (ending in _JOINS and (ending == "도") == also) and not _is_comma(text, tokens, last):
            break
        joints += range(last, end)
        also = ending == "도"
        parts.append((first, last))
        end = first
    return parts[::-1], joints


def _phrase_start(text: str, tokens: Sequence[Token], tags: Sequence[str], last: int, known: Known) -> int:
    """Return where the noun phrase begins that ends before a token; the token itself where there is none."""
    first = last
    while first and _role(tags[first - 1]) in _NAMING:
        word = tokens[first - 1].text
        if word in (*_OBJECT, *_JOINS) or _COVERS.fullmatch(f"{word[:-1]}지") or _APART_FROM.fullmatch(word):
            break
        if _NOT.fullmatch(word) or _SHORT_VERBS.fullmatch(word):  # “A를 안 쓰거나 B를 …”
            break
        if first < last and _PAPERS_OF.fullmatch(word):  # “환각 논문에서 벤치마크는 빼고”
            break
        if first < last and (_particle(word, known) or _is_comma(text, tokens, first)):
            break
        first -= 1
    return first


def _particle(word: str, known: Known) -> str:
    """Return the particle that a Korean word ends in, "" where it ends in none."""
    if not "가" <= word[0] <= "힣" or known(word):
        return ""
    return next((end for end in (*_JOINS, *_OBJECT) if word.endswith(end) and len(word) > len(end) + 1), "")


def _is_comma(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma or the like stands before a token."""
    return 0 < at < len(tokens) and bool(re.search("[,·/、]", text[tokens[at - 1].end : tokens[at].start]))


def _before(text: str, tokens: Sequence[Token], tags: Sequence[str], at: int) -> _Denial:
    """Read an English list that begins behind the denial at a token."""
    word = tokens[at].text.lower()
    behind = [token.text.lower() for token in tokens[at + 1 : at + 3]]
    begin = at + 1
    if (word in _NEGATES and behind[:1] and behind[0] in _USES | _ABOUT) or [word, *behind[:1]] == ["none", "of"]:
        begin += 1
    elif word == "than" and tokens[at - 1].text.lower() in ("other", "others"):
        pass
    elif not (word in _EXCEPT or (word == "no" and at and tokens[at - 1].text.lower() in _USES | _ABOUT)):
        return _NOTHING
    sort = any(map(names_a_sort, behind[:1]))  # “data augmentation without benchmarks”
    cut = sort or (at + 1 < len(tags) and _role(tags[at + 1]) == "excluded")
    if tags[at] != "wording" and word in _PLAIN and not cut:  # “segmentation without labels” is one topic
        return _NOTHING
    parts, joints = _list_behind(text, tokens, tags, begin)
    certain = (
        len(parts) > 1 or any(_role(tags[first]) == "excluded" for first, _ in parts) or word not in _PLAIN or sort
    )
    return (parts, [*range(at, begin), *joints]) if parts and certain else _NOTHING


def _list_behind(
    text: str, tokens: Sequence[Token], tags: Sequence[str], at: int
) -> tuple[list[tuple[int, int]], list[int]]:
    """Return the parts of the list that begins at a token, and the conjunctions in it."""
    parts: list[tuple[int, int]] = []
    joints: list[int] = []
    while True:
        skipped = list(_skipped(tokens, at))
        first = at + len(skipped)
        last = first
        while last < len(tokens) and _role(tags[last]) in _NAMING and tokens[last].text.lower() not in _OR:
            if last > first and (
                _is_comma(text, tokens, last) or (tags[last].startswith("B:") and _differs(tags, last))
            ):
                break
            last += 1
        if first == last:
            return parts, joints
        parts.append((first, last))
        joints += skipped
        is_or = last < len(tokens) and tokens[last].text.lower() in _OR
        if not is_or and not _is_comma(text, tokens, last):
            return parts, joints
        at = last


def _differs(tags: Sequence[str], at: int) -> bool:
    """Whether a token begins another thing than the token before it."""
    return _role(tags[at]) != _role(tags[at - 1])


def _skipped(tokens: Sequence[Token], at: int) -> Iterator[int]:
    """Yield the conjunctions, repeated denials and articles from a token on."""
    either = at > 0 and tokens[at - 1].text.lower() == "neither"
    while at < len(tokens):
        word = tokens[at].text.lower()
        verb = word in _NOR_VERBS and (either or tokens[at - 1].text.lower() in (*_NEGATES, "nor"))
        if not (verb or word in _OR | _PLAIN | _NEGATES | _ABOUT | _ARTICLES | _DO):
            return
        yield at
        at += 1
