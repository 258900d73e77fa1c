"""Synthetic digests: well formed, new, marked, the same for the same seed, the smaller inside the larger."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from benchmarks.synthetic import A_DAY, FIRST_DAY, MARK, Recombiner, days, generate, render
from rag.corpus.digests import Digest, find_digests, parse_digest
from rag.corpus.papers import Bullet, Entry

REPOSITORY = Path(__file__).resolve().parents[2]
LABELLED = (
    Bullet("연을 줄로 날리는 방법을 제안합니다.", "What's New"),
    Bullet("바람의 세기를 잽니다.", "Technical Details"),
)
REAL = [
    Entry("2406.00001", "PaperKite: Flying with Strings", date(2024, 6, 11), 12, ("Ada Lee", "Bo Kim"), False, None, "ko", LABELLED, 3),
    Entry("2406.00002", "A Study of Wind", date(2024, 6, 11), None, ("Cho Da Park",), False, None, "ko", (Bullet("바람을 연구합니다."),), 9),
]  # fmt: skip


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> list[Digest]:
    folder = tmp_path_factory.mktemp("합성")
    assert generate(REPOSITORY / "seeds", folder, 200) == 200
    assert MARK in (folder / "SYNTHETIC.txt").read_text(encoding="utf-8")
    return [parse_digest(path.read_bytes(), path.as_posix()) for path in find_digests(folder)]


def test_generated_digests_are_read_without_a_complaint_and_hold_as_many_papers_as_asked(
    generated: list[Digest],
) -> None:
    made = [digest for digest in generated if "/synthetic/" in digest.file]
    assert not [problem for digest in made for problem in (*digest.failed, *digest.warnings)]
    ids = [entry.arxiv_id for digest in made for entry in digest.entries]
    real = {entry.arxiv_id for digest in generated for entry in digest.entries} - set(ids)
    assert len(real) == 77
    assert len(ids) == len(set(ids)) == 200 - 77
    assert all(entry.bullets and entry.language for digest in made for entry in digest.entries)
    assert {entry.date.isoformat()[2:7].replace("-", "") for digest in made for entry in digest.entries} >= {"9101"}


def test_every_statement_of_a_synthetic_paper_was_said_of_a_real_one_under_the_same_label() -> None:
    maker = Recombiner(REAL)
    said = {(bullet.section, bullet.text) for entry in REAL for bullet in entry.bullets}
    for number in range(50):
        paper = maker.paper(f"3101.{number:05d}", FIRST_DAY)
        assert {(bullet.section, bullet.text) for bullet in paper.bullets} <= said
        assert paper.votes in (12, None)
        assert set(paper.title.split(": ")) <= {"PaperKite", "Flying with Strings", "A Study of Wind"}


def test_the_same_seed_makes_the_same_papers_and_another_seed_others() -> None:
    assert list(days(Recombiner(REAL), 40)) == list(days(Recombiner(REAL), 40))
    assert list(days(Recombiner(REAL), 40)) != list(days(Recombiner(REAL, seed=2), 40))


def test_a_larger_folder_begins_with_the_smaller_one() -> None:
    small = [entry for _, made in days(Recombiner(REAL), 20) for entry in made]
    large = [entry for _, made in days(Recombiner(REAL), 35) for entry in made]
    assert large[:20] == small
    assert len(large) == 35


def test_ids_stay_unique_over_months_and_days_hold_as_many_papers_as_real_ones() -> None:
    made = list(days(Recombiner(REAL), 33 * A_DAY))
    ids = [entry.arxiv_id for _, today in made for entry in today]
    assert len(set(ids)) == 33 * A_DAY
    assert ids[0] == "3101.00001"
    assert ids[31 * A_DAY] == "3102.00001"
    assert [len(today) for _, today in made] == [A_DAY] * 33


def test_a_rendered_day_is_read_as_it_was_made() -> None:
    day, made = next(days(Recombiner(REAL), 3))
    text = render(day, made)
    assert MARK in text
    read = parse_digest(text.encode(), "x.md").entries
    assert [(e.arxiv_id, e.title, e.date, e.votes, e.authors, e.bullets) for e in read] == [
        (e.arxiv_id, e.title, e.date, e.votes, tuple(dict.fromkeys(e.authors)), e.bullets) for e in made
    ]
