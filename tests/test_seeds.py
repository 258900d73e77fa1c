"""The project's own sample digests: the facts of their sources, whole and in both languages, in sentences of their own.

What the sources say is checked against the real digests where those are at hand (marker `corpus`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rag.corpus.digests import Digest, read_digest
from rag.corpus.papers import Entry, merge
from rag.language.text import Language

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
DAYS = ["2023-12-04", "2023-12-06", "2023-12-21", "2024-03-28", "2024-06-11"]
LANGUAGES: tuple[Language, Language] = ("ko", "en")

# Words that stand in a source by mistake, by paper: (what is written there, what is meant and asked of the seeds).
SOURCE_TYPOS = {"2406.05981": ("aAttention", "Attention")}


def _path(day: str, language: Language) -> Path:
    return SEEDS / (f"{day}.md" if language == "ko" else f"{day}.en.md")


def _digest(path: Path) -> Digest:
    digest = read_digest(path, path.parent)
    assert digest.failed == digest.warnings == ()
    return digest


def _entries(paths: Iterable[Path]) -> dict[str, Entry]:
    return {entry.arxiv_id: entry for path in paths for entry in _digest(path).entries}


@pytest.fixture(scope="module")
def seeds() -> dict[Language, dict[str, Entry]]:
    """The entries of the seeds by language and arXiv id."""
    return {language: _entries(_path(day, language) for day in DAYS) for language in LANGUAGES}


@pytest.fixture(scope="module")
def sources(shared: Path) -> dict[str, Entry]:
    """The entries of the real digests by arXiv id."""
    return _entries(sorted((shared / "seeds").glob("*.md")))


# --- What a text states ----------------------------------------------------------------------------------------------

_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_ENGLISH = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIX = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_NUMBER = r"(?>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_WITH_UNIT = rf"{_NUMBER}\s?(?:[십백천]\s?[만억조]?|[만억조])"
_KOREAN_NUMBER = re.compile(
    rf"(?<![\d.,A-Za-z])(?<![A-Za-z]-){_WITH_UNIT}(?:\s?(?:{_WITH_UNIT}|[십백천][만억조]?|{_NUMBER}(?![A-Za-z%])))*"
)
_PLAIN_NUMBER = re.compile(
    rf"({_NUMBER})(?:([KkMBT])(?![A-Za-z])|[ ]?(hundred|thousand|million|billion|trillion)(?![A-Za-z]))?"
)
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _korean_value(text: str) -> Decimal:
    """Return the value of digits with Korean units: each of 조, 억, 만 closes what stands before it."""
    total = group = Decimal(0)
    digits: Decimal | None = None
    for token in re.findall(rf"{_NUMBER}|[십백천만억조]", text):
        if token in _LARGE:
            group += digits or Decimal(0)
            total += (group or 1) * _LARGE[token]
            group, digits = Decimal(0), None
        elif token in _SMALL:
            group += (digits if digits is not None else 1) * _SMALL[token]
            digits = None
        else:
            digits = _decimal(token)
    return total + group + (digits or 0)


def numbers(text: str) -> dict[Decimal, str]:
    """Return the values that a text states in digits, each with its wording.

    "6억 4500만", "645M" and "645 million" are one value; so are "42만", "420K" and "420,000".
    """
    stated: dict[Decimal, str] = {}

    def korean(match: re.Match[str]) -> str:
        stated.setdefault(_korean_value(match.group()), match.group())
        return "·" * len(match.group())

    for match in _PLAIN_NUMBER.finditer(_KOREAN_NUMBER.sub(korean, text)):
        digits, suffix, word = match.groups()
        scale = _SUFFIX[suffix.lower()] if suffix else _ENGLISH[word] if word else 1
        stated.setdefault(_decimal(digits) * scale, match.group())
    return stated


def latin_words(text: str) -> dict[str, str]:
    """Return the Latin-script words of a text, folded in case and plural s, each with its wording."""
    words = _LATIN.findall(unicodedata.normalize("NFC", re.sub(r"[$\\{}]", "", text)))
    return {word.lower().removesuffix("s") if len(word) > 3 else word.lower(): word for word in words}


def runs(text: str, length: int = 8) -> set[tuple[str, ...]]:
    """Return every run of so many words of a text, punctuation aside."""
    words = [bare for word in text.split() if (bare := re.sub(r"\W|_", "", word))]
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def _text(entry: Entry) -> str:
    return "\n".join(bullet.quote for bullet in entry.bullets)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("파라미터는 6억 4500만 개이고", [645_000_000]),
        ("5억 8천2백만 장을", [582_000_000]),
        ("3천6백만과 1백만은", [36_000_000, 1_000_000]),
        ("42만 개, 420K, 420,000", [420_000]),
        ("1.5억은 150 million과 150M이다", [150_000_000]),
        ("2천 개와 3.5천 개를", [2_000, 3_500]),
        ("GPT-4만 쓰고 7B만 남긴다", [4, 7_000_000_000]),
        ("256x256에서 2.18 FID를, 97%를", [256, Decimal("2.18"), 97]),
        ("10만 5천 개, 1조 2000억", [105_000, 1_200_000_000_000]),
        ("4K 해상도로 2 billion을", [4_000, 2_000_000_000]),
        ("2억 개, 3개", [200_000_000, 3]),
        ("값이 없다", []),
    ],
)
def test_numbers_are_read_by_their_value(text: str, values: list[int | Decimal]) -> None:
    assert sorted(numbers(text)) == sorted(map(Decimal, values))


def test_words_are_compared_without_case_and_plural() -> None:
    assert latin_words("LLMs와 LLM을, GPT-4V의 state-of-the-art") == {
        "llm": "LLM", "gpt": "GPT", "v": "V", "state": "state", "of": "of", "the": "the", "art": "art"
    }  # fmt: skip


def test_a_run_of_eight_words_is_seen_through_punctuation() -> None:
    source = "이 논문은 맘바를 써서 긴 문장을 아주 빠르게 읽습니다."
    assert runs(source) & runs("새로운 이 논문은, 맘바를 '써서' 긴 문장을 아주 빠르게 처리합니다.")
    assert not runs(source) & runs("이 논문은 맘바를 써서 긴 글을 아주 빠르게 읽습니다.")


# --- The seeds by themselves -----------------------------------------------------------------------------------------


def test_there_is_one_korean_and_one_english_file_a_day() -> None:
    files = sorted(path.name for path in SEEDS.glob("[0-9]*"))
    assert files == sorted(_path(day, language).name for day in DAYS for language in LANGUAGES)


def test_both_languages_tell_of_the_same_77_papers(seeds: dict[Language, dict[str, Entry]]) -> None:
    assert len(seeds["ko"]) == 77
    assert list(seeds["ko"]) == list(seeds["en"])
    assert {entry.language for entry in seeds["ko"].values()} == {"ko"}
    assert {entry.language for entry in seeds["en"].values()} == {"en"}


def test_the_two_languages_of_a_paper_merge_into_one_with_a_summary_in_each(
    seeds: dict[Language, dict[str, Entry]],
) -> None:
    for arxiv_id, korean in seeds["ko"].items():
        english = seeds["en"][arxiv_id]
        paper = merge([korean, english])
        assert (paper.ko, paper.en) == (korean.bullets, english.bullets)
        assert paper.dates == (korean.date,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_has_4_to_12_bullets_and_says_nothing_twice(
    seeds: dict[Language, dict[str, Entry]], language: Language
) -> None:
    for arxiv_id, entry in seeds[language].items():
        assert 4 <= len(entry.bullets) <= 12, arxiv_id
        assert len(set(entry.bullets)) == len(entry.bullets), arxiv_id


def test_english_bullets_hold_no_hangul_and_end_as_sentences(seeds: dict[Language, dict[str, Entry]]) -> None:
    for arxiv_id, entry in seeds["en"].items():
        for bullet in entry.bullets:
            assert not re.search("[ㄱ-ㆎ가-힣]", bullet.quote), (arxiv_id, bullet)
            assert bullet.quote.endswith((".", "?")), (arxiv_id, bullet)


def test_korean_bullets_are_written_in_the_polite_style(seeds: dict[Language, dict[str, Entry]]) -> None:
    for arxiv_id, entry in seeds["ko"].items():
        for bullet in entry.bullets:
            assert bullet.quote.endswith(("니다.", "니까?", "요.")), (arxiv_id, bullet)


@pytest.mark.parametrize("day", DAYS)
def test_a_seed_holds_nothing_but_facts_and_bullets_in_normal_form(day: str) -> None:
    for language in LANGUAGES:
        text = _path(day, language).read_bytes().decode("utf-8")
        assert unicodedata.is_normalized("NFC", text)
        assert "\r" not in text
        assert text.endswith("\n")
        assert text.startswith(f"## Daily Papers ({day})\n")


# --- The seeds beside their sources ----------------------------------------------------------------------------------


def _facts(path: Path) -> list[str]:
    """Return every line of a digest that is no bullet: header, heading, media, votes, authors."""
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[:2] != "- "]


@pytest.mark.corpus
@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_links_authors_votes_and_media_are_those_of_the_source(
    seeds: dict[Language, dict[str, Entry]], sources: dict[str, Entry], shared: Path, language: Language
) -> None:
    def bare(entries: dict[str, Entry]) -> list[Entry]:
        return [replace(entry, bullets=(), language=None, line=0) for entry in entries.values()]

    assert len(sources) == 77
    assert bare(seeds[language]) == bare(sources)
    for day in DAYS:
        assert _facts(_path(day, language)) == _facts(shared / "seeds" / f"{day}.md")


@pytest.mark.corpus
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_a_source_stands_in_both_languages(
    seeds: dict[Language, dict[str, Entry]], sources: dict[str, Entry], language: Language
) -> None:
    missing = {
        arxiv_id: lost
        for arxiv_id, source in sources.items()
        if (lost := _missing(numbers(_text(source)), numbers(_text(seeds[language][arxiv_id]))))
    }
    assert missing == {}


@pytest.mark.corpus
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_seed_states_a_number_that_its_source_does_not(
    seeds: dict[Language, dict[str, Entry]], sources: dict[str, Entry], language: Language
) -> None:
    invented = {
        arxiv_id: more
        for arxiv_id, source in sources.items()
        if (more := _missing(numbers(_text(seeds[language][arxiv_id])), numbers(f"{source.title}\n{_text(source)}")))
    }
    assert invented == {}


@pytest.mark.corpus
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_latin_name_of_a_source_stands_in_both_languages(
    seeds: dict[Language, dict[str, Entry]], sources: dict[str, Entry], language: Language
) -> None:
    missing = {}
    for arxiv_id, source in sources.items():
        text = _text(source)
        if arxiv_id in SOURCE_TYPOS:
            wrong, right = SOURCE_TYPOS[arxiv_id]
            assert wrong in text, "the exception is no longer needed"
            text = text.replace(wrong, right)
        if lost := _missing(latin_words(text), latin_words(_text(seeds[language][arxiv_id]))):
            missing[arxiv_id] = lost
    assert missing == {}


@pytest.mark.corpus
def test_no_run_of_eight_korean_words_is_shared_with_any_source(
    seeds: dict[Language, dict[str, Entry]], sources: dict[str, Entry]
) -> None:
    theirs = set().union(*(runs(bullet.quote) for entry in sources.values() for bullet in entry.bullets))
    shared_runs = {
        arxiv_id: " ".join(run)
        for arxiv_id, entry in seeds["ko"].items()
        for bullet in entry.bullets
        for run in runs(bullet.quote) & theirs
    }
    assert shared_runs == {}


def _missing(asked: Mapping[Any, str], have: Mapping[Any, str]) -> list[str]:
    return [wording for key, wording in asked.items() if key not in have]
