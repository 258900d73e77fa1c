"""What a short question of a chat leaves unsaid, said: the author of “his papers” and “뭐 썼어”, the results of “numbers?”. Pure functions."""

from __future__ import annotations

import re

from rag.questions.reading import Turn

_PERSON = re.compile(
    r"(?<![가-힣])그 ?(?:사람|분|저자|연구자|양반)(?P<ending>의|이|은|는|가|도)?(?= )"
    r"|\b(?:that|the same) (?:person|guy|author|researcher)['’]?s?\b(?= )|\b(?:his|her)\b(?= (?:\w+ )?(?:papers?|work)\b)|\b(?:he|she)\b",
    re.IGNORECASE,
)


_WRITES = re.compile(
    r"(?:그럼 |그리고 |그러면 )?(?:(?:19|20)\d\d년?(?: ?\d{1,2}월)?(?:에는|엔|에|도)? )?(?:뭐|뭘|무슨 논문|어떤 논문|논문 몇 ?편|몇 ?편)(?:을|를)? ?(?:썼|쓴|낸|냈)\S*"
)
_NUMBERS = re.compile(
    r"(?:결과 ?|성능 ?)?(?:숫자|수치)(?:는|도|만|들)?(?: ?(?:좀 )?(?:알려|보여|말해)\S*)?[?.! ]*|(?:the |any |and )*(?:numbers|figures)(?: pls| please)?[?.! ]*",
    re.IGNORECASE,
)


def named_again(text: str, before: Turn) -> str:
    """Return a question with the one author, or the results of the one paper, that it means; as it is where none is meant for sure."""
    authors = before.set.reading.plan.authors
    if len(authors) == 1 and _WRITES.fullmatch(text):
        return f"{authors[0]} 논문 {text}"
    if len(before.papers) == 1 and _NUMBERS.fullmatch(text):
        return "결과는?" if re.search("[가-힣]", text) else "what are the results?"
    if len(authors) == 1 and (match := _PERSON.search(text)):
        return f"{text[: match.start()]}{authors[0]}{match['ending'] or ''}{text[match.end() :]}"
    return text
