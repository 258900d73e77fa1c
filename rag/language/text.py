"""Text as Korean and English readers know it: normal form, which language, and Korean particles after any word.

Pure functions over strings; knows nothing of papers or questions.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Language = Literal["ko", "en"]
Particle = Literal["은/는", "이/가", "을/를", "과/와", "으로/로", "이라는/라는"]

# Control characters, zero-width and bidirectional marks, tag characters and noncharacters: nothing a digest needs.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f\ud800-\udfff]"
)
_SPACES = re.compile(r"[^\S\n]+")


def clean(text: str) -> str:
    """Return text in NFC, without unseen characters, with runs of blanks folded to one space; newlines stay.

    >>> clean("맘바\\u200b는  빠르다\\t!")
    '맘바는 빠르다 !'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _UNSEEN.sub("", text))).strip()


_OVERLAYS = re.compile("[\u0334-\u0338\u20d0-\u20ff]")  # lines through letters, circles around them
_NAMED = re.compile(
    r"LATIN LETTER SMALL CAPITAL (?P<small>[A-Z])"
    r"|(?:NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER|REGIONAL INDICATOR SYMBOL LETTER) (?P<capital>[A-Z])"
)
_ALIKE = str.maketrans("АВЕКМНОРСТХУІЈЅаеорсухіјѕԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXYIJSaeopcyxijsdABEZHIKMNOPTYXo")
_LETTERS = r"[A-Za-z\u0370-\u03ff\u0400-\u052f]"
_MIXED = re.compile(rf"(?<!{_LETTERS}){_LETTERS}*[\u0370-\u03ff\u0400-\u052f]{_LETTERS}*")
_DRESSED = ("<wide>", "<circle>", "<font>", "<square>")


@lru_cache(maxsize=4096)
def _undressed(letter: str) -> str:
    """Return a letter, digit or sign that is written wide, in a circle or in a font of its own as the plain one."""
    if named := _NAMED.fullmatch(unicodedata.name(letter, "")):
        return named["small"].lower() if named["small"] else named["capital"]
    if not unicodedata.decomposition(letter).startswith(_DRESSED):
        return letter
    bare = unicodedata.normalize("NFKC", letter)
    return bare if bare.isalnum() or bare.isascii() else letter


def plain_letters(text: str) -> str:
    """Return text with its letters, digits and signs as plain ones, whatever they are dressed as.

    >>> plain_letters("🅼🅰🅼🅱🅰 ᴍᴀᴍʙᴀ"), plain_letters("М\u0430mba") == "Mamba", plain_letters("β-VAE π0 статьи")
    ('MAMBA mamba', True, 'β-VAE π0 статьи')

    >>> plain_letters("ⓜⓐⓜⓑⓐ"), plain_letters("𝐌𝐚𝐦𝐛𝐚"), plain_letters("ＭＡＭＢＡ！ ３편"), plain_letters("M\u0336a\u0336mba™")
    ('mamba', 'Mamba', 'MAMBA! 3편', 'Mamba™')
    """
    return _MIXED.sub(_in_latin, "".join(map(_undressed, _OVERLAYS.sub("", text)))) if not text.isascii() else text


def _in_latin(word: re.Match[str]) -> str:
    """Return a Latin word in which letters of other scripts that look the same stand as the Latin ones they look like."""
    written = word.group().translate(_ALIKE)
    return written if written.isascii() and re.search("[A-Za-z]", word.group()) else word.group()


