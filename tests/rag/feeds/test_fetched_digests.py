"""What fetching writes: read back as the same papers, nothing twice, votes only when asked, and no file of a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag.corpus.digests import parse_digest
from rag.feeds.digests import SIGN
from rag.feeds.fetch import FetchReport, fetch, first_day
from rag.feeds.listed import Day, Listed

DAY = date(2024, 6, 11)


@dataclass
class Fixed:
    """A source of these papers on one day."""

    papers: list[Listed]
    name: str = "test"
    address: str = "http://127.0.0.1"

    def days(self, since: date, until: date) -> Iterator[Day]:
        yield Day(DAY, tuple(self.papers))


def paper(n: int = 1, votes: int | None = 17, **more: object) -> Listed:
    fields: dict[str, object] = {
        "title": f"Butterfly {n}",
        "abstract": "It flies. It has 3 wings.",
        "authors": ("Ada Lee",),
    }
    return Listed(f"2406.1000{n}", votes=votes, **{**fields, **more})  # type: ignore[arg-type]


def run(folder: Path, *papers: Listed, refresh: bool = False, dry_run: bool = False) -> FetchReport:
    return fetch(Fixed(list(papers)), folder, DAY, DAY, refresh=refresh, dry_run=dry_run)


def text(folder: Path) -> str:
    return (folder / "2024-06-11.md").read_text("utf-8")


def test_a_day_is_written_as_a_digest(tmp_path: Path) -> None:
    report = run(tmp_path, paper(1), paper(2, None, authors=()))
    assert text(tmp_path) == (
        f"## Daily Papers (2024-06-11)\n\n{SIGN}\n\n### [Butterfly 1](https://arxiv.org/abs/2406.10001)\n\nVote: 17\n\nAuthors: Ada Lee\n\n"
        "- It flies.\n- It has 3 wings.\n\n### [Butterfly 2](https://arxiv.org/abs/2406.10002)\n\n- It flies.\n- It has 3 wings.\n"
    )
    assert (report.papers, report.added, report.written) == (2, 2, (str(tmp_path / "2024-06-11.md"),))


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    run(tmp_path, paper(1))
    before = (tmp_path / "2024-06-11.md").stat()
    report = run(tmp_path, paper(1, votes=99))
    after = (tmp_path / "2024-06-11.md").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert (report.added, report.voted, report.unchanged, report.written) == (0, 0, 1, ())


def test_new_votes_are_written_with_refresh_and_nothing_else_changes(tmp_path: Path) -> None:
    run(tmp_path, paper(1), paper(2), paper(3, votes=None))
    edited = text(tmp_path).replace("It has 3 wings.", "나비는 날개가 셋입니다.", 1)
    (tmp_path / "2024-06-11.md").write_text(edited, "utf-8")
    report = run(tmp_path, paper(1, votes=99), paper(2), paper(3, votes=5), refresh=True)
    assert (report.voted, report.unchanged, report.added) == (2, 1, 0)
    assert text(tmp_path) == edited.replace("Vote: 17", "Vote: 99", 1).replace(
        "(https://arxiv.org/abs/2406.10003)\n", "(https://arxiv.org/abs/2406.10003)\n\nVote: 5\n"
    )
    entries = parse_digest(text(tmp_path).encode(), "2024-06-11.md", DAY).entries
    assert [entry.votes for entry in entries] == [99, 17, 5]


def test_papers_that_come_later_in_the_day_are_added_at_the_end(tmp_path: Path) -> None:
    run(tmp_path, paper(1))
    first = text(tmp_path)
    assert run(tmp_path, paper(2), paper(1)).added == 1
    assert text(tmp_path).startswith(first)
    assert [entry.arxiv_id for entry in parse_digest(text(tmp_path).encode(), "x.md", DAY).entries] == [
        "2406.10001",
        "2406.10002",
    ]


def test_a_digest_that_a_person_wrote_is_never_touched(tmp_path: Path) -> None:
    own = "## Daily Papers (2024-06-11)\n\n### [Mine](https://arxiv.org/abs/2406.10009)\n\n- 내 요약입니다.\n"
    (tmp_path / "2024-06-11.md").write_text(own, "utf-8")
    report = run(tmp_path, paper(1), refresh=True)
    assert text(tmp_path) == own
    assert "stays as it is" in report.notes[0][1]


def test_a_dry_run_writes_nothing_and_says_what_it_would(tmp_path: Path) -> None:
    report = run(tmp_path / "new", paper(1), dry_run=True)
    assert report.added == 1
    assert not (tmp_path / "new").exists()


def test_a_day_without_papers_makes_no_file(tmp_path: Path) -> None:
    assert run(tmp_path).written == ()
    assert list(tmp_path.iterdir()) == []


def test_hostile_papers_cost_no_other_paper(tmp_path: Path) -> None:
    titles = ["A <!-- B", "```", "](https://evil.example)", "PDF", "<script>x</script>"]
    papers = [
        paper(n, title=title, abstract="Vote: 999. ``` Authors: Eve. <!-- x.")
        for n, title in enumerate(titles, start=1)
    ]
    run(tmp_path, *papers)
    digest = parse_digest(text(tmp_path).encode(), "2024-06-11.md", DAY)
    assert digest.failed == ()
    assert [(entry.title, entry.votes, entry.authors) for entry in digest.entries] == [
        (title.replace("<!--", "<! --").replace("```", "``"), 17, ("Ada Lee",)) for title in titles
    ]


def test_it_goes_on_from_the_newest_digest_but_looks_at_the_last_week_again(tmp_path: Path) -> None:
    today = date(2024, 6, 20)
    assert first_day(tmp_path / "none", today) == date(2024, 6, 14)
    (tmp_path / "2024-06-18.md").write_text("")
    assert first_day(tmp_path, today) == date(2024, 6, 14)
    (tmp_path / "2024-06-18.md").rename(tmp_path / "2024-05-01.md")
    assert first_day(tmp_path, today) == date(2024, 5, 1)