def one_line(text: str, limit: int = 200) -> str:
    """Return text on one line, cut to `limit` characters with an ellipsis: for messages and logs."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LATIN = re.compile(r"[A-Za-z]")


def summary_language(text: str) -> Language | None:
    """Tell the language a summary is written in; None without letters. Korean summaries may be half English names."""
    hangul, latin = len(_HANGUL.findall(text)), len(_LATIN.findall(text))
    if not hangul and not latin:
        return None
    return "ko" if hangul > 0.08 * (hangul + latin) else "en"


ENGLISH_GRAMMAR = frozenset(
    """
    a about all also among an and any are as at authored best between by can could did do does doing each ever
    explain find for from get give had has have how i in is it its latest least list many me mention mentions more
    most much newest of on or paper papers please show similar since some summarise summarize tell than that the
    their them then there these they this those to us use used uses using vs was we were what when where which
    who whose why with without would
    """.split()
)
_KOREAN_GRAMMAR = re.compile(
    r"(?:[은는이가을를의에도만과와로]|에서|으로|부터|까지|보다|처럼|에게|한|된|하는|되는|인|인가|까|요|나|죠|지|줘|다|라|해|중|편|건|것|거|꺼|껄|음|냐|니|네|봐|야|됨|함)[?!.…~]*$"
)


_KOREAN_VERB = re.compile(  # how a question ends; no noun does, as 언어, 분야, 이미지 or 수요 would
    r"(?:[았었했됐겠있없]|받)(?:어|음|나|냐|니|지|네|는데|대)$|[어나세까네해대게데지아려워봐줘]요$|(?:ㄹ|을|를|[할될볼줄쓸갈올일])까$|(?:뭐|거|누구|언제|어디|얼마)(?:야|임|지|니|냐)$|(?:줘|는지|더라|것|거|꺼|껄|건|만|해|합니다|입니다|[는한했인]다|이다|싶다|\d(?:개|편|건)|논문|목록|추천|정리|요약|비교|차이|추이)$"
)
_QUOTED = re.compile(r"[\"“‘「《][^\"”’」》]{2,200}[\"”’」》]")  # a title, which may be in another language


def question_language(text: str) -> Language:
    """Tell the language a question is asked in, by its grammar and not by its nouns.

    >>> [question_language(text) for text in ("맘바 쓴 논문", "papers about 강화 학습 please", "Mamba?", "text to speech 최근꺼")]
    ['ko', 'en', 'en', 'ko']
    """
    words = _QUOTED.sub(" ", text).split() or text.split()
    hangul = [word for word in words if _HANGUL.search(word)]
    if not hangul:
        return "en"
    last = words[-1].strip("?!.~")
    if _HANGUL.search(last) and len(last) > 1 and _KOREAN_VERB.search(last):
        return "ko"  # whatever stands before, it is asked in Korean
    english = sum(word.strip("?!.,'\"()").lower() in ENGLISH_GRAMMAR for word in words)
    if not english:
        return "ko"
    if re.search(r"논문\W*$", text) and not re.search(r"\bpapers?\b", text, re.IGNORECASE):
        return "ko"  # an English title and what it is
    return "ko" if sum(bool(_KOREAN_GRAMMAR.search(word)) for word in hangul) >= english else "en"


# --- Particles -------------------------------------------------------------------------------------------------------
# How a word ends when read aloud in Korean: "" a vowel, "ㄹ" the one final that takes 로, "x" any other final.
_Final = Literal["", "ㄹ", "x"]
_DIGIT: dict[str, _Final] = dict(zip("0123456789", ("x", "ㄹ", "", "x", "", "", "x", "ㄹ", "ㄹ", ""), strict=True))
_ENGLISH_DIGIT: dict[str, _Final] = dict(zip("0123456789", ("", "x", "", "", "", "", "", "x", "", "x"), strict=True))
_LETTER: dict[str, _Final] = {"l": "ㄹ", "r": "ㄹ", "m": "x", "n": "x"}  # 엘, 알, 엠, 엔; all others end in a vowel
_SIGN: dict[str, _Final] = dict.fromkeys("+%αβγδλπΣσθ", "")
_READ_AS: dict[str, _Final] = {  # read as words, against the rules below
    "clip": "x", "blip": "x", "bleu": "", "rouge": "", "rag": "", "sota": "", "gemini": "", "claude": "", "hub": "",
    "github": "", "web": "x", "lab": "x", "colab": "x", "blog": "", "bag": "x", "deepseek": "", "loop": "",
    "group": "x", "good": "x", "swag": "", "flag": "", "copilot": "x", "audio": "", "phi": "", "qwen": "x",
    "sql": "ㄹ", "dall-e": "", "tag": "", "drag": "", "tab": "x",
    "type": "x", "prototype": "x", "circuit": "x",
}  # fmt: skip
_VOWELS = "aeiouy"


def _spelled(word: str) -> _Final:
    return _LETTER.get(word[-1].lower(), "")


def _spoken(word: str) -> _Final | None:
    """How a lower-case Latin word ends by its spelling; None where the spelling does not tell."""
    last, before = word[-1], word[:-1]
    if last == "e" and len(word) > 2:
        return {"l": "ㄹ", "n": "x", "m": "x"}.get(before[-1], "")  # type: ignore[return-value]
    if last in "mn" or word.endswith("ng"):
        return "x"
    if last == "l":
        return "ㄹ"
    if last in "bgq":
        return None
    if last in "ckpt" and before:
        if before[-1] not in _VOWELS:
            return "x" if word.endswith("ck") else ""
        if before.endswith("oo"):
            return "x" if last == "k" else None  # 북, 룩; but 부트 and 풋
        return "" if len(before) > 1 and before[-2] in _VOWELS and last != "p" else "x"
    return ""


def _final(word: str) -> _Final | None:
    """How a word ends when read in Korean; None when nobody can tell from its letters."""
    bare = re.sub(r"\s*\([^()]*\)$", "", word[-200:]).rstrip("\"'”’*∗`.,!?)]} -–")
    if not bare:
        return None
    last = bare[-1]
    if "가" <= last <= "힣":
        code = (ord(last) - 0xAC00) % 28
        return "" if code == 0 else "ㄹ" if code == 8 else "x"
    if last in _SIGN:
        return _SIGN[last]
    if last.isdecimal() and last.isascii():
        if re.search(r"(?<![\d.])[1-9]\d*0+$", bare):
            return "x"  # 십, 백, 천, 만, 억 all close
        if re.search(r"[A-Za-z][ -]?(?:\d\.)?\d$", bare):  # Llama-3 is 라마 삼 to some and 라마 쓰리 to others
            return _DIGIT[last] if _DIGIT[last] == _ENGLISH_DIGIT[last] else None
        return _DIGIT[last]
    tail = re.search(r"[A-Za-z][A-Za-z-]*$", bare)
    if not tail:
        return None
    for known in (tail.group().lower(), tail.group().split("-")[-1].lower()):
        if known in _READ_AS:
            return _READ_AS[known]
    chunk = re.split(r"-|(?<=[a-z])(?=[A-Z])", tail.group())[-1]
    if len(chunk) == 1 or not any(c in _VOWELS for c in chunk.lower()):
        return _spelled(chunk)
    if chunk.isupper():  # said letter by letter or as a word: certain only where both end alike
        spelled, spoken = _spelled(chunk), _spoken(chunk.lower())
        return spelled if spelled == spoken or (chunk[-1] == "R" and chunk[-2] not in "AEIOU") else None
    return _spoken(chunk.lower())


def josa(word: str, particle: Particle) -> str | None:
    """Return the word with the right form of a Korean particle, or None where its reading cannot be told.

    >>> josa("Mamba", "은/는"), josa("LLM", "을/를"), josa("논문 10", "과/와"), josa("Scale", "으로/로")
    ('Mamba는', 'LLM을', '논문 10과', 'Scale로')
    """
    final = _final(word)
    if final is None:
        return None
    closed, open_ = particle.split("/")
    return word + (open_ if final == "" or (particle == "으로/로" and final == "ㄹ") else closed)


def josa_or(word: str, particle: Particle, around: str) -> str:
    """Return the word with its particle, or with `around` (a wording that needs no reading) where it cannot be told."""
    return josa(word, particle) or word + around


def tokens(text: str) -> int:
    """Estimate the tokens of a text, on the high side: one a Hangul syllable, one for three other characters."""
    hangul = len(re.findall(r"[가-힣]", text))
    return hangul + (len(text) - hangul + 2) // 3
